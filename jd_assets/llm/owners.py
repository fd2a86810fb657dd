"""Names for the processes that ask models, by which others can tell that one is gone."""

from __future__ import annotations

import os
import socket
import uuid
from functools import cache
from pathlib import Path


def new_owner() -> str:
    """A name for this process, never given twice: place, process id, start of the process, and a random
    part."""
    pid = os.getpid()
    return f"{_place()}|{pid}|{_started(pid) or '-'}|{uuid.uuid4().hex}"


def is_gone(owner: str) -> bool | None:
    """Whether the process of an owner has ended; None where that can't be seen from here, as on another
    machine or in another container."""
    parts = owner.split("|")
    if len(parts) != 4 or parts[0] != _place() or parts[2] == "-":
        return None
    return _started(int(parts[1])) != parts[2]


@cache
def _place() -> str:
    """The machine, and the namespace in which its process ids count, where the system tells it."""
    namespace = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{os.readlink(namespace) if namespace.exists() else '-'}"


def _started(pid: int) -> str | None:
    """When a process started, in the system's own clock ticks (proc(5), stat, field 22); None if there is no
    such process, or no way to tell. A zombie has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]
