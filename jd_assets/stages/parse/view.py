"""A cleaned copy of a JD's text with every character at its own place.

The copy has exactly the length of the text, so an offset into one is an offset into the other: rules are
written for the clean copy, and what they find is cut from the text as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata

READ_LIMIT = 100_000
"""Characters of a text that are read. Postings are under 20,000; what lies beyond is not looked at."""

_SINGLE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\t", " "),
        **dict.fromkeys((chr(c) for c in range(0x2000, 0x200B)), " "),
        **dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r", "\n"),
        **dict.fromkeys((chr(c) for c in (*range(0x09), *range(0x0E, 0x1C), 0x1F, 0x7F)), " "),
        # Symbol fonts leave their bullets in this private range when a document is turned into text.
        **dict.fromkeys((chr(c) for c in range(0xF000, 0xF100)), "\u2022"),
        "\u2026": ".",
        # Letters that are drawn bold or wide, as on networks that have no mark-up
        **{
            c: unicodedata.normalize("NFKC", chr(c))
            for c in (*range(0x1D400, 0x1D800), *range(0xFF01, 0xFF5F))
        },
    }
)
_DRAWN = {c: letter for c, letter in _SINGLE.items() if 0x1D400 <= c < 0x1D800 or 0xFF01 <= c < 0xFF5F}
_ANY_DRAWN = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]")
# All characters that `_SINGLE` knows, and many that it doesn't; the usual ones of a text are not among them.
_UNUSUAL = re.compile(r"[^ -_a-~\n]")
_FEW = 16  # different characters, up to which replacing one after the other is quicker
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]{0,300}>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
# UTF-8 read as Windows-1252 or Latin-1: bullets, dashes and hard spaces show as these.
_MOJIBAKE = re.compile(
    '\u00e2\u20ac(?:[\u00a2\u201c\u201d"-])|\u00e2\u0080?\u00a2|\u00e2\u0080[\u0093\u0094]|\u00c2(?=[\\s\u00b7\u2022]|$)'
)
_EMPHASIS = re.compile(r"\*{2,4}(?=[^\s*])|(?<=[^\s*])\*{2,4}|\\(?=[$*_#-])")  # of Markdown, and its escapes
_ATTRIBUTES = re.compile(r"\{[:#.][^{}\n]{0,120}\}")  # of Markdown too: "{: .heading }", "{#duties}"
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ONLY_WORDS = str.maketrans({c: " " for c in map(chr, range(128)) if not (c.islower() or c.isdigit())})
_BLOCKS = frozenset("br p div ul ol tr table section article header footer hr h1 h2 h3 h4 h5 h6".split())


def clean(text: str) -> str:
    """The text with mark-up, entities, odd spaces, dashes and quotes made plain, of the same length."""
    view = _without_odd_characters(text[:READ_LIMIT].replace("\r\n", " \n"))
    if "\u00e2" in view or "\u00c2" in view:
        view = _MOJIBAKE.sub(_mended, view)
    if "**" in view or "\\" in view:
        view = _EMPHASIS.sub(_blank, view)
    if "{" in view:
        view = _ATTRIBUTES.sub(_blank, view)
    if "<" in view:
        view = _TAG.sub(_without_tag, view)
    if "&" in view:
        view = _ENTITY.sub(_without_entity, view)
    return view


def _without_odd_characters(text: str) -> str:
    odd = {c for c in set(_UNUSUAL.findall(text)) if ord(c) in _SINGLE}
    if len(odd) > _FEW:
        return text.translate(_SINGLE)
    for character in sorted(odd):  # a wide "`" comes last, as what it becomes is odd itself
        text = text.replace(character, _SINGLE[ord(character)])
    return text


def lowered(view: str) -> str:
    """Lower case of the same length: a letter that would become two stays as it is."""
    low = view.lower()
    return low if len(low) == len(view) else "".join(c.lower() if len(c.lower()) == 1 else c for c in view)


def words_of(text: str, start: int, end: int) -> str:
    """The text's own words in a span on one line, mark-up and entities taken out."""
    piece = text[start:end]
    if not piece.isascii() and _ANY_DRAWN.search(piece):
        piece = piece.translate(_DRAWN)
    if "**" in piece:
        piece = piece.replace("**", "")
    if "<" in piece or "&" in piece:
        piece = html.unescape(_TAG.sub(" ", piece))
    return " ".join(piece.split())


def count_words(text: str) -> int:
    """Words of a text: runs without white space that hold a letter or a digit."""
    return count_worded(text.split())


def count_worded(runs: list[str]) -> int:
    """How many of some runs of characters hold a letter or a digit."""
    marked = [run for run in runs if not run[0].isalnum()]
    return len(runs) - sum(not any(map(str.isalnum, run)) for run in marked)


def trimmed(view: str, start: int, end: int, drop: str = "") -> tuple[int, int]:
    """The span without white space, and without the characters of `drop`, at its ends."""
    while start < end and (view[start].isspace() or view[start] in drop):
        start += 1
    while end > start and (view[end - 1].isspace() or view[end - 1] in drop):
        end -= 1
    return start, end


def plain(word: str) -> str:
    """Lower case without accents, for comparing names."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


def plain_words(low: str) -> str:
    """The runs of a to z and digits of a text in lower case, with single spaces between them."""
    if low.isascii():
        return " ".join(low.translate(_ONLY_WORDS).split())
    return _NOT_WORD.sub(" ", low).strip()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _mended(match: re.Match[str]) -> str:
    if len(match[0]) == 1:
        return " "
    return "\u2022".ljust(len(match[0])) if match[0][-1] == "\u00a2" else " - "


def _without_tag(match: re.Match[str]) -> str:
    name, width = match[1].lower(), match.end() - match.start()
    if name == "li" and match[0][1] != "/":
        return "\n\u2022".ljust(width)
    return ("\n" if name in _BLOCKS or name == "li" else " ").ljust(width)


def _without_entity(match: re.Match[str]) -> str:
    width = match.end() - match.start()
    character = html.unescape(match[0])
    if character == match[0]:
        return match[0]
    character = character[:1].translate(_SINGLE)
    if not character or (character.isspace() and character != "\n"):
        character = " "
    if character in "\u00a3\u20ac\u20b9$\u00a5":  # beside its amount
        return character.rjust(width)
    return character.ljust(width)
