"""The lines of a file of any size, in UTF-8 or an ASCII-compatible encoding, with bounded memory."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from jd_assets.stages.ingest.encoding import (
    SAMPLE_BYTES,
    Decoder,
    binary_content,
    byte_order_mark,
    wide_encoding,
)

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `raw` is None where it is over the limit; its digest is kept."""

    number: int
    start: int
    end: int
    raw: bytes | None
    digest: str | None = None

    @property
    def sha256(self) -> str:
        return self.digest or hashlib.sha256(self.raw or b"").hexdigest()


class LineFile:
    """A seekable stream, its encoding told from its first bytes, read line by line.

    `binary` says what the bytes are if they are no text; its lines are then not worth reading.
    `sample` is the beginning as UTF-8 or an ASCII-compatible encoding. Where `recoded`, the file is
    UTF-16, UTF-32 or has bare returns as line ends, and lines and their places are of its form in
    UTF-8 with newlines.
    """

    def __init__(self, stream: BinaryIO) -> None:
        begin = stream.tell()
        head = stream.read(SAMPLE_BYTES)
        mark, marked = byte_order_mark(head)
        wide = marked if marked != "utf-8" else None
        if marked is None:
            wide = wide_encoding(head)
        self.empty = len(head) == mark
        self.start = mark if wide is None else 0
        self._wide = wide
        stream.seek(begin + mark)
        self._stream: BinaryIO | io.BufferedReader = stream
        if wide is not None:
            self._stream = io.BufferedReader(_Recoded(stream, wide), _CHUNK)
            self.sample = codecs.getincrementaldecoder(wide)("replace").decode(head[mark:]).encode()
        else:
            self.sample = head[mark:]
        self.recoded = wide is not None
        if b"\r" in self.sample[:-1] and b"\n" not in self.sample:
            self.recoded = True
            self._stream = io.BufferedReader(_ReturnsAsNewlines(self._stream), _CHUNK)
        self.binary = None if self.empty else binary_content(self.sample)
        self._decoder = Decoder(self.sample)

    def chunks(self) -> Iterator[bytes]:
        """All bytes below the mark, in the form that the lines are cut from."""
        while chunk := self._stream.read(_CHUNK):
            yield chunk

    def decode(self, raw: bytes) -> tuple[str, str]:
        """A line's text and the encoding it was read with."""
        text, encoding = self._decoder.decode(raw)
        return text, self._wide or encoding

    def lines(self, limit: int) -> Iterator[Line]:
        """Every line; one of more than `limit` bytes is read to its end but not held."""
        at, number = self.start, 0
        while chunk := self._stream.readline(limit + 2):
            number += 1
            body = chunk.rstrip(b"\r\n")
            if len(body) <= limit and (chunk.endswith(b"\n") or len(chunk) < limit + 2):
                yield Line(number, at, at + len(chunk), body)
                at += len(chunk)
                continue
            digest, end = hashlib.sha256(), at
            while chunk:
                end += len(chunk)
                digest.update(chunk.rstrip(b"\r\n") if chunk.endswith(b"\n") else chunk)
                chunk = b"" if chunk.endswith(b"\n") else self._stream.readline(_CHUNK)
            yield Line(number, at, end, None, digest.hexdigest())
            at = end


class _Recoded(io.RawIOBase):
    """A UTF-16 or UTF-32 stream as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            self._ready = self._decoder.decode(chunk, final=not chunk).encode()
            if not chunk:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


class _ReturnsAsNewlines(io.RawIOBase):
    """A stream whose lines end in a bare carriage return, with newlines in their place."""

    def __init__(self, stream: BinaryIO | io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(chunk)] = chunk
        return len(chunk)
