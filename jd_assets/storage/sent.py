"""Which of its claimed requests a process has begun to send.

A request is claimed before its turn to be sent comes. So each process that sends writes a file of its own, a
line before each request leaves; if it is killed, the file tells which of its claims were sent. What a process
has written stays however it ends, but not when the machine goes down: then the file says nothing. Files of
processes that are gone and have no claims left tell nobody anything, and are swept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from jd_assets.storage.attempts import Attempt

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SENDING, _KNOWN = "+", "-"


class SentLog:
    """The file of one owner of claims; without a folder there is none. For one thread."""

    def __init__(self, folder: Path | None, owner: str) -> None:
        self._path = _path(folder, owner) if folder else None
        self._owner = owner
        self._file: int | None = None
        self._unknown: set[str] = set()

    def open(self) -> None:
        """Begins the file, which must be there before the first claim is."""
        if self._path and self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            os.write(self._file, f"{_boot()} {self._owner}\n".encode())

    def sending(self, request_sha256: str) -> None:
        """The request is about to leave."""
        self._unknown.add(request_sha256)
        self._write(_SENDING, request_sha256)

    def known(self, attempts: Iterable[Attempt]) -> None:
        """The attempts are written down elsewhere. Requests that were answered are never claimed again, so of
        them no line is needed."""
        for attempt in attempts:
            sha = attempt.claim.request_sha256
            if sha in self._unknown:
                self._unknown.discard(sha)
                if attempt.body is None:
                    self._write(_KNOWN, sha)

    def is_unknown(self, request_sha256: str) -> bool:
        """Whether it was sent, and what came of it is not written down."""
        return request_sha256 in self._unknown

    def close(self) -> None:
        """Ends the file; one that still has something to tell stays."""
        if self._file is not None and self._path:
            os.close(self._file)
            self._file = None
            if not self._unknown:
                self._path.unlink(missing_ok=True)

    def _write(self, sign: str, request_sha256: str) -> None:
        if self._file is not None:
            os.write(self._file, f"{sign}{request_sha256}\n".encode())


def sent_by(folder: Path | None, owner: str) -> frozenset[str] | None:
    """What an owner that ended on this machine had sent without writing down what came of it; None where that
    can't be known."""
    try:
        first, *lines = _path(folder, owner).read_text("ascii").split("\n")[:-1] if folder else [""]
    except (OSError, ValueError):
        return None
    boot = first.split(" ", 1)[0]
    if boot != _boot() or boot == "-":
        return None
    unknown: set[str] = set()
    for line in lines:
        (unknown.add if line[0] == _SENDING else unknown.discard)(line[1:])
    return frozenset(unknown)


def forget(folder: Path | None, owner: str) -> None:
    """Removes the file of an owner whose claims have ended."""
    if folder:
        _path(folder, owner).unlink(missing_ok=True)


def noted_by(folder: Path | None) -> list[str]:
    """The owners whose files are there."""
    owners = []
    for path in folder.glob("*.log") if folder else ():
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                owner = file.readline().partition(" ")[2].rstrip("\n")
        except OSError:  # its process ended and took it along
            continue
        if owner:
            owners.append(owner)
    return sorted(owners)


def _path(folder: Path, owner: str) -> Path:
    return folder / f"{owner.rpartition('|')[2]}.log"


def _boot() -> str:
    """Which start of the machine this is; "-" where the system doesn't tell."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return "-"
