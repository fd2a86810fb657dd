"""The server process: started on a free port, asked, and stopped."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from pydantic import SecretStr

from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets.web.serve import Unsafe, serve
from jd_assets_tests.web.conftest import TOKEN
from jd_assets_tests.web.listening import listening
from jd_assets_tests.web.made import NURSE

_START = """
import sys
from jd_assets.settings import Settings
from jd_assets.web.serve import serve
serve(Settings.model_validate_json(sys.argv[1]), port=int(sys.argv[2]))
"""


@contextmanager
def served(settings: Settings) -> Iterator[tuple[str, int]]:
    """The process that `serve` is, once it listens; gives its host and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = ("127.0.0.1", free.getsockname()[1])
    command = [sys.executable, "-c", _START, settings.model_dump_json(), str(address[1])]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                assert process.poll() is None
                with suppress(OSError), socket.create_connection(address):
                    break
                time.sleep(0.1)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)


@pytest.mark.parametrize("token", [None, "guess me"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_an_address_that_others_reach_needs_a_token(settings: Settings, host: str, token: str | None) -> None:
    use = settings.model_copy(update={"web_token": SecretStr(token) if token else None})
    with pytest.raises(Unsafe, match="JD_WEB_TOKEN to 16 characters"):
        serve(use, host=host)


def test_it_serves_bounds_each_client_and_stops(site: Settings) -> None:
    short = {"web_head_seconds": 0.5, "web_seconds": 2.0, "web_posts_per_minute": 3}
    with served(site.model_copy(update=short)) as (host, port):
        address = f"http://{host}:{port}"
        with httpx.Client(base_url=address) as client:
            health = client.get("/healthz")
            assert health.json()["runs"] == 5
            assert "server" not in health.headers
            answer = client.post("/skills/extract-from-jd", json={"jd_text": NURSE})
            assert answer.json()["stage4_decision"]["chosen_role"]["slug"] == "registered-nurse"
        head = f"POST /skills/extract-details HTTP/1.1\r\nHost: {host}\r\n"
        for slow, bound in ((head, 0.5), (f"{head}Content-Length: 9\r\n\r\n", 2.0)):
            started = time.monotonic()
            with socket.create_connection((host, port), timeout=20) as client_socket:
                client_socket.sendall(slow.encode())
                said = client_socket.makefile("rb").read()
            assert said.startswith(b"HTTP/1.1 408 ")
            assert b"application/problem+json" in said
            assert bound * 0.9 <= time.monotonic() - started < bound + 10
        # An address is the connection's, whatever the client says that it is; the slow body took one too.
        for i, status in enumerate((422, 429)):
            answer = httpx.post(
                f"{address}/skills/extract-details", json={}, headers={"X-Forwarded-For": f"192.0.2.{i}"}
            )
            assert answer.status_code == status
        assert 1 <= int(answer.headers["retry-after"]) <= 20


def test_behind_a_proxy_each_client_has_its_own_rate(site: Settings) -> None:
    behind = {"web_proxies": ("127.0.0.1",), "web_posts_per_minute": 1}
    use = site.model_copy(update=behind)
    with listening(create_app(use), use) as (_, (host, port)):

        def post(client: str) -> int:
            # What stands before the proxy's own entry is the client's word.
            headers = {"X-Forwarded-For": f"198.51.100.9, {client}"}
            return httpx.post(
                f"http://{host}:{port}/skills/extract-details", json={}, headers=headers
            ).status_code

        assert [post(client) for client in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [422, 422, 429]


def test_behind_a_proxy_with_tls_the_session_is_for_tls_alone(with_token: Settings) -> None:
    use = with_token.model_copy(update={"web_proxies": ("127.0.0.1",)})
    form = {"name": "Asha", "token": TOKEN}
    with listening(create_app(use), use) as (_, (host, port)):
        for scheme, secure in (("https", True), ("http", False)):
            sent = {"X-Forwarded-Proto": scheme, "Origin": f"{scheme}://{host}:{port}"}
            answer = httpx.post(f"http://{host}:{port}/login", data=form, headers=sent)
            assert answer.status_code == 303
            assert ("secure" in answer.headers["set-cookie"].lower()) == secure


def test_the_app_does_not_load_dagster() -> None:
    check = "import sys, jd_assets.web.app; sys.exit('dagster' in sys.modules or 'lancedb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
