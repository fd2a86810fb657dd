"""Takes a batch from step to step: upload, submit, poll, collect.

Each step is written down when it is done. A process that dies in between leaves a batch whose next step is
done again by whoever comes next: that one looks first whether the endpoint has the file or the batch already,
by the file's name and the batch's metadata. Submitting costs money, so it is written down beforehand too: a
batch that may just have been submitted is not submitted again before it would be in the endpoint's list.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict

from jd_assets.llm.answers import judge
from jd_assets.llm.errors import EngineStopped, LlmError
from jd_assets.llm.owners import is_gone, new_owner
from jd_assets.llm.prices import Price, Usage
from jd_assets.llm.transport import Outcome, Reply, Transport
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.batches import INTENT, SUBMITTED, UPLOADED, Batch, Batches
from jd_assets.storage.claims import Claim

_log = logging.getLogger(__name__)

URL = "/v1/chat/completions"
_ENDED = frozenset(("completed", "expired", "failed", "cancelled"))
_AT_ONCE = 500  # answers in one transaction
_LISTED_WITHIN = timedelta(minutes=15)  # of being sent; the endpoint works at a request for 10 at most
_NOT_MADE = frozenset((Outcome.UNSENT, Outcome.REJECTED, Outcome.STOPPED, Outcome.RATE_LIMITED))


class _Object(BaseModel):
    """Any JSON object: whether it fits its stage's contract shows when the stage asks for it."""

    model_config = ConfigDict(extra="allow")


@dataclass
class Desk:
    """Where batches are handed in and fetched: the endpoint of one stage, and its batch price."""

    batches: Batches
    transport: Transport
    price: Price

    async def advance(self, batch: Batch) -> Batch | None:
        """Does the batch's next steps as far as they can be done now; None while another process does.

        Raises:
            LlmError: the endpoint doesn't do its part; the batch stays where it is.
        """
        owner = new_owner()
        held = self.batches.lease(batch, owner, is_gone)
        if held is None:
            return None
        try:
            return await self._advance(held)
        finally:
            self.batches.release(batch, owner)

    async def _advance(self, batch: Batch) -> Batch:
        if batch.status == SUBMITTED:
            assert batch.remote_id is not None
            told = _json(await self.transport.batch(batch.remote_id))
            if told.get("status") in _ENDED:
                await self._collect(batch, told)
                batch = self.batches.find(batch)
            return batch
        if batch.status == INTENT:
            name = f"{batch.batch_id}.jsonl"
            file_id = await self._uploaded(name)
            if file_id is None:
                content = b"".join(line(sha, body) for sha, body in self.batches.bodies(batch))
                file_id = _text(_json(await self.transport.upload(name, content)), "id")
            batch = self.batches.note(batch, UPLOADED, file_id=file_id)
        if batch.status == UPLOADED:
            assert batch.file_id is not None
            remote_id = await self._submitted(batch)
            if remote_id is None:
                if batch.tried_at and datetime.now(UTC) - batch.tried_at < _LISTED_WITHIN:
                    return batch
                remote_id = await self._submit(batch, batch.file_id)
            batch = self.batches.note(batch, SUBMITTED, remote_id=remote_id)
        return batch

    async def _submit(self, batch: Batch, file_id: str) -> str:
        """The endpoint's batch, made now."""
        self.batches.note(batch, UPLOADED, tried_at=datetime.now(UTC))
        metadata = {"batch_id": batch.batch_id, "manifest_sha256": batch.manifest_sha256}
        reply = await self.transport.create_batch(file_id, URL, metadata)
        if reply.outcome in _NOT_MADE:
            self.batches.note(batch, UPLOADED, tried_at=None)
        return _text(_json(reply), "id")

    async def _uploaded(self, name: str) -> str | None:
        """The file, if a process that died uploaded it."""
        async for file in self._pages(self.transport.files):
            if file.get("filename") == name:
                return _text(file, "id")
        return None

    async def _submitted(self, batch: Batch) -> str | None:
        """The endpoint's batch, if a process that died created it."""
        async for there in self._pages(self.transport.batches):
            if (there.get("metadata") or {}).get("batch_id") == batch.batch_id:
                return _text(there, "id")
        return None

    @staticmethod
    async def _pages(listing: Any) -> Any:
        after: str | None = None
        while True:
            page = _json(await listing(after))
            entries = page.get("data") or []
            for entry in entries:
                yield entry
            if not page.get("has_more") or not entries:
                return
            after = _text(entries[-1], "id")

    async def _collect(self, batch: Batch, told: dict[str, Any]) -> None:
        """Writes down every line of the output and the error file, then what is in neither."""
        ended_as = str(told["status"])
        for key in ("output_file_id", "error_file_id"):
            if told.get(key):
                reply = await self.transport.content(str(told[key]))
                self._settle(batch, _lines(_body(reply)), told)
        left = [
            # An endpoint that says it is done may have charged for an answer that it doesn't give.
            Attempt(c, "failed", error=f"the batch {ended_as} without it",
                    counted_nano_usd=c.most_nano_usd if ended_as == "completed" else 0)
            for c in self.batches.claims(batch).values()
        ]  # fmt: skip
        self.batches.settle(batch, left, _today())
        self.batches.finish(batch, ended_as)

    def _settle(self, batch: Batch, lines: Iterator[dict[str, Any]], told: dict[str, Any]) -> None:
        seconds = (told.get("completed_at") or told.get("expired_at") or 0) - (told.get("created_at") or 0)
        while part := list(islice(lines, _AT_ONCE)):
            claims = self.batches.claims(batch)
            attempts = [
                self._attempt(claims[entry["custom_id"]], entry, max(0.0, seconds * 1000.0))
                for entry in part
                if entry.get("custom_id") in claims
            ]
            self.batches.settle(batch, attempts, _today())

    def _attempt(self, claim: Claim, entry: dict[str, Any], latency_ms: float) -> Attempt:
        response, error = entry.get("response") or {}, entry.get("error")
        status = response.get("status_code")
        if error or status != 200:
            code = str((error or {}).get("code") or f"HTTP {status}")[:80]
            return Attempt(claim, "failed", latency_ms, code)
        body = json.dumps(response.get("body"), ensure_ascii=False).encode()
        answer = judge(body, _Object)
        usage = answer.usage or Usage()
        paid = self.price.nano_usd(usage) if answer.usage else claim.most_nano_usd
        return Attempt(
            claim, answer.status, latency_ms, answer.error,
            input_tokens=usage.input_tokens,
            cached_input_tokens=usage.cached_input_tokens,
            output_tokens=usage.output_tokens,
            cost_nano_usd=paid,
            counted_nano_usd=paid,
            body=body,
        )  # fmt: skip


def line(request_sha256: str, body: bytes) -> bytes:
    """A request as a line of a batch's file."""
    head = {"custom_id": request_sha256, "method": "POST", "url": URL}
    return json.dumps(head).encode()[:-1] + b', "body": ' + body + b"}\n"


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file; a line that is none has no answer in it."""
    for text in content.splitlines():
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError):
            _log.warning("a line of a batch's file can't be read")
            continue
        if isinstance(entry, dict):
            yield entry


def _body(reply: Reply) -> bytes:
    if reply.outcome is Outcome.ANSWERED:
        return reply.body
    if reply.outcome is Outcome.STOPPED:
        raise EngineStopped(f"the batch endpoint refuses: {reply.error}")
    raise LlmError(f"the batch endpoint doesn't answer: {reply.error}")


def _json(reply: Reply) -> dict[str, Any]:
    try:
        told = json.loads(_body(reply))
    except (ValueError, RecursionError):
        raise LlmError("the batch endpoint's answer is no JSON") from None
    if not isinstance(told, dict):
        raise LlmError("the batch endpoint's answer is no JSON object")
    return told


def _text(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value:
        raise LlmError(f"the batch endpoint gives no {key}")
    return value


def _today() -> Any:
    return datetime.now(UTC).date()
