"""Serves the web app from a terminal."""

from __future__ import annotations

import ipaddress

import uvicorn

from jd_assets.settings import Settings
from jd_assets.web.app import create_app


class Unsafe(ValueError):
    """An address that others can reach, without a token that keeps them from writing."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serves until it is interrupted.

    Raises:
        Unsafe: `host` is no loopback address and no token is set.
    """
    if settings.web_token is None and not _is_loopback(host):
        raise Unsafe(f"{host} can be reached from elsewhere: set JD_WEB_TOKEN first, and name the hosts that "
                     f"the app is called by in JD_WEB_HOSTS")  # fmt: skip
    app = create_app(settings)
    app.state.context.live.warm()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="info",
        server_header=False,
        timeout_keep_alive=5,
        limit_concurrency=200,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
