"""The web app: pages over the published tables, the three POST endpoints, decisions on the review queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from jd_assets.settings import Settings
from jd_assets.storage.stores import Stores
from jd_assets.web import api, browse, examples, health, overview, problems, review, runs, uploads
from jd_assets.web.batches import Batches
from jd_assets.web.context import Context
from jd_assets.web.live import Live
from jd_assets.web.queries.published import Published
from jd_assets.web.rates import Rates
from jd_assets.web.security import Bounds, SecurityHeaders, Sessions, Streamed
from jd_assets.web.templates import STATIC
from jd_assets.web.turns import PAGES
from jd_assets.web.workers import Workers


def create_app(settings: Settings, today: Callable[[], date] | None = None) -> FastAPI:
    """The app over one data folder.

    Args:
        today: the landing day of a JD that is sent; today in the settings' time zone by default.
    """
    published = Published(settings.analyst_db)
    live = Live(settings, published, today)
    context = Context(
        settings=settings,
        stores=Stores(settings),
        published=published,
        live=live,
        workers=Workers(),
        pages=asyncio.Semaphore(PAGES),
        batches=Batches(settings, live, published),
        sessions=Sessions(settings.web_token) if settings.web_token else None,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        context.batches.close()
        context.workers.close()
        published.close()

    # Interactive API pages would load scripts from elsewhere; /openapi.json is there.
    app = FastAPI(title="jd_assets", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.context = context
    of_files = Streamed(settings.web_upload_bytes, settings.web_upload_seconds)
    app.add_middleware(
        Bounds,
        most_bytes=settings.max_row_bytes,
        seconds=settings.web_seconds,
        streamed=dict.fromkeys(uploads.PATHS, of_files),
    )
    app.add_middleware(
        Rates,
        posts_per_minute=settings.web_posts_per_minute,
        reads_per_minute=settings.web_reads_per_minute,
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.web_hosts))
    app.add_middleware(SecurityHeaders)
    problems.register(app)
    for part in (api, uploads, health, runs, overview, review, browse):
        app.include_router(part.router)
    described = app.openapi
    app.openapi = lambda: examples.show_answers(described())  # type: ignore[method-assign]
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
