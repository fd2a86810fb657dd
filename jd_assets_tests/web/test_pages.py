"""What the pages show."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import duckdb
import pytest
from starlette.testclient import TestClient

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.settings import Settings
from jd_assets.stages.ingest.compose import jd_id
from jd_assets.stages.parse.identity import run_id
from jd_assets.storage.analyst import open_read_only
from jd_assets.web.queries import runs
from jd_assets.web.queries.published import Published
from jd_assets_tests.web.conftest import Serve
from jd_assets_tests.web.made import ANALYST, FIRST, NURSE, SCRIPT, SECOND, land, publish_landed

NURSE_RUN = run_id(jd_id(NURSE.strip()), FIRST)


OWN_SCRIPTS = {f"/static/{name}.js" for name in ("htmx.min", "app", "review")}


class _Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def words(page: str) -> str:
    """The page's text, as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def runs_of(page: str) -> list[str]:
    return re.findall(r'href="/runs/([0-9a-f-]{36})"', page)


def test_history_lists_runs_newest_first(client: TestClient) -> None:
    page = client.get("/").text
    assert "5 runs on 2 days" in words(page)
    days = re.findall(r'<time datetime="([\d-]+)"', page)
    assert days == [str(SECOND)] * 2 + [str(FIRST)] * 3
    assert "Staff Nurse" in page
    assert '<a href="/roles/registered-nurse">Registered Nurse</a>' in page
    assert "$0.0000" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=nurse", 1), ("q=NURSE", 1), ("q=sample+figures", 1), ("q=data+analyst", 2), ("q=%25", 0),
        (f"day={FIRST}", 3), ("role=data-analyst", 2), ("status=rejected", 1), ("case=REJECTED", 1),
        (f"day={SECOND}&role=data-analyst", 1), ("q=nobody+has+this", 0),
    ],
)  # fmt: skip
def test_search_and_filters(client: TestClient, query: str, count: int) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 200
    assert len(runs_of(answer.text)) == count


def test_paging_shows_each_run_once_in_the_order_of_the_whole(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = runs_of(client.get("/").text)
    monkeypatch.setattr(runs, "PAGE", 2)
    seen, path = [], "/"
    for _ in range(3):
        page = client.get(path).text
        seen += runs_of(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/" + unescape(following[1]) if following else ""
    assert seen == whole
    assert path == ""


def test_run_page_has_every_block_in_order(client: TestClient) -> None:
    page = client.get(f"/runs/{NURSE_RUN}").text
    headings = [words(h) for h in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert headings == [
        "Pipeline LLM cost (USD)",
        "Client output enrichment",
        "Signals",
        "Post-classification",
        "Captured for review",
        "Status",
        "Role: chosen role & resolution",
        "Job description",
        "Skills from this JD",
        "Library artifacts (this run)",
        "JD parser — embedded",
    ]
    text = words(page)
    assert NURSE_RUN in text
    for said in (
        "API 1 $0.0000", "Registered Nurse", "updated · n=", "Polish the brass lamps",
        "API 3 — final-role-output", "Resolution: in_db", "Zorbulator", "canonical_skill_proposed",
        "Location Pune", "JD type pass", "API 1 duration", "Wound care", "Each signal's part",
    ):  # fmt: skip
        assert said in text, said


def test_the_run_page_shows_what_is_known_of_each_skill(client: TestClient) -> None:
    page = client.get(f"/runs/{NURSE_RUN}").text
    skills = re.search(r'<h2 id="skills">(.*?)</section>', page, re.DOTALL)
    assert skills
    cards = {words(card).split(" ")[0]: card for card in re.findall(r"<li>(.*?)</li>", skills[1], re.DOTALL)}
    new = cards["Zorbulator"]
    assert "<details open>" in new, "what is to be decided is not hidden"
    for said in (
        "New / unmatched skill, typed in API 2 by rules on its name",
        "No model was asked about this skill",
        "Derived fields Category Tools Sub-category general",
    ):
        assert said in words(new), said
    known = words(cards["Wound"])
    assert "Library match in API 2 by name" in known
    assert "Library fields Canonical Wound care" in known


def test_artifacts_are_named_as_in_the_review_queue(client: TestClient, site: Settings) -> None:
    text = words(client.get(f"/runs/{NURSE_RUN}").text)
    with open_read_only(site.analyst_db) as database:
        items = dict(
            database.execute(
                "SELECT name, item_id FROM captures JOIN pipeline_runs USING (ds, jd_id) WHERE run_id = ?",
                [NURSE_RUN],
            ).fetchall()
        )
    assert len(items) >= 2
    for name, item in items.items():
        assert re.search(rf"_proposed {re.escape(name)}.*? {item[:8]}\b", text), name


def test_signals_show_the_first_roles_first(client: TestClient) -> None:
    answer = client.post("/skills/extract-from-jd", json={"jd_text": ANALYST + "\nAlso wound care."}).json()
    for run in (NURSE_RUN, answer["run_id"]):
        page = client.get(f"/runs/{run}").text
        signals = re.search(r'<div class="signals">(.*?)</section>', page, re.DOTALL)
        assert signals
        for signal in re.findall(r"<ol>(.*?)</ol>", signals[1], re.DOTALL):
            scores = [float(s) for s in re.findall(r"</a>(?:</strong>)? (-?\d\.\d\d)\n", signal)]
            assert scores
            assert scores == sorted(scores, reverse=True)


def test_grounded_values_are_marked_where_they_stand(client: TestClient) -> None:
    page = client.get(f"/runs/{NURSE_RUN}").text
    shown = re.search(r'<div class="jd">(.*?)</div>', page, re.DOTALL)
    assert shown
    assert unescape(re.sub(r"<[^>]+>", "", shown[1])) == NURSE.strip()
    marked = {
        unescape(text): unescape(label)
        for label, text in re.findall(r'<mark[^>]* class="[a-z ]+" title="([^"]*)">(.*?)</mark>', shown[1])
    }
    assert marked["Pune"].startswith("location")
    assert "skill: Zorbulator (new)" in marked["Zorbulator"]
    assert any(label.startswith("duty 1") for label in marked.values())


def test_a_rejected_text_has_a_page_that_says_why(client: TestClient) -> None:
    (run,) = runs_of(client.get("/?status=rejected").text)
    text = words(client.get(f"/runs/{run}").text)
    assert "Resolution: rejected" in text
    assert "the text was rejected" in text


def test_hostile_text_is_shown_and_never_markup(client: TestClient) -> None:
    (run,) = [
        r for r in runs_of(client.get(f"/?day={FIRST}").text) if "alert(1)" in client.get(f"/runs/{r}").text
    ]
    pages = [
        client.get(path).text
        for path in ("/", f"/runs/{run}", "/review", "/?q=" + SCRIPT, "/roles?q=" + SCRIPT)
    ]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[1]
    for page in pages:
        tags = _Tags(page).found
        assert not [tag for tag, _ in tags if tag in {"img", "style", "iframe"}]
        assert {attrs.get("src") for tag, attrs in tags if tag == "script"} <= OWN_SCRIPTS
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"]
        assert not [
            a for _, attrs in tags for a in attrs.values() if a and a.lower().startswith("javascript:")
        ]


def test_library_pages(client: TestClient) -> None:
    roles = client.get("/roles").text
    assert '<a href="/roles/data-analyst">Data Analyst</a> <span class="quiet">2 runs</span>' in roles
    assert "Registered Nurse" not in client.get("/roles?q=analyst").text
    role = words(client.get("/roles/registered-nurse").text)
    assert "wound dressing" in role
    assert "Zorbulator new 1" in role
    skill = words(client.get("/skills/sql").text)
    assert "Data Analyst 2" in skill
    assert "Backend Developer" in skill


@pytest.mark.parametrize(
    "path",
    ["/runs/00000000-0000-5000-8000-000000000000", "/runs/none", "/roles/none", "/skills/none", "/none"],
)
def test_what_is_not_there_is_a_page_with_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    as_json = client.get(path, headers={"accept": "application/json"})
    assert as_json.headers["content-type"] == "application/problem+json"
    assert as_json.json()["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/?day=yesterday",
        "/?after=x",
        "/?after=2026-13-40~a",
        "/?q=" + "x" * 201,
        "/review?kind=x",
        "/review?after=1",
    ],
)
def test_queries_that_mean_nothing_are_422(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "*/*"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/", "/none", "/healthz", "/static/app.css", f"/runs/{NURSE_RUN}", "/openapi.json"]
)
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_load_nothing_from_elsewhere(client: TestClient) -> None:
    for path in ("/", f"/runs/{NURSE_RUN}", "/review", "/roles", "/roles/data-analyst", "/skills/sql"):
        tags = _Tags(client.get(path).text)
        loaded = [a.get("src") or a.get("href") for tag, a in tags.found if tag in {"link", "img", "script"}]
        assert set(loaded) <= OWN_SCRIPTS | {"/static/app.css", "/static/icon.svg"}
        labels = [a for tag, a in tags.found if tag in {"main", "h1"}]
        assert len(labels) == 2


def test_a_host_that_is_not_ours_is_refused(client: TestClient) -> None:
    for own in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert client.get("/", headers={"host": own}).status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_health(client: TestClient, mini: Release) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "release": mini.release, "runs": 5}


def test_before_the_first_publish_pages_say_what_to_do(settings: Settings, serve: Serve) -> None:
    client = serve(settings)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "jd-assets run" in answer.text
    assert client.get("/healthz").status_code == 503


def test_a_new_database_is_seen_without_a_restart(
    site: Settings, serve: Serve, mini: Release, embedder: MiniLmEmbedder
) -> None:
    client = serve(site)
    assert client.get("/healthz").json()["runs"] == 5
    land(site, SECOND, [{"text": ANALYST.replace("Example Numbers", f"Firm {n}")} for n in range(3)])
    publish_landed(site, mini, embedder)
    assert client.get("/healthz").json()["runs"] == 6
    assert len(runs_of(client.get("/?q=firm").text)) == 3


def test_a_reader_keeps_its_version_while_it_is_replaced(
    site: Settings, mini: Release, embedder: MiniLmEmbedder
) -> None:
    published = Published(site.analyst_db)
    with published.snapshot() as before:
        assert runs.facets(before).runs == 5
        land(site, SECOND, [{"text": ANALYST}])
        publish_landed(site, mini, embedder)
        with published.snapshot() as after:
            assert runs.facets(after).runs == 4
        assert len(runs.page_of_runs(before, runs.RunFilter())[0]) == 5
    published.close()


def test_snapshots_write_nothing_and_reach_no_other_file(site: Settings) -> None:
    published = Published(site.analyst_db)
    with published.snapshot() as snapshot:
        for statement in ("DELETE FROM pipeline_runs", "SELECT * FROM read_text('/etc/hostname')"):
            with pytest.raises(duckdb.Error):
                snapshot.rows(statement, [])
    published.close()


def test_skills_are_found_by_name_and_alias(client: TestClient, mini: Release) -> None:
    skill = next(s for s in mini.skills if s.aliases)
    for asked in (skill.name.upper(), skill.aliases[0]):
        page = client.get("/roles", params={"q": asked}).text
        assert f'<a href="/skills/{skill.slug}">{skill.name}</a>' in page
    assert 'href="/skills/' not in client.get("/roles").text
    page = client.get("/roles?q=nobody+has+this").text
    assert "0 roles, 0 skills shown" in words(page)


def test_the_menu_says_where_one_is(client: TestClient) -> None:
    for path, current in (
        ("/", '<a href="/" aria-current="page">History'),
        (f"/runs/{NURSE_RUN}", '<a href="/" aria-current="true">History'),
        ("/skills/sql", '<a href="/roles" aria-current="true">Roles and skills'),
        ("/upload", '<a href="/upload" aria-current="page">Upload'),
    ):
        page = client.get(path).text
        assert re.findall(r'<a href="[^"]+" aria-current="[a-z]+">[A-Za-z ]+', page) == [current]
