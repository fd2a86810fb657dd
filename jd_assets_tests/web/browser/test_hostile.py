"""Postings, searches and names that try to run something in a browser: nothing of them runs, and no page has
an element or an attribute that a harmless page has not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.settings import Settings
from jd_assets_tests.conftest import MINI
from jd_assets_tests.web.browser.chromium import serving, sign_in
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.conftest import TOKEN
from jd_assets_tests.web.made import BATCH, FIRST, SECOND, land, publish_landed
from jd_assets_tests.web.test_pages import NURSE_RUN

RUN = "window.ran=1"

VECTORS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    "<script src=//127.0.0.1:9/x.js></script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" autofocus onfocus="{RUN}" x="',
    f"' onmouseover='{RUN}' x='",
    f"` onload=`{RUN}`",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</option></select><img src=x onerror={RUN}>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]>",
    f"<a href=javascript:{RUN}>here</a>",
    f"javascript:{RUN}",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<form action=javascript:{RUN}><button>press</button></form>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<base href=//127.0.0.1:9/>",
    f"<div hx-get=/ hx-trigger=load hx-on:load='{RUN}'>",
    "<style>*{display:none}</style>",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    "{{7*7}}{% raw %}${7*7}",
    f"\u202e<img src=x onerror={RUN}>",
)
PLAIN = "plain words"


def posting(vector: str) -> dict[str, str]:
    text = f"""Registered Nurse {vector}
Company: Example {vector} Hospital
Location: Pune {vector}

About us
Example Hospital {vector} cares for patients.

Responsibilities
- Give medication to patients {vector} as prescribed and record it.
- Dress wounds and watch them for infection {vector}.

Requirements
- 2-4 years of experience {vector}
- Wound care, Zorbulator {vector}, medication administration
- Bachelor's degree in Nursing {vector}
"""
    return {
        "text": text,
        "title": f"Registered Nurse {vector}",
        "company": f"Example {vector} Hospital",
        "location": f"Pune {vector}",
        "id": f"ref {vector}",
        "url": f"{vector}",
    }


@pytest.fixture(scope="module")
def hostile_site(
    tmp_path_factory: pytest.TempPathFactory, releases_dir: Path, mini: Release, embedder: MiniLmEmbedder
) -> Iterator[str]:
    """An app over a day of hostile postings, one of them harmless."""
    data = tmp_path_factory.mktemp("hostile")
    (data / "releases").symlink_to(releases_dir, target_is_directory=True)
    settings = Settings(data_dir=data, library=MINI, web_token=SecretStr(TOKEN), _env_file=None)  # type: ignore[call-arg]
    land(settings, FIRST, [posting(vector) for vector in (PLAIN, *VECTORS)])
    publish_landed(settings, mini, embedder)
    with serving(settings, SECOND) as address:
        yield address


def shapes(page: Page) -> set[str]:
    """Each element's tag with the names of its attributes, and the schemes of its links."""
    return set(
        page.evaluate(
            """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes].flatMap(a =>
                [`${e.tagName} ${a.name}`].concat(['href', 'src', 'action', 'data'].includes(a.name)
                    ? [`${a.name} ${new URL(a.value, location).protocol}`] : [])).concat([e.tagName]))"""
        )
    )


def nothing_ran(page: Page) -> bool:
    return page.evaluate("window.ran === undefined") is True


def runs_of(page: Page, address: str) -> list[str]:
    """The addresses of the run pages, over all pages of the history."""
    found: list[str] = []
    page.goto(f"{address}/?day={FIRST.isoformat()}")
    while True:
        found += page.locator("tbody a[href^='/runs/']").evaluate_all("a => a.map(e => e.href)")
        following = page.get_by_role("link", name="Next")
        if following.count() == 0:
            return list(dict.fromkeys(found))
        page.goto(following.first.evaluate("e => e.href"))


def test_run_pages_show_hostile_words_as_words(hostile_site: str, shared_site: str, open_page: Open) -> None:
    harmless = shapes(open_page(f"{shared_site}/runs/{NURSE_RUN}"))
    page = open_page(hostile_site)
    runs = runs_of(page, hostile_site)
    # Markup is taken out of texts when they are read, so that a few of them become one.
    assert len(runs) > 0.8 * len(VECTORS)
    strange: dict[str, set[str]] = {}
    shown = ""
    for address in runs:
        page.goto(address)
        assert nothing_ran(page), address
        text = page.inner_text("body")
        if PLAIN in text:
            harmless |= shapes(page)
        strange[text] = shapes(page)
        shown += text
    assert {text: found - harmless for text, found in strange.items() if found - harmless} == {}
    assert shown.count(RUN) > len(runs), "what is left of the vectors is shown"


LISTS = ("/", "/overview", "/review", "/roles", "/roles/registered-nurse")


def test_lists_of_hostile_words_are_as_harmless_ones(
    hostile_site: str, shared_site: str, open_page: Open
) -> None:
    page = open_page(shared_site)
    harmless: set[str] = set()
    for path in LISTS:
        page.goto(shared_site + path)
        harmless |= shapes(page)
    page = open_page(hostile_site)
    for path in LISTS:
        page.goto(hostile_site + path)
        assert nothing_ran(page), path
        assert shapes(page) - harmless == set(), path


def test_an_upload_of_hostile_rows_and_names_shows_them_as_words(
    hostile_site: str, shared_site: str, open_page: Open
) -> None:
    page = open_page(f"{shared_site}/upload")
    sign_in(page, shared_site, TOKEN)
    page.goto(f"{shared_site}/upload")
    harmless = shapes(page)
    page.goto(f"{shared_site}/upload/{BATCH}")
    harmless |= shapes(page)
    page = open_page(hostile_site)
    sign_in(page, hostile_site, TOKEN)
    page.goto(f"{hostile_site}/upload")
    good = [json.dumps(posting(f"{vector} uploaded")) for vector in VECTORS]
    bad = [json.dumps({"note": vector, vector: "no text"}) for vector in VECTORS] + list(VECTORS)
    name = f'"><img src=x onerror={RUN}>\r\n.jsonl'
    content = "\n".join(good + bad).encode()
    page.get_by_label("File of up to").set_input_files(
        {"name": name, "mimeType": f"text/html;{RUN}", "buffer": content}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("All is computed", timeout=60_000)
    assert nothing_ran(page)
    page.reload()
    assert nothing_ran(page)
    assert shapes(page) - harmless == set()
    shown = page.inner_text("main")
    assert shown.count(RUN) > 0.5 * len(VECTORS)
    assert shown.count("invalid_json") >= len(VECTORS) / 2
    assert "Ward" not in shown
    assert "no_text_field" in shown
    for each in page.locator("tbody a[href^='/runs/']").all()[:2]:
        assert (each.text_content() or "").startswith("Registered Nurse")
    page.goto(f"{hostile_site}/upload")
    assert nothing_ran(page)
    assert shapes(page) - harmless == set()


def test_hostile_searches_and_names_of_things(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site, may_say=["404", "422"])
    for place, vector in enumerate(VECTORS):
        words = quote(vector, safe="")
        refused = (f"/?sort={words}", f"/skills/{words}", f"/review?kind={words}", f"/roles?q={words}")
        for path in (f"/?q={words}&role={words}", refused[place % len(refused)]):
            page.goto(shared_site + path)
            assert nothing_ran(page), path
            assert not shapes(page) & {"IMG", "IFRAME", "OBJECT", "BASE", "MATH", "STYLE"}, path
    page.goto(f"{shared_site}/?q={quote(VECTORS[7], safe='')}")
    expect(page.get_by_role("searchbox")).to_have_value(VECTORS[7])


def test_a_hostile_name_decides_and_is_shown(hostile_site: str, open_page: Open) -> None:
    page = open_page(f"{hostile_site}/login")
    page.get_by_label("Your name").fill(f"<img src=x onerror={RUN}>")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"Signed in as <img src=x onerror={RUN}>")).to_be_visible()
    page.get_by_role("button", name="Reject").first.click()
    expect(page.get_by_text(": rejected")).to_be_visible()
    page.goto(f"{hostile_site}/review?status=rejected")
    expect(page.get_by_text(f"rejected by <img src=x onerror={RUN}>").first).to_be_visible()
    page.locator("summary", has_text="History").first.click()
    expect(page.get_by_role("listitem").filter(has_text="UTC rejected by <img src=x").first).to_be_visible()
    assert nothing_ran(page)
    assert "IMG" not in shapes(page)
