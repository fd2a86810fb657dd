"""What the decisions that stand add to the library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jd_assets.library.format import Additions, Kra, NewRole, NewSkill, RoleAdditions
from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.stages.capture.captures import item_id
from jd_assets.stages.capture.proposals import kra_phrase


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands: on which item, what it says, and what the item was."""

    item_id: str
    decision: str
    merged_into: str | None
    subject: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A decision that can't be carried into the library, and why."""

    item_id: str
    why: str


class Record(Protocol):
    """A decision as it was written down; `members` are the item_ids that it is on."""

    @property
    def item_id(self) -> str: ...

    @property
    def decision(self) -> str: ...

    @property
    def merged_into(self) -> str | None: ...

    @property
    def subject(self) -> Mapping[str, Any] | None: ...

    @property
    def members(self) -> Sequence[str]: ...


def that_stand(words: Mapping[str, Record]) -> list[Decided]:
    """The decisions of which something stands, each on those things on which it is the last word; `words`
    are the last words by item_id."""
    found = []
    for made in {id(made): made for made in words.values()}.values():
        settled = {member for member in made.members if words[member] is not made}
        subject = _without(made.subject, settled) if made.subject and settled else made.subject
        found.append(Decided(made.item_id, made.decision, made.merged_into, subject))
    return found


def _without(subject: Mapping[str, Any], settled: Collection[str]) -> dict[str, Any]:
    """What a decision is on, without the things that a later word settled; `settled` are their item_ids."""
    kind, role = subject["kind"], subject.get("role_slug")

    def stays(name: str) -> bool:
        return item_id(kind, name, role) not in settled

    spellings = [s for s in subject.get("spellings", ()) if stays(s)]
    members = [m for m in subject.get("members", ()) if m not in settled]
    left: dict[str, Any] = dict(subject) | {"spellings": spellings, "members": members}
    if spellings and not stays(subject["name"]):
        left["name"] = spellings[0]
        if kind == "new_kra":
            left["evidence"] = spellings[0]  # a duty's name is its sentence
    return left


def additions(decided: Iterable[Decided], release: Release) -> tuple[Additions, list[LeftOut]]:
    """The additions that approved and merged items make, in the order of their item_ids, and what had to be
    left out. `release` is one without these additions or with them: what it says of roles and categories is
    used, and nothing of what it has by now is left out."""
    made, left = Additions(), []
    for item in sorted(decided, key=lambda d: d.item_id):
        if item.decision not in ("approved", "merged"):
            continue
        if item.subject is None:
            left.append(LeftOut(item.item_id, "it was decided before decisions kept what they were about"))
            continue
        try:
            _ADD[item.subject["kind"], item.decision](made, item, item.subject, release)
        except _CantAddError as error:
            left.append(LeftOut(item.item_id, str(error)))
    return made, left


class _CantAddError(ValueError):
    pass


def _new_skill(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    name = subject["name"]
    others = [s for s in subject.get("spellings", ()) if fold(s) != fold(name) and fold(s)]
    role = subject.get("role_slug")
    category = subject.get("category") or category_of(role, release)
    made.skills.append(NewSkill(name=name, category=category, aliases=list(dict.fromkeys(others))))
    if role and _is_role(role, release):
        more = made.roles.setdefault(role, RoleAdditions())
        main = subject.get("primary", subject.get("primary_share", 0.0) >= 0.5)
        (more.primary if main else more.secondary).append(name)


def _skill_alias(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    target = item.merged_into
    entry = next((s for s in release.skills if target in (s.name, s.slug)), None)
    name = entry.name if entry else next((s.name for s in made.skills if s.name == target), None)
    if name is None:
        raise _CantAddError(f"{target!r} is no skill of the library")
    aliases = made.skill_aliases.setdefault(name, [])
    aliases.extend(s for s in (subject["name"], *subject.get("spellings", ())) if s not in aliases)


def _new_kra(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    role = subject.get("role_slug")
    if not role or not _is_role(role, release):
        raise _CantAddError(f"its role {role!r} is no role of the library")
    says = " ".join(subject["evidence"].split())
    kra = subject.get("kra") or kra_phrase(says)
    made.roles.setdefault(role, RoleAdditions()).kras.append(Kra(kra=kra, says=[says]))


def _new_role(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    if not subject.get("role"):
        raise _CantAddError("no role was proposed with it: approve it again")
    made.new_roles.append(NewRole.model_validate(subject["role"]))


def _role_alias(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    if not item.merged_into or not _is_role(item.merged_into, release):
        raise _CantAddError(f"{item.merged_into!r} is no role of the library")
    aliases = made.roles.setdefault(item.merged_into, RoleAdditions()).aliases
    aliases.extend(t for t in (subject["name"], *subject.get("spellings", ())) if t not in aliases)


def _collision(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    made.collisions[subject["name"]] = list(subject["roles"])


def _nothing(made: Additions, item: Decided, subject: Mapping[str, Any], release: Release) -> None:
    """A duty that is a library KRA in other words, or a title that means one of its roles, adds nothing."""


_ADD = {
    ("new_skill", "approved"): _new_skill,
    ("new_skill", "merged"): _skill_alias,
    ("new_kra", "approved"): _new_kra,
    ("new_kra", "merged"): _nothing,
    ("new_role", "approved"): _new_role,
    ("new_role", "merged"): _role_alias,
    ("alias_collision", "approved"): _collision,
    ("alias_collision", "merged"): _nothing,
}


def _is_role(slug: str, release: Release) -> bool:
    return release.former_roles.get(slug, slug) in release.role_index


def category_of(role: str | None, release: Release) -> str:
    """The category that most of a role's main skills have; without a role, of all hard skills."""
    slugs = release.role(role).primary if role and _is_role(role, release) else ()
    entries = [release.skill(slug) for slug in slugs] or [s for s in release.skills if s.kind == "hard"]
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.category] = counts.get(entry.category, 0) + 1
    return min(counts, key=lambda category: (-counts[category], category))
