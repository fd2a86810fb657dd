"""Role names that stand in the text itself: "we are looking for a Node.js developer"."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import Floats, Release
from jd_assets.library.role_words import Reading

HEAD_WORDS = 25
"""A name among the first words of a text is more likely the job's than a colleague's."""

_HEAD = 0.5
_FULL = np.log1p(4.0) + _HEAD
_BEFORE = 60
# Others than the one who is hired: "work with the product manager", "report to the head of sales".
_OTHERS = re.compile(r" (?:with|to|by|between|other|from|help|support|assist)(?: (?:the|a|an|our|other))?$")
_HIRED = re.compile(
    r" (?:(?:looking(?: for)?|seeking|seek|hiring|hire|searching for|search of|recruiting|opening for"
    r"|opportunity for|position for)(?: [^ ]+){0,4}"
    r"|(?:need|require|as|role of|position of|post of|role is|title|designation|position|role|job|vacancy"
    r"|opening|join our)"
    r"(?: (?:a|an|the|our|for|of|in|is|and|name|title|full|time|remote|new|some|multiple|additional|[0-9]+"
    r"|senior|junior|sr|jr|lead|talented|skilled|experienced|passionate|highly|motivated|dynamic"
    r"|dedicated|creative|qualified|strong|good|expert|enthusiastic|self|driven|professional|competent"
    r"|proactive|fresher)){0,5})$"
)


@dataclass(frozen=True)
class Mentions:
    """`scores`, shape (roles,), 0 to 1: how often, and how early, the text names each role; `keys` are
    the title keys (indexes) that it names each by first."""

    scores: Floats
    keys: npt.NDArray[np.int64]


def find_mentions(text: Reading, release: Release) -> Mentions:
    """The roles that a text names. A title of one word, and one in the plural, counts only where somebody
    is hired as that; one that names several roles counts as a share for each."""
    derived = release.role_words
    read = text.running
    hits = []
    for end, key in derived.mention_finder.iter(read):
        hits.append((end - derived.title_lengths[key] + 1, -end, key))
    counts = np.zeros(len(release.roles), dtype=np.float32)
    head = np.zeros(len(release.roles), dtype=np.float32)
    keys = np.zeros(len(release.roles), dtype=np.int64)
    last = -1
    for start, minus_end, key in sorted(hits):  # the longest of those that start together comes first
        if start < last:
            continue
        last = -minus_end
        title = derived.title_keys[key].split()
        place = read.count(" ", 0, start)
        before = read[max(0, start - _BEFORE) : start]
        plural = text.written[place + len(title) - 1] != title[-1] and not title[-1].endswith("s")
        if _OTHERS.search(before) or ((len(title) == 1 or plural) and not _HIRED.search(before)):
            continue
        roles = list(release.titles[derived.title_keys[key]])
        keys[[r for r in roles if counts[r] == 0]] = key
        counts[roles] += 1.0 / len(roles)
        if place < HEAD_WORDS:
            head[roles] = np.maximum(head[roles], 1.0 / len(roles))
    scores: Floats = np.minimum((np.log1p(counts) + _HEAD * head) / _FULL, 1.0).astype(np.float32)
    return Mentions(scores, keys)
