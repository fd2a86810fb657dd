"""An app on a free port of the loopback, served as `jd-assets serve` does, in a thread of the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from jd_assets.settings import Settings
from jd_assets.web.serve import config

Address = tuple[str, int]


@contextmanager
def listening(app: ASGIApp, settings: Settings) -> Iterator[tuple[uvicorn.Server, Address]]:
    """The server, which accepts connections, and its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(config(app, settings, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the app did not start"
            time.sleep(0.01)
        try:
            yield server, bound.getsockname()
        finally:
            server.should_exit = True
            thread.join(timeout=20)
