"""A child role has its parent's skills and dimensions beside its own."""

from __future__ import annotations

from dataclasses import replace

from jd_assets.library.inherit import inherit
from jd_assets.library.release import Release


def test_a_child_inherits_and_adds(mini: Release) -> None:
    child, parent = mini.role("java-backend-developer"), mini.role("backend-engineer")
    assert child.primary == ("java", "spring")
    assert child.secondary == ("sql",)
    assert child.inherited == ("rest-apis", "postgresql", "node-js", "go")
    assert child.dimensions["Backend Development"] == ("java", "spring", "rest-apis", "node-js", "go")
    assert child.dimensions["Databases"] == ("sql", "postgresql")
    assert parent.inherited == ()
    assert set(child.kras).isdisjoint(parent.kras)


def test_inherited_skills_count_as_the_roles_but_do_not_speak_for_it(mini: Release) -> None:
    row = mini.role_index["java-backend-developer"]
    postgres = mini.skill_index["postgresql"]
    assert postgres in mini.role_skills[row]
    assert mini.skill_weights[row, postgres] == 0


def test_grandchildren_inherit_from_all_above_and_a_loop_ends(mini: Release) -> None:
    parent = mini.role("backend-engineer")
    child = replace(mini.role("java-backend-developer"), inherited=())
    grandchild = replace(mini.role("data-analyst"), slug="grandchild", parent=child.slug)
    made = {r.slug: r for r in inherit([parent, child, grandchild])}
    assert {"java", "spring", "rest-apis", "node-js"} <= set(made["grandchild"].inherited)
    looped = inherit([replace(parent, parent=child.slug), child])
    assert {r.slug for r in looped} == {parent.slug, child.slug}
