"""What postings ask for: the skills of a role, the roles of a skill."""

from __future__ import annotations

from jd_assets.web.answers import Row
from jd_assets.web.queries.published import Snapshot


def skills_of_role(snapshot: Snapshot, slug: str, most: int = 20) -> list[Row]:
    """The skills that JDs of a role ask for most."""
    return snapshot.rows(
        "SELECT skill_name, skill_slug, jds, jds_primary FROM skill_demand WHERE role_slug = ? "
        "ORDER BY jds DESC, skill_name LIMIT ?",
        [slug, most],
    )


def roles_of_skill(snapshot: Snapshot, slug: str, most: int = 20) -> list[Row]:
    """The roles whose JDs ask for a skill most."""
    return snapshot.rows(
        "SELECT role_slug, role_name, jds, jds_primary FROM skill_demand WHERE skill_slug = ? "
        "ORDER BY jds DESC, role_name LIMIT ?",
        [slug, most],
    )
