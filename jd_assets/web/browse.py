"""The library as people read it: roles and skills of the release in use, with what JDs ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from jd_assets.library.release import Release, SkillEntry
from jd_assets.web.answers import Row
from jd_assets.web.context import Context, context_of
from jd_assets.web.queries.demand import roles_of_skill, skills_of_role
from jd_assets.web.queries.published import NotPublished
from jd_assets.web.queries.runs import facets
from jd_assets.web.templates import TEMPLATES
from jd_assets.web.turns import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SKILLS_SHOWN = 60
"""Skills of a search; a longer word finds the others."""


@router.get("/roles", response_class=HTMLResponse)
def roles(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """All roles by domain, with the runs that chose them; `q` is looked for in their names and titles, and
    in the names and aliases of skills."""
    context = context_of(request)
    release = context.live.release()
    counts: dict[str, int] = {}
    try:
        with context.published.snapshot() as snapshot:
            counts = {slug: runs for slug, _, runs in facets(snapshot).roles}
    except NotPublished:
        pass
    wanted = q.strip().lower()
    by_domain: dict[str, list[tuple[object, int]]] = {}
    for role in release.roles:
        if any(wanted in name.lower() for name in (role.name, role.domain, *role.titles)):
            by_domain.setdefault(role.domain, []).append((role, counts.get(role.slug, 0)))
    skills = _skills_named(release, wanted) if wanted else []
    shown = {
        "by_domain": sorted(by_domain.items()),
        "skills": skills[:SKILLS_SHOWN],
        "more_skills": len(skills) > SKILLS_SHOWN,
        "release": release,
        "q": q.strip(),
    }
    return TEMPLATES.TemplateResponse(request, "roles.html", shown)


def _skills_named(release: Release, wanted: str) -> list[SkillEntry]:
    """The skills that have the words in a name: those first whose own name begins with them."""
    found = [s for s in release.skills if any(wanted in name.lower() for name in (s.name, *s.aliases))]
    return sorted(found, key=lambda s: (not s.name.lower().startswith(wanted), s.name.lower()))


@router.get("/roles/{slug}", response_class=HTMLResponse)
def role(request: Request, slug: str) -> Response:
    """A role: its KRAs, skills, dimensions and baseline, and what its JDs ask for."""
    context = context_of(request)
    release = context.live.release()
    try:
        entry = release.role(slug)
    except KeyError:
        raise HTTPException(404, "the library has no such role") from None
    if entry.slug != slug:
        return RedirectResponse(f"/roles/{entry.slug}", 308)
    names = {s.slug: s.name for s in release.skills}
    children = [r for r in release.roles if r.parent == slug]
    parent = release.role(entry.parent) if entry.parent else None
    shown = {
        "role": entry,
        "names": names,
        "children": children,
        "parent": parent,
        "asked": _demand(context, role=slug),
    }
    return TEMPLATES.TemplateResponse(request, "role.html", shown)


@router.get("/skills/{slug}", response_class=HTMLResponse)
def skill(request: Request, slug: str) -> Response:
    """A skill: its names, traits and relations, the roles that have it and those whose JDs ask for it."""
    context = context_of(request)
    release = context.live.release()
    try:
        entry = release.skill(slug)
    except KeyError:
        raise HTTPException(404, "the library has no such skill") from None
    if entry.slug != slug:
        return RedirectResponse(f"/skills/{entry.slug}", 308)
    shown = {
        "skill": entry,
        "names": {s.slug: s.name for s in release.skills},
        "primary": [r for r in release.roles if slug in r.primary],
        "secondary": [r for r in release.roles if slug in r.secondary],
        "asked": _demand(context, skill=slug),
    }
    return TEMPLATES.TemplateResponse(request, "skill.html", shown)


def _demand(context: Context, *, role: str | None = None, skill: str | None = None) -> list[Row]:
    try:
        with context.published.snapshot() as snapshot:
            if role is not None:
                return skills_of_role(snapshot, role)
            return roles_of_skill(snapshot, skill or "")
    except NotPublished:
        return []
