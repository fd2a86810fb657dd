"""What the words around a spelling say: asked for or denied, an extra or a must, a skill or a plain word."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from jd_assets.library.release import Release
from jd_assets.library.spotting import Hit, Tokens
from jd_assets.stages.parse.view import lowered

SILENT_SECTIONS = frozenset({"company", "legal"})
"""Sections that speak of the employer, not of what the job asks for. Those on benefits and how to apply are
read: public bodies name there what an examination asks, and of 1,051 labelled hard skills of postings of
other sources 65 stood nowhere else."""

PROPER_NAMES = frozenset({"LANGUAGE", "FRAMEWORK", "LIBRARY", "TOOL", "PLATFORM", "STANDARD"})
"""Natures of skills whose names are written with a capital: Teams is a product, teams are people."""

_EXTRA = re.compile(
    r"\b(?:nice|good|great) to (?:have|know)\b"
    r"|\b(?:is|are|as|be|a|an|big|huge|added) (?:plus|bonus|advantage)\b"
    r"|\b(?:distinct|definite|real|clear|strong) (?:plus|advantage)\b"
    r"|\bpreferred\b|\bpreferably\b|\bdesirable\b|\bdesired\b(?! (?:\w+ )?(?:goals?|outcomes?"
    r"|objectives?|results?|states?|effects?|levels?)\b)|\boptional(?:ly)?\b|\bideally\b|\bbonus\b"
    r"|\bnot (?:mandatory|essential|a must)\b|\badvantageous\b|\badded advantage\b"
    r"|\b(?:keen|eager|willing|eagerness|willingness|ready) to learn\b",
    re.IGNORECASE,
)
# One of these stands wherever it does, and is cheaper to look for.
_EXTRA_HINTS = (
    "to have", "to know", "to learn", "plus", "bonus", "advantage", "prefer", "desir", "optional",
    "ideally", "mandatory", "essential", "a must",
)  # fmt: skip
_ONWARDS = re.compile(r"preferably|ideally", re.IGNORECASE)
"""Words that make an extra of what follows them in their clause, if anything does."""

_OF_PROFILE = re.compile(r"desired|ideally", re.IGNORECASE)
"""In the heading over what is required, these make no extra of it: "Desired Candidate Profile"."""

_CLAUSE_END = re.compile(
    r"[;\n]|\.(?=\s)|(?<=[a-z)])\.(?=[A-Z][a-z])"
    r"|(?<=[\w)]) (?=(?:(?:Exposure|Experience|Familiarity|Knowledge|Understanding)"
    r"(?= (?:of|in|with|to|on)\b)|Strong|Good"
    r"|Excellent|Ability|Proficien\w+|Hands-on|Nice to|Good to|Bonus|Preferred|Prior|Proven"
    r"|Solid)\b(?! [A-Z]))"
)
"""Where a clause ends: at punctuation, or where a line end was lost before a word that opens a demand."""
_WORD = re.compile(r"\w")

_NEGATION = re.compile(
    r"\b(?:no|without|not)\s+(?:prior\s+|any\s+)?(?:\w+\s+){0,2}$"
    r"|\b(?:don'?t|do not|doesn'?t) need\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_NOT_NEEDED = re.compile(
    r"^\s*(?:\w+\s+){0,2}(?:is|are)?\s*not (?:needed|required|necessary)\b", re.IGNORECASE
)
_DENIAL = re.compile(r"\b(?:no|not|without|don'?t|doesn'?t)\b", re.IGNORECASE)
_PERK = re.compile(
    r"\b(?:free|paid|courses?|classes|lessons|insurance|allowances?|stipends?|reimburs\w+|subsid\w+"
    r"|discount\w*|perks?|budgets?|bonus(?:es)?|learn(?:ing)?|certifications?"
    r"|we(?:'ll)? (?:offer|teach|provide)|you(?:'ll)? get)\b",
    re.IGNORECASE,
)
_LIST_GAP = re.compile(r"^[\s,;/|&+()•·–—-]*(?:and|or|&)?[\s,;/|&+()•·–—-]*$", re.IGNORECASE)
# "24/7", "1:4" and "5x growth" are no versions.
_VERSION = re.compile(
    r"(?!\s?24\s?[/x]\s?7)(?:\d{1,2}\b|\s?v?\.?\s?\d{1,2}(?:\.(?:\d{1,2}|x)\b|\+"
    r"|x?(?=\s?(?:[,;/)\n]|$)|x\s(?:and|or)\b)))"
    r"(?!:?\d|[.%]|\s?(?:years?|yrs?|hours?|hrs?|km|miles|months?|days?)\b)",
    re.IGNORECASE,
)
_NEAR_TOKENS = 12
_LIST_GAP_LENGTH = 12  # characters


class Part(NamedTuple):
    """A segment of a posting; `extra` where its section or the heading over it says that it asks for an
    extra, and in `wishes` the (start, end) of the clauses of it that say so themselves."""

    start: int
    end: int
    section: str
    kind: str
    duty: bool
    extra: bool
    wishes: tuple[tuple[int, int], ...] = ()

    def asks_extra(self, start: int, end: int) -> bool:
        """Whether what stands from `start` to `end` is asked for as an extra only."""
        if self.extra or not self.wishes:
            return self.extra
        before = bisect_right(self.wishes, start, key=itemgetter(0)) - 1
        return before >= 0 and end <= self.wishes[before][1]


def parts_of(text: str, segments: Iterable[Mapping[str, Any]]) -> list[Part]:
    """The segments; what stands under a heading such as "Nice to have" is an extra too, but not under the
    "Desired Profile" that heads requirements."""
    parts, heading_extra = [], False
    hints = _hints(text)
    for s in segments:
        start, end, section = s["start"], s["end"], s["section"]
        hinted = bisect_left(hints, start) < bisect_left(hints, end)
        said = list(_EXTRA.finditer(text, start, end)) if hinted else []
        wishes = tuple(_clauses(text, start, end, said)) if said else ()
        if s["kind"] == "heading":
            profile = section == "requirements" and all(_OF_PROFILE.match(m[0]) for m in said)
            heading_extra = bool(said) and not profile
        extra = heading_extra or section == "preferred"
        parts.append(Part(start, end, section, s["kind"], s["duty"], extra, wishes))
    return parts


def _clauses(text: str, start: int, end: int, said: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """The clauses, of the segment from `start` to `end`, that these words for extras speak of; in order, none
    inside another."""
    ends = list(_CLAUSE_END.finditer(text, start, end))
    stops, begins = [m.start() for m in ends], [start, *(m.end() for m in ends)]
    found: list[tuple[int, int]] = []
    for word in said:
        after = bisect_left(stops, word.end())
        stop = stops[after] if after < len(stops) else end
        nothing_follows = _WORD.search(text, word.end(), stop) is None
        first = bisect_right(begins, word.start()) - 1
        if nothing_follows and begins[first] == word.start() and first > 0:
            first -= 1  # "Java Preferred": the word that seems to open a clause closes one
        begin = word.start() if _ONWARDS.match(word[0]) and not nothing_follows else begins[first]
        if found and begin <= found[-1][1]:
            begin = min(begin, found.pop()[0])
        found.append((begin, stop))
    return found


def _hints(text: str) -> list[int]:
    """Where the words of `_EXTRA_HINTS` start in a text, in order."""
    low = lowered(text)
    found = []
    for word in _EXTRA_HINTS:
        at = low.find(word)
        while at >= 0:
            found.append(at)
            at = low.find(word, at + 1)
    return sorted(found)


def has_denials(text: str) -> bool:
    """Whether anything in the text may be denied; most texts have no such word."""
    return _DENIAL.search(text) is not None


def is_perk(text: str, part: Part, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are something that the employer gives, such as a course."""
    if part.section != "benefits":
        return False
    return _PERK.search(text, max(start - 60, part.start), min(end + 40, part.end)) is not None


def is_denied(text: str, part: Part, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are said not to be needed, in their own segment."""
    return (
        _NEGATION.search(text[max(start - 40, part.start) : start]) is not None
        or _NOT_NEEDED.match(text[end : min(end + 40, part.end)]) is not None
    )


def is_ambiguous(hit: Hit, release: Release) -> bool:
    """Whether the spelling is an ordinary word too."""
    return hit.spelling in release.ambiguous_spellings[hit.value]


def in_context(
    text: str, words: Tokens, hits: Sequence[Hit], ordinary: Sequence[bool], number: int, release: Release
) -> bool:
    """Whether an ordinary word is the skill: it is written like a name and one of its context words or a
    version stands near ("Go 1.18"), or it stands in a list beside a spelling that is no ordinary word.

    `ordinary` says of each hit whether it is an ordinary word.
    """
    hit = hits[number]
    proper = release.skills[hit.value].nature in PROPER_NAMES
    surface = text[words.starts[hit.first] : words.ends[hit.last]]
    spelling = release.ambiguous_spellings[hit.value][hit.spelling]
    if proper and surface.lower() != spelling.lower():
        return False
    beside = [
        not ordinary[other]
        and _in_a_list(_between(text, words, hits[min(number, other)], hits[max(number, other)]))
        for other in (number - 1, number + 1)
        if 0 <= other < len(hits)
    ]
    if (surface.islower() and proper) or (spelling.isupper() and not surface.isupper()):
        # Written as an ordinary word, it counts only well inside a list that is written so throughout.
        return len(beside) == 2 and all(beside)
    if any(beside) or (proper and _VERSION.match(text, words.ends[hit.last])):
        return True
    around = {
        *words.texts[max(hit.first - _NEAR_TOKENS, 0) : hit.first],
        *words.texts[hit.last + 1 : hit.last + 1 + _NEAR_TOKENS],
    }
    return any(context <= around for context in release.context_words[hit.value])


def _between(text: str, words: Tokens, first: Hit, second: Hit) -> str:
    start, end = words.ends[first.last], words.starts[second.first]
    return text[start:end] if end - start <= _LIST_GAP_LENGTH else "far apart"


@lru_cache(maxsize=1 << 12)
def _in_a_list(between: str) -> bool:
    """Whether what stands between two items of a list may be this; few such strings come again and again."""
    return _LIST_GAP.match(between) is not None
