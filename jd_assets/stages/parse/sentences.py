"""Where a paragraph's sentences end, glued ones too ("deadlines.Minimum 1 years")."""

from __future__ import annotations

import re
from itertools import pairwise

from jd_assets.stages.parse.verbs import FORMS, MANUAL

_ABBREVIATIONS = frozenset(
    """e.g i.e eg ie etc vs dr mr mrs ms prof sr jr inc ltd pvt co corp llc no nos st approx dept dy asst
    mgr govt univ min max yrs exp ext fig est al u.s u.k u.s.a b.e b.tech m.tech b.sc m.sc b.com m.com
    b.a m.a ph.d b.s m.s b.arch m.b.a m.c.a b.c.a gen hrs rs incl resp qual eng dip temp perm sec""".split()
)
_UNITS = frozenset("yrs hrs exp etc incl".split())  # these end sentences as often as not
_STOP = re.compile(r"[.!?;](?:[\"')\]]{0,2}(?=\s)|(?<!;)(?=[A-Z\"\u2022])|(?<=\.),(?=\s+[A-Z]))")
_NEXT = re.compile(r"[\"'(\[]{0,2}[A-Z0-9\u00a3\u20b9\u20ac$\u2022*-]")
_WORD_BEFORE = re.compile(r"[\w.&/'-]{1,30}$")
_GLUED_WORD = re.compile(r"[A-Z][a-z]{2,}\b|[A-Z][A-Z]{2,}\b|An? |I |We |As |To |In |On |At |By |It |Be ")
_OPENERS = frozenset(
    [
        *(form.capitalize() for form in FORMS if len(form) > 3 and form not in MANUAL),
        *"""Should Must Have Having Good Strong Excellent Experience Knowledge Ability Minimum Proficient
        Proficiency Familiarity Familiar Hands Understanding Candidate Candidates Responsibilities
        Requirements Qualifications Qualification Skills Education Location Job Role Benefits Bachelor
        Basic Working Responsible You""".split(),
    ]
) - {
    "Point",
    "Script",
    "Book",
    "Port",
    "Print",
    "Sheet",
    "Store",
    "Start",
    "Stack",
    "Test",
    "Base",
    "Link",
    "Code",
    "Ship",
    "Sketch",
    "Model",
    "Share",
    "Work",
    "Bill",
    "Map",
    "Plan",
    "Place",
    "Load",
    "Draw",
    "Track",
    "Talk",
    "Sell",
    "Pilot",
    "Price",
    "Source",
    "Pack",
    "Lease",
    "Market",
    "Express",
    "Log",
    "Stock",
    "Board",
    "Hub",
    "Flow",
    "Force",
    "Sales",
    "Works",
    "Shell",
    "Query",
    "Scale",
    "Trade",
    "Trades",
    "Books",
    "Staff",
    "Help",
    "Network",
    "Process",
}  # fmt: skip,
_SHORT_VERBS = frozenset(form for form, kind in FORMS.items() if len(form) == 3 and kind == "base")
# Halves of names such as cloudWatch and dotNet, written without their first capital
_FIRST_HALVES = frozenset(
    """auto cloud code coffee data face graph java mongo node open power quick react sales share soft team
    tube type word work angular micro apple action block life elastic maria postgres visual flutter
    linked""".split()
)
_RUN_TOGETHER = re.compile(r"[A-Z](?:(?<=[a-z)][A-Z])(?=[a-z])|(?<=[A-Z]{4})(?=[a-z]{3}))")
# "the clerk will: File the deeds"
_OPENS_LIST = re.compile(r"\b(?:will|shall|to|following|includ(?:e|es|ing)|for)\s?:\s{1,3}(?=[A-Z][a-z])")
_STARTER = re.compile(
    r"(?:You|We|The|As|Our|This|These|It|In|If|Your|Must|Should|Experience|Ability|Please|All|They"
    r"|Their)\b"
)
_CAPITALISED = re.compile(r"[A-Z][a-z]+")


def split(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in a span of text; white space is between them, not in them."""
    cuts = {start, end}
    for match in _STOP.finditer(view, start, end):
        cut = match.end()
        if _ends_sentence(view, start, match.start(), cut, end):
            cuts.add(cut)
    for match in _OPENS_LIST.finditer(view, start, end) if view.find(":", start, end) >= 0 else ():
        opener = _CAPITALISED.match(view, match.end(), end)
        if opener is not None and FORMS.get(opener[0].lower()) is not None:
            cuts.add(match.end())
    for match in _RUN_TOGETHER.finditer(view, start, end):
        word = _CAPITALISED.match(view, match.start(), end)
        if word is None:
            continue
        known = word[0] in _OPENERS
        if (
            known and len(word[0]) > 3 and _whole_words_before(view, start, match.start())
        ) or _small_word_before(view, start, match.start()):
            cuts.add(match.start())
    ordered = sorted(cuts)
    spans = []
    for left, right in pairwise(ordered):
        while left < right and view[left].isspace():
            left += 1
        while right > left and view[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((left, right))
    return spans


def _whole_words_before(view: str, start: int, cut: int) -> bool:
    """Whether what stands before a cut inside a word is a word of its own, not a brand's first half."""
    left = cut
    while left > start and view[left - 1].isalpha() and cut - left < 25:
        left -= 1
    before = view[left:cut]
    if not before:
        return view[cut - 1] == ")"
    return len(before) >= 4 and (
        before.islower() or before.isupper() or (before[1:].islower() and len(before) >= 6)
    )


def _small_word_before(view: str, start: int, cut: int) -> bool:
    """Whether a word in lower case ends at a cut inside a word: "the partsInsure that", not "cloudWatch"."""
    left = cut
    while left > start and view[left - 1].islower() and cut - left < 25:
        left -= 1
    return (
        4 <= cut - left < 25
        and (left == start or view[left - 1] in " (/,.-'&")
        and view[left:cut] not in _FIRST_HALVES
    )


def _ends_sentence(view: str, start: int, stop: int, cut: int, end: int) -> bool:
    mark = view[stop]
    if mark == ";":
        return False
    following = cut
    while following < end and view[following].isspace():
        following += 1
    if following >= end:
        return True
    glued = following == cut
    if not _NEXT.match(view, following):
        return False
    before = _WORD_BEFORE.search(view, max(start, stop - 30), stop)
    word = before[0].lower().strip("'-/&") if before else ""
    if glued:
        if not word or not _GLUED_WORD.match(view, following) or len(word) < 3 or "." in word:
            return False
        next_word = _CAPITALISED.match(view, following)
        known = bool(next_word) and next_word[0] in _OPENERS  # type: ignore[index]
        # A single capitalised word after a dot may be a name such as "Node.Js" or "acme.Com".
        return word.isalpha() and (
            known or (bool(next_word) and (len(next_word[0]) > 3 or next_word[0].lower() in _SHORT_VERBS))  # type: ignore[index]
        )
    if mark != ".":
        return True
    if word in _ABBREVIATIONS:
        opener = _CAPITALISED.match(view, following) if word in _UNITS else None
        return bool(_STARTER.match(view, following)) or (opener is not None and opener[0] in _OPENERS)
    # Initials ("B. Tech") and list numbers ("1. Own the plan") don't end a sentence.
    return not (len(word) == 1 or (word.isdigit() and len(word) <= 2 and stop - len(word) <= start + 1))
