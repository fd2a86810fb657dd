"""Files that are sent: written aside while they come, then put into a day's landing folder, whole."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Self

from jd_assets.stages.ingest.readers import FORMATS
from jd_assets.storage.files import sync

_ASIDE = ".uploads"
_ABANDONED_SECONDS = 24 * 3600
_DIGITS = 32
_UPLOAD_ID = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})-([0-9a-f]{{{_DIGITS}}})")


class TooLarge(ValueError):
    """More bytes came than may."""


class Upload:
    """A file on its way in. It is named by its content: nothing that a client sends becomes a path, and a
    file that is sent twice is there once. Left without `land`, or killed, it never was."""

    def __init__(self, landing_dir: Path, most_bytes: int) -> None:
        self._landing, self._most_bytes = landing_dir, most_bytes
        aside = landing_dir / _ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(aside)
        self._file = NamedTemporaryFile(dir=aside, suffix=".part", delete=False)  # noqa: SIM115
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, part: bytes) -> None:
        """Adds what came.

        Raises:
            TooLarge: it is over the bound.
        """
        self.bytes += len(part)
        if self.bytes > self._most_bytes:
            raise TooLarge(f"a file may have {self._most_bytes:,} bytes")
        self._digest.update(part)
        self._file.write(part)

    def land(self, ds: date, format: str) -> Path:
        """Puts the file, which is complete, into a day's folder. One of the same content stays as it is: a
        new one would only make the day look changed.

        Args:
            format: one of the values of `readers.FORMATS`, which is the file's extension.
        """
        if format not in FORMATS.values():
            raise ValueError(f"{format!r} is no format of a landing file")
        self._file.flush()
        os.fsync(self._file.fileno())
        target = _landed_path(self._landing, ds, self._digest.hexdigest()[:_DIGITS], format)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._file.name, target)
            sync(target.parent)
        return target

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)


def upload_id(path: Path) -> str:
    """What an upload that landed is called by: its day and content."""
    return f"{path.parent.name}-{path.stem.removeprefix('upload-')}"


def landed_upload(landing_dir: Path, upload: str) -> Path | None:
    """The landing file of an upload's id; None for an id that none has."""
    match = _UPLOAD_ID.fullmatch(upload)
    if match is None:
        return None
    try:
        ds = date.fromisoformat(match[1])
    except ValueError:
        return None
    found = (_landed_path(landing_dir, ds, match[2], format) for format in sorted(set(FORMATS.values())))
    return next((path for path in found if path.is_file()), None)


def _landed_path(landing_dir: Path, ds: date, digest: str, format: str) -> Path:
    return landing_dir / ds.isoformat() / f"upload-{digest}.{format}"


def _remove_abandoned(aside: Path) -> None:
    """What processes that were killed left behind; nothing takes a day to come in."""
    for path in aside.glob("*.part"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
