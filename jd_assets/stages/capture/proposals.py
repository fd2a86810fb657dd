"""Proposes a library role for postings that no role fits, from what those postings themselves say."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from jd_assets.library.format import (
    AiBaseline,
    Baseline,
    Kra,
    Maturity,
    MaturityBaseline,
    NatureBaseline,
    NewRole,
    RoleSkills,
)
from jd_assets.library.release import Release, RoleEntry
from jd_assets.library.spelling import fold

MOST_KRAS, MOST_PRIMARY, MOST_SECONDARY, MOST_DIMENSIONS = 12, 15, 12, 6
PHRASE_WORDS = 8
"""Words of a KRA's short phrase at most, as docs/library.md asks."""

_FIRST_ID, _IDS = 100_000, 900_000
_CLAUSE = re.compile(r"[,;:.(]|\s[-–—]\s|\b(?:that|which|who|so)\b")
_WORD = re.compile(r"[\w+#&/'-]+")
_TRAILING = frozenset("a an and as at by for from in into of on or the their to with that which your".split())


def role_id(slug: str) -> int:
    """An id for a role that review adds: from 100,000 on, made of its slug so that it never changes."""
    return _FIRST_ID + int(hashlib.sha256(slug.encode()).hexdigest()[:12], 16) % _IDS


def kra_phrase(sentence: str) -> str:
    """A duty's short phrase: its first clause, at most PHRASE_WORDS words, without a loose end."""
    for clause in (*_CLAUSE.split(sentence), sentence):
        words = _WORD.findall(clause)[:PHRASE_WORDS]
        while len(words) > 3 and words[-1].lower() in _TRAILING:
            words.pop()
        if len(words) >= 3:
            break
    return " ".join(words).lower() or sentence.strip()[:60]


def propose_role(
    name: str, slug: str, near: str | None, skills: pl.DataFrame, duties: Sequence[str], release: Release
) -> NewRole:
    """A role of that name.

    `skills` has EXTRACTED_SKILLS' jd_id, skill_slug and is_primary of the postings; `duties` their sentences
    in the order of JD and position. Dimensions are those that the library's roles hold the skills in; the
    domain and the baseline are those of `near`, the slug of the nearest role, or of the role that shares
    most skills with the postings.
    """
    votes = _votes(skills)
    primary, secondary = _split(votes, release)
    like = release.role(near) if near else _sharing(primary + secondary, release)
    names = {s.slug: s.name for s in release.skills}
    if not primary:
        primary = list(like.primary[:3])
    kras: dict[str, Kra] = {}
    for duty in duties:
        says = " ".join(duty.split())
        kra = kra_phrase(says)
        kras.setdefault(fold(kra), Kra(kra=kra, says=[says]))
    if not kras:
        kras = {
            fold(kra): Kra(kra=kra, says=list(says))
            for kra, says in zip(like.kras[:1], like.says[:1], strict=True)
        }
    return NewRole(
        id=role_id(slug),
        slug=slug,
        name=name,
        domain=like.domain,
        archetype=f"{name}: {next(iter(kras.values())).says[0]}",
        kras=list(kras.values())[:MOST_KRAS],
        skills=RoleSkills(primary=[names[s] for s in primary], secondary=[names[s] for s in secondary]),
        dimensions=_dimensions(primary + secondary, like, release),
        baseline=Baseline(
            ai_index=AiBaseline(index=like.ai_index, reason=like.ai_reason),
            tech_stack_maturity=MaturityBaseline(
                level=Maturity(like.maturity_level), sentence=like.maturity_sentence
            ),
            nature_of_work=NatureBaseline(label=like.nature_label, sentence=like.nature_sentence),
        ),
    )


def _votes(skills: pl.DataFrame) -> Mapping[str, tuple[int, int]]:
    """By slug how many postings name the skill, and how many as a main one; most first."""
    known = skills.filter(pl.col("skill_slug").is_not_null())
    counted = (
        known.group_by("skill_slug")
        .agg(pl.col("jd_id").n_unique().alias("jds"), pl.col("is_primary").sum().alias("main"))
        .sort(["main", "jds", "skill_slug"], descending=[True, True, False])
    )
    return {slug: (jds, main) for slug, jds, main in counted.iter_rows()}


def _split(votes: Mapping[str, tuple[int, int]], release: Release) -> tuple[list[str], list[str]]:
    live = {slug: v for slug, v in votes.items() if slug in release.skill_index}
    primary = [slug for slug, (jds, main) in live.items() if 2 * main >= jds][:MOST_PRIMARY]
    secondary = [slug for slug in live if slug not in primary][:MOST_SECONDARY]
    return primary, secondary


def _sharing(skills: Sequence[str], release: Release) -> RoleEntry:
    wanted = set(skills)
    return max(release.roles, key=lambda r: (len(wanted & {*r.primary, *r.secondary}), -r.id))


def _dimensions(skills: Sequence[str], like: RoleEntry, release: Release) -> dict[str, list[str]]:
    """Each skill under the dimension that most roles hold it in; those that none holds under the first of
    the nearest role."""
    names: dict[str, Any] = {s.slug: s.name for s in release.skills}
    holders: dict[str, Counter[str]] = {slug: Counter() for slug in skills}
    for role in release.roles:
        for dimension, members in role.dimensions.items():
            for slug in members:
                if slug in holders:
                    holders[slug][dimension] += 1
    grouped: dict[str, list[str]] = {}
    default = next(iter(like.dimensions))
    for slug in skills:
        most = (
            min(holders[slug].items(), key=lambda item: (-item[1], item[0]))[0] if holders[slug] else default
        )
        grouped.setdefault(most, []).append(names[slug])
    largest = sorted(grouped.items(), key=lambda item: -len(item[1]))[:MOST_DIMENSIONS]
    return dict(largest)
