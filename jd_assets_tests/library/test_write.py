"""Library files that are written say what the models said, and read like a person's."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.format import Ambiguous, DimensionFile, DimensionGroup, Related, Skill, SkillFile
from jd_assets.library.load import load_library
from jd_assets.library.write import library_yaml
from jd_assets_tests.conftest import MINI

DEFAULTS = {"sub_category": "saw", "nature": "TOOL", "volatility": "STABLE", "lifespan": "LONG"}


def test_a_file_is_written_as_a_person_would() -> None:
    content = SkillFile.model_validate(
        {
            "category": "Tools: hand & power",
            "defaults": {**DEFAULTS, "versions": "MAJOR"},
            "skills": [
                {
                    "name": "Saws",
                    "kind": "hard",
                    "ambiguous": {"surfaces": ["saws"], "context": ["a", "b", "yes"]},
                },
                {"name": "C#", "aliases": [f"a rather long alias, number {n}" for n in range(4)]},
            ],
        }
    )
    assert library_yaml(content, "../schema/skills.schema.json") == (
        "# yaml-language-server: $schema=../schema/skills.schema.json\n"
        'category: "Tools: hand & power"\n'
        "defaults: {sub_category: saw, nature: TOOL, volatility: STABLE, lifespan: LONG, versions: MAJOR}\n"
        "skills:\n"
        '  - {name: Saws, ambiguous: {surfaces: [saws], context: [a, b, "yes"]}, kind: hard}\n'
        '  - name: "C#"\n'
        "    aliases:\n"
        "      - a rather long alias, number 0\n"
        "      - a rather long alias, number 1\n"
        "      - a rather long alias, number 2\n"
        "      - a rather long alias, number 3\n"
    )


def test_a_library_written_and_read_again_is_the_same() -> None:
    library = load_library(MINI)
    for source in (*library.skills, *library.roles, library.dimensions):
        content = source.content
        assert type(content).model_validate(yaml.safe_load(library_yaml(content, "s"))) == content


text = st.text(min_size=1, max_size=60).filter(str.strip)


@settings(deadline=None)
@given(name=text, aliases=st.lists(text, max_size=6), group=text)
def test_any_text_is_read_again_as_it_was(name: str, aliases: list[str], group: str) -> None:
    skill = Skill(
        name=name,
        aliases=aliases,
        ambiguous=Ambiguous(surfaces=[name], context=[name, group, "no"]),
        related=Related(parent=group),
    )
    file = SkillFile.model_validate(
        {"category": group, "defaults": {**DEFAULTS, "versions": "MAJOR"}, "skills": [skill]}
    )
    assert SkillFile.model_validate(yaml.safe_load(library_yaml(file, "s"))) == file
    dimensions = DimensionFile(groups=[DimensionGroup(group=group, dimensions=[name, *aliases])])
    assert DimensionFile.model_validate(yaml.safe_load(library_yaml(dimensions, "s"))) == dimensions
