"""Decisions: who may make them, and what becomes of them."""

from __future__ import annotations

import re

import duckdb
import pytest
from starlette.testclient import TestClient

from jd_assets.contracts import PlannedKra, PlannedRole
from jd_assets.settings import Settings
from jd_assets.storage.state import State
from jd_assets.web.security import SESSION_COOKIE
from jd_assets_tests.web.conftest import TOKEN, Serve
from jd_assets_tests.web.test_pages import words


def sign_in(client: TestClient) -> str:
    """The CSRF token of a new session."""
    answer = client.post("/login", data={"name": "Asha", "token": TOKEN})
    assert answer.url.path == "/review"
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
    assert found
    return found[1]


def first_item(client: TestClient) -> str:
    found = re.search(r'<li id="([0-9a-f]+)"', client.get("/review?kind=new_skill").text)
    assert found
    return found[1]


def decisions(settings: Settings) -> dict[str, str]:
    return {i: d.decision for i, d in State(settings.state_database_url).decisions().items()}


def test_the_queue_is_sorted_by_frequency_and_filtered(client: TestClient) -> None:
    page = client.get("/review").text
    counts = [int(n) for n in re.findall(r"(\d+) JDs?,", page)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 3
    skills = words(client.get("/review?kind=new_skill").text)
    assert "Zorbulator new skill pending 3 JDs, 3 companies" in skills
    assert "brass lamps" not in skills
    assert "brass lamps" in client.get("/review?kind=new_kra").text
    assert "Nothing here" in client.get("/review?status=merged").text


def test_a_planned_role_is_shown_and_its_words_are_only_words(with_token: Settings, serve: Serve) -> None:
    plan = PlannedRole(
        slug="lamp-maker", display_name="Lamp <b>Maker</b>", archetype="Makes lamps.", domain="Everything",
        kras=[PlannedKra(kra="brass lamps", says="Make <script>alert(1)</script> lamps.")],
        primary_skills=["Java"], secondary_skills=[], new_skills=["Soldering"],
        dimensions={"Databases": ["Java"]}, postings=3, values_dropped=0, engine="openai",
    )  # fmt: skip
    with duckdb.connect(with_token.analyst_db) as published:
        published.execute(
            "UPDATE review_queue SET planner_output = ? WHERE kind = 'new_skill'", [plan.model_dump_json()]
        )
    page = serve(with_token).get("/review?kind=new_skill").text
    assert "Planned by openai of 3 postings" in words(page)
    assert "Not in the library yet: Soldering" in words(page)
    assert "Lamp &lt;b&gt;Maker&lt;/b&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_decision_is_recorded_and_shown_at_once(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    form = {"csrf": csrf, "item_id": item, "decision": "approved", "kind": "new_skill", "status": "pending"}
    answer = client.post("/review/decide", data=form)
    assert answer.status_code == 200
    assert (answer.url.path, answer.url.query) == ("/review", b"kind=new_skill&status=pending&after=")
    assert f'id="{item}"' not in answer.text
    assert f'id="{item}"' in client.get("/review?status=approved").text
    latest = State(with_token.state_database_url).decisions()[item]
    assert (latest.decision, latest.decided_by) == ("approved", "Asha")


def test_a_decision_is_taken_back_and_its_history_shown(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    form = {"csrf": csrf, "item_id": item, "status": "approved"}
    waiting = client.get("/review").text
    assert 'value="reopened"' not in waiting
    refused = client.post("/review/decide", data=form | {"decision": "reopened"})
    assert refused.status_code == 422
    assert "waits already" in words(refused.text)
    assert decisions(with_token) == {}
    approved = client.post("/review/decide", data=form | {"decision": "approved"}).text
    assert f'id="{item}"' in approved
    assert 'value="reopened"' in approved
    assert f'id="{item}"' not in client.post("/review/decide", data=form | {"decision": "reopened"}).text
    page = client.get("/review").text
    assert f'id="{item}"' in page
    assert re.search(r"UTC approved by Asha \d{4}-\d\d-\d\d \d\d:\d\d UTC reopened by Asha", words(page))
    made = State(with_token.state_database_url).history([item])
    assert [(d.decision, d.decided_by) for d in made] == [("approved", "Asha"), ("reopened", "Asha")]


def test_all_that_are_ticked_are_decided_at_once(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf = sign_in(client)
    page = client.get("/review").text
    ticks = re.findall(r'<input type="checkbox" form="bulk" name="item_id" value="([0-9a-f]+)"', page)
    assert len(ticks) == len(set(ticks)) >= 2
    assert page.count('id="bulk"') == 1
    form = {"csrf": csrf, "item_id": [*ticks, ticks[0]], "decision": "rejected", "status": "pending"}
    assert "Nothing here" in client.post("/review/decide", data=form).text
    assert decisions(with_token) == dict.fromkeys(ticks, "rejected")


def test_one_unknown_among_the_ticked_records_nothing(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    form = {"csrf": csrf, "item_id": [item, "unknown"], "decision": "rejected"}
    assert client.post("/review/decide", data=form).status_code == 404
    assert decisions(with_token) == {}


def test_a_new_skill_is_merged_into_one_of_the_librarys(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    form = {"csrf": csrf, "item_id": item, "decision": "merged", "kind": "new_skill"}
    refused = client.post("/review/decide", data=form | {"into": "No Such Skill"})
    assert refused.status_code == 422
    assert "No Such Skill" in words(refused.text)
    assert client.post("/review/decide", data=form | {"item_id": [item, "x"]}).status_code == 422
    assert decisions(with_token) == {}
    assert client.post("/review/decide", data=form | {"into": " sql "}).status_code == 200
    latest = State(with_token.state_database_url).decisions()[item]
    assert (latest.decision, latest.merged_into) == ("merged", "SQL")


def test_what_is_typed_for_a_merge_is_nothing_to_an_approval(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    form = {"csrf": csrf, "item_id": item, "decision": "approved", "into": "sql"}
    assert client.post("/review/decide", data=form).status_code == 200
    assert State(with_token.state_database_url).decisions()[item].merged_into is None


def test_without_a_token_in_the_settings_nothing_can_be_written(client: TestClient, site: Settings) -> None:
    assert "Read only" in client.get("/review").text
    for path in ("/review/decide", "/login", "/logout"):
        answer = client.post(path, data={"item_id": first_item(client), "decision": "approved"})
        assert answer.status_code == 403
        assert "JD_WEB_TOKEN" in answer.text
    assert decisions(site) == {}


def test_a_wrong_token_starts_no_session(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    for form in ({"name": "Asha", "token": "wrong"}, {"name": " ", "token": TOKEN}, {"name": "Asha"}):
        answer = client.post("/login", data=form)
        assert answer.status_code == 403
        assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"csrf": ""}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": "é"}, {}),
        ({}, {"sec-fetch-site": "cross-site"}),
        ({}, {"origin": "http://evil.example"}),
        ({}, {"cookie": f"{SESSION_COOKIE}=e30=.{'0' * 64}"}),
        ({}, {"cookie": f"{SESSION_COOKIE}=é"}),
    ],
)
def test_a_form_that_is_not_of_this_session_is_refused(
    with_token: Settings, serve: Serve, change: dict[str, str], headers: dict[str, str]
) -> None:
    client = serve(with_token)
    csrf, item = sign_in(client), first_item(client)
    if "cookie" in headers:
        client.cookies.clear()
    form = {"csrf": csrf, "item_id": item, "decision": "approved"} | change
    raw = {name: value.encode() for name, value in headers.items()}
    assert client.post("/review/decide", data=form, headers=raw).status_code == 403
    assert decisions(with_token) == {}


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    with_token: Settings, serve: Serve
) -> None:
    client = serve(with_token)
    answer = client.post("/login", data={"name": "Asha", "token": TOKEN}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_session_ends_with_its_token_and_by_signing_out(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    csrf = sign_in(client)
    later = serve(with_token.model_copy(update={"web_token": type(with_token.web_token)("another")}))
    later.cookies.update(client.cookies)
    assert "Signed in" not in later.get("/review").text
    assert "Signed in as Asha" in client.get("/review").text
    kept = {SESSION_COOKIE: client.cookies[SESSION_COOKIE]}
    client.post("/logout", data={"csrf": csrf})
    assert "Signed in" not in client.get("/review").text
    client.cookies.update(kept)
    assert "Signed in" not in client.get("/review").text
    form = {"csrf": csrf, "item_id": first_item(client), "decision": "approved"}
    assert client.post("/review/decide", data=form).status_code == 403
    assert "Signed in as" in client.get(client.post("/login", data={"name": "B", "token": TOKEN}).url).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"decision": "approved", "item_id": "unknown"}, 404),
        ({"decision": "deleted", "item_id": "unknown"}, 422),
        ({}, 422),
    ],
)
def test_decisions_that_mean_nothing_are_refused(
    with_token: Settings, serve: Serve, form: dict[str, str], status: int
) -> None:
    client = serve(with_token)
    csrf = sign_in(client)
    assert client.post("/review/decide", data=form | {"csrf": csrf}).status_code == status
    assert decisions(with_token) == {}


def test_a_form_in_another_encoding_is_refused(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    sign_in(client)
    assert client.post("/review/decide", json={"item_id": "x"}).status_code == 415
    encoded = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/review/decide", content=b"\xff" * 10, headers=encoded).status_code == 422
    many = "&".join(f"f{n}=1" for n in range(80)).encode()
    assert client.post("/review/decide", content=many, headers=encoded).status_code == 422


def test_a_decision_on_a_member_that_named_the_row_before_counts(with_token: Settings, serve: Serve) -> None:
    with duckdb.connect(str(with_token.analyst_db)) as database:
        database.execute("UPDATE review_queue SET members = list_append(members, 'earlier-' || item_id)")
    client = serve(with_token)
    item = first_item(client)
    state = State(with_token.state_database_url)
    state.decide(f"earlier-{item}", "rejected", "Ravi")
    page = client.get("/review?status=rejected").text
    assert f'id="{item}"' in page
    assert "by Ravi" in words(page)
    assert f'id="{item}"' not in client.get("/review").text
    state.decide(item, "approved", "Asha")
    assert f'id="{item}"' in client.get("/review?status=approved").text
