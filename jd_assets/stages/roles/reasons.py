"""The decision in words: one sentence made of the evidence for the chosen role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from jd_assets.library.release import Release, RoleEntry
from jd_assets.stages.roles.verdicts import Heard

MATCHED_KRA = 0.47
"""Least cosine at which a sentence is said to match a KRA. DESIGN section 7: against libraries of full
sentences a cut there is right 86 % of the time."""

NEAR_TITLE = 0.6
"""Least cosine at which a title is said to be near to one of a role's: two words of its three, about."""

LIKE_TITLE = 0.7
"""Least cosine of embeddings at which a title is said to mean nearly what one of a role's does."""

_RARE = 0.005  # under this probability a runner-up is none
_LISTED = 4
_QUOTED_WORDS = 14


@dataclass
class Evidence:
    """What speaks for one role of one JD: the library titles that its title and its text have (`exact`:
    the title is one; `near`: nearly one; `like`: one of nearly its meaning), skills asked for of the
    role's, those that name it, duties with the KRAs that they are like, and words shared."""

    title: str | None = None
    exact: bool = False
    near: bool = False
    like: str | None = None
    mention: str | None = None
    skills: Sequence[str] = ()
    all_skills: int = 0
    technologies: Sequence[str] = ()
    kra_matches: Sequence[dict[str, Any]] = ()
    words: Sequence[str] = ()


def evidence_of(signals: pl.DataFrame) -> dict[str, dict[str, Evidence]]:
    """The evidence of ROLE_SIGNALS rows by JD and role slug."""
    found: dict[str, dict[str, Evidence]] = {}
    columns = ("jd_id", "role_slug", "signal", "score", "matched_title", "total_count", "matched_skills",
               "matched_words", "kra_matches")  # fmt: skip
    for jd_id, slug, signal, score, title, total, skills, words, kras in signals.select(columns).iter_rows():
        own = found.setdefault(jd_id, {}).setdefault(slug, Evidence())
        if signal == "alias":
            own.title, own.exact, own.near = title, score == 1.0, score >= NEAR_TITLE
        elif signal == "likeness":
            own.like = title if score >= LIKE_TITLE else None
        elif signal == "mention":
            own.mention = title
        elif signal == "skill":
            own.skills, own.all_skills = skills, total
        elif signal == "technology":
            own.technologies = skills
        elif signal == "kra":
            own.kra_matches = kras
        elif signal == "text":
            own.words = words
    return found


def because(
    case: str,
    title: str | None,
    role: RoleEntry,
    own: Evidence,
    others: Sequence[tuple[str, float]],
    titled: Sequence[str] = (),
) -> str:
    """Why the role was chosen; `others` are the next roles with their probabilities, `titled` the names of
    the roles that the title names exactly."""
    parts = []
    against = bool(titled) and role.name not in titled
    if own.exact and title:
        parts.append(f'the title "{title}" names {role.name}')
    elif own.title and title and own.near and not against:
        parts.append(f'the title "{title}" is near to "{own.title}", a title of {role.name}')
    elif own.like and title and not against:
        parts.append(f'the title "{title}" means nearly "{own.like}", a title of {role.name}')
    if own.mention and not own.exact:
        parts.append(f'the text names "{own.mention}"')
    if own.technologies:
        parts.append(f"{_listed(own.technologies)} name{'s' if len(own.technologies) == 1 else ''} the role")
    if own.skills:
        parts.append(
            f"it asks for {len(own.skills)} of the role's {own.all_skills} skills ({_listed(own.skills)})"
        )
    if own.kra_matches:
        top = own.kra_matches[0]
        parts.append(
            f'the duty "{_cut(top["sentence"])}" is like "{top["kra_text"]}" ({top["similarity"]:.2f})'
        )
    elif own.words:
        parts.append(f"it shares the words {', '.join(own.words)}")
    if not parts:
        parts.append("its duties are nearest to the role's as a whole")
    parts += [
        f"next is {name} at {probability:.0%}" if probability >= _RARE else "no other role comes near"
        for name, probability in others
    ]
    lead = f'the title "{title}" names {" and ".join(titled)}, but more speaks for {role.name}: ' * against
    if case == "DOMAIN":
        lead += f"the signals agree on {role.domain} only: "
    sentence = lead + "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "."


def said(answer: Heard, role_name: str | None, release: Release) -> str:
    """What a model chose, and by which of the posting's words; and if the signals were surer of another."""
    name = None if answer.chosen is None else release.roles[answer.chosen].name
    chose = f"chose {name}" if name else f"found that none of {len(answer.offered)} roles fits"
    quotes = " and ".join(f'"{_cut(quote)}"' for quote in answer.quotes)
    surer = "" if name == role_name else f"; the signals are surer of {role_name or 'a new role'}"
    return f"A model {chose} by {quotes}{surer}."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _cut(sentence: str) -> str:
    parts = sentence.split()
    return " ".join(parts[:_QUOTED_WORDS]) + (" …" if len(parts) > _QUOTED_WORDS else "")
