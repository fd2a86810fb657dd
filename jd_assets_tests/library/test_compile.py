"""Compiling: names looked up, a release the same after it was saved, former slugs that still resolve."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from jd_assets.library.compile import compile_release, ensure_release
from jd_assets.library.load import LibraryError, load_library
from jd_assets.library.release import Release, load_release, meant_titles, release_id, save_release
from jd_assets.library.resolve import resolve, slugify
from jd_assets.models.embedder import MiniLmEmbedder, Vectors
from jd_assets_tests.conftest import MINI
from jd_assets_tests.library.editing import edit, line_of, mini_copy

PEOPLE, SOFTWARE, ROLES = "skills/people.yaml", "skills/software.yaml", "roles/all.yaml"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return mini_copy(tmp_path / "library")


def test_a_release_is_the_same_after_it_was_saved(
    library: Path, tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    (library / "ATTRIBUTION.md").write_text("Made of sample tables.\n")
    made = compile_release(load_library(library), embedder)
    save_release(made, tmp_path)
    save_release(made, tmp_path)
    read = load_release(tmp_path, made.release)
    assert made.release == release_id(library, embedder.model_id)
    assert read.attribution == "Made of sample tables."
    for field in (f for f in fields(Release) if f.compare or f.name == "spellings"):
        one, other = getattr(made, field.name), getattr(read, field.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, strict=True)
        elif field.name == "spellings":
            assert (one.root, one.spellings) == (other.root, other.spellings)
        else:
            assert one == other, field.name
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_the_release_of_a_content_is_compiled_once(
    library: Path, tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    compiled: list[str] = []
    releases = tmp_path / "releases"
    first = ensure_release(library, releases, embedder, compiled.append)
    assert ensure_release(library, releases, embedder, compiled.append).release == first.release
    assert compiled == [first.release]
    edit(library, ROLES, "archetype: Sells.", "archetype: Sells to shops.")
    second = ensure_release(library, releases, embedder, compiled.append)
    assert compiled == [first.release, second.release]
    assert second.role("sales-executive").archetype == "Sells to shops."


class Counting:
    """Passes groups on and keeps them."""

    def __init__(self, embedder: MiniLmEmbedder) -> None:
        self.model_id = embedder.model_id
        self.asked: list[list[str]] = []
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("a release's texts are embedded in groups")

    embed_each = embed

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        self.asked += map(list, groups)
        return self._embedder.embed_groups(groups)


def test_a_compile_embeds_only_what_the_last_one_has_not(
    library: Path, tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    counting, releases = Counting(embedder), tmp_path / "releases"
    first = ensure_release(library, releases, counting)
    titles = {title for role in first.roles for title in meant_titles(role)}
    assert sum(map(len, counting.asked)) == len(first.kra_vectors) + len(titles)
    counting.asked.clear()
    edit(library, ROLES, "archetype: Sells.", "archetype: Sells to shops.")
    second = ensure_release(library, releases, counting)
    assert (second.release != first.release, counting.asked) == (True, [])
    old, new = (
        "Dress wounds and watch them for infection.",
        "Dress wounds and look after stitches and drains too.",
    )
    edit(library, ROLES, old, new)
    third = ensure_release(library, releases, counting)
    assert new in {text for group in counting.asked for text in group}
    assert sum(map(len, counting.asked)) < len(first.kra_vectors) / 2
    # Where nothing was compiled before, the same release has the same vectors.
    fresh = ensure_release(library, tmp_path / "elsewhere", embedder)
    assert fresh.release == third.release
    np.testing.assert_array_equal(fresh.kra_vectors, third.kra_vectors)
    np.testing.assert_array_equal(fresh.base_centroids, third.base_centroids)
    np.testing.assert_array_equal(fresh.title_vectors, third.title_vectors)


def test_other_rules_of_folding_make_another_release(
    library: Path, embedder: MiniLmEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = release_id(library, embedder.model_id)
    monkeypatch.setattr("jd_assets.library.release._rules", lambda: "others")
    assert release_id(library, embedder.model_id) != name


def test_kra_texts_are_embedded_in_the_order_of_the_roles(mini: Release, embedder: MiniLmEmbedder) -> None:
    nurse = mini.role_index["registered-nurse"]
    rows = np.flatnonzero(mini.kra_role == nurse)
    assert [mini.kra_name(r) for r in rows] == [k for k in mini.roles[nurse].kras for _ in range(2)]
    wanted = embedder.embed(["Dress wounds and watch them for infection."])[0]
    # The model's int8 scales depend on the batch, so the same text is near, not equal.
    assert mini.kra_vectors[rows[-1]] @ wanted > 0.97
    np.testing.assert_allclose(np.linalg.norm(mini.base_centroids, axis=1), 1.0, atol=1e-5)


BROKEN = [
    (ROLES, "secondary: [SQL]}", "secondary: [Cobol]}", "secondary: [Cobol]", "skill 'Cobol' is in no file"),
    (ROLES, "Patient Care: [Wound", "Pets: [Wound", "Pets", "dimension 'Pets' is not in dimensions.yaml"),
    (ROLES, "parent: backend-engineer", "parent: nobody", "parent: nobody", "parent 'nobody' is no role"),
    (ROLES, "slug: business-analyst", "slug: data-analyst # 6", "# 6", "has the slug of 'data-analyst'"),
    (ROLES, "- id: 5", "- id: 4 # 5", "# 5", "'data-analyst' has the id of 'sales-executive'"),
    (SOFTWARE, "requires: [SQL]", "requires: [Cobol]", "[Cobol]", "skill 'Cobol' is in no file"),
    (SOFTWARE, "aliases: [dotnet]", "aliases: [core-JAVA]", "core-JAVA", "of 'dot-net' and of 'java'"),
    (SOFTWARE, "aliases: [dotnet]", "aliases: ['--']", "'--'", "has 0 words"),
    (SOFTWARE, "name: C++,", "name: C++, slug: java,", "slug: java", "slug 'java' is also 'Java''s"),
    (SOFTWARE, "name: C++,", "name: 設計,", "設計", "no slug can be made of '設計'"),
    (SOFTWARE, "name: LangChain,", "name: LangChain, formerly: [java],", "[java]", "'java' leads to 'java'"),
    ("dimensions.yaml", "[Selling,", "[Patient Care, Selling,", "Selling", "is also in group 'Care'"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "marker", "what"), BROKEN)
def test_what_cannot_be_looked_up_is_told_and_nothing_is_written(
    file: str,
    old: str,
    new: str,
    marker: str,
    what: str,
    library: Path,
    tmp_path: Path,
    embedder: MiniLmEmbedder,
) -> None:
    edit(library, file, old, new)
    with pytest.raises(LibraryError) as caught:
        ensure_release(library, tmp_path / "releases", embedder)
    (told,) = (p for p in caught.value.problems if what in p.what)
    assert (told.file, told.line) == (file, line_of(library, file, marker))
    assert told.cure
    assert not (tmp_path / "releases").exists()


def test_a_retired_skill_is_told_where_it_is_still_used(library: Path) -> None:
    edit(library, PEOPLE, "{name: Negotiation}", "{name: Negotiation, retired: true}")
    used = line_of(library, ROLES, "Cold calling, Negotiation], secondary")
    assert [(p.file, p.line, p.what) for p in resolve(load_library(library)).problems] == [
        (ROLES, used, "sales-executive: skill 'Negotiation' is retired")
    ]


def test_former_slugs_resolve_and_retired_entries_are_gone(
    library: Path, tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    edit(library, SOFTWARE, "name: LangChain,", "name: LangChain, retired: true,")
    edit(library, SOFTWARE, "name: GitHub Copilot,", "name: GitHub Copilot, formerly: [langchain, copilot],")
    edit(library, ROLES, "slug: sales-executive", "slug: sales-person\n    formerly: [sales-executive]")
    release = ensure_release(library, tmp_path / "releases", embedder)
    assert release.role("sales-executive").slug == "sales-person"
    assert release.skill("langchain").slug == release.skill("copilot").slug == "github-copilot"
    assert "langchain" not in release.spellings.root
    with pytest.raises(KeyError):
        release.role("astronaut")


def test_a_skill_of_both_lists_is_primary(library: Path) -> None:
    edit(library, ROLES, "secondary: [Communication, Microsoft", "secondary: [Cold calling, Microsoft")
    role = next(r for r in resolve(load_library(library)).roles if r.slug == "sales-executive")
    assert (role.primary[1], role.secondary) == ("cold-calling", ("microsoft-excel",))


@pytest.mark.parametrize(
    ("name", "slug"),
    [("C++", "c-plus-plus"), ("C#", "c-sharp"), (".NET", "dot-net"), ("Node.js", "node-js"),
     ("R&D", "r-and-d"), ("Visual Basic .NET", "visual-basic-dot-net"), ("設計", "")],
)  # fmt: skip
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_release_of_another_format_is_as_good_as_none(tmp_path: Path, embedder: MiniLmEmbedder) -> None:
    made = compile_release(load_library(MINI), embedder)
    save_release(made, tmp_path)
    path = tmp_path / made.release / "release.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"format": ', '"format": 9'), encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="another version"):
        load_release(tmp_path, made.release)


def test_a_loaded_release_is_pickled_as_the_place_to_load_it_from(mini: Release) -> None:
    data = pickle.dumps(mini)
    assert len(data) < 1000
    again = pickle.loads(data)
    assert (again.release, again.roles, again.skills) == (mini.release, mini.roles, mini.skills)


def test_a_release_that_was_not_loaded_is_pickled_whole(embedder: MiniLmEmbedder) -> None:
    made = compile_release(load_library(MINI), embedder)
    again = pickle.loads(pickle.dumps(made))
    assert again.roles == made.roles
    np.testing.assert_array_equal(again.kra_vectors, made.kra_vectors)
