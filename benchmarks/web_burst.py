"""A burst of requests on `jd-assets serve`, and the same beside slow clients: `python -m benchmarks.web_burst
--help`.

A server process with its default limits listens on the loopback, over the sample days and many made runs.
Clients, each under an address of its own, send a mix of pages, run pages, calls of the API and POSTs of JDs
as fast as they are answered. The slow ones send a head or a body byte by byte, or ask and don't read; who is
cut off comes again. Memory is the server's resident set, from Linux's /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table as Grid

from benchmarks.web import add_runs
from jd_assets.library.compile import ensure_release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import settings
from jd_assets_tests.web.made import publish_landed

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ask:
    """A request, and what it is counted as."""

    kind: str
    path: str
    body: bytes = b""

    def message(self, client: str) -> bytes:
        head = f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1\r\nHost: {HOST}\r\n"
        head += f"X-Forwarded-For: {client}\r\nAccept: text/html,*/*\r\n"
        if self.body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


@dataclass
class Outcome:
    """Of many requests: seconds by kind, and how often each status came; 0 is a connection that was lost."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    wall: float = 0.0


def mix(database: Path, requests: int, seed: int) -> list[Ask]:
    """The requests, in a random order that is the same for a seed."""
    with duckdb.connect(str(database), read_only=True) as published:
        sample = "FROM pipeline_runs JOIN raw_jds USING (ds, jd_id) WHERE pipeline_runs.status = 'completed'"
        found = published.execute(f"SELECT run_id::VARCHAR, text {sample} ORDER BY 1").fetchall()
        runs, texts = zip(*found, strict=True)
    chance = random.Random(seed)

    def post(path: str, body: dict[str, str]) -> Ask:
        return Ask(f"POST {path}", path, json.dumps(body).encode())

    makers: Sequence[tuple[int, Callable[[], Ask]]] = (
        (22, lambda: Ask("history", f"/?after=2025-{chance.randint(1, 12):02}-01~{chance.randrange(10)}")),
        (8, lambda: Ask("history", f"/?role=role-{chance.randrange(470)}&sort=-confidence")),
        (6, lambda: Ask("history", f"/?q=engineer+{chance.randrange(10007)}")),
        (30, lambda: Ask("run page", f"/runs/{chance.choice(runs)}")),
        (4, lambda: Ask("overview", "/overview")),
        (8, lambda: Ask("roles, review", chance.choice(("/roles", "/review", "/review?kind=new_skill")))),
        (8, lambda: Ask("static", chance.choice(("/static/app.css", "/static/htmx.min.js")))),
        (9, lambda: Ask("health, batch", chance.choice(("/healthz", "/batches/2026-11-02-" + "0" * 32)))),
        (3, lambda: post("/skills/extract-details", {"run_id": chance.choice(runs)})),
        (1, lambda: post("/skills/final-role-output", {"run_id": chance.choice(runs)})),
        (1, lambda: post("/skills/extract-from-jd", {"jd_text": chance.choice(texts)})),
    )  # fmt: skip
    weights = [weight for weight, _ in makers]
    return [chance.choices(makers, weights)[0][1]() for _ in range(requests)]


@contextmanager
def served(data: Path) -> Iterator[tuple[int, int]]:
    """`jd-assets serve` over a data folder; gives its port and process id."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    use = os.environ | {"JD_DATA_DIR": str(data), "JD_WEB_PROXIES": f'["{HOST}"]'}
    command = [sys.executable, "-m", "jd_assets", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=use, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                if process.poll() is not None:
                    raise RuntimeError("the server did not start")
                with suppress(OSError), socket.create_connection((HOST, port)):
                    break
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of an answer, which is read whole, and whether the server keeps the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(line for line in lines if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
    return int(head.split()[1]), b"connection: close" not in lines


async def burst(port: int, asks: Sequence[Ask], clients: int) -> Outcome:
    """Every request once, each client sending its next when it has the answer to the last."""
    outcome = Outcome()
    coming = iter(asks)

    async def client(number: int) -> None:
        writer = None
        for ask in coming:
            started = time.perf_counter()
            try:
                if writer is None or writer.is_closing():
                    reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(ask.message(f"192.0.2.{number}"))
                status, kept = await answer(reader)
                if not kept:
                    writer.close()
            except (OSError, asyncio.IncompleteReadError):
                status, writer = 0, None
            outcome.seconds.setdefault(ask.kind, []).append(time.perf_counter() - started)
            outcome.statuses[status] += 1
        if writer is not None:
            writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    outcome.wall = time.perf_counter() - started
    return outcome


def _held(port: int) -> set[int]:
    """The clients' ports of the server's open connections. A connection that the server has closed and the
    kernel still keeps belongs to no process: its inode is 0."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = line.split()
        if int(cells[1].partition(":")[2], 16) == port and cells[9] != "0":
            found.add(int(cells[2].partition(":")[2], 16))
    return found


class Slow:
    """Clients that keep a server waiting, and for how long it let each of them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.kept: dict[str, list[float]] = {"head": [], "body": [], "reader": []}
        self._open: dict[int, tuple[str, float, asyncio.Event]] = {}
        self._accepted: set[int] = set()

    async def watch(self) -> None:
        """Notes which connections the server has ended."""
        while True:
            await asyncio.sleep(0.25)
            held = await asyncio.to_thread(_held, self._port)
            now = time.monotonic()
            ended_now = self._accepted - held
            self._accepted = held
            for port in ended_now & self._open.keys():
                kind, since, ended = self._open.pop(port)
                self.kept[kind].append(now - since)
                ended.set()

    async def client(self, number: int) -> None:
        """One of them, of a kind by its number, again and again."""
        kind = tuple(self.kept)[number % 3]
        address = f"198.51.100.{number}"
        while True:
            with socket.socket() as made:
                if kind == "reader":
                    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                made.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(made, (HOST, self._port))
                ended = asyncio.Event()
                self._open[made.getsockname()[1]] = (kind, time.monotonic(), ended)
                if kind == "reader":
                    # Much to read that costs the server little: not to read is the harm, not to ask.
                    first, each = Ask("", "/static/htmx.min.js").message(address) * 16, b""
                elif kind == "body":
                    first = Ask("", "/skills/extract-details", b"{" * 1000).message(address)[:-1000]
                    each = b"x"
                else:
                    first, each = Ask("", "/").message(address)[:-2], b"X: a\r\n"
                with suppress(OSError):
                    await loop.sock_sendall(made, first)
                    while not ended.is_set():
                        with suppress(TimeoutError):
                            await asyncio.wait_for(ended.wait(), 0.5)
                        if each:
                            await loop.sock_sendall(made, each)
                await ended.wait()


async def beside(slow: Slow, clients: int, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """The work's outcome, done beside slow clients that were there before."""
    tasks = [asyncio.create_task(slow.client(number)) for number in range(clients)]
    tasks.append(asyncio.create_task(slow.watch()))
    await asyncio.sleep(3)
    outcome = await work()
    least = time.monotonic() + 120
    while min(map(len, slow.kept.values())) < clients // 3 and time.monotonic() < least:
        await asyncio.sleep(0.5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return outcome


def memory(process: int) -> tuple[float, float]:
    """The resident set of a process and its greatest so far, in MB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024, int(status["VmHWM"].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runs", type=int, default=1_000_000, help="made runs beside those of the sample days"
    )
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--slow", type=int, default=200, help="slow clients, a third of each kind")
    parser.add_argument("--warm-up", type=int, default=1_000, help="requests before anything is measured")
    given = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        use = settings().model_copy(update={"data_dir": data})
        shutil.copytree(settings().landing_dir, use.landing_dir)
        settings().releases_dir.mkdir(parents=True, exist_ok=True)
        use.releases_dir.symlink_to(settings().releases_dir.resolve(), target_is_directory=True)
        release = ensure_release(use.library_sources, use.releases_dir, shipped_embedder())
        publish_landed(use, release, shipped_embedder())
        add_runs(use.analyst_db, given.runs)
        asks = mix(use.analyst_db, given.requests, seed=1)
        with served(data) as (port, process):
            asyncio.run(burst(port, mix(use.analyst_db, given.warm_up, seed=2), given.clients))
            console.print(f"resident set, warm: {memory(process)[0]:.0f} MB")
            _show(console, "alone", asyncio.run(burst(port, asks, given.clients)), process)
            slow = Slow(port)
            beside_slow = beside(slow, given.slow, lambda: burst(port, asks, given.clients))
            _show(console, f"beside {given.slow} slow clients", asyncio.run(beside_slow), process)
            for kind, kept in slow.kept.items():
                console.print(
                    f"slow {kind}: {len(kept)} cut off after {min(kept):.1f} to {max(kept):.1f} s, "
                    f"median {statistics.median(kept):.1f} s" if kept else f"slow {kind}: none cut off"
                )  # fmt: skip


def _show(console: Console, title: str, outcome: Outcome, process: int) -> None:
    shown = Grid("requests", "number", "p50, ms", "p99, ms", "slowest, ms", title=title, title_justify="left")
    everything = [s for seconds in outcome.seconds.values() for s in seconds]
    for kind, seconds in [*sorted(outcome.seconds.items()), ("all", everything)]:
        ordered = sorted(1000 * s for s in seconds)
        shares = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99, 1.0))
        shown.add_row(kind, f"{len(ordered):,}", *(f"{ms:.0f}" for ms in shares))
    console.print(shown)
    resident, greatest = memory(process)
    statuses = ", ".join(
        f"{status or 'lost'}: {number:,}" for status, number in sorted(outcome.statuses.items())
    )
    console.print(
        f"{len(everything) / outcome.wall:.0f} requests/s in {outcome.wall:.0f} s; {statuses}; "
        f"resident set after: {resident:.0f} MB, greatest so far: {greatest:.0f} MB"
    )


if __name__ == "__main__":
    main()
