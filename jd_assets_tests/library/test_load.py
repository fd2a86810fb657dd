"""Reading a library's files: what is wrong is told with file and line, and the hash follows the content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.library.load import LibraryError, content_hash, load_library
from jd_assets_tests.library.editing import edit, line_of, mini_copy

SOFTWARE, ROLES = "skills/software.yaml", "roles/all.yaml"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return mini_copy(tmp_path / "library")


def problems(library: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(LibraryError) as caught:
        load_library(library)
    return [(p.file, p.line, p.what) for p in caught.value.problems]


def test_a_library_is_read_with_the_lines_of_its_parts(library: Path) -> None:
    found = load_library(library)
    (roles,) = found.roles
    nurse = roles.placed()[2]
    assert nurse.item.slug == "registered-nurse"
    assert nurse.where == f"{ROLES}:{line_of(library, ROLES, 'id: 3')}"
    problem = nurse.problem("wrong", "mend it", "kras", 2, "says", 0)
    assert str(problem) == f"{ROLES}:{line_of(library, ROLES, 'Dress wounds')}: wrong; mend it"
    assert [s.name for s in found.skills] == ["skills/people.yaml", SOFTWARE]


@pytest.mark.parametrize(
    ("file", "old", "new", "marker", "what"),
    [
        (ROLES, "index: 0.5", "index: 7", "index: 7", "less than or equal to 5"),
        (ROLES, "level: Modern,", "level: Futuristic,", "level: Futuristic", "should be 'Non Digital'"),
        (ROLES, "slug: data-analyst\n", "slug: Data_Analyst\n", "slug: Data_Analyst", "should match pattern"),
        (ROLES, "    archetype: Sells.\n", "", "id: 4", "roles.3.archetype: Field required"),
        (ROLES, "archetype: Sells.", "archetype: Sells.\n    salary: 5", "salary", "Extra inputs are not"),
        (ROLES, "archetype: Sells.", "name: Sell\n    archetype: Sells.", "name: Sell", "'name' stands"),
        (SOFTWARE, "aliases: [Node]", "aliases: [1]", "aliases: [1]", "valid string"),
        (SOFTWARE, "surfaces: [Go]", "surfaces: []", "surfaces: []", "at least 1 item"),
        (SOFTWARE, "aliases: [Node]", "aliases: [Node", "aliases: [Node,", "no valid YAML"),
        (SOFTWARE, "name: C++", "name: !!python/name:os.system ''", "!!python", "no valid YAML"),
        (SOFTWARE, "name: C++", "name: 2026-99-99", "category", "no value can be made of it"),
        (SOFTWARE, "category: Software", "category: &a [*a]", "category", "no value can be made of it"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_line(
    library: Path, file: str, old: str, new: str, marker: str, what: str
) -> None:
    edit(library, file, old, new)
    found = problems(library)
    line = line_of(library, file, marker)
    assert any(f == file and n == line and what in w for f, n, w in found), found


def test_every_file_that_is_wrong_is_told_at_once(library: Path) -> None:
    (library / SOFTWARE).write_text("")
    edit(library, ROLES, "index: 0.5", "index: 7")
    assert [(f, w.split(":")[0]) for f, _, w in problems(library)] == [
        (SOFTWARE, "the file is empty"),
        (ROLES, "roles.3.baseline.ai_index.index"),
    ]


def test_missing_parts_are_told(library: Path) -> None:
    (library / ROLES).unlink()
    assert problems(library) == [("roles/", 1, "holds no .yaml file")]
    (library / "dimensions.yaml").unlink()
    assert [w for _, _, w in problems(library)] == ["the file is missing"]


def test_the_hash_follows_names_and_bytes_of_the_library_files_only(library: Path, tmp_path: Path) -> None:
    same = mini_copy(tmp_path / "elsewhere")
    first = content_hash(library)
    assert content_hash(same) == first == load_library(library).content_sha256
    (same / "schema").mkdir()
    (same / "schema" / "roles.schema.json").write_text("{}")
    assert content_hash(same) == first
    (same / SOFTWARE).rename(same / "skills" / "programs.yaml")
    assert content_hash(same) != first
    edit(library, SOFTWARE, "name: Power BI", "name: PowerBI")
    assert content_hash(library) != first


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_it_raise_anything_else(library: Path, data: bytes) -> None:
    (library / "dimensions.yaml").write_bytes(data)
    with pytest.raises(LibraryError):
        load_library(library)
