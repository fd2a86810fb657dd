"""Which dimensions of a role a skill belongs to."""

from __future__ import annotations

from jd_assets.library.release import RoleEntry, SkillEntry


def dimensions_of(skill: SkillEntry, role: RoleEntry | None) -> list[str]:
    """The role's dimensions that list the skill, else those that list its parent, in the role's order."""
    if role is None:
        return []
    for slug in (skill.slug, skill.parent):
        found = [name for name, slugs in role.dimensions.items() if slug in slugs]
        if found:
            return found
    return []
