"""What the routes of one app share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import Request

from jd_assets.settings import Settings
from jd_assets.storage.stores import Stores
from jd_assets.web.answers import JdRows
from jd_assets.web.batches import Batches
from jd_assets.web.live import Live
from jd_assets.web.queries.published import NotPublished, Published
from jd_assets.web.queries.runs import find_jd
from jd_assets.web.security import Sessions
from jd_assets.web.workers import Workers


@dataclass(frozen=True)
class Context:
    """`pages` gives the turns in which pages are made. `sessions` is None where no token is set: then nobody
    may decide anything."""

    settings: Settings
    stores: Stores
    published: Published
    live: Live
    workers: Workers
    pages: asyncio.Semaphore
    batches: Batches
    sessions: Sessions | None

    def find_run(self, run_id: str) -> tuple[JdRows, bool] | None:
        """A run and whether it was published; one that was not is known from a recent request."""
        try:
            with self.published.snapshot() as snapshot:
                jd = find_jd(snapshot, run_id)
        except NotPublished:
            jd = None
        if jd is not None:
            return jd, True
        recent = self.live.recent.get(run_id)
        return (recent, False) if recent is not None else None


def context_of(request: Request) -> Context:
    """The context of the app that serves a request."""
    context = request.app.state.context
    assert isinstance(context, Context)
    return context
