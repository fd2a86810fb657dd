"""A judge's word on a JD's role: the question, the check of the answer, and what it does to the signals'
probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from jd_assets import contracts as C
from jd_assets.library.release import Release, RoleEntry
from jd_assets.stages.parse import sections
from jd_assets.stages.parse.instructions import without_instructions
from jd_assets.stages.parse.segments import Segment
from jd_assets.stages.parse.surfaces import MARKS, Surfaces
from jd_assets.stages.roles.candidates import Candidates, Weighed, kin_probability

MODEL_ACCURACY = 0.85
"""How often a model's choice is taken to be right, where it is wrong each other answer as often. Assumed,
not measured: between a guess and the 0.94 to 1.0 by which two people agree (shared labels of 16 JDs)."""

THIN_MARGIN = 0.25
"""A lead under this is thin. Of 1,151 postings labelled by a job site's search words 99 have such a lead by
the signals, and 64 % of them an accepted role; from there to 0.4 it is 83 %, about as often as a model is
taken to be right. They were part of the fit."""

FIRST_OPTIONS, SECOND_OPTIONS = 5, 3
"""Roles offered in the first question and, beside those that the title names, in the second."""

_LONGEST = 3_000  # characters of a posting that are shown; the part on the work takes 1,900 in the median
_LEAST = 200  # characters; a posting whose part on the work is shorter is shown from its start
_ABOUT_WORDS = 16
_KRAS, _SKILLS = 6, 10  # of a role, told in the second question
_QUOTES, _LONGEST_QUOTE, _SHORTEST_QUOTE = 3, 200, 6  # quotes, characters
_LONGEST_REASONING = 400  # characters
_TOLD = frozenset(
    (sections.TITLE, sections.DUTIES, sections.REQUIREMENTS, sections.PREFERRED, sections.SKILLS)
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer whose evidence stands in the text. `offered` and `chosen` are indexes of the release's
    roles; `chosen` is None where none fits. `dropped` counts quotes that the text doesn't hold."""

    offered: tuple[int, ...]
    chosen: int | None
    quotes: tuple[str, ...]
    dropped: int
    reasoning: str | None


class Text:
    """A JD's text as a judge is shown it: without what speaks to the machine."""

    def __init__(self, text: str, title: str | None, segments: Iterable[Segment]) -> None:
        parts = tuple(segments)
        self._shown = without_instructions(text, parts)
        self._title = title
        self._parts = parts
        self._surfaces: Surfaces | None = None

    def posting(self) -> str:
        """The title and what the text says of the work and of who can do it."""
        told = [self._shown[s.start : s.end] for s in self._parts if s.duty or s.section in _TOLD]
        work = "\n".join(line for line in told if line.strip())
        if len(work) < _LEAST:
            return self._shown[:_LONGEST]
        title = [self._title] if self._title and self._title not in work[:_LEAST] else []
        return "\n".join([*title, work])[:_LONGEST]

    def quoted(self, phrase: str) -> str | None:
        """The phrase as the text has it; None if it doesn't."""
        if not _SHORTEST_QUOTE <= len(phrase.strip()) <= _LONGEST_QUOTE:
            return None
        self._surfaces = self._surfaces or Surfaces(self._shown)
        span = self._surfaces.find(phrase)
        if span is None:
            return None
        return " ".join(self._shown[slice(*span)].translate(dict.fromkeys(map(ord, MARKS))).split())


def question(
    roles: Sequence[int], text: Text, release: Release, *, whole: bool = False
) -> tuple[tuple[int, ...], C.RoleQuestion]:
    """The roles in the library's order, so that their place tells nothing, and the question; `whole` tells
    all that matters of each role."""
    offered = tuple(sorted(roles))
    entries = [release.roles[role] for role in offered]
    options = [
        C.RoleOption(name=e.name, about=_whole(e, release) if whole else _line(e.archetype)) for e in entries
    ]
    return offered, C.RoleQuestion(options=options, posting=text.posting())


def hear(verdict: C.RoleVerdict, offered: tuple[int, ...], text: Text) -> tuple[Heard | None, int]:
    """The answer if it can be used, and the number of its quotes that the text doesn't hold. An answer is
    not used without a quote that stands there, nor if it is none of what was offered."""
    found = [text.quoted(phrase) for phrase in verdict.evidence[:_QUOTES]]
    quotes = tuple(dict.fromkeys(q for q in found if q))
    dropped = len(verdict.evidence) - sum(q is not None for q in found)
    number = None if verdict.choice == "none" else int(verdict.choice)
    if not quotes or (number is not None and number > len(offered)):
        return None, dropped
    chosen = None if number is None else offered[number - 1]
    reasoning = " ".join((verdict.reasoning or "").split())[:_LONGEST_REASONING] or None
    return Heard(offered, chosen, quotes, dropped, reasoning), dropped


def reweighed(
    candidates: Candidates, weighed: Weighed, heard: Mapping[str, Heard], kin: npt.NDArray[np.bool_]
) -> Weighed:
    """The probabilities after the answers, by Bayes' rule.

    An answer is right MODEL_ACCURACY of the time, and else any other that was offered (no role among them)
    as likely. A role that was not offered, and no role, are what "none" is right for. So a model settles what
    the signals leave open, and turns what they are sure of only where they were nearly even.
    """
    probability, fits = weighed.probability.copy(), weighed.fits.copy()
    bounds = np.append(candidates.starts, len(probability))
    for jd, jd_id in enumerate(candidates.jd_ids):
        if (answer := heard.get(jd_id)) is None:
            continue
        part = slice(bounds[jd], bounds[jd + 1])
        roles = candidates.roles[part]
        wrong = (1 - MODEL_ACCURACY) / len(answer.offered)
        none = MODEL_ACCURACY if answer.chosen is None else wrong
        is_right = roles == answer.chosen if answer.chosen is not None else np.zeros(len(roles), dtype=bool)
        likelihood = np.where(is_right, MODEL_ACCURACY, wrong)
        likelihood = np.where(np.isin(roles, answer.offered), likelihood, none)
        joint = probability[part] * likelihood
        total = joint.sum() + (1 - fits[jd]) * none
        probability[part] = joint / total
        fits[jd] = joint.sum() / total
    return replace(
        weighed, probability=probability, kin=kin_probability(candidates, probability, kin), fits=fits
    )


def _line(archetype: str) -> str:
    words = archetype.split(". ")[0].split()
    return " ".join(words[:_ABOUT_WORDS]).rstrip(".,;:")


def _whole(role: RoleEntry, release: Release) -> str:
    kras = "; ".join(role.kras[:_KRAS])
    skills = ", ".join(release.skill(slug).name for slug in role.primary[:_SKILLS])
    return f"{role.archetype} Duties: {kras}. Skills: {skills}."
