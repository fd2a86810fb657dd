"""Which JDs, and which parts of them, the embedded engine is not sure of: those that `hybrid` asks a model
for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from jd_assets.contracts import Part
from jd_assets.library.release import Release
from jd_assets.models.hybrid import Hybrid, shipped_hybrid
from jd_assets.stages.parse.frame import parsed_row
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.skills.extract import find_skills, posting_of
from jd_assets.stages.skills.found import Found


class Unsure:
    """Decides for each JD which parts a model is asked for; the thresholds are the shipped ones unless
    given."""

    def __init__(self, release: Release, how: Hybrid | None = None) -> None:
        self._release = release
        self._how = how or shipped_hybrid()

    def parts(self, rules: Mapping[str, ParsedJd]) -> dict[str, frozenset[Part]]:
        """The parts whose confidence is under its threshold, by JD id; none of a JD that the rules
        reject."""
        passed = {i: jd for i, jd in rules.items() if not jd.rejection}
        postings = [posting_of(jd.text, parsed_row(jd)) for jd in passed.values()]
        asked: dict[str, frozenset[Part]] = dict.fromkeys(rules, frozenset())
        for (jd_id, jd), skills in zip(passed.items(), find_skills(postings, self._release), strict=True):
            sure: dict[Part, float] = {
                "fields": fields_confidence(jd, self._how),
                "skills": skills_confidence(skills),
            }
            asked[jd_id] = frozenset(part for part, c in sure.items() if c < self._how.asks_below[part])
        return asked


def field_signs(jd: ParsedJd) -> tuple[float, ...]:
    """What the confidence in a JD's fields is made of: no title was read, no company, no heading, and the
    words of a line, as a logarithm, which the rules need to tell one fact from the next."""
    lines = sum(bool(line.strip()) for line in jd.text.splitlines())
    return (
        float(jd.title is None),
        float(jd.company is None),
        float(not any(s.kind == "heading" for s in jd.segments)),
        math.log((jd.words + 1) / max(lines, 1)),
    )


def fields_confidence(jd: ParsedJd, how: Hybrid) -> float:
    """The probability that every field is right: the logistic curve over the signs."""
    weighted = sum(w * s for w, s in zip(how.field_weights[1:], field_signs(jd), strict=True))
    return 1 / (1 + math.exp(-(how.field_weights[0] + weighted)))


def skills_confidence(skills: Sequence[Found]) -> float:
    """The expected share of right ones among a JD's skills: the mean of their confidences; 0 of none."""
    return float(np.mean([s.confidence for s in skills])) if skills else 0.0
