"""Vectors from an endpoint: what is asked and paid, what is never mixed, and whole days with them."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from dagster import AssetKey, DagsterInstance
from pydantic import SecretStr

from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, build_defs
from jd_assets.library.compile import ensure_release
from jd_assets.library.release import load_release
from jd_assets.llm.embedding import (
    LIBRARY,
    MOST_CHARACTERS,
    MOST_TEXTS,
    STAGE,
    EmbeddingCall,
    EmbeddingRequests,
    EndpointEmbedder,
)  # fmt: skip
from jd_assets.llm.engine import ModelDown, embedder_id, endpoint_embedder
from jd_assets.llm.errors import BudgetExhausted, Unfit
from jd_assets.llm.limits import RateLimits
from jd_assets.llm.profiles import PROFILES
from jd_assets.models.embedder import MODEL_ID
from jd_assets.schedules import deferred_days
from jd_assets.settings import Settings
from jd_assets.storage.state import State
from jd_assets.storage.stores import Stores
from jd_assets.tables import (
    CENTROID_CONTRIBUTIONS,
    KRA_EMBEDDINGS,
    LLM_CALLS,
    PIPELINE_RUNS,
    ROLE_ASSIGNMENTS,
    ROLE_SIGNALS,
    VECTOR_WIDTH,
)  # fmt: skip
from jd_assets.web.live import Live, Posting
from jd_assets.web.queries.published import Published
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import jd_text, land
from jd_assets_tests.llm.conftest import DAY, Time
from jd_assets_tests.llm.fake_embeddings import embedded
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI
from jd_assets_tests.llm.test_day import nano_usd
from jd_assets_tests.llm.test_pipeline import DAY as LANDED
from jd_assets_tests.llm.test_pipeline import SILENT, run_day, table

MODEL = "text-embedding-3-small"
CALL = EmbeddingCall(DAY, "jd-1", STAGE, ("Build services", "Run services"))


def use_of(settings: Settings, server: FakeOpenAI, tmp_path: Path, **more: Any) -> Settings:
    prices = tmp_path / "prices.yaml"
    prices.write_text(f"{MODEL}: {{input: 0.02, output: 0}}\ngpt-6-luna: {{input: 0.1, output: 0.5}}\n")
    return settings.model_copy(
        update={
            "library": MINI,
            "embedder": "openai",
            "llm_base_url": server.url,
            "llm_api_key": SecretStr(KEY),
            "llm_prices": prices,
            **more,
        }
    )


@contextmanager
def embedder_of(use: Settings) -> Iterator[EndpointEmbedder]:
    with endpoint_embedder(use, State(use.state_database_url).ledger, None) as embedder:
        time = Time()
        embedder._client._sleep = time.sleep
        embedder._client._limits = RateLimits(time.clock, time.sleep)
        yield embedder


def asked(server: FakeOpenAI) -> list[list[str]]:
    """The texts of each request for embeddings."""
    return [body["input"] for body in server.received if "input" in body]


def test_a_jds_sentences_are_one_request_and_their_vectors_come_in_order(
    settings: Settings, tmp_path: Path
) -> None:
    sentences = {"a": ["Sell cars", "Fix cars", "Sell cars"], "b": ["Bake bread"]}
    with FakeOpenAI() as server, embedder_of(use_of(settings, server, tmp_path)) as embedder:
        made = embedder.embed_jds(sentences, DAY)
    assert sorted(asked(server)) == [["Bake bread"], ["Sell cars", "Fix cars"]]
    assert server.received[0].keys() == {"model", "input", "dimensions", "encoding_format"}
    assert server.received[0]["dimensions"] == VECTOR_WIDTH
    assert made["a"].shape == (3, VECTOR_WIDTH)
    assert np.array_equal(made["a"][0], made["a"][2])
    assert np.linalg.norm(made["a"], axis=1) == pytest.approx(1)
    assert made["b"][0] == pytest.approx(embedded("Bake bread", VECTOR_WIDTH) / 3, abs=1e-6)
    assert float(made["a"][0] @ made["a"][1]) > 0.3 > abs(float(made["a"][0] @ made["b"][0]))


def test_the_same_sentences_are_never_paid_for_twice(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server:
        use = use_of(settings, server, tmp_path)
        for _ in range(2):
            with embedder_of(use) as embedder:
                first = embedder.embed_jds({"a": ["Sell cars"]}, DAY)
        with embedder_of(use) as embedder:  # a repost, the next day
            again = embedder.embed_jds({"b": ["Sell cars"]}, DAY.replace(day=3))
        assert embedder.tally.avoided_nano_usd == 20 * (len("Sell cars") // 4)
    assert asked(server) == [["Sell cars"]]
    assert np.array_equal(first["a"], again["b"])
    (paid,) = State(use.state_database_url).ledger.attempts(DAY)
    assert (paid["stage"], paid["api"], paid["jd_id"], paid["model"]) == (STAGE, 1, "a", MODEL)
    assert (paid["input_tokens"], paid["output_tokens"], paid["cost_nano_usd"]) == (2, 0, 40)


def test_many_and_long_texts_are_split_and_cut(settings: Settings, tmp_path: Path) -> None:
    texts = [f"duty {n} " + "x" * 3000 for n in range(MOST_TEXTS + 1)]
    with FakeOpenAI() as server, embedder_of(use_of(settings, server, tmp_path)) as embedder:
        made = embedder.embed_jds({"a": texts}, DAY)["a"]
    assert sorted(map(len, asked(server))) == [1, MOST_TEXTS]
    assert {len(text) for part in asked(server) for text in part} == {MOST_CHARACTERS}
    assert made.shape == (MOST_TEXTS + 1, VECTOR_WIDTH)


def test_a_jd_of_several_requests_has_all_its_vectors_or_none(settings: Settings, tmp_path: Path) -> None:
    texts = [f"duty {n}" for n in range(MOST_TEXTS + 1)]
    with FakeOpenAI(["bad_request"]) as server:
        use = use_of(settings, server, tmp_path, llm_concurrency=1)
        with embedder_of(use) as embedder:
            assert embedder.embed_jds({"a": texts, "b": ["Bake bread"]}, DAY).keys() == {"b"}
    assert embedder.unanswered == {"a": "rejected"}


@pytest.mark.parametrize("profile", ["vllm", "ollama", "llamacpp"])
def test_other_servers_are_asked_for_plain_vectors(
    profile: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jd_assets_tests.llm.fake_embeddings.NATIVE_WIDTH", VECTOR_WIDTH)
    owner = {"vllm": "vllm", "ollama": "library", "llamacpp": "llamacpp"}[profile]
    with (
        FakeOpenAI(owned_by=owner) as server,
        embedder_of(use_of(settings, server, tmp_path, llm_profile=profile)) as embedder,
    ):
        made = embedder.embed(["Sell cars"])
    assert server.received[0] == {"model": MODEL, "input": ["Sell cars"]}
    assert made[0] == pytest.approx(embedded("Sell cars", VECTOR_WIDTH) / 3, abs=1e-5)


def test_vectors_of_another_width_are_told_at_once(settings: Settings, tmp_path: Path) -> None:
    jds = {str(n): [f"duty {n}"] for n in range(20)}
    with FakeOpenAI(owned_by="vllm") as server:
        use = use_of(settings, server, tmp_path, llm_profile="vllm", llm_concurrency=1)
        for _ in range(2):
            with embedder_of(use) as embedder, pytest.raises(Unfit) as told:
                embedder.embed_jds(jds, DAY)
    assert f"{MODEL} gives vectors of 1536 numbers, and the tables hold 384" in str(told.value)
    assert len(server.received) <= 2


@pytest.mark.parametrize(
    ("faults", "paid"),
    [
        (["rate_limited", "server_error"], 1),
        (["malformed"], 2),
        (["wrong_schema"], 2),
        (["not_json"], 2),
        (["dropped"], 1),
        (["cut_short"], 1),
        (["missing_usage"], 1),
    ],
)
def test_faults_are_got_over(faults: list[str], paid: int, settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI(faults) as server:
        use = use_of(settings, server, tmp_path)
        with embedder_of(use) as embedder:
            made = embedder.embed_jds({"a": ["Sell cars"]}, DAY)
    assert made["a"][0] == pytest.approx(embedded("Sell cars", VECTOR_WIDTH) / 3, abs=1e-6)
    attempts = State(use.state_database_url).ledger.attempts(DAY)
    assert sum(a["cost_nano_usd"] > 0 for a in attempts) == paid


@pytest.mark.parametrize(
    ("fault", "reason", "requests"),
    [
        ("rate_limited", "rate_limited", 6),
        ("server_error", "failed", 6),
        ("malformed", "invalid", 2),
        ("wrong_schema", "invalid", 2),
        ("bad_request", "rejected", 1),
        ("unauthorized", "stopped", 1),
        ("quota_exhausted", "stopped", 1),
    ],
)
def test_a_jd_without_vectors_says_why(
    fault: str, reason: str, requests: int, settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI(always=fault) as server, embedder_of(use_of(settings, server, tmp_path)) as embedder:
        assert embedder.embed_jds({"a": ["Sell cars"]}, DAY) == {}
    assert embedder.unanswered == {"a": reason}
    assert len(server.received) == requests


@pytest.mark.parametrize(
    "body",
    [
        "[]", "{}", "[" * 100_000, '{"data": 7}', '{"data": [7, 8]}',
        '{"data": [{"index": 0, "embedding": [1]}]}',
        '{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}',
        '{"data": [{"index": 0, "embedding": [[1]]}, {"index": 1, "embedding": [[1]]}]}',
        '{"data": [{"index": 0, "embedding": "%%"}, {"index": 1, "embedding": "AAA="}]}',
        '{"data": [{"index": "1e999", "embedding": []}, {"index": 1, "embedding": {}}]}',
    ],
)  # fmt: skip
def test_a_body_without_sense_has_no_vectors(body: str) -> None:
    answer = EmbeddingRequests(MODEL, PROFILES["openai"]).judge(CALL, body.encode())
    assert (answer.status, answer.value, answer.unusable) == ("invalid", None, False)


@pytest.mark.parametrize("number", [0.0, float("nan"), float("inf")])
def test_a_vector_without_a_direction_is_none(number: float) -> None:
    vector = base64.b64encode(np.full(VECTOR_WIDTH, number, dtype="<f4").tobytes()).decode()
    body = {"data": [{"index": n, "embedding": vector} for n in (0, 1)], "usage": {"prompt_tokens": 3}}
    answer = EmbeddingRequests(MODEL, PROFILES["openai"]).judge(CALL, json.dumps(body).encode())
    assert (answer.status, answer.error) == ("invalid", "a vector without a direction")
    assert answer.usage is not None
    assert answer.usage.input_tokens == 3


def test_a_library_is_compiled_whole_or_not_at_all_and_what_was_embedded_is_kept(
    settings: Settings, tmp_path: Path
) -> None:
    texts = [f"text {n}" for n in range(3 * MOST_TEXTS)]
    with FakeOpenAI() as server:
        use = use_of(settings, server, tmp_path, llm_concurrency=1)
        poor = use.model_copy(update={"llm_stage_budgets_usd": {STAGE: 0.000018}})
        with embedder_of(poor) as embedder, pytest.raises(BudgetExhausted, match="embedding stage"):
            embedder.embed(texts)
        before = len(server.received)
        with embedder_of(use) as embedder:
            assert embedder.embed(texts).shape == (len(texts), VECTOR_WIDTH)
    assert 0 < before < len(server.received) == 3
    booked = State(use.state_database_url).ledger.attempts(datetime.now(UTC).date())
    assert {(a["stage"], a["jd_id"]) for a in booked} == {(LIBRARY, None)}


WANTED = (KRA_EMBEDDINGS, ROLE_SIGNALS, ROLE_ASSIGNMENTS, LLM_CALLS, PIPELINE_RUNS)


def test_a_day_embedded_by_an_endpoint_costs_what_its_ledger_says_and_nothing_the_second_time(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI(["server_error"]) as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use, LANDED, "v1", 5)
        run_day(use, instance)  # every check passed, that of the costs too
        before = [table(use, t) for t in WANTED]
        sent = len(server.received)
        run_day(use, instance)
        assert len(server.received) == sent
        assert all(table(use, t).equals(frame) for t, frame in zip(WANTED, before, strict=True))
    vectors, signals, roles, calls, runs = before
    stores = Stores(use)
    assert set(vectors["model"]) == {embedder_id(use)} == {f"{MODEL}/{VECTOR_WIDTH}@{server.url}"}
    assert Counter(calls["stage"]) == {STAGE: 5}
    assert set(calls["jd_id"]) == set(vectors["jd_id"]) == set(runs["jd_id"])
    assert nano_usd(runs["llm_cost_api1_usd"]) == calls["cost_nano_usd"].sum() > 0
    assert nano_usd(runs["llm_cost_total_usd"]) == calls["cost_nano_usd"].sum()
    assert signals.filter(pl.col("signal") == "kra")["jd_id"].n_unique() == 5
    assert roles["role_slug"].null_count() == 0
    learned = stores.vectors.read(CENTROID_CONTRIBUTIONS, [LANDED])
    assert set(learned["model"]) == {embedder_id(use)}
    release = load_release(use.releases_dir, roles["library_release"][0])
    assert release.model == embedder_id(use)
    assert release.kra_scale.shape[1] > 10


def compiled(use: Settings, instance: DagsterInstance) -> None:
    """Makes the library release that the settings ask for."""
    job = build_defs(use).resolve_job_def(LIBRARY_JOB)
    assert job.execute_in_process(instance=instance, run_config=SILENT).success


def decide(use: Settings, instance: DagsterInstance) -> None:
    """The day up to its role decisions."""
    names = ("raw_jds", "parsed_jds", "extracted_skills", "jd_kras", "kra_embeddings", "role_signals",
             "role_assignments")  # fmt: skip
    result = (
        build_defs(use)
        .resolve_job_def(NIGHTLY_JOB)
        .execute_in_process(
            instance=instance,
            partition_key=LANDED.isoformat(),
            run_config=SILENT,
            asset_selection=[AssetKey(name) for name in names],
        )
    )
    assert result.success


def test_duties_that_a_budget_defers_have_no_vectors_until_the_next_run(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        compiled(use, instance)
        land(use, LANDED, "v1", 5)
        poor = use.model_copy(update={"llm_stage_budgets_usd": {STAGE: 0.0000045}, "llm_concurrency": 1})
        decide(poor, instance)
        ledger, all_jds = State(use.state_database_url).ledger, set(table(use, ROLE_ASSIGNMENTS)["jd_id"])
        with_vectors = set(table(use, KRA_EMBEDDINGS)["jd_id"])
        assert 0 < len(with_vectors) < len(all_jds) == 5
        assert {(d.stage, d.subject, d.reason) for d in ledger.deferred()} == {
            (STAGE, jd, "budget") for jd in all_jds - with_vectors
        }
        assert set(table(use, KRA_EMBEDDINGS)["model"]) == {embedder_id(use)}
        by_meaning = table(use, ROLE_SIGNALS).filter(pl.col("signal").is_in(["kra", "centroid"]))
        assert set(by_meaning["jd_id"]) == with_vectors
        assert deferred_days(use) == [LANDED]
        decide(use, instance)
        assert set(table(use, KRA_EMBEDDINGS)["jd_id"]) == all_jds
        assert ledger.deferred() == []


def test_an_endpoint_that_is_down_fails_the_day_where_the_settings_say_so(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        compiled(use, instance)
        land(use, LANDED, "v1", 2)
        server.always = "quota_exhausted"
        with pytest.raises(ModelDown, match="2 questions of stage embedding have no answer"):
            decide(use.model_copy(update={"llm_when_down": "fail"}), instance)
        decide(use, instance)
    assert table(use, KRA_EMBEDDINGS).height == 0
    assert table(use, ROLE_ASSIGNMENTS).height == 2


def test_a_release_of_another_embedder_stops_the_day_before_anything_is_paid(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        compiled(use.model_copy(update={"embedder": "embedded"}), instance)
        land(use, LANDED, "v1", 3)
        with pytest.raises(ValueError, match=f"compiled with {MODEL_ID}, and JD_EMBEDDER says {MODEL}/384@"):
            decide(use, instance)
    assert server.received == []


def test_the_web_app_answers_with_the_shipped_model_and_asks_no_endpoint(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server:
        use = use_of(settings, server, tmp_path)
        with embedder_of(use) as embedder:
            remote = ensure_release(use.library_sources, use.releases_dir, embedder)
        sent = len(server.received)
        live = Live(use, Published(use.analyst_db))
        assert live._loaded(remote.release).model == MODEL_ID
        role = live.answer(Posting(jd_text("v1", 0))).role_assignments
        assert role is not None
        assert role["role_name"] == "Java Backend Developer"
    assert remote.model == embedder_id(use)
    assert len(server.received) == sent > 0


def test_no_key_is_told_by_the_embedders_own_setting(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server:
        use = use_of(settings, server, tmp_path, llm_api_key=None)
        with pytest.raises(ValueError, match="JD_EMBEDDER=openai needs JD_LLM_API_KEY"), embedder_of(use):
            pass
