"""What review added to a library, read together with its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from jd_assets.library.compile import ensure_release
from jd_assets.library.load import LibraryError, Sources, content_hash, load_library
from jd_assets.library.release import release_id
from jd_assets.library.resolve import Resolved, resolve
from jd_assets.library.spotting import Spotter
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets_tests.conftest import MINI

ADDED = """
skills:
  - {name: Apache Kafka, category: Software, aliases: [Kafka]}
  - {name: Java, category: Software}
skill_aliases:
  PostgreSQL: [PGSQL, Postgres, SQL]
roles:
  backend-engineer:
    aliases: [API Developer, Backend Developer]
    kras: [{kra: event streaming between services, says: [Build event streams between services.]}]
    primary: [Apache Kafka, SQL]
    secondary: [Java]
new_roles:
  - id: 70
    slug: farrier
    name: Farrier
    domain: Everything
    archetype: Shoes horses.
    kras: [{kra: shoeing of horses, says: [Trim hooves and fit shoes.]}]
    skills: {primary: [Patient assessment]}
    dimensions: {Patient Care: [Patient assessment]}
    baseline:
      ai_index: {index: 0, reason: Work by hand.}
      tech_stack_maturity: {level: Non Digital, sentence: Hammer and anvil.}
      nature_of_work: {label: Horse care, sentence: Shoes horses.}
collisions: {developer: [backend-engineer, java-backend-developer]}
"""


def added(tmp_path: Path, text: str = ADDED) -> Sources:
    path = tmp_path / "additions.yaml"
    path.write_text(text, encoding="utf-8")
    return Sources(MINI, tmp_path)


def resolved(sources: Sources) -> Resolved:
    found = resolve(load_library(sources))
    assert not found.problems
    return found


def test_a_new_skill_takes_its_traits_from_its_category(tmp_path: Path) -> None:
    found = resolved(added(tmp_path))
    kafka = next(s for s in found.skills if s.name == "Apache Kafka")
    assert (kafka.slug, kafka.category, kafka.nature, kafka.aliases) == (
        "apache-kafka", "Software", "TOOL", ("Kafka",),
    )  # fmt: skip
    assert sum(s.name == "Java" for s in found.skills) == 1, "what is there by now is passed over"


def test_a_spelling_that_another_skill_has_is_left_with_it(tmp_path: Path) -> None:
    found = resolved(added(tmp_path))
    postgres = next(s for s in found.skills if s.name == "PostgreSQL")
    assert postgres.aliases == ("Postgres", "PGSQL")
    assert found.skill_slugs["sql"] == "sql"


def test_a_role_gains_titles_kras_and_skills_and_keeps_its_own(tmp_path: Path) -> None:
    before = {r.slug: r for r in resolve(load_library(MINI)).roles}
    after = {r.slug: r for r in resolved(added(tmp_path)).roles}
    role, was = after["backend-engineer"], before["backend-engineer"]
    assert role.titles == (*was.titles, "API Developer")
    assert role.kras == (*was.kras, "event streaming between services")
    assert role.primary == (*was.primary, "apache-kafka")
    assert role.secondary == (*was.secondary, "java")
    assert {s: r for s, r in after.items() if s not in ("backend-engineer", "farrier")}.keys() == (
        before.keys() - {"backend-engineer"}
    )
    assert after["farrier"].domain == "Everything"
    assert after["data-analyst"] == before["data-analyst"]


def test_additions_make_another_release_and_no_file_makes_the_same(
    tmp_path: Path, releases_dir: Path, embedder: MiniLmEmbedder
) -> None:
    missing = Sources(MINI, tmp_path / "none")
    assert content_hash(missing) == content_hash(MINI)
    sources = added(tmp_path)
    assert release_id(sources, embedder.model_id) != release_id(MINI, embedder.model_id)
    made = ensure_release(sources, releases_dir, embedder)
    assert made.release == release_id(sources, embedder.model_id)
    spotter = Spotter(made.spellings)
    hits = spotter.find(spotter.tokens("We use Kafka and pgsql."))
    assert [made.skills[h.value].name for h in hits] == ["Apache Kafka", "PostgreSQL"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("skills:\n- {name: X, category: Nowhere}", 2, "category 'Nowhere' has no file"),
        ("skill_aliases:\n  Nothing: [N]", 2, "skill 'Nothing' is in no file"),
        ("roles:\n  nobody: {aliases: [N]}", 2, "'nobody' is no role"),
        ("roles:\n  data-analyst: {primary: [Nothing]}", 2, "data-analyst: skill 'Nothing' is in no file"),
        (ADDED.replace("domain: Everything", "domain: Elsewhere"), 17, "domain 'Elsewhere' has no file"),
        ("skills: [{name: X}]", 1, "skills.0.category: Field required"),
        ("rolls: {}", 1, "rolls: Extra inputs are not permitted"),
    ],
)
def test_what_an_addition_lacks_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    with pytest.raises(LibraryError) as caught:
        load_library(added(tmp_path, text))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.what) == ("additions.yaml", line, what)
