"""Files that are one JD each."""

from __future__ import annotations

import hashlib
import io

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jd_assets_tests.stages.ingest.made import docx, pdf, record


def test_a_text_file() -> None:
    raw = "\ufeffOrchard Keeper\r\n\r\n\tTends the orchard – daily.\r\n".encode()
    found = record("gardens/a.txt", raw)
    assert found.text == "Orchard Keeper\n\n\tTends the orchard – daily."
    assert (found.body_start, found.row, found.title) == (0, None, None)
    assert (found.file, found.format, found.encoding) == ("gardens/a.txt", "txt", "utf-8")
    assert found.content_sha256 == hashlib.sha256(raw).hexdigest()


def test_markdown_keeps_its_marks() -> None:
    text = "# Orchard Keeper\n\n* **Prunes** trees\n* grafts\n\n[apply](https://jobs.example)"
    assert record("a.md", text.encode()).text == text


@pytest.mark.parametrize(
    ("head", "encoding", "read_as"),
    [
        ("", "utf-8", "utf-8"),
        ('<meta charset="shift_jis">', "shift_jis", "shift_jis"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">', "euc_jp", "euc-jp"),
        ('<meta charset="no-such-encoding">', "cp932", "cp932"),
        ('<meta charset="rot13">', "cp932", "cp932"),
        ('<meta charset="utf-8">', "utf-16", "utf-16-le"),
    ],
)
def test_a_page_in_any_encoding(head: str, encoding: str, read_as: str) -> None:
    body = "果樹園の手入れをする園芸家を募集しています。三年以上の経験が必要です。"
    found = record("a.html", f"<html><head>{head}</head><body><p>{body}</p></body>".encode(encoding))
    assert (found.text, found.encoding) == (body, read_as)


def test_a_pages_title_stands_in_front_where_the_page_lacks_it() -> None:
    found = record("a.htm", b"<title>Orchard Keeper</title><p>Tends the orchard.</p>")
    assert (found.title, found.text) == ("Orchard Keeper", "Orchard Keeper\n\nTends the orchard.")


def test_a_pdf() -> None:
    found = record("a.pdf", pdf([["Orchard Keeper", "- prunes trees"], ["- grafts"]]))
    assert found.text.split("\n") == ["Orchard Keeper", "- prunes trees", "", "- grafts"]
    assert (found.format, found.encoding) == ("pdf", None)


def test_a_pdf_that_the_empty_password_opens_is_read() -> None:
    assert record("a.pdf", pdf([["Orchard Keeper"]], password="")).text == "Orchard Keeper"


def test_a_word_file() -> None:
    assert record("a.docx", docx()).text == (
        "Store Manager\nWe run garden centres.\n- Plan the rota\n- Order stock\n"
        "Location | Nashik\nExperience | 4 years\nApply by Friday.\n"
        "Benefits\nHealth cover\n- Staff discount"
    )


def test_a_word_file_with_all_that_word_does() -> None:
    document = Document()
    numbered = document.add_paragraph("Prunes trees")
    properties = numbered._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    kind = OxmlElement("w:numId")
    kind.set(qn("w:val"), "3")
    numbering.append(kind)
    properties.append(numbering)
    document.add_paragraph("", style="List Bullet")
    document.add_paragraph("one\ttwo\nthree")
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    content.append(document.add_paragraph("In a form field")._p)
    document.element.body.insert(0, control)
    outer = document.add_table(rows=1, cols=1)
    inner = outer.cell(0, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Pay", "by the day"
    made = io.BytesIO()
    document.save(made)
    assert record("a.docx", made.getvalue()).text == (
        "In a form field\n- Prunes trees\n\none\ttwo\nthree\nPay | by the day"
    )
