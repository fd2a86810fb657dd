"""`jd-assets batch`: what the sensor does with batches of model calls, by hand."""

from __future__ import annotations

import typer

from jd_assets.settings import settings
from jd_assets.terminal import fail, line, table

batch_app = typer.Typer(help="Batches of model calls: submit, look, collect.", no_args_is_help=True)


@batch_app.command()
def submit() -> None:
    """Submit the batches that a run opened and could not submit itself."""
    from jd_assets.storage.batches import UNSUBMITTED

    _advance(UNSUBMITTED)
    status()


@batch_app.command()
def status() -> None:
    """List the batches as the state database has them."""
    from jd_assets.storage.stores import Stores

    batches = Stores(settings()).state.ledger.batches.all()
    if not batches:
        line("no batch was made; JD_LLM_BATCH=true jd-assets run makes them")
        return
    table(
        ("batch", "stage", "days", "requests", "status", "ended as"),
        [
            (b.batch_id, b.stage, " ".join(map(str, b.days)), b.requests, b.stands, b.ended_as or "")
            for b in batches
        ],
    )


@batch_app.command()
def collect() -> None:
    """Submit what is not, collect what has ended, and say which days have their answers now."""
    from jd_assets.llm.engine import days_to_ask_again
    from jd_assets.storage.batches import SUBMITTED, UNSUBMITTED
    from jd_assets.storage.stores import Stores

    _advance((*UNSUBMITTED, SUBMITTED))
    status()
    for day in days_to_ask_again(Stores(settings()).state.ledger):
        line(f"answers are in: jd-assets run --from {day} --to {day}")


def _advance(statuses: tuple[str, ...]) -> None:
    """Takes the batches with these statuses as far as they go now, and says what came of it."""
    from jd_assets.llm.engine import advance_batches
    from jd_assets.storage.batches import SUBMITTED, UNSUBMITTED
    from jd_assets.storage.stores import Stores

    ledger = Stores(settings()).state.ledger
    before = [b for b in ledger.batches.pending() if b.status in UNSUBMITTED]
    try:
        collected = advance_batches(settings(), ledger, statuses)
    except (ValueError, LookupError) as error:
        fail(str(error))
    left = ledger.batches.pending()
    unsubmitted = {b.batch_id for b in left if b.status in UNSUBMITTED}
    for batch in before:
        if batch.batch_id not in unsubmitted:
            line(f"submitted batch {batch.batch_id}: {batch.requests} requests")
    for batch in collected:
        line(f"collected batch {batch.batch_id}: {batch.ended_as}")
    if unsubmitted:
        line(f"not submitted yet: {len(unsubmitted)}; try again later, or leave it to the sensor")
    elif not before and SUBMITTED not in statuses:
        line("every batch is submitted")
    if SUBMITTED in statuses and (under_way := len(left) - len(unsubmitted)):
        line(f"under way at the endpoint: {under_way}; it may take a day")
