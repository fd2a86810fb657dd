"""The server process: started on a free port, asked, and stopped."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from jd_assets.settings import Settings
from jd_assets.web.serve import Unsafe, serve
from jd_assets_tests.web.made import NURSE

_START = """
import sys
from pathlib import Path
from jd_assets.settings import Settings
from jd_assets.web.serve import serve
serve(Settings(data_dir=Path(sys.argv[1]), library=Path(sys.argv[2]), _env_file=None), port=int(sys.argv[3]))
"""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_an_address_that_others_reach_needs_a_token(settings: Settings, host: str) -> None:
    with pytest.raises(Unsafe, match="JD_WEB_TOKEN"):
        serve(settings, host=host)


def test_it_serves_and_stops(site: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _START, str(site.data_dir), str(site.library), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                for _ in range(200):
                    try:
                        health = client.get("/healthz")
                        break
                    except httpx.TransportError:
                        assert process.poll() is None
                        time.sleep(0.1)
                assert health.json()["runs"] == 5
                assert "server" not in health.headers
                answer = client.post("/skills/extract-from-jd", json={"jd_text": NURSE})
                assert answer.json()["stage4_decision"]["chosen_role"]["slug"] == "registered-nurse"
        finally:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def test_the_app_does_not_load_dagster() -> None:
    check = "import sys, jd_assets.web.app; sys.exit('dagster' in sys.modules or 'lancedb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
