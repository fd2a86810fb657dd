"""What a JD says of the company that hires."""

from __future__ import annotations

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.segments import HEADING


def find_about(posting: Posting, company: Grounded | None) -> Grounded | None:
    """What the JD says of the company: its section, or else the paragraph that opens with the name."""
    told = [s for s in posting.segments if s.section == S.COMPANY and s.kind != HEADING]
    if told:
        first = posting.segments.index(told[0])
        end = told[0].end
        for segment in posting.segments[first + 1 :]:
            if segment.section != S.COMPANY:
                break
            end = segment.end if segment.kind != HEADING else end
        if end - told[0].start >= 40:
            return posting.grounded(told[0].start, min(end, told[0].start + 4000))
    if company is None:
        return None
    opening = company.value.split(" (")[0]
    for segment in posting.segments:
        prose = segment.kind != HEADING and not segment.duty and segment.end - segment.start > 60
        if prose and posting.view.startswith(opening, segment.start):
            end = posting.view.find("\n", segment.start)
            return posting.grounded(segment.start, end if end > 0 else len(posting.view))
    return None
