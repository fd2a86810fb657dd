"""Answers for a text at once, by the stage functions that the nightly assets call, and its landing."""

from __future__ import annotations

import io
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jd_assets.library.compile import ensure_release
from jd_assets.library.release import Release, load_release
from jd_assets.models.embedder import Embedder, shipped_embedder
from jd_assets.pipeline import run_stages
from jd_assets.settings import Settings
from jd_assets.stages.ingest.compose import jd_id
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import Quarantined, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.landing import field_names, limits
from jd_assets.web.answers import JdRows, rows_of, runs_of
from jd_assets.web.queries.published import NotPublished, Published

_RECENT = 256
_RECENT_CHARACTERS = 4_000_000

_WARM = """Backend Developer
Example Works is hiring in Pune, hybrid.

Responsibilities
- Build REST APIs in Python and PostgreSQL.
- Review code, fix defects and watch the services in production.

Requirements
- 3-5 years of experience, B.Tech or MCA
- Docker, AWS and good communication
- Salary: INR 12,00,000 per year
"""
"""A JD that asks something of every stage."""


class Unreadable(ValueError):
    """A text that ingest would quarantine; `code` is its reason."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Posting:
    """A JD as a client sends it."""

    text: str
    title: str | None = None
    company: str | None = None
    location: str | None = None


class Recent:
    """The last answers by run id, bounded in number and in characters of text; for many threads."""

    def __init__(self, most: int = _RECENT, most_characters: int = _RECENT_CHARACTERS) -> None:
        self._most, self._most_characters = most, most_characters
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, JdRows] = OrderedDict()
        self._characters = 0

    def get(self, run_id: str) -> JdRows | None:
        with self._lock:
            if run_id in self._kept:
                self._kept.move_to_end(run_id)
            return self._kept.get(run_id)

    def put(self, jd: JdRows) -> None:
        with self._lock:
            if (earlier := self._kept.pop(jd.run_id, None)) is not None:
                self._characters -= earlier.raw_jds["characters"]
            self._kept[jd.run_id] = jd
            self._characters += jd.raw_jds["characters"]
            while len(self._kept) > 1 and (
                len(self._kept) > self._most or self._characters > self._most_characters
            ):
                _, dropped = self._kept.popitem(last=False)
                self._characters -= dropped.raw_jds["characters"]


class Live:
    """Computes answers on the library release that the analyst database was made with."""

    def __init__(
        self, settings: Settings, published: Published, today: Callable[[], date] | None = None
    ) -> None:
        self._settings = settings
        self._published = published
        self.today = today or (lambda: datetime.now(ZoneInfo(settings.timezone)).date())
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._release_asked: str | None = None
        self.recent = Recent()

    @property
    def embedder(self) -> Embedder:
        return shipped_embedder()

    def release(self) -> Release:
        """The release that the published tables name, if the shipped model embedded it, else that of the
        library folder, compiled if it has not been yet: a text that comes over HTTP costs nothing.

        Raises:
            LibraryError: it must be compiled and can't be.
        """
        try:
            with self._published.snapshot() as snapshot:
                name = snapshot.release()
        except NotPublished:
            name = None
        with self._lock:
            if self._release is None or name != self._release_asked:
                self._release, self._release_asked = self._loaded(name), name
            return self._release

    def _loaded(self, name: str | None) -> Release:
        folder = self._settings.releases_dir
        if name:
            try:
                if (release := load_release(folder, name)).model == self.embedder.model_id:
                    return release
            except FileNotFoundError:  # the folder of releases was cleared, or is another machine's
                pass
        return ensure_release(self._settings.library_sources, folder, self.embedder)

    def answer(self, posting: Posting, *, land: bool = False) -> JdRows:
        """All rows of a posting, under the run id that today's materialization gives it; the last ones
        are kept for the calls that follow.

        Args:
            land: also put it into today's landing folder, where that materialization finds it.

        Raises:
            Unreadable: the text is empty or too long.
        """
        ds = self.today()
        line = self._line(posting)
        record = self._record(line)
        name = f"api-{jd_id(record.text)}.jsonl"
        release = self.release()
        batch = run_stages(ingest([replace(record, file=name)], ds), ds, release, self.embedder)
        runs = runs_of(batch)
        jd = rows_of(batch, runs.row(0, named=True))
        if land:
            _land(self._settings.landing_dir / ds.isoformat() / name, line)
        self.recent.put(jd)
        return jd

    def warm(self) -> None:
        """Loads models, library and gazetteers, which the first text would wait for."""
        record = self._record(self._line(Posting(_WARM)))
        ds = self.today()
        run_stages(ingest([record], ds), ds, self.release(), self.embedder)

    def _line(self, posting: Posting) -> bytes:
        """The posting as a row of a landing file, under the first name of each field."""
        use = self._settings
        named = (
            (use.title_fields, posting.title),
            (use.company_fields, posting.company),
            (use.location_fields, posting.location),
            (use.text_fields, posting.text),
        )
        row = {names[0]: value for names, value in named if value is not None and names}
        return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"

    def _record(self, line: bytes) -> Record:
        """The row as ingest reads it."""
        found = read(io.BytesIO(line), "api.jsonl", field_names(self._settings), limits(self._settings))
        record = next(iter(found))
        if isinstance(record, Quarantined):
            raise Unreadable(record.reason.value, record.reason.meaning)
        return record


def _land(path: Path, line: bytes) -> None:
    """Writes the file whole or not at all. One that is there stays: it is of the same JD, and a new one
    would only make the day look changed."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as handle:
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
