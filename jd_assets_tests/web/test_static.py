"""What is shipped of others: which version it is, unchanged, with its licence."""

from __future__ import annotations

import hashlib

from starlette.testclient import TestClient

from jd_assets.web.templates import STATIC

HTMX = "2.0.11"
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""Of dist/htmx.min.js in the npm package htmx.org, in that version."""


def test_htmx_is_the_pinned_release_with_its_licence(client: TestClient) -> None:
    answer = client.get("/static/htmx.min.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert hashlib.sha256(answer.content).hexdigest() == HTMX_SHA256
    assert f'version:"{HTMX}"' in answer.text
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_pages_forbid_htmx_what_the_policy_forbids(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for switched_off in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert f'"{switched_off}":false' in answer.text
