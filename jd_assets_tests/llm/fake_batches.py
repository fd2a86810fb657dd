"""The files and batches of the fake endpoint: a batch is answered when it is looked at, or misbehaves on
command."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

_NAME = re.compile(rb'filename="([^"]*)"')
_PAGE = 2  # entries of a list in one answer, so that clients have to turn pages

Complete = Callable[[dict[str, Any]], dict[str, Any]]


class FakeBatches:
    """Files and batches in memory. `looks` says how often a batch is in progress when it is looked at before
    it has ended; the rest is what goes wrong with it.

    `ends_as` is the status that it ends with. The last `expired` requests end up in the error file, as do the
    first `failing`; `silent` ones after those are in neither file, and `garbled` puts a broken line first.
    The output is in another order than the input. `drop` takes the connection away once after each named
    step was done: files, batches. `unlisted` is how often the batches are listed without the newest.
    """

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self.looks = 0
        self.ends_as = "completed"
        self.failing = self.expired = self.silent = 0
        self.garbled = False
        self.drop: set[str] = set()
        self.unlisted = 0
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []  # custom_ids that were worked on, and so are charged

    def answer(self, method: str, path: str, raw: bytes) -> tuple[int, bytes] | None:
        """Status and content; status 0 hangs up. None for what is no page of files or batches."""
        page, _, query = path.removeprefix("/v1").partition("?")
        parts = page.strip("/").split("/")
        if parts[0] not in ("files", "batches"):
            return None
        if method == "POST":
            made = self._upload(raw) if parts[0] == "files" else self._create(json.loads(raw))
            if parts[0] in self.drop:
                self.drop.discard(parts[0])
                return 0, b""
            return 200, json.dumps(made).encode()
        if len(parts) == 1:
            return 200, json.dumps(self._page(parts[0], query)).encode()
        if parts[1] not in (self.files if parts[0] == "files" else self.batches):
            return 404, b'{"error": {"code": "not_found"}}'
        if parts[0] == "files":
            return 200, self.files[parts[1]][1]
        return 200, json.dumps(self._look(parts[1])).encode()

    def _upload(self, raw: bytes) -> dict[str, Any]:
        boundary = raw.split(b"\r\n", 1)[0]
        for part in raw.split(boundary):
            head, _, content = part.partition(b"\r\n\r\n")
            if name := _NAME.search(head):
                file_id = f"file-{len(self.files) + 1}"
                self.files[file_id] = name[1].decode(), content.removesuffix(b"\r\n")
                return self._file(file_id)
        raise AssertionError("the upload has a file")

    def _file(self, file_id: str) -> dict[str, Any]:
        return {"id": file_id, "object": "file", "filename": self.files[file_id][0], "purpose": "batch"}

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        assert body["endpoint"] == "/v1/chat/completions"
        assert body["input_file_id"] in self.files
        batch_id = f"batch_{len(self.batches) + 1}"
        self.batches[batch_id] = body | {
            "id": batch_id, "object": "batch", "status": "in_progress", "created_at": int(time.time()),
            "output_file_id": None, "error_file_id": None, "looked": 0,
        }  # fmt: skip
        return self.batches[batch_id]

    def _page(self, what: str, query: str) -> dict[str, Any]:
        entries = (
            [self._file(i) for i in self.files] if what == "files" else list(self.batches.values())[::-1]
        )
        if what == "batches" and entries and self.unlisted:
            self.unlisted -= 1
            del entries[0]
        after = re.search(r"after=([\w-]+)", query)
        start = [e["id"] for e in entries].index(after[1]) + 1 if after else 0
        return {
            "object": "list",
            "data": entries[start : start + _PAGE],
            "has_more": len(entries) > start + _PAGE,
        }

    def _look(self, batch_id: str) -> dict[str, Any]:
        batch = self.batches[batch_id]
        batch["looked"] += 1
        if batch["status"] == "in_progress" and batch["looked"] > self.looks:
            self._end(batch)
        return batch

    def _end(self, batch: dict[str, Any]) -> None:
        batch |= {"status": self.ends_as, "completed_at": batch["created_at"] + 60}
        if self.ends_as == "failed":
            return
        requests = [json.loads(text) for text in self.files[batch["input_file_id"]][1].splitlines()]
        done: list[bytes] = [b'{"custom_id": "x'] if self.garbled else []
        errors: list[bytes] = []
        for number, request in enumerate(requests[::-1]):
            name = request["custom_id"]
            if number < self.failing:
                error = {"response": {"status_code": 500, "body": {}}, "error": None}
                errors.append(json.dumps({"custom_id": name, **error}).encode())
            elif number >= len(requests) - self.expired:
                error = {"response": None, "error": {"code": "batch_expired", "message": "too late"}}
                errors.append(json.dumps({"custom_id": name, **error}).encode())
            else:
                self.asked.append(name)
                if number >= self.failing + self.silent:
                    answer = {"status_code": 200, "body": self._complete(request["body"])}
                    done.append(json.dumps({"custom_id": name, "response": answer, "error": None}).encode())
        for key, lines in (("output_file_id", done), ("error_file_id", errors)):
            if lines:
                batch[key] = f"file-{len(self.files) + 1}"
                self.files[batch[key]] = f"{batch['id']}-{key}.jsonl", b"\n".join(lines) + b"\n"
