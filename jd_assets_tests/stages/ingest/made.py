"""Real files, made in memory, for the tests of the readers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence

from docx import Document
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import FieldNames, Limits, Quarantined, Record

NAMES = FieldNames(
    text=("text", "description", "job_description"),
    title=("title", "job_title"),
    company=("company", "employer"),
    location=("location", "city"),
    id=("id", "job_id"),
    source=("source", "url"),
)
LIMITS = Limits(max_row_bytes=200_000, max_file_bytes=200_000, max_text_characters=5_000)


def records(file: str, raw: bytes, limits: Limits = LIMITS) -> list[Record | Quarantined]:
    return list(read(io.BytesIO(raw), file, NAMES, limits))


def record(file: str, raw: bytes, limits: Limits = LIMITS) -> Record:
    """The one record of a file that should give one."""
    (found,) = records(file, raw, limits)
    assert isinstance(found, Record), found
    return found


def quarantined(file: str, raw: bytes, limits: Limits = LIMITS) -> Quarantined:
    (found,) = records(file, raw, limits)
    assert isinstance(found, Quarantined), found
    return found


def jsonl(rows: Iterable[object], encoding: str = "utf-8") -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding)


def pdf(pages: Sequence[Sequence[str]], password: str | None = None) -> bytes:
    """A PDF with these lines on its pages; with a password (which may be empty), encrypted."""
    writer = PdfWriter()
    font = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    )
    for lines in pages:
        page = writer.add_blank_page(width=595, height=842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 11 Tf 50 780 Td 14 TL {shown} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
    if password is not None:
        writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def docx() -> bytes:
    """A Word document with paragraphs, a list and two tables."""
    document = Document()
    document.add_heading("Store Manager", level=1)
    document.add_paragraph("We run garden centres.")
    document.add_paragraph("Plan the rota", style="List Bullet")
    document.add_paragraph("Order stock", style="List Number")
    facts = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Location", "Nashik"), ("Experience", "4 years"))):
        for column, text in enumerate(cells):
            facts.cell(row, column).text = text
    document.add_paragraph("Apply by Friday.")
    layout = document.add_table(rows=1, cols=2)
    layout.cell(0, 0).text = "Benefits"
    layout.cell(0, 1).text = "Health cover"
    layout.cell(0, 1).add_paragraph("Staff discount", style="List Bullet")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def zip_bomb(raw: bytes, size: int) -> bytes:
    """The archive with one more part, of zeros, which unpacks to `size` bytes."""
    made = io.BytesIO(raw)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/padding.bin", bytes(size))
    return made.getvalue()
