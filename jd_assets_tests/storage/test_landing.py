from __future__ import annotations

import csv
import io
import json
import os
import resource
import stat
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jd_assets.settings import Settings
from jd_assets.stages.ingest.records import Quarantined, Reason, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.landing import (
    ImportRefused,
    fingerprint,
    import_file,
    landing_days,
    landing_files,
    read_day,
)

DAY, TODAY = date(2024, 3, 1), date(2024, 6, 30)


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    return made_house(tmp_path / "data")


def made_house(folder: Path) -> Settings:
    return Settings(data_dir=folder, max_row_bytes=5_000, max_file_bytes=5_000, _env_file=None)  # type: ignore[call-arg]


def put(house: Settings, name: str, content: str | bytes, day: date = DAY) -> Path:
    path = house.landing_dir / day.isoformat() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_days_are_folders_with_an_iso_date(house: Settings) -> None:
    assert landing_days(house.landing_dir) == []
    for name in ("2024-03-02", "2024-03-01", "20240303", "2024-02-30", "2024-W01-1", "notes", ".import"):
        (house.landing_dir / name).mkdir(parents=True)
    (house.landing_dir / "2024-03-04").write_text("a file")
    assert landing_days(house.landing_dir) == [DAY, date(2024, 3, 2)]


def test_files_are_found_below_the_day_and_unfinished_ones_are_not(house: Settings, tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/deep/er/x.pdf", "a.jsonl.part", ".hidden.txt", ".git/x.txt", "c.tmp"):
        put(house, name, "x")
    base = house.landing_dir / DAY.isoformat()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    (base / "out.txt").symlink_to(outside / "secret.txt")
    (base / "linked").symlink_to(outside, target_is_directory=True)
    (base / "loop").symlink_to(base, target_is_directory=True)
    (base / "gone.txt").symlink_to(base / "nothing.txt")
    (base / "inside.txt").symlink_to(base / "b.txt")
    os.mkfifo(base / "pipe.txt")
    found = [path.relative_to(base).as_posix() for path in landing_files(house.landing_dir, DAY)]
    assert found == ["a/deep/er/x.pdf", "a/z.md", "b.txt", "inside.txt"]
    assert landing_files(house.landing_dir, date(2024, 3, 9)) == []


def test_a_day_is_read_file_by_file(house: Settings) -> None:
    put(house, "b.jsonl", '{"text": "Tends the hives."}\n{oops\n')
    put(house, "a/x.txt", "Prunes trees.")
    put(house, "c.xlsx", b"PK")
    found = [(r.file, r.row, type(r).__name__) for r in read_day(house, DAY)]
    assert found == [
        ("a/x.txt", None, "Record"), ("b.jsonl", 1, "Record"), ("b.jsonl", 2, "Quarantined"),
        ("c.xlsx", None, "Quarantined"),
    ]  # fmt: skip
    assert list(read_day(house, date(2024, 3, 9))) == []


def test_what_the_system_does_not_let_be_read_is_quarantined(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "gone.txt", "locked.txt", "z.txt"):
        put(house, name, "Prunes trees.")
    opened = Path.open

    def refuse(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "locked.txt":
            raise PermissionError(13, "Permission denied", str(path))
        if path.name == "gone.txt":
            path.unlink(missing_ok=True)
        return opened(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    a, gone, locked, z = read_day(house, DAY)
    assert isinstance(a, Record)
    assert isinstance(z, Record)
    assert isinstance(gone, Quarantined)
    assert isinstance(locked, Quarantined)
    assert (gone.reason, gone.detail) == (Reason.UNREADABLE, "No such file or directory")
    assert (locked.reason, locked.detail) == (Reason.UNREADABLE, "Permission denied")
    assert ingest([a, gone, locked, z], DAY).height == 4


def test_a_fault_in_the_middle_of_a_file_keeps_what_was_read(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(house, "a.jsonl", '{"text": "Tends the hives."}\n' * 20_000)

    class Failing:
        def __init__(self, path: Path) -> None:
            self._stream = io.BufferedReader(io.FileIO(path))

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            self._stream.close()

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

        def readline(self, size: int) -> bytes:
            if self._stream.tell() > 300_000:
                raise OSError(5, "Input/output error")
            return self._stream.readline(size)

    monkeypatch.setattr(Path, "open", lambda path, mode: Failing(path))
    *read, last = read_day(house, DAY)
    assert len(read) > 9_000
    assert all(isinstance(record, Record) for record in read)
    assert isinstance(last, Quarantined)
    assert (last.row, last.detail) == (None, "Input/output error")


def test_file_names_that_are_no_utf8_are_kept_apart(house: Settings) -> None:
    base = os.fsencode(house.landing_dir / DAY.isoformat())
    os.makedirs(base)
    for name in (b"caf\xe9.txt", b"caf\xe8.txt", b"caf\\xe9.txt", "café.txt".encode()):
        with open(os.path.join(base, name), "wb") as file:
            file.write(b"Serves " + name.hex().encode())
    frame = ingest(read_day(house, DAY), DAY)
    assert frame["source_file"].n_unique() == 4
    assert len(fingerprint(house.landing_dir, DAY)) == 64


def test_a_fingerprint_changes_with_the_folder_only(house: Settings) -> None:
    seen = [fingerprint(house.landing_dir, DAY)]
    assert seen == [""]
    first = put(house, "a.txt", "one")
    seen.append(fingerprint(house.landing_dir, DAY))
    put(house, "b/c.txt", "two")
    seen.append(fingerprint(house.landing_dir, DAY))
    os.utime(first, ns=(1, 1))
    seen.append(fingerprint(house.landing_dir, DAY))
    first.write_text("longer")
    os.utime(first, ns=(1, 1))
    seen.append(fingerprint(house.landing_dir, DAY))
    first.rename(first.with_name("d.txt"))
    seen.append(fingerprint(house.landing_dir, DAY))
    assert len(set(seen)) == len(seen)
    put(house, ".hidden", "x")
    put(house, "e.part", "x")
    put(house, "a.txt", "x", day=TODAY)
    assert fingerprint(house.landing_dir, DAY) == seen[-1]


def row(number: int, day: object) -> dict[str, object]:
    return {"id": number, "title": f"Keeper {number}", "posted_at": day, "text": f"Tends hive {number}."}


def as_jsonl(rows: Iterable[object]) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)


def landed(house: Settings) -> dict[date, list[Record | Quarantined]]:
    return {day: list(read_day(house, day)) for day in landing_days(house.landing_dir)}


def tree(house: Settings) -> dict[str, bytes]:
    return {
        path.relative_to(house.landing_dir).as_posix(): path.read_bytes()
        for path in house.landing_dir.glob("*/*")
    }


def test_a_file_is_split_by_day(house: Settings, tmp_path: Path) -> None:
    days = ["2024-03-02", "2024-03-01T10:00:00", 1709251200, None, "soon", "Mar 2, 2024"]
    source = tmp_path / "all jobs.jsonl"
    source.write_text(as_jsonl(row(n, day) for n, day in enumerate(days, 1)) + "{oops\n\n" + '"text"\n')
    report = import_file(house, source, "Posted At", TODAY)
    assert (report.rows, report.days, report.undated, report.unreadable) == (8, 3, 2, 2)
    assert (report.first_day, report.last_day) == (DAY, TODAY)
    assert report.per_day == {date(2024, 3, 1): 2, date(2024, 3, 2): 2, TODAY: 4}
    assert {
        day: [r.source_id if isinstance(r, Record) else r.reason.value for r in records]
        for day, records in landed(house).items()
    } == {
        date(2024, 3, 1): ["2", "3"],
        date(2024, 3, 2): ["1", "6"],
        TODAY: ["invalid_json", "not_an_object", "4", "5"],
    }
    (name,) = os.listdir(house.landing_dir / "2024-03-01")
    assert name.startswith("all_jobs-")
    assert name.endswith(".jsonl")
    assert len(name) == len("all_jobs-.jsonl") + 12
    lines = (house.landing_dir / "2024-03-02" / name).read_text().splitlines()
    assert [json.loads(line) for line in lines] == [row(1, days[0]), row(6, days[5])]


def test_rows_of_a_csv_become_objects_and_its_broken_rows_stay_csv(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.csv"
    source.write_text(
        'id;Posted-At;text\n1;25/03/2024;"Tends; the\nhives"\n2;04/03/2024;Grafts\n3;too;many;cells\n'
        '4;01/03/2024;"open\n'
    )
    report = import_file(house, source, "posted_at", TODAY)
    assert report.per_day == {date(2024, 3, 25): 1, date(2024, 3, 4): 1, TODAY: 2}
    assert (report.undated, report.unreadable) == (0, 2)
    found = landed(house)
    (tends,) = found[date(2024, 3, 25)]
    assert isinstance(tends, Record)
    assert (tends.format, tends.text) == ("jsonl", "Tends; the\nhives")
    assert [r.reason for r in found[TODAY] if isinstance(r, Quarantined)] == [
        Reason.WRONG_COLUMNS, Reason.UNBALANCED_QUOTES,
    ]  # fmt: skip
    (unread,) = (house.landing_dir / TODAY.isoformat()).iterdir()
    assert unread.name.endswith("-unread.csv")
    assert unread.read_text().startswith("id;Posted-At;text\n3;too;many;cells\n")


def test_importing_again_replaces_and_never_doubles(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl(row(n, None if n % 4 == 0 else f"2024-03-{n:02}") for n in range(1, 21)))
    put(house, "own.txt", "Prunes trees.")
    first = import_file(house, source, "posted_at", TODAY)
    before = tree(house)
    assert import_file(house, source, "posted_at", TODAY) == first
    assert tree(house) == before
    (tmp_path / "renamed.jsonl").write_bytes(source.read_bytes())
    import_file(house, tmp_path / "renamed.jsonl", "posted_at", date(2024, 7, 1))
    ids = Counter(r.source_id for records in landed(house).values() for r in records)
    assert ids == Counter([None, *map(str, range(1, 21))])
    assert not list((house.landing_dir / TODAY.isoformat()).iterdir())


def test_an_import_that_fails_leaves_nothing(house: Settings, tmp_path: Path) -> None:
    put(house, "own.txt", "Prunes trees.")
    before = tree(house)
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl([row(1, "2024-03-01"), row(2, "soon")]))
    with pytest.raises(ImportRefused, match="line 2: no date that can be read"):
        import_file(house, source, "posted_at", None)
    with pytest.raises(ImportRefused, match="no row has a value under 'posted'; its first row has id, title"):
        import_file(house, source, "posted", TODAY)
    (tmp_path / "jobs.xlsx").write_bytes(b"PK")
    with pytest.raises(ImportRefused, match=r"only \.jsonl and \.csv"):
        import_file(house, tmp_path / "jobs.xlsx", "posted_at", TODAY)
    (tmp_path / "zip.jsonl").write_bytes(b"PK\x03\x04")
    with pytest.raises(ImportRefused, match="zip archive"):
        import_file(house, tmp_path / "zip.jsonl", "posted_at", TODAY)
    (tmp_path / "open.csv").write_text('id,"posted_at\n1,2\n')
    with pytest.raises(ImportRefused, match="a quote opens"):
        import_file(house, tmp_path / "open.csv", "posted_at", TODAY)
    with pytest.raises(ImportRefused, match="in the landing folder already"):
        import_file(house, put(house, "in.jsonl", source.read_bytes()), "posted_at", TODAY)
    (house.landing_dir / DAY.isoformat() / "in.jsonl").unlink()
    assert tree(house) == before
    assert not (house.landing_dir / ".import").exists()


def test_a_file_that_changes_while_it_is_read_is_refused(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl(row(n, "2024-03-01") for n in range(20_000)))

    def grow(done: int) -> None:
        with source.open("a") as more:
            more.write("{}\n")

    with pytest.raises(ImportRefused, match="changed while it was read"):
        import_file(house, source, "posted_at", TODAY, grow)
    assert tree(house) == {}


def test_dates_that_could_be_meant_in_two_ways_are_not_guessed(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl([row(1, "03/04/2024"), row(2, "05/06/2024")]))
    assert import_file(house, source, "posted_at", TODAY).undated == 2
    source.write_text(as_jsonl([row(1, "03/04/2024"), row(2, "05/26/2024")]))
    assert import_file(house, source, "posted_at", TODAY).per_day == {
        date(2024, 3, 4): 1, date(2024, 5, 26): 1,
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_files_in_every_encoding_are_split(
    house: Settings, tmp_path: Path, encoding: str, end: str, suffix: str
) -> None:
    source = tmp_path / f"jobs.{suffix}"
    text = as_jsonl(row(n, DAY.isoformat()) | {"text": f"Café {n}"} for n in range(30))
    if suffix == "csv":
        text = "id,posted_at,text\n" + "".join(f"{n},{DAY},Café {n}\n" for n in range(30))
    source.write_bytes(text.replace("\n", end).encode(encoding))
    assert import_file(house, source, "posted_at", TODAY).per_day == {DAY: 30}
    found = landed(house)[DAY]
    assert [r.text.rsplit("\n", 1)[-1] for r in found if isinstance(r, Record)] == [
        f"Café {n}" for n in range(30)
    ]
    assert {r.encoding for r in found} == {"utf-8"}


def test_rows_over_the_limit_are_kept_and_told(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    huge = json.dumps(row(2, "2024-03-01") | {"text": "x" * 3_000_000})
    source.write_text(as_jsonl([row(1, "2024-03-01")]) + huge + "\n" + as_jsonl([row(3, "2024-03-01")]))
    report = import_file(house, source, "posted_at", TODAY)
    assert (report.rows, report.unreadable) == (3, 1)
    (kept,) = (house.landing_dir / TODAY.isoformat()).iterdir()
    assert kept.read_text() == huge + "\n"
    assert [r.reason for r in landed(house)[TODAY] if isinstance(r, Quarantined)] == [Reason.ROW_TOO_LARGE]


def test_thousands_of_days_need_no_open_files(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    first = date(2018, 1, 1)
    source.write_text(as_jsonl(row(n, str(first + timedelta(days=n * 7 % 2_000))) for n in range(4_000)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 128), hard))
    try:
        report = import_file(house, source, "posted_at", TODAY)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (report.rows, report.days, report.first_day) == (4_000, 2_000, first)
    assert len(landing_days(house.landing_dir)) == 2_000


def test_progress_grows_to_the_files_size(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl(row(n, "2024-03-01") for n in range(40_000)))
    told: list[int] = []
    import_file(house, source, "posted_at", TODAY, told.append)
    assert told == sorted(told)
    assert len(told) > 4
    assert told[-1] == source.stat().st_size


VALUES = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=12)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["id", "text", "title", "Posted at", "pay", "é"]), VALUES, max_size=5),
    min_size=1,
    max_size=8,
)


JUNK = st.binary(max_size=12).filter(lambda line: not set(line) & set(b"\r\n") and line.strip())


@given(
    rows=ROWS,
    days=st.lists(st.dates(date(2024, 1, 1), date(2024, 1, 9)), min_size=8, max_size=8),
    junk=st.lists(JUNK, max_size=3),
)
@hypothesis_settings(max_examples=40, deadline=None)
def test_rows_in_are_rows_out(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, object]],
    days: list[date],
    junk: list[bytes],
) -> None:
    folder = tmp_path_factory.mktemp("import")
    house = made_house(folder / "data")
    dated = [{**row_, "posted_at": str(day)} for row_, day in zip(rows, days, strict=False)]
    source = folder / "jobs.jsonl"
    source.write_bytes(as_jsonl(dated).encode() + b"".join(line + b"\n" for line in junk))
    report = import_file(house, source, "posted_at", TODAY)
    assert report.rows == sum(report.per_day.values()) == len(dated) + len(junk)
    lines = [line for content in tree(house).values() for line in content.removesuffix(b"\n").split(b"\n")]
    parsed = [json.loads(line) for line in lines if line.startswith(b'{"')]
    assert sorted(map(str, parsed)) == sorted(map(str, dated))
    assert sorted(line for line in lines if not line.startswith(b'{"')) == sorted(junk)


def test_a_csv_comes_out_with_the_fields_that_went_in(house: Settings, tmp_path: Path) -> None:
    rows = [[str(n), f"2024-03-{n:02}", f' Tends "hive" {n},\nthen\tlunch ', "  "] for n in range(1, 20)]
    source = tmp_path / "jobs.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "posted at", "text", "Pay Grade"], *rows])
    import_file(house, source, "posted_at", TODAY)
    out = [json.loads(line) for content in tree(house).values() for line in content.splitlines()]
    assert sorted(out, key=lambda r: int(r["id"])) == [
        dict(zip(("id", "posted at", "text", "Pay Grade"), cells, strict=True)) for cells in rows
    ]


def test_landed_files_can_be_read_by_all_who_may_read_the_folder(house: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(as_jsonl([row(1, "2024-03-01")]))
    import_file(house, source, "posted_at", TODAY)
    (path,) = landing_files(house.landing_dir, DAY)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(source.stat().st_mode)
