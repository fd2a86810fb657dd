"""The OpenAPI description, held against the app by schemathesis; and its examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounded
from schemathesis import GenerationMode, checks

from jd_assets.contracts import ExtractDetails, ExtractFromJd, FinalRoleOutput
from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets.web.batches import BatchStatus
from jd_assets.web.examples import REQUEST
from jd_assets_tests.conftest import MINI
from jd_assets_tests.web.browser.chromium import serving
from jd_assets_tests.web.conftest import Serve
from jd_assets_tests.web.made import SECOND

REQUESTS = 15
"""Of each operation and kind of request."""

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

OPERATIONS = [
    ("POST", "/skills/extract-from-jd"),
    ("POST", "/skills/extract-details"),
    ("POST", "/skills/final-role-output"),
    ("POST", "/batches"),
    ("GET", "/batches/{batch_id}"),
]
MODELS = {
    "/skills/extract-from-jd": ExtractFromJd,
    "/skills/extract-details": ExtractDetails,
    "/skills/final-role-output": FinalRoleOutput,
    "/batches": BatchStatus,
    "/batches/{batch_id}": BatchStatus,
}


@pytest.fixture(scope="module")
def described(site_dir: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of an app that listens, over a copy of the published folder."""
    data = tmp_path_factory.mktemp("described") / "site"
    shutil.copytree(site_dir, data, symlinks=True)
    use = Settings(data_dir=data, library=MINI, _env_file=None)  # type: ignore[call-arg]
    with serving(use, SECOND) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "misfits"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(described: Any, method: str, path: str, mode: GenerationMode) -> None:
    statuses = asked(described, method, path, mode, REQUESTS)
    assert statuses
    assert not [status for status in statuses if status >= 500]


def asked(described: Any, method: str, path: str, mode: GenerationMode, most: int) -> list[int]:
    """The statuses of made requests, each of which passed all checks; the same requests every time."""
    statuses: list[int] = []

    @seed(20260106)
    @bounded(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        response = case.call()
        case.validate_response(response, checks=CHECKS)
        statuses.append(response.status_code)

    each()
    return statuses


def test_the_operations_are_all_that_are_described(described: Any) -> None:
    found = {(o.ok().method.upper(), o.ok().path) for o in described.get_all_operations()}
    assert found == set(OPERATIONS)


def test_every_operation_has_examples_that_fit(site: Settings) -> None:
    paths = create_app(site).openapi()["paths"]
    for method, path in OPERATIONS:
        operation = paths[path][method.lower()]
        status = next(s for s in operation["responses"] if s.startswith("2"))
        example = operation["responses"][status]["content"]["application/json"]["example"]
        MODELS[path].model_validate(example)
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                assert list(response["content"]) == ["application/problem+json"]
                assert response["content"]["application/problem+json"]["example"]["status"] == int(status)


def test_the_answers_shown_are_of_one_run(site: Settings, serve: Serve) -> None:
    paths = create_app(site).openapi()["paths"]
    shown = [
        paths[path]["post"]["responses"]["200"]["content"]["application/json"]["example"]
        for _, path in OPERATIONS[:3]
    ]
    assert len({answer["run_id"] for answer in shown}) == 1
    assert shown[0]["nano_parsed"]["company_name"] == REQUEST["company"]
    answer = serve(site).post("/skills/extract-from-jd", json=REQUEST).json()
    assert answer.keys() == shown[0].keys()
