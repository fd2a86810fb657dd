"""The language model engine as the settings describe it: a client for each stage, under the run's budgets."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import cast, get_args

from pydantic import SecretStr

from jd_assets.llm.batch import Desk
from jd_assets.llm.batch_client import BatchClient
from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.embedding import STAGE as EMBEDDING
from jd_assets.llm.embedding import EndpointEmbedder, model_id
from jd_assets.llm.errors import LATER, BudgetExhausted, InBatch, LlmError
from jd_assets.llm.prices import NANO, Price, load_overrides, price_of
from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.transport import Transport
from jd_assets.models.embedder import MODEL_ID
from jd_assets.settings import Settings, Stage, StageModel
from jd_assets.storage.batches import COLLECTED, INTENT, SUBMITTED, UPLOADED, Batch
from jd_assets.storage.ledger import Ledger

_log = logging.getLogger(__name__)
_BATCH_TIMEOUT = 600.0  # seconds: a batch's files have up to a hundred megabytes
_UNDER_WAY = (BudgetExhausted.reason, InBatch.reason)
"""Reasons to ask later that are no fault of the endpoint."""
CHANGED = "changed"
"""The reason of a question that another day's run changed after its own day was run."""


class ModelDown(RuntimeError):
    """Questions are unanswered, and the settings say that this fails their partition."""


@contextmanager
def stage_client(
    use: Settings, ledger: Ledger, stage: Stage, run_id: str | None, purse: Purse | None = None
) -> Iterator[LlmClient]:
    """The client of one stage of a run, open while the context is.

    What the run spent before counts against its budgets. Clients that are open at once share one `purse`,
    the run's.

    Raises:
        ValueError: no key is set, or one that no header can carry, or the price file makes no sense.
        UnknownPrice: nobody says what the model costs.
    """
    own = use.llm_stages.get(stage, StageModel())
    model, endpoint = model_of(use, stage)
    profile = own.profile or use.llm_profile
    make: Callable[..., LlmClient] = LlmClient
    if use.llm_batch and stage != EMBEDDING:  # roles need the vectors at once, and they cost next to nothing
        if not PROFILES[profile].batches:
            raise ValueError(f"JD_LLM_BATCH: a {profile} server has no batch endpoint")
        make = partial(BatchClient, earlier=get_args(Stage)[: get_args(Stage).index(stage)])
    client = make(
        ledger,
        endpoint,
        _key(use, stage),
        model,
        price=_price(use, model, endpoint, batch=make is not LlmClient),
        budget=_budget(use, ledger, stage, run_id, purse),
        day_limit_nano_usd=round(use.llm_day_budget_usd * NANO),
        concurrency=use.llm_concurrency,
        profile=profile,
        effort=(own.effort if own.effort is not None else use.llm_effort) or None,
        limits=(use.llm_requests_per_minute, use.llm_tokens_per_minute),
        run_id=run_id,
    )
    try:
        yield client
    finally:
        client.close()


def embedder_id(use: Settings) -> str:
    """What the vectors of the embedder in use are called; nothing is loaded or asked for it."""
    return MODEL_ID if use.embedder == "embedded" else model_id(*model_of(use, EMBEDDING))


@contextmanager
def endpoint_embedder(use: Settings, ledger: Ledger, run_id: str | None) -> Iterator[EndpointEmbedder]:
    """The embedder of JD_EMBEDDER=openai, open while the context is.

    Raises:
        ValueError, UnknownPrice: as `stage_client`.
    """
    with stage_client(use, ledger, EMBEDDING, run_id) as client:
        yield EndpointEmbedder(client)


def advance_batches(
    use: Settings, ledger: Ledger, statuses: Collection[str] = (INTENT, UPLOADED, SUBMITTED)
) -> list[Batch]:
    """Submits the batches that are not, and collects those that have ended; those that are collected now.
    Only batches with one of the `statuses` are looked at.

    A batch whose endpoint fails stays as it is, and a warning says why.

    Raises:
        ValueError: no key is set, or the price file makes no sense.
        UnknownPrice: nobody says what the model costs.
    """

    async def advance(batch: Batch) -> Batch | None:
        stage = cast(Stage, batch.stage)
        transport = Transport(batch.endpoint, _key(use, stage), _BATCH_TIMEOUT)
        price = _price(use, batch.model, batch.endpoint, batch=True)
        try:
            return await Desk(ledger.batches, transport, price).advance(batch)
        except LlmError as error:
            _log.warning("batch %s of stage %s: %s", batch.batch_id, stage, error)
            return None
        finally:
            await transport.close()

    async def advance_all() -> list[Batch | None]:
        return [await advance(b) for b in ledger.batches.pending() if b.status in statuses]

    return [b for b in asyncio.run(advance_all()) if b is not None and b.status == COLLECTED]


def days_to_ask_again(ledger: Ledger) -> dict[date, str]:
    """The days that wait for no batch any more, though questions of theirs did: the next run of each finds
    the answers. By day, the batch that was collected last."""
    waiting = {d.ds for d in ledger.deferred() if d.reason == InBatch.reason}
    pending = {day for batch in ledger.batches.pending() for day in batch.days}
    last = {day: batch.batch_id for batch in ledger.batches.all() for day in batch.days}
    return {day: last[day] for day in sorted(waiting - pending) if day in last}


def settle_unanswered(
    use: Settings, ledger: Ledger, ds: date, stage: Stage, unanswered: Mapping[str, str]
) -> None:
    """Lists what the next run should ask again, in place of the stage's earlier list for the day.

    `unanswered` is the reason by JD or skill.

    Raises:
        ModelDown: the model is down, and the settings say that the partition fails then.
    """
    later = {subject: reason for subject, reason in unanswered.items() if reason in LATER}
    ledger.defer(ds, stage, later)
    if unanswered:
        _log.warning("%s of %s: questions without an answer: %s", stage, ds, _reasons(unanswered))
    down = {s: reason for s, reason in later.items() if reason not in _UNDER_WAY}
    if down and use.llm_when_down == "fail":
        raise ModelDown(
            f"{len(down)} questions of stage {stage} have no answer ({_reasons(down)}), and "
            "JD_LLM_WHEN_DOWN=fail; what was answered is kept"
        )


def ask_again(ledger: Ledger, stage: Stage, changed: Mapping[date, Iterable[str]]) -> None:
    """Adds questions of other days, which changed after those were run, to what their next run is to ask: the
    subjects by day."""
    waiting = ledger.deferred() if changed else []
    for ds, subjects in changed.items():
        listed = {d.subject: d.reason for d in waiting if (d.ds, d.stage) == (ds, stage)}
        ledger.defer(ds, stage, dict.fromkeys(subjects, CHANGED) | listed)


def run_purse(use: Settings, ledger: Ledger, run_id: str | None) -> Purse:
    """What a run may spend, and has spent."""
    spent = ledger.spent_by(run_id) if run_id else {}
    return Purse("run", round(use.llm_budget_usd * NANO), sum(spent.values()))


def model_of(use: Settings, stage: Stage) -> tuple[str, str]:
    """The model that a stage asks, and the endpoint's address."""
    own = use.llm_stages.get(stage, StageModel())
    common = use.embedding_model if stage == EMBEDDING else use.llm_model
    return own.model or common, own.base_url or use.llm_base_url


def _key(use: Settings, stage: Stage) -> SecretStr:
    key = use.llm_stages.get(stage, StageModel()).api_key or use.llm_api_key
    if key is None:
        why = f"JD_EMBEDDER={use.embedder}" if stage == EMBEDDING else f"JD_ENGINE={use.engine}"
        raise ValueError(f"{why} needs JD_LLM_API_KEY; any word does where none is checked")
    return key


def _price(use: Settings, model: str, endpoint: str, *, batch: bool) -> Price:
    overrides = load_overrides(use.llm_prices) if use.llm_prices else {}
    return price_of(model, endpoint, overrides, batch=batch)


def _budget(use: Settings, ledger: Ledger, stage: Stage, run_id: str | None, purse: Purse | None) -> Budget:
    purses = [purse or run_purse(use, ledger, run_id)]
    if stage in use.llm_stage_budgets_usd:
        limit = round(use.llm_stage_budgets_usd[stage] * NANO)
        spent = ledger.spent_by(run_id) if run_id else {}
        purses.append(Purse(f"{stage} stage", limit, spent.get(stage, 0)))
    return Budget(*purses)


def _reasons(unanswered: Mapping[str, str]) -> str:
    return ", ".join(f"{n} {reason}" for reason, n in sorted(Counter(unanswered.values()).items()))
