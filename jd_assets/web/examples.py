"""What the API's description shows: a request, and the answers that it had.

`python -m jd_assets.web.examples` asks the app again and writes the file of answers anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import JsonValue

_FILE = Path(__file__).with_name("examples.json")

REQUEST: dict[str, JsonValue] = {
    "jd_text": "Backend Developer\n\nResponsibilities\n- Build REST APIs in Python and PostgreSQL.\n"
    "- Review code and fix defects.\n\nRequirements\n- 3+ years of experience\n- Docker and AWS",
    "title": "Backend Developer",
    "company": "Example Works",
    "location": "Pune",
}

BATCH: dict[str, JsonValue] = {
    "batch_id": "2026-11-02-5feceb66ffc86f38d952786c6d696c79",
    "ds": "2026-11-02",
    "file": "upload-5feceb66ffc86f38d952786c6d696c79.jsonl",
    "state": "computing",
    "meaning": "The file has landed and is being computed.",
    "read": 34,
    "done": 31,
    "duplicates": 1,
    "quarantined": 1,
    "jds": 30,
    "quarantined_records": [
        {"row": 12, "reason": "invalid_json", "detail": "Expecting value, at character 1"}
    ],
    "runs": [
        {
            "row": 1,
            "run_id": "6f2c1f0e-54c2-5a0e-9a64-0c8c2d1f3a55",
            "status": "completed",
            "title": "Backend Developer",
            "case": "ALIAS",
            "role_slug": "backend-developer",
            "role_name": "Backend Developer",
            "confidence": 0.97,
        }
    ],
}


def show_answers(description: dict[str, Any]) -> dict[str, Any]:
    """Puts the answers that the example had into an OpenAPI description, where FastAPI would leave out
    their nulls."""
    for path, answer in json.loads(_FILE.read_text(encoding="utf-8")).items():
        described = description["paths"][path]["post"]["responses"]["200"]
        described["content"]["application/json"]["example"] = answer
    return description


def shown(status: int, example: JsonValue) -> dict[int | str, dict[str, Any]]:
    """An example as OpenAPI's responses show it."""
    return {status: {"content": {"application/json": {"example": example}}}}


def _write() -> None:
    import tempfile
    from datetime import date

    from starlette.testclient import TestClient

    from jd_assets.settings import settings
    from jd_assets.web.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        use = settings().model_copy(update={"data_dir": Path(folder), "web_token": None})
        app = create_app(use, today=lambda: date(2026, 11, 2))
        app.state.context.live.warm()
        with TestClient(app, base_url="http://127.0.0.1") as client:
            paths = (
                f"/skills/{name}" for name in ("extract-from-jd", "extract-details", "final-role-output")
            )
            answers = {path: client.post(path, json=REQUEST).raise_for_status().json() for path in paths}
    _FILE.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
