"""One JD's fields, read by rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jd_assets.stages.parse.about import find_about
from jd_assets.stages.parse.certifications import find_certifications
from jd_assets.stages.parse.company import find_company
from jd_assets.stages.parse.domain import OTHER, find_domains
from jd_assets.stages.parse.education import LEVELS, Degree, find_education
from jd_assets.stages.parse.experience import Experience, find_experience
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import header_parts
from jd_assets.stages.parse.jd_type import Rejection, rejection_of
from jd_assets.stages.parse.labels import labels_of
from jd_assets.stages.parse.language import language_of
from jd_assets.stages.parse.links import find_emails, find_urls
from jd_assets.stages.parse.locations import find_locations
from jd_assets.stages.parse.place_names import Location
from jd_assets.stages.parse.roles import aliases_of, archetype_of
from jd_assets.stages.parse.salary import Pay, find_salary, in_dollars_of
from jd_assets.stages.parse.segments import Segment, segment_view
from jd_assets.stages.parse.title import find_title
from jd_assets.stages.parse.title_bounds import without_company
from jd_assets.stages.parse.view import clean, count_words, lowered
from jd_assets.stages.parse.work_mode import find_work_mode


@dataclass(frozen=True, slots=True)
class NamedSkill:
    """A skill that a model named, at the first place that names it; `is_primary` is null where it did not
    say."""

    start: int
    end: int
    kind: Literal["hard", "soft"]
    is_primary: bool | None


@dataclass(frozen=True, slots=True)
class ParsedJd:
    """What a JD says. Every value that was read holds the characters of `text` that it came from; the
    others (aliases, archetype, domains, language) follow from those by rule."""

    text: str
    rejection: Rejection | None
    language: str | None = None
    segments: tuple[Segment, ...] = ()
    title: Grounded | None = None
    role_aliases: tuple[str, ...] = ()
    role_archetype: str | None = None
    company: Grounded | None = None
    about_company: Grounded | None = None
    domain_primary: str = OTHER
    domain_secondary: str | None = None
    experience: Experience | None = None
    pay: Pay | None = None
    work_mode: Grounded | None = None
    locations: tuple[Location, ...] = ()
    education: tuple[Degree, ...] = ()
    certifications: tuple[Grounded, ...] = ()
    urls: tuple[Grounded, ...] = ()
    emails: tuple[Grounded, ...] = ()
    named_skills: tuple[NamedSkill, ...] | None = None  # none where no model was asked for them
    words: int = 0
    dropped: int = 0  # hints, and a model's values, that the text doesn't contain

    @property
    def jd_type(self) -> str:
        return "reject" if self.rejection else "pass"

    @property
    def cities(self) -> list[str]:
        return [x.city.value for x in self.locations if x.city]

    @property
    def education_levels(self) -> list[str]:
        asked = {d.level for d in self.education}
        return [level for level in LEVELS if level in asked]

    @property
    def duties(self) -> list[Segment]:
        return [s for s in self.segments if s.duty]


def parse_text(
    text: str, *, title: str | None = None, company: str | None = None, location: str | None = None
) -> ParsedJd:
    """Reads a JD. The hints are fields of its record; one that the text doesn't contain is not used.

    Of a text that is no JD only the language, the segments, the words and the addresses are kept.
    """
    view = clean(text)
    low = lowered(view)
    segments = tuple(segment_view(view, low))
    labels, header = labels_of(view, segments), header_parts(view)
    posting = Posting(text, view, low, segments, labels, header, title, company, location)
    hints = [hint for hint in (title, company, location) if hint and hint.strip()]
    dropped = sum(posting.hinted(hint) is None for hint in hints)
    language = language_of(view)
    rejection = rejection_of(posting, language)
    words = count_words(text)
    if rejection:
        return ParsedJd(text, rejection, language, segments, words=words, dropped=dropped)
    role = find_title(posting)
    employer = find_company(posting, role)
    if role and employer:
        role = without_company(role, employer.value, posting)
    primary, secondary = find_domains(low, role.value if role else None)
    name = role.value if role else None
    work_mode = find_work_mode(posting)
    remote = work_mode is not None and work_mode.value == "remote"
    locations = tuple(find_locations(posting, employer, remote=remote))
    pay = find_salary(posting)
    if pay:
        pay = in_dollars_of(pay, {x.country for x in locations if x.country}, low)
    return ParsedJd(
        text=text,
        rejection=None,
        language=language,
        segments=segments,
        title=role,
        role_aliases=tuple(aliases_of(name)),
        role_archetype=archetype_of(name),
        company=employer,
        about_company=find_about(posting, employer),
        domain_primary=primary,
        domain_secondary=secondary,
        experience=find_experience(posting),
        pay=pay,
        work_mode=work_mode,
        locations=locations,
        education=tuple(find_education(posting)),
        certifications=tuple(find_certifications(posting)),
        urls=tuple(find_urls(posting)),
        emails=tuple(find_emails(posting)),
        words=words,
        dropped=dropped,
    )
