"""The three answers, over HTTP: what they say, their limits, and that what was sent is recorded."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.landing import landing_files
from jd_assets.web.live import Posting, Recent, Unreadable
from jd_assets_tests.web.conftest import TOKEN, Serve
from jd_assets_tests.web.made import ANALYST, NO_JD, NURSE, SECOND, publish_landed

API1, API2, API3 = "/skills/extract-from-jd", "/skills/extract-details", "/skills/final-role-output"


@pytest.fixture
def answers(client: TestClient) -> dict[str, Any]:
    """The three answers of the nurse's JD."""
    first = client.post(API1, json={"jd_text": NURSE})
    assert first.status_code == 200, first.text
    run = {"run_id": first.json()["run_id"]}
    return {
        API1: first.json(),
        API2: client.post(API2, json=run).json(),
        API3: client.post(API3, json=run).json(),
    }


def test_the_answers_say_one_thing(answers: dict[str, Any]) -> None:
    one, two, three = answers[API1], answers[API2], answers[API3]
    assert one["run_id"] == two["run_id"] == three["run_id"]
    chosen = one["stage4_decision"]["chosen_role"]
    assert chosen["slug"] == two["chosen_role"]["slug"] == three["chosen_role"]["slug"] == "registered-nurse"
    assert two["chosen_role"]["role_archetype"] == "Cares for patients."
    names = [s["skill_name"] for s in one["final_skills"]]
    assert names == two["input_final_skills"] == [s["skill"] for s in three["final_input_skills"]]
    assert two["unmatched_skills"] == ["Zorbulator"]
    assert [s["skill_name"] for s in one["stage5_updates"]["new_skills_attached"]] == ["Zorbulator"]
    assert "brass lamps" in one["stage5_updates"]["new_kra_attached"]["r_and_r_preview"]
    for match in one["stage3_signals"]["kra_match_roles"]:
        best = [m["similarity"] for m in match["kra_matches"]]
        assert match["score"] == pytest.approx(sum(best) / len(best), abs=1e-3)
    assert three["chosen_role_resolution"] == "in_db"
    assert three["llm_cost_total_usd"] == 0.0


def test_follow_ups_take_a_text_too(client: TestClient, answers: dict[str, Any]) -> None:
    for api in (API2, API3):
        assert client.post(api, json={"jd_text": NURSE}).json() == answers[api]


def test_a_rejected_text_has_an_answer(client: TestClient) -> None:
    one = client.post(API1, json={"jd_text": NO_JD}).json()
    assert one["rejected"] is True
    assert one["rejection_reason"]
    assert (one["stage3_signals"], one["stage4_decision"], one["stage5_updates"]) == (None, None, None)
    run = {"run_id": one["run_id"]}
    assert client.post(API2, json=run).json()["chosen_role"] is None
    assert client.post(API3, json=run).json()["chosen_role_resolution"] == "rejected"


def test_what_is_sent_is_recorded_by_the_pipeline_under_the_same_run(
    site: Settings, serve: Serve, mini: Release, embedder: MiniLmEmbedder
) -> None:
    client = serve(site)
    text = ANALYST.replace("Company: Example Numbers\nLocation: Mumbai\n", "").replace("SQL", "SQL — ₹")
    sent = {
        "jd_text": text,
        "title": "Data Analyst", "company": "Example Sums", "location": "Chennai",
    }  # fmt: skip
    one = client.post(API1, json=sent).json()
    page = client.get(f"/runs/{one['run_id']}").text
    assert "Computed for a request" in page
    (landed,) = [p for p in landing_files(site.landing_dir, SECOND) if p.name.startswith("api-")]
    publish_landed(site, mini, embedder)
    with open_read_only(site.analyst_db) as database:
        recorded = database.execute(
            "SELECT p.jd_id, p.company_name, p.cities, x.source_file FROM parsed_jds p "
            "JOIN raw_jds x USING (ds, jd_id) WHERE p.run_id = ?",
            [one["run_id"]],
        ).fetchall()
    assert recorded == [(landed.stem.removeprefix("api-"), "Example Sums", ["Chennai"], landed.name)]
    assert "Computed for a request" not in client.get(f"/runs/{one['run_id']}").text
    again = serve(site).post(API3, json={"run_id": one["run_id"]})
    assert again.json() == client.post(API3, json={"run_id": one["run_id"]}).json()


def test_the_recorded_answers_are_the_ones_at_once(
    site: Settings, serve: Serve, mini: Release, embedder: MiniLmEmbedder
) -> None:
    """Up to the last digits of similarities, which depend on what shares a batch of the embedding model,
    and what hangs on them: the sentence that quotes them, and the order of roles that are far behind."""
    client = serve(site)
    run = {"run_id": client.post(API1, json={"jd_text": NURSE}).json()["run_id"]}
    at_once = [client.post(api, json=run).json() for api in (API2, API3)]
    publish_landed(site, mini, embedder)
    recorded = [serve(site).post(api, json=run).json() for api in (API2, API3)]
    assert [differences(*pair) for pair in zip(recorded, at_once, strict=True)] == [[], []]


def differences(one: Any, other: Any, at: str = "$") -> list[str]:
    """Where two answers differ by more than 0.02 in a number, or at all in what is no number."""
    if at.endswith((".rationale", ".candidate_roles")):
        return []
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [d for key in one for d in differences(one[key], other[key], f"{at}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            d for n, pair in enumerate(zip(one, other, strict=True)) for d in differences(*pair, f"{at}[{n}]")
        ]
    if isinstance(one, float) and isinstance(other, float):
        return [] if abs(one - other) <= 0.02 else [f"{at}: {one} and {other}"]
    return [] if one == other else [f"{at}: {one!r} and {other!r}"]


def test_sending_a_text_again_changes_no_file(site: Settings, serve: Serve) -> None:
    client = serve(site)
    first = client.post(API1, json={"jd_text": NURSE})
    before = {p.name: p.stat().st_mtime_ns for p in landing_files(site.landing_dir, SECOND)}
    second = client.post(API1, json={"jd_text": NURSE.upper().lower(), "title": "staff nurse"})
    assert first.json()["run_id"] == second.json()["run_id"]
    assert {p.name: p.stat().st_mtime_ns for p in landing_files(site.landing_dir, SECOND)} == before
    assert not list((site.landing_dir / SECOND.isoformat()).glob(".*"))


def test_follow_ups_and_refused_texts_land_nothing(site: Settings, serve: Serve) -> None:
    client = serve(site)
    before = landing_files(site.landing_dir, SECOND)
    client.post(API2, json={"jd_text": NURSE})
    client.post(API1, json={"jd_text": "   "})
    assert landing_files(site.landing_dir, SECOND) == before


def test_where_a_token_is_set_landing_needs_it(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    before = landing_files(with_token.landing_dir, SECOND)
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}):
        answer = client.post(API1, json={"jd_text": NURSE}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert landing_files(with_token.landing_dir, SECOND) == before
    answer = client.post(API1, json={"jd_text": NURSE}, headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("api", "content", "status"),
    [
        (API1, b"", 422),
        (API1, b"{", 422),
        (API1, b"[]", 422),
        (API1, b'{"jd_text": ""}', 422),
        (API1, b'{"jd_text": "\\n \\t"}', 422),
        (API1, b'{"jd_text": "\\ud800 Nurse"}', 422),
        (API1, b'{"jd_text": 5}', 422),
        (API1, json.dumps({"jd_text": NURSE, "title": "x" * 501}).encode(), 422),
        (API1, json.dumps({"jd_text": "word " * 50_000}).encode(), 413),
        (API1, b'{"jd_text": "' + b"x" * 2_000_001 + b'"}', 413),
        (API2, b"{}", 422),
        (
            API2,
            json.dumps({"jd_text": NURSE, "run_id": "00000000-0000-5000-8000-000000000000"}).encode(),
            422,
        ),
        (API2, b'{"run_id": "../../etc/passwd"}', 422),
        (API2, b'{"run_id": "00000000-0000-5000-8000-000000000000"}', 404),
        (API3, b'{"run_id": "00000000-0000-5000-8000-000000000000"}', 404),
    ],
)
def test_bad_requests_are_problems_without_internals(
    client: TestClient, api: str, content: bytes, status: int
) -> None:
    answer = client.post(api, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert "Traceback" not in answer.text
    assert "/" not in body["detail"]


def test_a_body_without_a_length_is_bounded_too(client: TestClient) -> None:
    def stream() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    assert client.post(API1, content=stream()).status_code == 413


@pytest.mark.parametrize(
    "text",
    ["\x00", "\u202e" * 100, "🙂" * 1000, "Nurse\x00\nResponsibilities\n- Give care\x1b[0m", "a" * 100_000,
     "<" * 5000, "\ufeffNurse", "- \n" * 5000, "Nurse\u2028Duties\u2029- Give medication"],
)  # fmt: skip
def test_no_text_makes_it_fail(client: TestClient, text: str) -> None:
    answer = client.post(API1, json={"jd_text": text})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        run = {"run_id": answer.json()["run_id"]}
        assert client.post(API2, json=run).status_code == 200
        assert client.post(API3, json=run).status_code == 200
        assert client.get(f"/runs/{run['run_id']}").status_code == 200


def test_a_failure_shows_no_internals(
    site: Settings, serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = serve(site)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("jd_assets.web.live.run_stages", fail)
    answer = client.post(API1, json={"jd_text": NURSE})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


def test_what_takes_too_long_is_ended(site: Settings, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve(site.model_copy(update={"web_seconds": 0.2}))
    monkeypatch.setattr("jd_assets.web.live.run_stages", lambda *_: time.sleep(0.6))
    answer = client.post(API1, json={"jd_text": NURSE})
    assert answer.status_code == 503
    assert answer.json()["detail"] == "no answer within 0.2 seconds"


def test_openapi_describes_the_calls_with_examples(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {API1, API2, API3, "/batches", "/batches/{batch_id}"}
    examples = described["components"]["schemas"]["JdRequest"]["examples"]
    answer = client.post(API1, json=examples[0])
    assert answer.status_code == 200
    assert answer.json()["rejected"] is False
    for path in (API1, API2, API3):
        assert {"200", "413", "422", "503"} <= set(described["paths"][path]["post"]["responses"])


def test_recent_answers_are_bounded(site: Settings, serve: Serve) -> None:
    live = serve(site).app.state.context.live  # type: ignore[attr-defined]
    recent = Recent(most=2, most_characters=10_000)
    kept = [live.answer(Posting(f"{NURSE}{n}")) for n in range(3)]
    for jd in kept:
        recent.put(jd)
    assert [recent.get(jd.run_id) is not None for jd in kept] == [False, True, True]
    small = Recent(most=10, most_characters=len(NURSE) + 10)
    for jd in kept:
        small.put(jd)
    assert [small.get(jd.run_id) is not None for jd in kept] == [False, False, True]
    with pytest.raises(Unreadable):
        live.answer(Posting(" "))
