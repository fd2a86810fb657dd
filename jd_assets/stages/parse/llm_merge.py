"""Joins what a model read in a JD to what the rules read: only what the text bears out gets in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal, TypeVar

from jd_assets import contracts as C
from jd_assets.stages.parse import figures, gazetteer
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.stages.parse.education import LEVELS, Degree, find_education, level_name
from jd_assets.stages.parse.experience import Experience
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.instructions import without_instructions
from jd_assets.stages.parse.parsed import NamedSkill, ParsedJd
from jd_assets.stages.parse.place_names import Location
from jd_assets.stages.parse.roles import aliases_of, archetype_of
from jd_assets.stages.parse.salary import Pay
from jd_assets.stages.parse.sections import REQUIREMENTS
from jd_assets.stages.parse.segments import ITEM, Segment
from jd_assets.stages.parse.surfaces import MARKS, Surfaces
from jd_assets.stages.parse.view import clean, lowered, words_of

F = TypeVar("F")

_LEVEL_OF = {level_name(level).lower(): level for level in LEVELS} | {level: level for level in LEVELS}
_MODES = {
    "remote": (
        "remote", "remotely", "work from home", "work from anywhere", "wfh", "telecommute", "home based",
    ),
    "hybrid": ("hybrid",),
    "onsite": (
        "on site", "on-site", "in office", "in-office", "work from office", "work from the office", "wfo",
        "in person", "in-person", "office based", "office-based",
    ),
}  # fmt: skip
_WITHOUT_MARKS = str.maketrans(dict.fromkeys(MARKS))
_MOST_ITEMS, _MOST_SKILLS = 30, 150
_LONGEST_TITLE, _LONGEST_NAME, _LONGEST_SKILL = 120, 100, 80  # characters
_MOST_YEARS = 60
_BEFORE_PAY = 40  # characters before an amount in which its currency or period may stand


def merge(rules: ParsedJd, answer: C.Reading) -> ParsedJd:
    """The JD with the model's values in place of the rules', each at the place in the text that says so, and
    the skills that it named. What the model was not asked for stays.

    A value whose words the text doesn't hold is dropped and counted, and its field keeps what the rules
    read; so does one found only in a sentence that speaks to the machine. Duties, addresses, language and
    whether the text is a JD at all stay as the rules have them, and aliases and archetype follow from the
    title by rule. `answer` may say anything: nothing raises.
    """
    reading = _Reading(rules)
    jd = rules if answer.fields is None else _with_fields(rules, answer.fields, reading)
    named = None if answer.skills is None else reading.skills(answer.skills)
    return replace(jd, named_skills=named, dropped=rules.dropped + reading.dropped)


def _with_fields(rules: ParsedJd, answer: C.NanoParsed, reading: _Reading) -> ParsedJd:
    title = reading.one(answer.role, rules.title, _LONGEST_TITLE)
    name = title.value if title else None
    primary, secondary = reading.domains(answer.domain)
    return replace(
        rules,
        title=title,
        role_aliases=reading.aliases(answer.role_aliases, name),
        role_archetype=archetype_of(name),
        company=reading.one(answer.company_name, rules.company, _LONGEST_NAME),
        about_company=reading.one(answer.about_company, rules.about_company),
        domain_primary=primary,
        domain_secondary=secondary,
        experience=reading.experience(answer.experience),
        pay=reading.pay(answer.ctc),
        work_mode=reading.work_mode(answer.job_locations),
        locations=reading.locations(answer.job_locations),
        education=reading.education(answer.education),
        certifications=reading.certifications(answer.certifications),
    )


def readable(rules: ParsedJd) -> str:
    """The text that a model is given: of the same length, without what speaks to the machine."""
    return without_instructions(rules.text, rules.segments)


class _Reading:
    """One text, and the count of values that it doesn't bear out."""

    def __init__(self, rules: ParsedJd) -> None:
        self.dropped = 0
        self._rules = rules
        self._shown = readable(rules)
        self._surfaces = Surfaces(self._shown)

    def one(
        self, value: str | None, fallback: Grounded | None, longest: int | None = None
    ) -> Grounded | None:
        if not value or not value.strip():
            return None
        found = self._grounded(value) if longest is None or len(value) <= longest else None
        return found or self._drop(fallback)

    def aliases(self, values: list[str], title: str | None) -> tuple[str, ...]:
        """Other titles that stand in the text, then those that follow from the title by rule."""
        names: dict[str, str] = {}
        for name in (*(g.value for g in self._each(values)), *aliases_of(title)):
            names.setdefault(name.lower(), name)
        names.pop((title or "").lower(), None)
        return tuple(names.values())[:_MOST_ITEMS]

    def domains(self, given: C.Domains) -> tuple[str, str | None]:
        """A domain has no words of its own in the text; it must be one of the library's."""
        names = (*DOMAINS, OTHER)
        primary = given.primary.domain
        second = given.secondary.domain if given.secondary else None
        if primary not in names:
            return self._drop((self._rules.domain_primary, self._rules.domain_secondary))
        if second is not None and second not in DOMAINS:
            second = self._drop(None)
        return primary, second if second != primary else None

    def experience(self, given: C.Experience) -> Experience | None:
        if not given.raw and given.min is None and given.max is None:
            return None
        span = self._surfaces.find(given.raw or "")
        if span is None:
            return self._drop(self._rules.experience)
        low = self._surfaces.low(*span)
        years = _range(given.min, given.max, lambda n: n <= _MOST_YEARS and figures.says_years(low, n))
        return Experience(*years, *span) if years else self._drop(self._rules.experience)

    def pay(self, given: C.Salary | None) -> Pay | None:
        if given is None:
            return None
        span = self._surfaces.find(given.raw)
        if span is None:
            return self._drop(self._rules.pay)
        low = self._surfaces.low(*span)
        amounts = _range(given.min, given.max, lambda n: figures.says_amount(low, n))
        if amounts is None:
            return self._drop(self._rules.pay)
        around = self._surfaces.low(span[0] - _BEFORE_PAY, span[1])
        code, period = given.currency, given.period
        if code and not (len(code) == 3 and code.isalpha() and figures.says_currency(around, code.upper())):
            code = self._drop(None)
        if period and not figures.says_period(around, period):
            period = self._drop(None)
        return Pay(*amounts, code.upper() if code else None, period, *span)

    def work_mode(self, given: list[C.JobLocation]) -> Grounded | None:
        mode = next((place.work_mode for place in given if place.work_mode), None)
        if mode is None:
            return None
        known = self._rules.work_mode
        if known and known.value == mode:
            return known
        for words in _MODES[mode]:
            if span := self._surfaces.find(words):
                return Grounded(mode, *span)
        return self._drop(known)

    def locations(self, given: list[C.JobLocation]) -> tuple[Location, ...]:
        named = [place for place in given[:_MOST_ITEMS] if place.city or place.state or place.country]
        found: dict[tuple[int, int], Location] = {}
        for place in named:
            location = self._location(place)
            if location is None:
                self._drop(None)
            else:
                found.setdefault((location.surface.start, location.surface.end), location)
        return tuple(found.values()) if found or not named else self._rules.locations

    def education(self, given: list[C.Education]) -> tuple[Degree, ...]:
        found: dict[str, Degree] = {}
        for item in given[:_MOST_ITEMS]:
            degree = self._degree(item)
            if degree is None:
                self._drop(None)
            elif degree.level not in found or degree.requirement == "required":
                found[degree.level] = degree
        if given and not found:
            return self._rules.education
        return tuple(found[level] for level in LEVELS if level in found)

    def certifications(self, given: list[str]) -> tuple[Grounded, ...]:
        found = {value.value.lower(): value for value in self._each(given)}
        if given and not found:
            return self._rules.certifications
        return tuple(found.values())

    def skills(self, given: C.SkillsNamed) -> tuple[NamedSkill, ...]:
        """The skills whose words stand in the text, by place; one that is named twice is what it was first
        called."""
        found: dict[tuple[int, int], NamedSkill] = {}
        for words, kind, is_primary in _labelled(given):
            span = self._surfaces.find(words) if len(words) <= _LONGEST_SKILL else None
            if span is None:
                self._drop(None)
            else:
                found.setdefault(span, NamedSkill(*span, kind, is_primary))
        return tuple(sorted(found.values(), key=lambda skill: (skill.start, skill.end)))

    def _location(self, given: C.JobLocation) -> Location | None:
        """A place whose city stands in the text, by the name given or another one that it has; the state
        and the country may come from the gazetteer instead."""
        if not given.city:
            region = given.state or given.country or ""
            surface = self._grounded(region) if len(region) <= _LONGEST_NAME else None
            if surface is None:
                return None
            if not given.state:
                return Location(None, None, given.country, (), surface)
            state = gazetteer.state(given.state)
            country = self._region(given.country, gazetteer.country_name(state[1]) if state else None)
            return Location(None, given.state, country, (), surface)
        if len(given.city) > _LONGEST_NAME:
            return None
        known = gazetteer.city(given.city, sure=True)
        names = [given.city, *(known.aliases if known else ()), *([known.name] if known else [])]
        surface = next((g for g in map(self._grounded, names) if g), None)
        if surface is None:
            return None
        written = gazetteer.name_key(surface.value)
        others = dict.fromkeys([known.name, *known.aliases] if known else [])
        return Location(
            surface,
            self._region(given.state, known.state if known else None),
            self._region(given.country, known.country if known else None),
            tuple(other for other in others if gazetteer.name_key(other) != written),
            surface,
        )

    def _region(self, given: str | None, known: str | None) -> str | None:
        """A state or country that the text names, else the gazetteer's."""
        if not given or (known and gazetteer.name_key(given) == gazetteer.name_key(known)):
            return known
        if len(given) <= _LONGEST_NAME and self._surfaces.find(given):
            return given
        return self._drop(known)

    def _degree(self, given: C.Education) -> Degree | None:
        """A degree whose words stand in the text and don't name another level."""
        level = _LEVEL_OF.get(given.level.strip().lower())
        raw = self._surfaces.find(given.raw)
        if level is None or raw is None:
            return None
        start, end = self._surfaces.find(given.qualification, *raw) or raw
        named = self._levels_named(start, end) or self._levels_named(*raw)
        if named and level not in named:
            return None
        return Degree(level, given.requirement, start, end, *raw)

    def _levels_named(self, start: int, end: int) -> set[str]:
        view = clean(self._shown[start:end])
        part = (Segment(0, len(view), REQUIREMENTS, ITEM),)
        return {d.level for d in find_education(Posting(view, view, lowered(view), part))}

    def _each(self, values: Iterable[str]) -> list[Grounded]:
        found = []
        for value in list(values)[:_MOST_ITEMS]:
            grounded = self._grounded(value) if len(value) <= _LONGEST_TITLE else None
            if grounded is None:
                self._drop(None)
            else:
                found.append(grounded)
        return found

    def _grounded(self, words: str) -> Grounded | None:
        span = self._surfaces.find(words)
        if span is None:
            return None
        value = words_of(self._rules.text, *span).translate(_WITHOUT_MARKS)
        return Grounded(" ".join(value.split()), *span)

    def _drop(self, instead: F) -> F:
        self.dropped += 1
        return instead


def _labelled(given: C.SkillsNamed) -> Iterator[tuple[str, Literal["hard", "soft"], bool | None]]:
    """Each skill's words, kind and whether it is a main one, which no model is asked of a soft skill."""
    for words in given.main[:_MOST_SKILLS]:
        yield words, "hard", True
    for words in given.plus[:_MOST_SKILLS]:
        yield words, "hard", False
    for words in given.soft[:_MOST_SKILLS]:
        yield words, "soft", None


def _range(
    least: float | None, most: float | None, said: Callable[[float], bool]
) -> tuple[float | None, float | None] | None:
    """The two bounds if the words say each one that is given, in order; else None."""
    given = [n for n in (least, most) if n is not None]
    borne_out = all(math.isfinite(n) and said(n) for n in given)
    return (least, most) if given and borne_out and given == sorted(given) else None
