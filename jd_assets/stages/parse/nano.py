"""nano_parsed: a parsed JD in the shape of API 1."""

from __future__ import annotations

from jd_assets import contracts as C
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.domain import ALIASES
from jd_assets.stages.parse.education import level_name
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.parse.segments import HEADING, Segment
from jd_assets.stages.parse.view import count_worded, words_of

_MARKER_WORDS = 5


def nano_parsed(jd: ParsedJd) -> C.NanoParsed:
    """The contract's model of a JD; a rejected one has its JD_type and nothing else."""
    domains = C.Domains(
        primary=_domain(jd.domain_primary),
        secondary=_domain(jd.domain_secondary) if jd.domain_secondary else None,
    )
    if jd.rejection:
        return C.NanoParsed(JD_type="reject", domain=domains, experience=C.Experience())
    return C.NanoParsed(
        JD_type="pass",
        role=jd.title.value if jd.title else None,
        role_aliases=list(jd.role_aliases),
        role_archetype=jd.role_archetype,
        company_name=jd.company.value if jd.company else None,
        about_company=jd.about_company.value if jd.about_company else None,
        domain=domains,
        experience=_experience(jd),
        education=[
            C.Education(
                level=level_name(degree.level),
                qualification=words_of(jd.text, degree.start, degree.end),
                raw=words_of(jd.text, degree.raw_start, degree.raw_end),
                requirement=degree.requirement,
            )
            for degree in jd.education
        ],
        certifications=[c.value for c in jd.certifications],
        ctc=_salary(jd),
        job_locations=_locations(jd),
        roles_and_responsibilities=_responsibilities(jd),
        urls=[u.value for u in jd.urls],
    )


def _domain(name: str) -> C.Domain:
    return C.Domain(domain=name, aliases=list(ALIASES.get(name, ())))


def _experience(jd: ParsedJd) -> C.Experience:
    if jd.experience is None:
        return C.Experience()
    found = jd.experience
    return C.Experience(min=found.least, max=found.most, raw=words_of(jd.text, found.start, found.end))


def _salary(jd: ParsedJd) -> C.Salary | None:
    if jd.pay is None:
        return None
    pay = jd.pay
    raw = words_of(jd.text, pay.start, pay.end)
    return C.Salary(min=pay.least, max=pay.most, currency=pay.currency, period=pay.period, raw=raw)


def _locations(jd: ParsedJd) -> list[C.JobLocation]:
    mode = jd.work_mode.value if jd.work_mode else None
    places = [
        C.JobLocation(
            city=place.city.value if place.city else None,
            state=place.state,
            country=place.country,
            aliases=list(place.aliases),
            work_mode=mode,
        )
        for place in jd.locations
    ]
    return places or ([C.JobLocation(work_mode=mode)] if mode else [])


def _responsibilities(jd: ParsedJd) -> list[C.Responsibilities]:
    """Duties in blocks: one for each heading of duties, and one for those that stand elsewhere in a row."""
    blocks: list[tuple[Segment | None, list[Segment]]] = []
    heading: Segment | None = None
    for segment in jd.segments:
        if segment.kind == HEADING:
            if segment.section == S.DUTIES or (heading is not None and segment.section != heading.section):
                heading = segment if segment.section == S.DUTIES else None
        elif segment.duty:
            under = heading if segment.section == S.DUTIES else None
            if not blocks or blocks[-1][0] is not under:
                blocks.append((under, []))
            blocks[-1][1].append(segment)
    return [_block(jd, under, duties) for under, duties in blocks]


def _block(jd: ParsedJd, heading: Segment | None, duties: list[Segment]) -> C.Responsibilities:
    lines = [words_of(jd.text, d.start, d.end) for d in duties]
    text = "\n".join(lines)
    words = text.split()
    return C.Responsibilities(
        heading=words_of(jd.text, heading.start, heading.end).strip("*#_ :-") if heading else None,
        heading_was_present=heading is not None,
        text=text,
        bullet_count=len(lines),
        word_count=count_worded(words),
        source_marker=C.SourceMarker(
            first_5_words=" ".join(words[:_MARKER_WORDS]), last_5_words=" ".join(words[-_MARKER_WORDS:])
        ),
    )
