"""Drift: whether a day's roles are of another mix than the weeks before it."""
