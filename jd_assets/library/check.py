"""Everything that can be wrong with a library whose files fit their models, and what the library holds."""

from __future__ import annotations

from dataclasses import dataclass

from jd_assets.library.load import Library, Problem, Severity
from jd_assets.library.resolve import Resolved, resolve
from jd_assets.library.role_rules import role_problems
from jd_assets.library.skill_rules import skill_problems
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key
from jd_assets.models.embedder import Embedder


@dataclass(frozen=True, slots=True)
class DomainCounts:
    """A domain's roles, the distinct titles and KRAs of those, and the distinct skills that they name."""

    domain: str
    roles: int
    titles: int
    kras: int
    skills: int


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """A category's skills and their spellings; `named` of the skills are named by a role."""

    category: str
    skills: int
    spellings: int
    named: int


@dataclass(frozen=True)
class CheckReport:
    """What `check` found: problems, errors first, then by file and line; and counts in the files' order."""

    problems: tuple[Problem, ...]
    domains: tuple[DomainCounts, ...]
    categories: tuple[CategoryCounts, ...]

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.problems if p.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        return [p for p in self.problems if p.severity is Severity.WARNING]


def check(library: Library, embedder: Embedder) -> CheckReport:
    """What is wrong with a library, and its counts. KRA phrases are embedded, to tell which are alike.

    A library without errors compiles; warnings are for a person to judge.
    """
    resolved = resolve(library)
    problems = {*resolved.problems, *skill_problems(library, resolved), *role_problems(library, embedder)}
    by_severity = list(Severity)
    return CheckReport(
        tuple(sorted(problems, key=lambda p: (by_severity.index(p.severity), p.file, p.line, p.what))),
        _domains(resolved),
        _categories(resolved),
    )


def _domains(resolved: Resolved) -> tuple[DomainCounts, ...]:
    counts = []
    for domain in dict.fromkeys(r.domain for r in resolved.roles):
        roles = [r for r in resolved.roles if r.domain == domain]
        counts.append(
            DomainCounts(
                domain=domain,
                roles=len(roles),
                titles=len({title_key(t) for r in roles for t in (r.name, *r.titles)}),
                kras=len({k for r in roles for k in r.kras}),
                skills=len({s for r in roles for s in (*r.primary, *r.secondary)}),
            )
        )
    return tuple(counts)


def _categories(resolved: Resolved) -> tuple[CategoryCounts, ...]:
    named = {s for r in resolved.roles for s in (*r.primary, *r.secondary)}
    counts = []
    for category in dict.fromkeys(s.category for s in resolved.skills):
        skills = [s for s in resolved.skills if s.category == category]
        counts.append(
            CategoryCounts(
                category=category,
                skills=len(skills),
                spellings=len({fold(spelling) for s in skills for spelling in (s.name, *s.aliases)}),
                named=sum(s.slug in named for s in skills),
            )
        )
    return tuple(counts)
