"""LanceDB days: replaced in one commit, never doubled, whatever the number of writers."""

from __future__ import annotations

import multiprocessing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from jd_assets.schema import SchemaError
from jd_assets.storage.vectors import VectorStore
from jd_assets.tables import KRA_EMBEDDINGS, VECTOR_WIDTH

ONE, TWO, THREE = (date(2026, 1, 1) + timedelta(days=i) for i in range(3))


def rows(ds: date, names: list[str], value: float = 1.0) -> pl.DataFrame:
    return KRA_EMBEDDINGS.frame(
        {
            "ds": ds,
            "key": f"{ds}/{name}",
            "jd_id": name,
            "position": 1,
            "model": "m",
            "vector": [value] * VECTOR_WIDTH,
        }
        for name in names
    )


def names(store: VectorStore, *days: date) -> list[str]:
    return store.read(KRA_EMBEDDINGS, days)["jd_id"].to_list()


def test_a_day_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.replace(KRA_EMBEDDINGS, [ONE], rows(ONE, ["a", "b", "c"]))
    store.replace(KRA_EMBEDDINGS, [TWO], rows(TWO, ["d"]))
    store.replace(KRA_EMBEDDINGS, [ONE], rows(ONE, ["b", "e"], value=2.0))
    assert names(store, ONE) == ["b", "e"]
    assert names(store, ONE, TWO) == ["b", "e", "d"]
    assert store.read(KRA_EMBEDDINGS, [ONE])["vector"].to_numpy().tolist() == [[2.0] * VECTOR_WIDTH] * 2
    assert store.read(KRA_EMBEDDINGS, [ONE]).schema == KRA_EMBEDDINGS.polars_schema


def test_a_day_can_become_empty(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.replace(KRA_EMBEDDINGS, [ONE], rows(ONE, ["a"]))
    store.replace(KRA_EMBEDDINGS, [ONE], KRA_EMBEDDINGS.frame([]))
    assert names(store, ONE) == []


def test_several_days_are_replaced_at_once(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.replace(KRA_EMBEDDINGS, [ONE, TWO], pl.concat([rows(ONE, ["a"]), rows(TWO, ["b"])]))
    store.replace(KRA_EMBEDDINGS, [ONE, TWO], rows(TWO, ["c"]))
    assert names(store, ONE, TWO) == ["c"]


def test_rows_up_to_a_day(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    for day, name in ((THREE, "c"), (ONE, "a"), (TWO, "b")):
        store.replace(KRA_EMBEDDINGS, [day], rows(day, [name]))
    assert store.read_up_to(KRA_EMBEDDINGS, TWO)["jd_id"].to_list() == ["a", "b"]
    assert store.read_up_to(KRA_EMBEDDINGS)["jd_id"].to_list() == ["a", "b", "c"]


def test_reading_what_was_never_written_gives_no_rows(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    assert store.read(KRA_EMBEDDINGS, [ONE]).schema == KRA_EMBEDDINGS.polars_schema
    assert store.read_up_to(KRA_EMBEDDINGS).height == 0


def test_rows_of_a_day_that_is_not_replaced_are_refused(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    with pytest.raises(SchemaError, match="2026, 1, 2"):
        store.replace(KRA_EMBEDDINGS, [ONE], rows(TWO, ["a"]))


def test_maintenance_leaves_one_version_and_all_rows(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    for i in range(6):
        store.replace(KRA_EMBEDDINGS, [ONE], rows(ONE, ["a", f"b{i}"]))
    assert store.optimize(keep=timedelta(seconds=0)) == {"kra_embeddings": 1}
    assert names(store, ONE) == ["a", "b5"]


def _write(root: Path, barrier: object) -> None:
    store = VectorStore(root)
    barrier.wait(timeout=60)  # type: ignore[attr-defined]
    store.replace(KRA_EMBEDDINGS, [ONE], rows(ONE, [f"jd{i}" for i in range(50)]))


def test_three_processes_that_make_the_same_new_day_do_not_double_it(tmp_path: Path) -> None:
    VectorStore(tmp_path).replace(KRA_EMBEDDINGS, [TWO], rows(TWO, ["other"]))
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(3)
    writers = [spawn.Process(target=_write, args=(tmp_path, barrier)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert [w.exitcode for w in writers] == [0, 0, 0]
    assert sorted(names(VectorStore(tmp_path), ONE)) == sorted(f"jd{i}" for i in range(50))
