"""Serves the web app from a terminal."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets.web.connections import Limits, bounded

SHORTEST_TOKEN = 16
"""Characters of a token that others may try to guess, as often as each address may ask."""


class Unsafe(ValueError):
    """An address that others can reach, without a token that keeps them from writing."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serves until it is interrupted.

    Raises:
        Unsafe: `host` is no loopback address and no token is set, or one that could be guessed.
    """
    token = settings.web_token.get_secret_value() if settings.web_token else ""
    if len(token) < SHORTEST_TOKEN and not _is_loopback(host):
        raise Unsafe(
            f"{host} can be reached from elsewhere: set JD_WEB_TOKEN to {SHORTEST_TOKEN} characters or more "
            f"first, and name the hosts that the app is called by in JD_WEB_HOSTS"
        )
    app = create_app(settings)
    app.state.context.live.warm()
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config(app, settings, host=host, port=port)).run()


def config(app: ASGIApp, settings: Settings, **more: Any) -> uvicorn.Config:
    """How an app is served: over which limits, and whose word is taken on where a request comes from."""
    limits = Limits(settings.web_head_seconds, settings.web_take_seconds, settings.web_connections)
    return uvicorn.Config(
        app,
        http=bounded(limits),
        ws="none",
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=30,
        proxy_headers=bool(settings.web_proxies),
        forwarded_allow_ips=list(settings.web_proxies),
        **more,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
