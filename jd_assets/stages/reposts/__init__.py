"""Reposts: the same posting come again, on the same or another day, with a few words changed."""
