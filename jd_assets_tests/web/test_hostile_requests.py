"""Requests that mean harm: none fails the server, reaches a file, or grows past its bounds."""

from __future__ import annotations

import gzip
import io
import json
import socket
import time
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets_tests.web.conftest import TOKEN, Serve
from jd_assets_tests.web.listening import Address, listening
from jd_assets_tests.web.test_review import sign_in

API1, API2, API3 = (f"/skills/{name}" for name in ("extract-from-jd", "extract-details", "final-role-output"))
NOT_THERE = {
    "Not Found",
    "no run has that id",
    "no file that has landed has that id",
    "the library has no such role",
}
MANY = {"web_posts_per_minute": 100_000}


@pytest.fixture
def signed_in(with_token: Settings, serve: Serve) -> tuple[TestClient, str]:
    client = serve(with_token.model_copy(update=MANY))
    return client, sign_in(client)


@pytest.fixture(scope="module")
def listens(site_dir: object) -> Iterator[Address]:
    use = Settings(data_dir=site_dir, _env_file=None)  # type: ignore[arg-type, call-arg]
    with listening(create_app(use), use) as (_, address):
        yield address


@pytest.mark.parametrize(
    "path",
    [
        "/static/../serve.py", "/static/%2e%2e/serve.py", "/static/..%2f..%2fsettings.py", "/static/",
        "/static/..%5cserve.py", "/static//etc/passwd", "/static/%2fetc/passwd", "/static/%00",
        "/static/" + "a" * 5000, "/runs/..%2f..%2fetc%2fpasswd", "/runs/%00", "/roles/%00", "/upload/%00",
        "/upload/..%2f..%2fx", "/batches/2026-01-05-..%2f..%2f", "/batches/%ff", "/../../etc/passwd",
        "//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file(listens: Address, path: str) -> None:
    with socket.create_connection(listens, timeout=20) as client:
        # Sent as it stands, which a client library would not do.
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {listens[0]}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["detail"] in NOT_THERE


@pytest.mark.parametrize("path", [API1, API2, API3])
@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"[" * 900_000, {}),
        (b'{"a":' * 100_000, {}),
        (b'{"jd_text":' + b"9" * 900_000 + b"}", {}),
        (b'{"jd_text":NaN}', {}),
        (b"\xff\xfe\xfa", {}),
        (gzip.compress(b'{"jd_text":"' + b"a" * 50_000_000 + b'"}'), {"content-encoding": "gzip"}),
        (b"{" + b",".join(b'"k%d":1' % i for i in range(100_000)) + b"}", {}),
    ],
    ids=["deep list", "deep object", "long number", "no number", "no text", "gzip", "many keys"],
)
def test_json_that_is_made_to_harm_is_refused_soon(
    signed_in: tuple[TestClient, str], path: str, content: bytes, headers: dict[str, str]
) -> None:
    client, _ = signed_in
    sent = headers | {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
    started = time.process_time()
    answer = client.post(path, content=content, headers=sent)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert time.process_time() - started < 5


def field(name: str, value: str) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (field("a", "b") * 100_000 + b"--x--\r\n", 400),
        (b"--x\r\n" + b"A: b\r\n" * 500_000 + b"\r\n\r\n--x--", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"; b=' + b"c" * 3_000_000 + b"\r\n\r\n\r\n--x--",
            400,
        ),
        (field("csrf", "a" * 3_000_000) + b"--x--\r\n", 400),
        (b"a" * 5_000_000, 400),
        (field("csrf", "0"), 403),
    ],
    ids=["many fields", "many headers", "long header", "long field", "no form", "no end"],
)
def test_a_form_of_parts_is_bounded(
    signed_in: tuple[TestClient, str], with_token: Settings, content: bytes, status: int
) -> None:
    client, _ = signed_in
    answer = client.post(
        "/upload", content=content, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == status
    assert not list(with_token.landing_dir.glob("*/upload-*"))


def test_a_files_name_is_never_a_path(signed_in: tuple[TestClient, str], with_token: Settings) -> None:
    client, csrf = signed_in
    before = {p for p in with_token.data_dir.rglob("*") if p.is_file()}
    file = {"file": ("../../../../tmp/\x00/x.jsonl", b'{"text": "a nurse"}')}
    assert client.post("/upload", data={"csrf": csrf}, files=file).status_code == 200
    (landed,) = with_token.landing_dir.glob("*/upload-*")
    assert {p for p in with_token.landing_dir.rglob("*") if p.is_file()} - before == {landed}


def test_an_office_file_that_unpacks_without_end_is_quarantined(
    signed_in: tuple[TestClient, str], with_token: Settings
) -> None:
    client, _ = signed_in
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        parts.writestr("word/document.xml", b" " * 100_000_000)
    sent = {"authorization": f"Bearer {TOKEN}"}
    status = client.post("/batches?format=docx", content=bomb.getvalue(), headers=sent).json()
    for _ in range(400):
        if status["state"] not in ("waiting", "computing"):
            break
        time.sleep(0.05)
        status = client.get(f"/batches/{status['batch_id']}").json()
    assert (status["state"], status["quarantined"], status["done"]) == ("computed", 1, 0)


@pytest.mark.parametrize("path", [API1, API2, API3, "/batches?format=txt", "/login"])
@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"},
     {"origin": "http://127.0.0.1:9"}, {"origin": "https://127.0.0.1"}],
)  # fmt: skip
def test_no_other_sites_page_asks_for_what_is_costly(
    signed_in: tuple[TestClient, str], path: str, headers: dict[str, str]
) -> None:
    client, _ = signed_in
    sent = headers | {"authorization": f"Bearer {TOKEN}"}
    if path == "/login":
        answer = client.post(path, data={"name": "Asha", "token": TOKEN}, headers=sent)
    else:
        answer = client.post(path, json={"jd_text": "a nurse"}, headers=sent)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
