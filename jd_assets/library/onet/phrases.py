"""KRA phrases made of task statements, by rule."""

from __future__ import annotations

import re
from collections.abc import Collection

_WORD = re.compile(r"[^\s,;:.()]+|[,;:.()]")
_LEFT_OUT = frozenset("a an the their his her its own any all other appropriate necessary various".split())
_CUTS = frozenset(
    """to using such by so that which who whose when where if while as according based including through
    during before after because until whether with without under within upon per via""".split()
)
_NO_LAST = _CUTS | frozenset(
    """and or of in on for from at into between about toward towards over not along across against among
    related regarding concerning ensure determine is are be""".split()
)
_LEAST, _MOST = 3, 8
_OWNER = 4
"""Words of a title that name whose duty a phrase is; more where there is room."""


def kra_phrase(task: str, taken: Collection[str], padding: str) -> str | None:
    """A phrase of 3 to 8 words for a task: its verb and object, as far as the first word that starts a
    purpose, a means or an example.

    The phrase is longer where a shorter one is `taken`, up to the verb and the object's last words, and
    filled up with `padding` (a title) where the task has under three words. None if all are taken.
    """
    words, stops = _words(task)
    stop = next((i for i in stops if i >= _LEAST), len(words))
    for length in dict.fromkeys([min(stop, _MOST), *range(min(stop, _MOST) + 1, _MOST + 1)]):
        phrase = _trimmed(words[:length])
        if len(phrase) < _LEAST:
            if length < min(len(words), _MOST):
                continue
            phrase = [*phrase, "as", *_words(padding)[0]][:_MOST]
            phrase += ["duties"] * (_LEAST - len(phrase))
        if (text := " ".join(phrase)) not in taken:
            return text
    end = next((i for i in stops if i > _MOST), len(words))
    text = " ".join([words[0], *_trimmed(words[max(end - _MOST + 1, 1) : end])]) if words else ""
    return text if len(text.split()) >= _LEAST and text not in taken else None


def owned_phrase(phrase: str, title: str) -> str:
    """The phrase with the title of whose duty it is, in at most 8 words: "prepare lectures as physics
    teachers"."""
    duty = phrase.split()
    owner = _words(title.partition(",")[0])[0][: max(_OWNER, _MOST - 1 - len(duty))]
    return " ".join([*_trimmed(duty[: _MOST - 1 - len(owner)]), "as", *owner])


def _words(text: str) -> tuple[list[str], list[int]]:
    """Words without articles, and the places of words at which the phrase may end."""
    words: list[str] = []
    stops: list[int] = []
    listed = False
    for match in _WORD.findall(text):
        if not match[0].isalnum() and len(match) == 1:
            # "Read current literature, talk with": ended. "Fit, wrap, staple, or glue": a list of verbs.
            if match != "," or len(words) > _LEAST or (len(words) == _LEAST and not listed):
                stops.append(len(words))
            listed = True
        elif match.lower() not in _LEFT_OUT:
            if match in _CUTS:
                stops.append(len(words))
            words.append(match if match[1:] != match[1:].lower() else match.lower())
    return words, stops


def _trimmed(words: list[str]) -> list[str]:
    end = len(words)
    while end and words[end - 1] in _NO_LAST:
        end -= 1
    return words[:end]
