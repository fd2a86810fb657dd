"""The state database: decisions stand, and many writers get along."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from jd_assets.storage.sql import METADATA, in_utc
from jd_assets.storage.state import State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'deep' / 'state.sqlite'}")


def test_the_latest_decision_stands_and_the_earlier_one_is_kept(state: State, tmp_path: Path) -> None:
    first = datetime(2026, 1, 1, 9, tzinfo=UTC)
    state.decide("skill-1", "rejected", "asha", at=first)
    state.decide("skill-1", "approved", "ben", note="seen again", at=first.replace(hour=10))
    state.decide("skill-2", "merged", "asha", merged_into="skill-1")
    decisions = state.decisions()
    assert decisions["skill-1"].decision == "approved"
    assert decisions["skill-1"].decided_by == "ben"
    assert decisions["skill-1"].decided_at == first.replace(hour=10)
    assert decisions["skill-2"].decision == "merged"
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'deep' / 'state.sqlite'}")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM review_decisions")).scalar() == 3


def test_a_word_is_on_everything_that_was_folded_into_its_row(state: State) -> None:
    state.decide("a", "approved", "asha", subject={"members": ["a", "b"]})
    state.decide("x", "rejected", "ben", subject={"members": ["x", "b"]}, note="too soon")
    words = {item: (made.decision, made.decided_by) for item, made in state.decisions().items()}
    assert words == {"a": ("approved", "asha"), "b": ("rejected", "ben"), "x": ("rejected", "ben")}
    assert [(d.item_id, d.note) for d in state.history(["b"])] == [("a", None), ("x", "too soon")]
    assert [d.item_id for d in state.history(["a"])] == ["a"]
    state.decide("x", "reopened", "ben", subject={"members": ["x", "b"]})
    assert [state.decisions()[item].decision for item in "abx"] == ["approved", "reopened", "reopened"]
    assert [d.decision for d in state.history(["x"])] == ["rejected", "reopened"]


def test_decisions_survive_a_new_process_and_concurrent_writers_lose_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    writers = [State(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: writers[n % 4].decide(f"item-{n}", "approved", "asha"), range(80)))
    assert len(State(url).decisions()) == 80


def test_a_moment_is_the_same_whatever_zone_the_database_gives_it_in() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for hours in (-5, 0, 5.5):
        given = noon.astimezone(timezone(timedelta(hours=hours)))
        assert in_utc(given) == noon
        assert in_utc(given).utcoffset() == timedelta(0)
    assert in_utc(noon.replace(tzinfo=None)) == noon


def test_processes_that_open_an_old_database_at_once_bring_it_up_to_date_together(tmp_path: Path) -> None:
    """Each finds columns and a table missing, and others adding them."""
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    old = sa.create_engine(url)
    with old.begin() as connection:
        connection.execute(sa.text("CREATE TABLE llm_attempts (call_id VARCHAR PRIMARY KEY)"))
        connection.execute(sa.text("CREATE TABLE review_decisions (id INTEGER PRIMARY KEY, item_id VARCHAR)"))
        connection.execute(sa.text("INSERT INTO llm_attempts VALUES ('kept')"))
    old.dispose()
    start = threading.Barrier(6)

    def open_() -> State:
        start.wait()
        return State(url)

    with ThreadPoolExecutor(6) as pool:
        for opened in [pool.submit(open_) for _ in range(6)]:
            opened.result()
    now = sa.inspect(sa.create_engine(url))
    assert set(now.get_table_names()) == set(METADATA.tables)
    for table in METADATA.sorted_tables:
        assert {c["name"] for c in now.get_columns(table.name)} == {c.name for c in table.columns}
    with old.connect() as connection:
        assert connection.execute(sa.text("SELECT call_id, sent_on FROM llm_attempts")).all() == [
            ("kept", None)
        ]
