"""Field labels of a posting ("Location: Pune", "Experience" with its value below) and their values."""

from __future__ import annotations

from collections.abc import Sequence

from jd_assets.stages.parse.grounding import Label
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.segments import HEADING, Segment

_LINE = 120  # characters of a value of several sentences; more of them is the text going on
_MOST = 300  # characters of a value; more is a paragraph, not a field


def labels_of(view: str, segments: Sequence[Segment]) -> tuple[Label, ...]:
    """The labels whose value is given, in the order of the text."""
    found = []
    for index, segment in enumerate(segments[:-1]):
        if segment.kind != HEADING:
            continue
        kind = label_kind(view[segment.start : segment.end])
        following = segments[index + 1]
        if kind is None or following.kind == HEADING:
            continue
        end = following.end
        for later in segments[index + 2 :]:
            if (
                later.kind == HEADING
                or "\n" in view[end : later.start]
                or later.end - following.start > _LINE
            ):
                break
            end = later.end
        if end - following.start <= _MOST:
            found.append(Label(kind, following.start, end))
    return tuple(found)
