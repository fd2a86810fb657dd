"""What a JD says of the company that hires."""

from __future__ import annotations

from itertools import groupby

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.segments import HEADING

_SHORTEST, _LONGEST = 40, 4_000  # characters of such an account; a label's value is shorter


def find_about(posting: Posting, company: Grounded | None) -> Grounded | None:
    """What the JD says of the company: its first section of some length, or else the paragraph that opens
    with the name."""
    for of_company, run in groupby(posting.segments, lambda s: s.section == S.COMPANY):
        told = [s for s in run if s.kind != HEADING] if of_company else []
        if told and told[-1].end - told[0].start >= _SHORTEST:
            return posting.grounded(told[0].start, min(told[-1].end, told[0].start + _LONGEST))
    if company is None:
        return None
    opening = company.value.split(" (")[0]
    for segment in posting.segments:
        prose = segment.kind != HEADING and not segment.duty and segment.end - segment.start > 60
        if prose and posting.view.startswith(opening, segment.start):
            end = posting.view.find("\n", segment.start)
            return posting.grounded(segment.start, end if end > 0 else len(posting.view))
    return None
