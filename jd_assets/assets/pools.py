"""Pools of one slot: steps that read or write more than their own day take turns."""

from __future__ import annotations

WHOLE_HISTORY = "jd_whole_history"
"""Folding captures, planning roles, linking reposts, summing centroids and publishing look at all days; one
at a time sees every day that was finished before it."""
