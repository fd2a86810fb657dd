"""The three answers walked key by key: as they are sent, as OpenAPI describes them (which is made of the
models of contracts.py), and as the reference has them. Where they differ from it, it is intended and said
here, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from jd_assets_tests.web.made import ANALYST, HOSTILE, NO_JD, NURSE
from jd_assets_tests.web.reference_keys import FILES, json_type, reference_keys, typed_paths

API1, API2, API3 = FILES

Types = Mapping[str, set[str]]
"""The JSON types of each path; `$.a[]` is an item of a list, `$.a.*` a value under a key that is free."""

NAMED_BY_CONTENT = "integer there, string here: rows of the queue are named by their content, not numbered"
NEVER_NULL = "null there, number here: what was not paid is 0.0"

INTENDED: Mapping[str, Mapping[str, str]] = {
    API1: {
        "$.stage3_signals.centroid_match_roles": "added: the centroid is a signal of its own",
        "$.stage5_updates.new_kra_attached.queue_id": NAMED_BY_CONTENT,
        "$.stage5_updates.new_skills_attached[].queue_id": NAMED_BY_CONTENT,
    },
    API2: {},
    API3: {f"$.llm_cost_{part}_usd": NEVER_NULL for part in ("api1", "api2", "api3", "total")},
}

NOT_SHOWN: Mapping[str, Mapping[str, str]] = {
    API1: {
        "$.jd_role.role_aliases[]": "the titles of these texts have one spelling",
        "$.nano_parsed.role_aliases[]": "the titles of these texts have one spelling",
    },
    API2: {"$.input_llm_skills[]": "no model reads on the embedded engine"},
    API3: {},
}
"""Paths of the reference of which no answer to the texts of this test has a value, and why."""


def schema_types(
    schema: Mapping[str, Any], spec: Mapping[str, Any], at: str = "$"
) -> Iterator[tuple[str, str]]:
    """Each path of a JSON Schema and a type that it may have."""
    if "$ref" in schema:
        found: Any = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        yield from schema_types(found, spec, at)
        return
    for one in schema.get("anyOf", ()):
        yield from schema_types(one, spec, at)
    if "type" in schema:
        yield at, schema["type"]
    for key, part in schema.get("properties", {}).items():
        yield from schema_types(part, spec, f"{at}.{key}")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from schema_types(schema["additionalProperties"], spec, f"{at}.*")
    if "items" in schema:
        yield from schema_types(schema["items"], spec, f"{at}[]")


def grouped(pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    types: dict[str, set[str]] = {}
    for path, of_type in pairs:
        types.setdefault(path, set()).add(of_type)
    return types


def allowed(of_type: str, types: set[str]) -> bool:
    return of_type in types or (of_type == "integer" and "number" in types)


def differences(theirs: Types, ours: Types, nulls: bool = True) -> dict[str, str]:
    """Where ours is not as theirs: keys that are missing or added in an object that both have, and types of
    theirs that ours never has. What their list or null did not show can't differ. Without `nulls`, a null is
    no type: in an answer it says only that there was no such value."""
    found = {}
    for path, types in theirs.items():
        parent = path.rpartition(".")[0]
        if path not in ours:
            if path.endswith("]") or "object" not in ours.get(parent, ()):
                continue  # seen at the parent, or nothing was there
            found[path] = "missing"
            continue
        lacks = {t for t in types if not allowed(t, ours[path])}
        if not nulls:
            lacks -= {"null"}
            if ours[path] == {"null"}:
                continue
        if lacks:
            found[path] = f"{'|'.join(sorted(lacks))} there, {'|'.join(sorted(ours[path]))} here"
    for path in ours.keys() - theirs.keys():
        parent, _, key = path.rpartition(".")
        if not key.endswith("[]") and key != "*" and "object" in theirs.get(parent, ()):
            found[path] = "added"
    return found


def unlisted(api: str, found: Mapping[str, str]) -> dict[str, str]:
    """The differences that are not intended."""
    return {
        path: what for path, what in found.items() if INTENDED[api].get(path, "").partition(":")[0] != what
    }


def misfits(value: Any, types: Types, at: str = "$") -> Iterator[str]:
    """Where an answer is not as it is described: an object has exactly its keys, a value one of its types."""
    if not allowed(json_type(value), types.get(at, set())):
        yield f"{at} is {json_type(value)}, not {types.get(at, 'there')}"
    elif isinstance(value, dict):
        keys = {path.removeprefix(f"{at}.") for path in types if path.startswith(f"{at}.")}
        own = {key for key in keys if not set(".[") & set(key)}
        if own != {"*"} and value.keys() != own:
            yield f"{at} has {sorted(value)}, not {sorted(own)}"
        for key, part in value.items():
            yield from misfits(part, types, f"{at}.{'*' if own == {'*'} else key}")
    elif isinstance(value, list):
        for item in value:
            yield from misfits(item, types, f"{at}[]")


@pytest.fixture(scope="module")
def reference() -> Mapping[str, Types]:
    return reference_keys()


@pytest.fixture
def described(client: TestClient) -> Mapping[str, Types]:
    """What OpenAPI says of each answer."""
    spec = client.get("/openapi.json").json()
    of_answer = {
        api: spec["paths"][api]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        for api in FILES
    }
    return {api: grouped(schema_types(schema, spec)) for api, schema in of_answer.items()}


@pytest.fixture
def sent(client: TestClient) -> Mapping[str, list[Any]]:
    """The answers to texts that find something, that find something new, and that are no JD."""
    answers: dict[str, list[Any]] = {api: [] for api in FILES}
    for text in (NURSE, ANALYST, HOSTILE, NO_JD):
        first = client.post(API1, json={"jd_text": text})
        assert first.status_code == 200, first.text
        answers[API1].append(first.json())
        for api in (API2, API3):
            answers[api].append(client.post(api, json={"run_id": first.json()["run_id"]}).json())
    return answers


@pytest.mark.parametrize("api", FILES)
def test_what_is_described_differs_from_the_reference_as_intended(
    reference: Mapping[str, Types], described: Mapping[str, Types], api: str
) -> None:
    assert len(reference[api]) > 15
    found = differences(reference[api], described[api])
    assert unlisted(api, found) == {}
    assert found.keys() == INTENDED[api].keys(), "what is listed is so"


@pytest.mark.parametrize("api", FILES)
def test_what_is_sent_is_as_described_and_differs_from_the_reference_as_intended(
    reference: Mapping[str, Types],
    described: Mapping[str, Types],
    sent: Mapping[str, list[Any]],
    api: str,
) -> None:
    assert [list(misfits(answer, described[api])) for answer in sent[api]] == [[]] * len(sent[api])
    types = grouped(pair for answer in sent[api] for pair in typed_paths(answer))
    assert unlisted(api, differences(reference[api], types, nulls=False)) == {}
    assert reference[api].keys() - types.keys() == NOT_SHOWN[api].keys()


def test_a_difference_that_is_not_listed_is_found() -> None:
    theirs = grouped(typed_paths({"a": {"b": 1, "c": None}, "d": [{"e": "x"}], "f": []}))
    ours = grouped(typed_paths({"a": {"b": "1", "g": 2}, "d": [{"e": "x", "h": 1}], "f": [1]}))
    found = differences(theirs, ours)
    assert found == {
        "$.a.b": "integer there, string here",
        "$.a.c": "missing",
        "$.a.g": "added",
        "$.d[].h": "added",
    }
    assert unlisted(API1, found) == found
    assert differences(theirs, theirs) == {}


def test_an_answer_that_is_not_as_described_is_found() -> None:
    types = grouped(typed_paths({"a": 1.5, "b": [{"c": "x"}]})) | {"$.f": {"object"}, "$.f.*": {"string"}}
    fits = {"a": 1, "b": [{"c": "y"}, {"c": ""}], "f": {"any": "x"}}
    assert list(misfits(fits, types)) == []
    assert len(list(misfits({**fits, "a": None}, types))) == 1
    assert len(list(misfits({**fits, "b": [{"c": "y", "d": 1}]}, types))) >= 1
    assert len(list(misfits({**fits, "f": {"any": 1}}, types))) == 1
    assert len(list(misfits({"a": 1}, types))) == 1
