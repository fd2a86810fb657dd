"""Files that were uploaded: computed in the background, one after another, and how far each is.

What has landed is safe: the next materialization of its day records it under the same run ids. Computing it
here only shows the outcome sooner, so a restart loses no more than that, and the status says so.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from jd_assets.library.release import Release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.pipeline import run_stages
from jd_assets.settings import Settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import Quarantined, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.processes import spread
from jd_assets.storage.landing import field_names, limits
from jd_assets.storage.uploads import landed_upload, upload_id
from jd_assets.web.answers import JdRows, Row, rows_of, runs_of
from jd_assets.web.live import Live
from jd_assets.web.queries.published import NotPublished, Published
from jd_assets.web.queries.runs import landed_file

_LOG = logging.getLogger(__name__)

_PIECE = 32
"""Records that a process computes at a time."""

_SPREAD_FROM_BYTES = 500_000
"""A smaller file is done before another process has loaded the library."""

_KEPT = 64
_WAITING = 16

RUNS = 200
QUARANTINED = 100
"""Runs of a page of a batch, and records that could not be read of which the reason is shown."""

State = Literal["waiting", "computing", "computed", "failed", "landed", "recorded"]

MEANINGS: dict[State, str] = {
    "waiting": "The file has landed and waits for the ones before it.",
    "computing": "The file has landed and is being computed.",
    "computed": "All is computed. The next materialization of the day records it under the same run ids.",
    "failed": "The file has landed, but computing it failed; the server's log says why. The next "
    "materialization of the day reads it again.",
    "landed": "The file has landed and nothing computes it now: the app was restarted since, or too many "
    "waited. The next materialization of the day records it.",
    "recorded": "The day's materialization has recorded it.",
}


class BatchRun(BaseModel):
    """A JD of the file; `row` is the line that it starts on, null where the file is one JD."""

    row: int | None
    run_id: str
    status: str
    title: str | None
    case: str
    role_slug: str | None
    role_name: str | None
    confidence: float | None


class BadRecord(BaseModel):
    """A record of the file that could not be read, and why."""

    row: int | None
    reason: str
    detail: str


class BatchStatus(BaseModel):
    """How far a file is. `read` = `done` + `quarantined` + those that are being computed; of the done,
    `duplicates` have the text of an earlier one. While it is computed, `runs` are in no fixed order."""

    batch_id: str
    ds: date
    file: str
    state: State
    meaning: str
    read: int
    done: int
    duplicates: int
    quarantined: int
    jds: int = Field(description="Distinct JDs; `runs` has a part of them.")
    quarantined_records: list[BadRecord]
    runs: list[BatchRun]


class _Piece(NamedTuple):
    """What some records gave: each that was read with its run, those that were not, and whole answers."""

    runs: list[BatchRun]
    bad: list[BadRecord]
    answers: list[JdRows]


@dataclass
class _Progress:
    path: Path
    state: State = "waiting"
    read: int = 0
    done: int = 0
    quarantined: int = 0
    runs: dict[str, BatchRun] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, piece: _Piece) -> None:
        with self.lock:
            self.done += len(piece.runs)
            self.quarantined += len(piece.bad)
            self.bad += piece.bad[: QUARANTINED - len(self.bad)]
            for run in piece.runs:
                self.runs.setdefault(run.run_id, run)


class Batches:
    """The uploaded files that this process knows of; any number of threads may ask."""

    def __init__(self, settings: Settings, live: Live, published: Published) -> None:
        self._settings, self._live, self._published = settings, live, published
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Progress] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jd-batch")
        self._closing = False

    def add(self, path: Path) -> str:
        """Computes a file that has landed, when those before it are done; gives its id. One that is known
        is not computed again, and where too many wait none is: it is recorded all the same."""
        batch = upload_id(path)
        with self._lock:
            known = self._known.get(batch)
            if known is not None and known.state != "failed":
                return batch
            if sum(p.state == "waiting" for p in self._known.values()) >= _WAITING:
                return batch
            progress = self._known[batch] = _Progress(path)
            self._known.move_to_end(batch)
            for name in [n for n, p in self._known.items() if p.state not in ("waiting", "computing")]:
                if len(self._known) > _KEPT:
                    del self._known[name]
        self._thread.submit(self._compute, progress)
        return batch

    def latest(self, most: int = 20) -> list[tuple[str, _Progress]]:
        """The last files that came to this process, newest first."""
        with self._lock:
            return list(reversed(self._known.items()))[:most]

    def status(self, batch: str, first: int = 0) -> BatchStatus | None:
        """How far a file is, with its runs from the `first` on; None where none has that id."""
        path = landed_upload(self._settings.landing_dir, batch)
        if path is None:
            return None
        ds = date.fromisoformat(path.parent.name)
        if rows := self._recorded(ds, path.name):
            return _recorded_status(batch, ds, path.name, rows, first)
        with self._lock:
            progress = self._known.get(batch) or _Progress(path, "landed")
        with progress.lock:
            return BatchStatus(
                batch_id=batch,
                ds=ds,
                file=path.name,
                state=progress.state,
                meaning=MEANINGS[progress.state],
                read=progress.read,
                done=progress.done,
                duplicates=progress.done - len(progress.runs),
                quarantined=progress.quarantined,
                jds=len(progress.runs),
                quarantined_records=list(progress.bad),
                runs=list(islice(progress.runs.values(), first, first + RUNS)),
            )

    def close(self) -> None:
        """Stops after the pieces that are being computed."""
        self._closing = True
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _recorded(self, ds: date, file: str) -> list[Row]:
        try:
            with self._published.snapshot() as snapshot:
                return landed_file(snapshot, ds, file)
        except NotPublished:
            return []

    def _compute(self, progress: _Progress) -> None:
        progress.state = "computing"
        path = progress.path
        try:
            work = partial(computed, ds=date.fromisoformat(path.parent.name), release=self._live.release())
            workers = None if path.stat().st_size >= _SPREAD_FROM_BYTES else 1

            def keep(piece: _Piece) -> None:
                progress.add(piece)
                for jd in piece.answers:
                    self._live.recent.put(jd)

            spread(work, self._pieces(progress), workers, keep)
            progress.state = "landed" if self._closing else "computed"
        except Exception:
            _LOG.exception("computing %s failed", path.name)
            progress.state = "failed"

    def _pieces(self, progress: _Progress) -> Iterator[tuple[list[Record | Quarantined], bool]]:
        """The file's records, some at a time, and whether they are the first of it."""
        use, path = self._settings, progress.path
        with path.open("rb") as stream:
            records = read(stream, path.name, field_names(use), limits(use))
            while not self._closing and (piece := list(islice(records, _PIECE))):
                is_first = progress.read == 0
                progress.read += len(piece)
                yield piece, is_first


def computed(piece: tuple[Sequence[Record | Quarantined], bool], ds: date, release: Release) -> _Piece:
    """Some records of a file through all stages. Of the file's first ones the whole answers are given: their
    pages are there at once."""
    records, is_first = piece
    batch = run_stages(ingest(records, ds), ds, release, shipped_embedder())
    made = runs_of(batch)
    by_jd = {run["jd_id"]: run for run in made.iter_rows(named=True)}
    runs, bad = [], []
    for raw in batch.raw_jds.sort("source_row").iter_rows(named=True):
        if raw["status"] == "quarantined":
            bad.append(BadRecord(row=raw["source_row"], reason=raw["reason"], detail=raw["detail"]))
        else:
            runs.append(_run(raw["source_row"], by_jd[raw["jd_id"]]))
    return _Piece(runs, bad, [rows_of(batch, run) for run in by_jd.values()] if is_first else [])


def _run(row: int | None, run: Row) -> BatchRun:
    return BatchRun(row=row, **{name: run[name] for name in BatchRun.model_fields if name != "row"})


def _recorded_status(batch: str, ds: date, file: str, rows: Sequence[Row], first: int) -> BatchStatus:
    bad = [r for r in rows if r["record"] == "quarantined"]
    runs: dict[str, Any] = {}
    for row in rows:
        if row["run_id"] is not None:
            runs.setdefault(row["run_id"], row)
    return BatchStatus(
        batch_id=batch,
        ds=ds,
        file=file,
        state="recorded",
        meaning=MEANINGS["recorded"],
        read=len(rows),
        done=len(rows) - len(bad),
        duplicates=sum(r["record"] == "duplicate" for r in rows),
        quarantined=len(bad),
        jds=len(runs),
        quarantined_records=[
            BadRecord(row=r["row"], reason=r["reason"], detail=r["detail"]) for r in bad[:QUARANTINED]
        ],
        runs=[_run(r["row"], r) for r in list(runs.values())[first : first + RUNS]],
    )
