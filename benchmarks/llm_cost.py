"""What a model costs a JD, by engine and stage: `python -m benchmarks.llm_cost --jds FILE [--count 100]`.

FILE has a JD with its "text" a line. Nothing is sent: the stages run on the JDs as a day's, with a client
that counts the requests that they make and answers as benchmarks/llm_expected.py says. Assumed:
- a token is four bytes of request or answer, as the model's tokenizer is not public;
- every JD is answered at the first attempt, without reasoning;
- a model chooses the embedded engine's role as often as it is taken to be right (MODEL_ACCURACY);
- a model names the skills that the embedded engine finds, and every new one is typed for the first time;
- a cached prefix is schema and prompt where they come to 1,024 tokens, in steps of 128 (OpenAI's rule), and
  writing it to the cache, once a run, is not counted.
Prices are those of genai-prices, for batches too. Whether a batch reads prefixes from the cache is up to the
endpoint: both prices are shown.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, cast, get_args

import polars as pl
from pydantic import BaseModel

from benchmarks.llm_expected import Expected, reading
from jd_assets import contracts as C
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.llm.client import LlmClient
from jd_assets.llm.decision import ADJUDICATION, DECISION, LlmJudge
from jd_assets.llm.enrichment import LlmTypist
from jd_assets.llm.parse import LlmParser, answer_contract, call
from jd_assets.llm.planner import LlmPlanner
from jd_assets.llm.prices import Usage, price_of
from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.requests import Call, RequestMaker
from jd_assets.models.embedder import Embedder, shipped_embedder
from jd_assets.models.hybrid import shipped_hybrid
from jd_assets.pipeline import Batch, run_stages
from jd_assets.settings import Settings, Stage, settings
from jd_assets.stages.capture.captures import captures
from jd_assets.stages.capture.plans import role_plans
from jd_assets.stages.enrich.details import skill_details
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import FieldNames
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.kras.items import embed_items, kra_items
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.stages.parse.frame import parse, parse_record, parsed_row
from jd_assets.stages.parse.llm_merge import readable
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.roles.decide import assign_roles
from jd_assets.stages.roles.judge import Panel
from jd_assets.stages.roles.signals import role_signals
from jd_assets.stages.skills.extract import extract, find_skills, posting_of
from jd_assets.stages.skills.found import Found
from jd_assets.stages.unsure import Unsure
from jd_assets.storage.landing import limits
from jd_assets.storage.state import State

Engine = Literal["openai", "hybrid"]
BYTES_PER_TOKEN = 4
LEAST_CACHED, STEP = 1024, 128
TARGET_USD, TARGET_BATCH_USD = 0.0006, 0.0003
DAY = date(2026, 3, 2)
DEFAULTS = Settings(_env_file=None)  # type: ignore[call-arg]
_FIELDS = FieldNames(text=("text",))
_PRICES = [{"batch": batch, "cached": cached} for batch in (False, True) for cached in (False, True)]
_ALLOWED = (*DOMAINS, OTHER)


@dataclass(frozen=True)
class Tokens:
    """Of one call; `prefix` are those of the input that all calls of its kind begin with."""

    input: int = 0
    prefix: int = 0
    output: int = 0

    def usd(self, *, cached: bool = False, batch: bool = False) -> float:
        """The price of the call by itself, behind others of its kind, or in a batch."""
        read = self.prefix // STEP * STEP if cached and self.prefix >= LEAST_CACHED else 0
        return _price(batch)(Usage(self.input, read, 0, self.output)) / 1e9


class Counting:
    """In the place of the client: counts what each question of the stages and its answer come to."""

    def __init__(self, expected: Expected) -> None:
        self.counted: list[tuple[str, Tokens]] = []
        self._expected = expected

    def ask_all(self, calls: Iterable[Call], contract: type[BaseModel]) -> list[BaseModel]:
        """The expected answers, in order."""
        maker = RequestMaker(DEFAULTS.llm_model, PROFILES["openai"], contract, DEFAULTS.llm_effort)
        answers = []
        for question in calls:
            said = self._expected.by_stage[cast(Stage, question.stage)](question, contract)
            answer = contract.model_validate({name: said[name] for name in contract.model_fields})
            self.counted.append((question.stage, _tokens(question, maker, answer.model_dump())))
            answers.append(answer)
        return answers


def tokens_of(jd: ParsedJd, skills: Sequence[Found], parts: frozenset[C.Part]) -> Tokens:
    """What it takes to ask for these parts of a JD, if the answer is what the embedded engine read."""
    if not parts:
        return Tokens()
    return _tokens(call("jd", readable(jd), DAY, parts), _maker(parts), reading(jd, skills, parts))


def questions_of(
    engine: Engine, day: Batch, expected: Expected, release: Release, embedder: Embedder
) -> list[tuple[str, Tokens]]:
    """The calls that an engine makes for a day: stage and tokens. `day` is what the embedded engine makes of
    it."""
    counting, hybrid = Counting(expected), engine == "hybrid"
    client = cast(LlmClient, counting)
    parsed = parse(
        day.raw_jds,
        DAY,
        LlmParser(client, domains=_ALLOWED, engine=engine),
        Unsure(release) if hybrid else None,
    )
    skills = extract(day.raw_jds, parsed, release)
    kras = kra_items(day.raw_jds, parsed)
    embeddings = embed_items(kras, embedder)
    signals = role_signals(day.raw_jds, parsed, skills, kras, embeddings, release, embedder)
    below = shipped_hybrid().asks_below["decision"] if hybrid else None
    panel = Panel(LlmJudge(client, DECISION), LlmJudge(client, ADJUDICATION), below)
    roles = assign_roles(parsed, signals, release, panel=panel, raw=day.raw_jds)
    dimensions = [*release.dimension_groups]
    categories = sorted({s.category for s in release.skills})
    with tempfile.TemporaryDirectory() as folder:
        ledger = State(f"sqlite:///{Path(folder) / 'state.sqlite'}").ledger
        typist = LlmTypist(client, ledger, categories=categories, dimensions=dimensions)
        skill_details(skills, roles, release, typist, untold_only=hybrid)
    captured = captures(parsed, skills, kras, embeddings, roles, release)
    planner = LlmPlanner(client, domains=sorted({r.domain for r in release.roles}), dimensions=dimensions)
    role_plans(DAY, captured.filter(pl.col("kind") == "new_role"), skills, kras, release, planner)
    return counting.counted


def main() -> None:
    options = _options()
    embedder = shipped_embedder()
    release = ensure_release(SHIPPED, settings().releases_dir, embedder)
    day = run_stages(_first(options.jds, options.count), DAY, release, embedder)
    texts = dict(day.raw_jds.select("jd_id", "text").iter_rows())
    jds = {i: parse_record({"text": texts[i]}) for i in day.parsed_jds["jd_id"]}
    found = find_skills([posting_of(jd.text, parsed_row(jd)) for jd in jds.values()], release)
    expected = Expected(
        jds,
        dict(zip(jds, found, strict=True)),
        dict(day.role_assignments.select("jd_id", "role_name").iter_rows()),
        release,
    )
    count = len(jds)
    characters = sum(map(len, texts.values())) / count
    print(f"{count} JDs of {characters:,.0f} characters in the mean, {DEFAULTS.llm_model}")
    print(
        "| engine | stage | calls a JD | input | of it prefix | output | USD a JD | cached | batch | cached |"
    )
    print("|---" * 10 + "|")
    verdicts = []
    for engine in get_args(Engine):
        counted = questions_of(engine, day, expected, release, embedder)
        for stage in expected.by_stage:
            print(f"| {engine} | {stage} | {_cells([t for s, t in counted if s == stage], count)} |")
        everything = [tokens for _, tokens in counted]
        print(f"| {engine} | all | {_cells(everything, count)} |")
        verdicts += [f"{engine} {said}" for said in _verdicts(everything, count)]
    print(f"the targets of ${TARGET_USD} online and ${TARGET_BATCH_USD} in a batch: {'; '.join(verdicts)}")


def _verdicts(calls: Sequence[Tokens], jds: int) -> list[str]:
    said = []
    for batch, target in ((False, TARGET_USD), (True, TARGET_BATCH_USD)):
        met = [
            sum(t.usd(batch=batch, cached=cached) for t in calls) / jds <= target for cached in (False, True)
        ]
        words = "met" if all(met) else "met with cached prefixes only" if any(met) else "missed"
        said.append(f"{'in a batch' if batch else 'online'} {words}")
    return said


def _first(path: Path, count: int) -> pl.DataFrame:
    """RAW_JDS of the first JDs of a file that the rules take for such."""
    with path.open("rb") as lines:
        records = list(read(lines, path.with_suffix(".jsonl").name, _FIELDS, limits(settings())))
    raw = ingest(records, DAY).filter(pl.col("status") == "ok").sort("source_row")
    passed = (
        i for i, text in raw.select("jd_id", "text").iter_rows() if not parse_record({"text": text}).rejection
    )
    return raw.filter(pl.col("jd_id").is_in(list(islice(passed, count))))


def _cells(calls: Sequence[Tokens], jds: int) -> str:
    """Calls a JD, tokens of a call in the mean, dollars a JD."""
    made = max(len(calls), 1)
    means = [
        sum(v) / made
        for v in ([t.input for t in calls], [t.prefix for t in calls], [t.output for t in calls])
    ]
    prices = [sum(t.usd(**how) for t in calls) / jds for how in _PRICES]
    return " | ".join(
        [f"{len(calls) / jds:.2f}", *(f"{m:,.0f}" for m in means), *(f"{p:.6f}" for p in prices)]
    )


@cache
def _price(batch: bool) -> Callable[[Usage], int]:
    return price_of(DEFAULTS.llm_model, DEFAULTS.llm_base_url, batch=batch).nano_usd


@cache
def _maker(parts: frozenset[C.Part]) -> RequestMaker:
    contract = answer_contract(_ALLOWED, parts)
    return RequestMaker(DEFAULTS.llm_model, PROFILES["openai"], contract, DEFAULTS.llm_effort)


def _tokens(question: Call, maker: RequestMaker, answer: dict[str, Any]) -> Tokens:
    body = maker.body(question, question.max_tokens)
    user = len(json.dumps(question.user, ensure_ascii=False).encode())
    said = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Tokens(
        *(-(-size // BYTES_PER_TOKEN) for size in (len(body), len(body) - user, len(said.encode())))
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jds", type=Path, required=True, help="JSONL with a text a line.")
    parser.add_argument("--count", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    main()
