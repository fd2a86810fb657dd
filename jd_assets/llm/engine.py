"""The language model engine as the settings describe it: a client for each stage, under the run's budgets."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.errors import LATER
from jd_assets.llm.prices import NANO, load_overrides, price_of
from jd_assets.settings import Settings, Stage, StageModel
from jd_assets.storage.ledger import Ledger

_log = logging.getLogger(__name__)


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
    key = own.api_key or use.llm_api_key
    if key is None:
        raise ValueError(f"JD_ENGINE={use.engine} needs JD_LLM_API_KEY; any word does where none is checked")
    model, endpoint = own.model or use.llm_model, own.base_url or use.llm_base_url
    overrides = load_overrides(use.llm_prices) if use.llm_prices else {}
    client = LlmClient(
        ledger,
        endpoint,
        key,
        model,
        price=price_of(model, endpoint, overrides),
        budget=_budget(use, ledger, stage, run_id, purse),
        day_limit_nano_usd=round(use.llm_day_budget_usd * NANO),
        concurrency=use.llm_concurrency,
        profile=own.profile or use.llm_profile,
        effort=(own.effort if own.effort is not None else use.llm_effort) or None,
        limits=(use.llm_requests_per_minute, use.llm_tokens_per_minute),
        run_id=run_id,
    )
    try:
        yield client
    finally:
        client.close()


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
        _log.warning("%s of %s: %d questions without an answer: %s", stage, ds, len(unanswered),
                     dict(Counter(unanswered.values())))  # fmt: skip
    down = {s: reason for s, reason in later.items() if reason != "budget"}
    if down and use.llm_when_down == "fail":
        raise ModelDown(
            f"{len(down)} questions of stage {stage} have no answer ({_reasons(down)}), and "
            "JD_LLM_WHEN_DOWN=fail; what was answered is kept"
        )


def run_purse(use: Settings, ledger: Ledger, run_id: str | None) -> Purse:
    """What a run may spend, and has spent."""
    spent = ledger.spent_by(run_id) if run_id else {}
    return Purse("run", round(use.llm_budget_usd * NANO), sum(spent.values()))


def _budget(use: Settings, ledger: Ledger, stage: Stage, run_id: str | None, purse: Purse | None) -> Budget:
    purses = [purse or run_purse(use, ledger, run_id)]
    if stage in use.llm_stage_budgets_usd:
        limit = round(use.llm_stage_budgets_usd[stage] * NANO)
        spent = ledger.spent_by(run_id) if run_id else {}
        purses.append(Purse(f"{stage} stage", limit, spent.get(stage, 0)))
    return Budget(*purses)


def _reasons(unanswered: Mapping[str, str]) -> str:
    return ", ".join(f"{n} {reason}" for reason, n in sorted(Counter(unanswered.values()).items()))
