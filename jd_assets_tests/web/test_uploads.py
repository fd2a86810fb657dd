"""Files over HTTP: landed whole or not at all, computed in the background, recorded under the same runs."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from starlette.testclient import TestClient

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.settings import Settings
from jd_assets.stages.ingest.readers import FORMATS
from jd_assets.storage.landing import landing_files
from jd_assets.web import batches, uploads
from jd_assets_tests.stages.ingest.made import pdf
from jd_assets_tests.web.conftest import TOKEN, Serve
from jd_assets_tests.web.made import ANALYST, NO_JD, NURSE, SECOND, publish_landed
from jd_assets_tests.web.test_pages import words
from jd_assets_tests.web.test_review import sign_in

ROWS = [
    {"text": NURSE},
    {"text": ANALYST},
    {"text": NURSE.upper()},
    {"text": NO_JD},
    {"note": "<b>no text</b>"},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode() + b"{broken\n"


def finished(client: TestClient, batch: str) -> dict[str, Any]:
    """The status of a batch when it is no longer computed."""
    for _ in range(600):
        status: dict[str, Any] = client.get(f"/batches/{batch}").json()
        if status["state"] not in ("waiting", "computing"):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def word_file(text: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def send(client: TestClient, content: bytes, format: str = "jsonl", **headers: str) -> Any:
    return client.post(f"/batches?format={format}", content=content, headers=headers)


def test_a_file_is_landed_computed_and_recorded_under_the_same_runs(
    site: Settings, serve: Serve, mini: Release, embedder: MiniLmEmbedder
) -> None:
    client = serve(site)
    answer = send(client, LINES)
    assert answer.status_code == 202
    batch = answer.json()["batch_id"]
    assert answer.headers["location"] == f"/batches/{batch}"
    status = finished(client, batch)
    assert (status["state"], status["ds"]) == ("computed", SECOND.isoformat())
    counts = {name: status[name] for name in ("read", "done", "duplicates", "quarantined", "jds")}
    assert counts == {"read": 6, "done": 4, "duplicates": 1, "quarantined": 2, "jds": 3}
    assert [(b["row"], b["reason"]) for b in status["quarantined_records"]] == [
        (5, "no_text_field"),
        (6, "invalid_json"),
    ]
    assert [r["role_slug"] for r in status["runs"]] == ["registered-nurse", "data-analyst", None]
    assert client.get(f"/runs/{status['runs'][0]['run_id']}").status_code == 200
    page = client.get(f"/upload/{batch}")
    assert "every 2s" not in page.text
    assert "Records read 6" in words(page.text)

    (landed,) = [p for p in landing_files(site.landing_dir, SECOND) if p.name.startswith("upload-")]
    assert landed.read_bytes() == LINES
    publish_landed(site, mini, embedder)
    recorded = client.get(f"/batches/{batch}").json()
    assert recorded["state"] == "recorded"
    assert {r["run_id"] for r in recorded["runs"]} == {r["run_id"] for r in status["runs"]}
    same = ("read", "done", "quarantined", "jds", "quarantined_records")
    assert [recorded[name] for name in same] == [status[name] for name in same]


def test_after_a_restart_the_status_says_what_is_known(site: Settings, serve: Serve) -> None:
    batch = send(serve(site), LINES).json()["batch_id"]
    status = serve(site).get(f"/batches/{batch}").json()
    assert (status["state"], status["read"], status["runs"]) == ("landed", 0, [])
    assert "The next materialization of the day records it" in status["meaning"]


def test_the_same_file_again_is_the_same_batch(site: Settings, serve: Serve) -> None:
    client = serve(site)
    first = send(client, LINES).json()["batch_id"]
    finished(client, first)
    before = {p.name: p.stat().st_mtime_ns for p in landing_files(site.landing_dir, SECOND)}
    assert send(client, LINES).json()["batch_id"] == first
    assert {p.name: p.stat().st_mtime_ns for p in landing_files(site.landing_dir, SECOND)} == before
    assert not list((site.landing_dir / ".uploads").iterdir())


def test_big_files_are_spread_over_processes(
    site: Settings, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_SPREAD_FROM_BYTES", 0)
    client = serve(site)
    texts = [ANALYST.replace("Example Numbers", f"Firm {n}") for n in range(70)]
    status = finished(
        client, send(client, "\n".join(json.dumps({"text": t}) for t in texts).encode()).json()["batch_id"]
    )
    assert (status["state"], status["read"], status["done"], status["jds"]) == ("computed", 70, 70, 70)
    assert {r["role_slug"] for r in status["runs"]} == {"data-analyst"}
    assert len(client.get(f"/batches/{status['batch_id']}?first=60").json()["runs"]) == 10


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("csv", ("text\n" + '"' + NURSE + '"\n').encode()),
        ("txt", NURSE.encode()),
        ("md", NURSE.encode()),
        ("html", f"<html><body><pre>{NURSE}</pre></body></html>".encode()),
        ("docx", word_file(NURSE)),
        ("pdf", pdf([NURSE.splitlines()])),
    ],
)
def test_every_format_of_a_landing_file_is_taken(
    site: Settings, serve: Serve, format: str, content: bytes
) -> None:
    client = serve(site)
    status = finished(client, send(client, content, format).json()["batch_id"])
    assert (status["state"], status["read"], status["quarantined"]) == ("computed", 1, 0)
    assert status["runs"][0]["role_slug"] == "registered-nurse"


def test_the_formats_are_those_that_ingest_reads() -> None:
    assert set(uploads.Format.__args__) == set(FORMATS.values())  # type: ignore[attr-defined]


def test_a_file_that_can_not_be_read_is_quarantined_and_not_an_error(site: Settings, serve: Serve) -> None:
    client = serve(site)
    status = finished(client, send(client, b"%PDF-1.7 broken", "pdf").json()["batch_id"])
    assert (status["state"], status["quarantined"], status["runs"]) == ("computed", 1, [])
    assert status["quarantined_records"][0]["reason"] == "corrupt"


def landed_names(settings: Settings) -> list[str]:
    return [p.name for p in landing_files(settings.landing_dir, SECOND)]


def test_what_is_refused_lands_nothing(with_token: Settings, serve: Serve) -> None:
    use = with_token.model_copy(update={"web_upload_bytes": 5000})
    client = serve(use)
    before = landed_names(use)
    own = {"authorization": f"Bearer {TOKEN}"}

    def stream() -> Iterator[bytes]:
        for _ in range(60):
            yield b"x" * 100

    assert send(client, LINES).status_code == 401
    assert send(client, LINES, authorization="Bearer wrong").status_code == 401
    assert send(client, LINES, **own, origin="http://evil.example").status_code == 403
    assert send(client, LINES, "exe", **own).status_code == 422
    assert send(client, LINES, "../../x", **own).status_code == 422
    assert send(client, b"", **own).status_code == 422
    assert send(client, b"x" * 5001, **own).status_code == 413
    assert client.post("/batches?format=txt", content=stream(), headers=own).status_code == 413
    for answer in (send(client, LINES), send(client, b"x" * 5001, **own)):
        assert answer.headers["content-type"] == "application/problem+json"
    assert landed_names(use) == before
    assert not list((use.landing_dir / ".uploads").glob("*"))


@pytest.mark.parametrize(
    "batch", ["x", "2026-01-06-" + "0" * 32, "2026-13-40-" + "0" * 32, "..%2f..%2fetc%2fpasswd", "%00"]
)
def test_ids_that_no_file_has_are_404(client: TestClient, batch: str) -> None:
    assert client.get(f"/batches/{batch}").status_code == 404
    assert client.get(f"/upload/{batch}").status_code == 404


def test_the_page_uploads_for_who_is_signed_in(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token)
    assert "Sign in" in client.get("/upload").text
    file = {"file": ("../../<script>.jsonl", LINES)}
    assert client.post("/upload", files=file).status_code == 403
    csrf = sign_in(client)
    assert 'enctype="multipart/form-data"' in client.get("/upload").text
    assert client.post("/upload", files=file, data={"csrf": "0" * 64}).status_code == 403
    assert client.post("/upload", data={"csrf": csrf}).status_code == 415
    refused = client.post("/upload", files={"file": ("a.exe", LINES)}, data={"csrf": csrf})
    assert refused.status_code == 422
    assert not [name for name in landed_names(with_token) if name.startswith("upload-")]
    page = client.post("/upload", files=file, data={"csrf": csrf})
    assert page.status_code == 200
    assert page.url.path.startswith("/upload/2026-01-06-")
    assert "every 2s" in page.text or "computed" in page.text
    batch = page.url.path.rsplit("/", 1)[1]
    assert finished(client, batch)["state"] == "computed"
    assert batch in client.get("/upload").text
    assert [name for name in landed_names(with_token) if "script" in name] == []


def test_files_that_come_at_the_same_time_are_few(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_coming", 4)
    answer = send(client, LINES)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"


def test_where_too_many_wait_the_file_lands_all_the_same(
    site: Settings, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_WAITING", 0)
    status = send(serve(site), LINES).json()
    assert status["state"] == "landed"
    assert status["file"] in landed_names(site)


def test_a_failure_is_told_without_internals(
    site: Settings, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(batches, "computed", fail)
    client = serve(site)
    batch = send(client, LINES).json()["batch_id"]
    status = finished(client, batch)
    assert status["state"] == "failed"
    assert "secret" not in json.dumps(status)
