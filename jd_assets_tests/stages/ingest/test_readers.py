"""Every way in which a file or a row is kept aside, each from a real file, and what holds for any bytes."""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.stages.ingest.readers import FORMATS, read, source_format
from jd_assets.stages.ingest.records import Limits, Quarantined, Reason, Record
from jd_assets_tests.stages.ingest.made import NAMES, docx, jsonl, pdf, records, zip_bomb

GOOD = {"text": "Tends the orchard and the hives."}
CASES: list[tuple[Reason, str, bytes, str]] = [
    (Reason.EMPTY, "a.jsonl", b"", "no rows"),
    (Reason.EMPTY, "a.csv", b"title,text\r\n", "no rows"),
    (Reason.EMPTY, "a.txt", b" \r\n\t\n", "5 bytes"),
    (Reason.EMPTY, "a.pdf", b"", "0 bytes"),
    (Reason.EMPTY, "a.jsonl", b"\xef\xbb\xbf", "no rows"),
    (Reason.UNSUPPORTED_FORMAT, "a.xlsx", b"PK\x03\x04", "jsonl"),
    (Reason.UNSUPPORTED_FORMAT, "README", b"Tends the orchard.", "docx"),
    (Reason.FILE_TOO_LARGE, "a.txt", b"x" * 200_001, "200,001 bytes, 200,000 are allowed"),
    (Reason.BINARY, "a.txt", pdf([["Orchard keeper"]]), "begins as a PDF does"),
    (Reason.BINARY, "a.csv", gzip.compress(b"title,text\n", mtime=0), "begins as a gzip archive does"),
    (Reason.BINARY, "a.html", random.Random(7).randbytes(4_000), "control characters"),
    (Reason.BINARY, "a.jsonl", docx()[:9_000], "zip archive"),
    (Reason.CORRUPT, "a.pdf", pdf([["Orchard keeper"]])[:400], "PdfStreamError"),
    (Reason.CORRUPT, "a.pdf", b"Tends the orchard.", "PdfStreamError"),
    (Reason.CORRUPT, "a.docx", docx()[:15_000], "BadZipFile"),
    (Reason.CORRUPT, "a.docx", zip_bomb(docx(), 61_000_000), "unpack to 61,"),
    (Reason.CORRUPT, "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Word file"),
    (Reason.ENCRYPTED, "a.pdf", pdf([["Orchard keeper"]], password="pips"), "empty password"),
    (
        Reason.ENCRYPTED,
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    (Reason.TOO_MANY_PAGES, "a.pdf", pdf([["Page"]] * 61), "61 pages, 60 are allowed"),
    (Reason.NO_TEXT, "a.pdf", pdf([[], []]), "no text on its 2 pages"),
    (Reason.NO_TEXT, "a.html", b"<html><script>let a = 1</script><p> </p></html>", "holds no text"),
    (Reason.NO_HEADER, "a.csv", b'title,"text\n1,Keeper\n', "line"),
    (Reason.ROW_TOO_LARGE, "a.jsonl", b'{"text": "' + b"x" * 200_000 + b'"}\n', "line 1 has 200,013 bytes"),
    (Reason.ROW_TOO_LARGE, "a.csv", b"id,text\n1," + b"x" * 200_001 + b"\n", "line 2 has 200,004 bytes"),
    (Reason.INVALID_JSON, "a.jsonl", b'{"text": "Tends', "line 1, column 10: Unterminated string"),
    (Reason.INVALID_JSON, "a.jsonl", b"[" * 15_000 + b"\n", "nested too deep"),
    (Reason.INVALID_JSON, "a.jsonl", b'{"id": ' + b"9" * 5_000 + b"}\n", "4300 digits"),
    (Reason.NOT_AN_OBJECT, "a.jsonl", b'["Tends the orchard."]\n', "line 1 holds an array"),
    (Reason.NOT_AN_OBJECT, "a.jsonl", b"null\n", "line 1 holds null"),
    (Reason.WRONG_COLUMNS, "a.csv", b"title,text\nKeeper,Tends, prunes\n", "3 columns, the header has 2"),
    (Reason.WRONG_COLUMNS, "a.csv", b"id,title,text\n1,Keeper\n", "line 2: 2 columns, the header has 3"),
    (Reason.UNBALANCED_QUOTES, "a.csv", b'title,text\nKeeper,"Tends\n', "line 2: a quote opens"),
    (Reason.NO_TEXT_FIELD, "a.jsonl", jsonl([{"title": "Keeper", "pay": 3}]), "the fields title, pay"),
    (Reason.NO_TEXT_FIELD, "a.csv", b"title,pay\nKeeper,3\n", "row 2 has the fields title, pay"),
    (Reason.EMPTY_TEXT, "a.jsonl", jsonl([{"text": " \n", "description": None}]), "text, description"),
    (Reason.EMPTY_TEXT, "a.csv", b"title,text\nKeeper,\n", "row 2: nothing in text"),
    (Reason.NOT_TEXT, "a.jsonl", jsonl([{"text": True}]), "holds true"),
    (Reason.NOT_TEXT, "a.jsonl", b'{"text": ' + b"[" * 20 + b"1" + b"]" * 20 + b"}\n", "nests more than 8"),
    (Reason.TEXT_TOO_LONG, "a.jsonl", jsonl([{"text": "y" * 5_001}]), "5,001 characters, 5,000"),
]


@pytest.mark.parametrize(
    ("reason", "file", "raw", "detail"), CASES, ids=[f"{reason}-{file}" for reason, file, _, _ in CASES]
)
def test_what_cannot_be_read_is_quarantined(reason: Reason, file: str, raw: bytes, detail: str) -> None:
    (found,) = records(file, raw)
    assert isinstance(found, Quarantined)
    assert found.reason is reason
    assert detail in found.detail
    assert found.file == file


def test_every_reason_is_shown_above_and_has_a_meaning() -> None:
    shown = {reason for reason, _, _, _ in CASES} | {Reason.UNREADABLE}  # that one: test_landing
    assert shown == set(Reason)
    assert all(reason.meaning.endswith(".") and "\n" not in reason.meaning for reason in Reason)


@pytest.mark.parametrize("broken", [b"{oops", b"[1]", b'"x"', b"{}", b'{"text": false}', b"x" * 300_000])
def test_a_bad_row_takes_no_other_with_it(broken: bytes) -> None:
    lines = [jsonl([GOOD | {"id": number}]).strip() for number in range(12)]
    lines[6] = broken
    found = records("a.jsonl", b"\n".join(lines))
    assert [record.row for record in found] == list(range(1, 13))
    assert [record.row for record in found if isinstance(record, Quarantined)] == [7]
    assert [r.source_id for r in found if isinstance(r, Record)] == [str(n) for n in range(12) if n != 6]


def test_a_quarantined_row_keeps_what_could_be_read() -> None:
    (found,) = records("a.jsonl", jsonl([{"id": 4, "title": "Keeper", "text": ""}]))
    assert (found.source_id, found.title, found.encoding) == ("4", "Keeper", "utf-8")


def test_extensions_are_read_in_any_case() -> None:
    (found,) = records("Jobs/ROLE.TXT", b"Tends the orchard.")
    assert isinstance(found, Record)
    assert found.format == "txt"
    assert source_format("a.XLSX") == "xlsx"
    assert source_format("LICENSE") == "none"


class Endless(io.RawIOBase):
    """A stream of so many bytes, made as they are read: never in memory as a whole."""

    def __init__(self, head: bytes, body: bytes, tail: bytes, size: int) -> None:
        self._head, self._body, self._tail = head, body, tail
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        assert whence == io.SEEK_SET
        self._at = offset
        return offset

    def _byte_range(self, start: int, length: int) -> bytes:
        head, tail = self._head, self._tail
        parts = [head[start : start + length]]
        middle_end = self._size - len(tail)
        begin, end = max(start, len(head)), min(start + length, middle_end)
        if end > begin:
            phase = (begin - len(head)) % len(self._body)
            repeats = (end - begin + phase) // len(self._body) + 1
            parts.append((self._body * repeats)[phase : phase + end - begin])
        if start + length > middle_end:
            parts.append(tail[max(0, start - middle_end) : start + length - middle_end])
        return b"".join(parts)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        made = self._byte_range(self._at, min(len(buffer), self._size - self._at))
        buffer[: len(made)] = made
        self._at += len(made)
        return len(made)


def peak_memory(records: Iterator[Record | Quarantined]) -> tuple[int, list[tuple[int | None, str]]]:
    """Bytes that reading took at most, and row and outcome of all but the plain records."""
    tracemalloc.start()
    try:
        kept = [(r.row, r.reason.value) for r in records if isinstance(r, Quarantined)]
        return tracemalloc.get_traced_memory()[1], kept
    finally:
        tracemalloc.stop()


LINE = jsonl([GOOD | {"id": 1}])
LONG = jsonl([{"id": 1, "text": "Tends the orchard. " * 60}])
HUGE = [
    ("one line of 60 MB", "a.jsonl", LINE, b"x", b"\n" + LINE, 60_000_000, [(2, "row_too_large")]),
    ("a cell of 4 MB over many lines", "a.csv", b'id,text\n1,ok\n2,"', b"an item of many\n",
     b'"\n3,ok\n', 4_000_000, [(3, "row_too_large")]),
    ("a text file of 40 MB", "a.txt", b"", b"word ", b"", 40_000_000, [(None, "file_too_large")]),
    ("8,000 rows", "a.jsonl", LONG, LONG, LONG, len(LONG) * 8_000, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "head", "body", "tail", "size", "expected"),
    [case[1:] for case in HUGE],
    ids=[case[0] for case in HUGE],
)
def test_memory_is_bounded_by_a_row_and_not_by_the_file(
    file: str, head: bytes, body: bytes, tail: bytes, size: int, expected: list[tuple[int, str]]
) -> None:
    stream = io.BufferedReader(Endless(head, body, tail, size), 65_536)
    limits = Limits(max_row_bytes=100_000, max_file_bytes=100_000, max_text_characters=5_000)
    peak, kept = peak_memory(read(stream, file, NAMES, limits))
    assert kept == expected
    assert peak < 4_000_000


def test_rows_around_a_huge_one_are_read() -> None:
    raw = b'id,text\n1,first\n2,"' + b"an item\n" * 90_000 + b'"\n3,third\n'
    found = records("a.csv", raw)
    assert [(r.row, r.source_id, type(r)) for r in found] == [
        (2, "1", Record), (3, None, Quarantined), (90_004, "3", Record),
    ]  # fmt: skip


@pytest.mark.parametrize("extension", sorted(FORMATS))
@given(raw=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_records_and_never_raise(extension: str, raw: bytes) -> None:
    check(records(f"a.{extension}", raw))


MARKED = st.lists(
    st.sampled_from(
        ["text", "title", ",", ";", "\t", '"', '""', "\\", "\n", "\r\n", "\r", "\x00", "{", "}", "[", ":",
         '{"text": "a"}', "<p>", "</p>", "<li>", "<table><tr><td>", "<!--", "&amp;", "&#0;", "\ud800", "é",
         "\u2028", "\ufeff", " ", "a", "1", "- ", "sep=;"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("file", ["a.jsonl", "a.csv", "a.html", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@given(text=MARKED)
@settings(max_examples=80, deadline=None)
def test_any_mix_of_marks_gives_records_and_never_raises(file: str, encoding: str, text: str) -> None:
    check(records(file, text.encode(encoding, "replace")))


@given(
    values=st.dictionaries(
        st.sampled_from(["Text", "TITLE", "job title", "company", "city", "id", "url", "other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_json_object_gives_one_record(values: dict[str, object]) -> None:
    check(found := records("a.jsonl", json.dumps(values).encode()))
    assert [record.row for record in found] == [1]


@pytest.mark.parametrize("make", [lambda: pdf([["Keeper"], ["Tends"]]), docx], ids=["pdf", "docx"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_damaged_document_never_raises(make: object, data: st.DataObject) -> None:
    whole = bytearray(make())  # type: ignore[operator]
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    suffix = "pdf" if whole[1:2] == b"P" else "docx"
    check(records(f"a.{suffix}", bytes(whole[: data.draw(st.integers(1, len(whole)))])))


def check(found: list[Record | Quarantined]) -> None:
    """At least one record, each with a place of its own, and only text that UTF-8 and Arrow can hold."""
    assert found
    assert len({record.row for record in found}) == len(found)
    for record in found:
        texts = [getattr(record, name) for name in type(record).__mro__[1].__slots__]
        texts.append(record.text if isinstance(record, Record) else record.detail)
        strings = [text for text in texts if isinstance(text, str)]
        assert not any("\x00" in text for text in strings)
        pl.Series(strings, dtype=pl.String)
        if isinstance(record, Record):
            assert record.text[record.body_start :].strip()
            assert "\r" not in record.text
