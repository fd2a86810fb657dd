"""The text of a Word document (docx)."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from jd_assets.stages.ingest.fields import quarantine
from jd_assets.stages.ingest.markup import BULLET, CELL
from jd_assets.stages.ingest.records import Landed, Quarantined, Reason

_MAX_UNPACKED_BYTES = 60_000_000
_MAX_PARTS = 3_000
_MAX_INHERITANCE = 10
_LIST_STYLES = ("list bullet", "list number")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

_PARAGRAPH, _TEXT, _ROW, _CELL = qn("w:p"), qn("w:t"), qn("w:tr"), qn("w:tc")
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_SKIPPED = {
    qn("w:pPr"), qn("w:rPr"), qn("w:sectPr"), qn("w:tblPr"), qn("w:del"), qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # the same text once more
}  # fmt: skip


def word_body(known: Landed, raw: bytes) -> tuple[Landed, str] | Quarantined:
    """Paragraphs, list items as bullets and tables (a line per row), in document order. Never raises."""
    if raw.startswith(_OLE):
        if _ENCRYPTED_STREAM in raw:
            return quarantine(known, Reason.ENCRYPTED, "a docx under a password")
        return quarantine(known, Reason.CORRUPT, "an old Word file under a docx name")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
        # Reading a part stops at the size that the archive declares for it, so this bounds the work.
        if sum(sizes) > _MAX_UNPACKED_BYTES or len(sizes) > _MAX_PARTS:
            detail = f"{len(sizes):,} parts that unpack to {sum(sizes):,} bytes"
            return quarantine(known, Reason.CORRUPT, detail)
        document = Document(io.BytesIO(raw))
        listed = _list_styles(document.styles.element)
        text = _Reader(listed).read(document.element.body)
    except Exception as error:  # damage shows as anything: BadZipFile, KeyError, XMLSyntaxError, ...
        detail = f"{type(error).__name__}: {error}"
        return quarantine(known, Reason.CORRUPT, detail.encode("utf-8", "replace").decode()[:200])
    return known, text


def _list_styles(styles: etree._Element) -> frozenset[str]:
    """Ids of the paragraph styles that make a list item: by numbering of their own, or by name."""
    listed, based_on = set(), {}
    for style in styles.iter(qn("w:style")):
        id_ = style.get(qn("w:styleId"))
        name, base = style.find(qn("w:name")), style.find(qn("w:basedOn"))
        by_name = name is not None and name.get(qn("w:val"), "").lower().startswith(_LIST_STYLES)
        if by_name or style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
            listed.add(id_)
        if base is not None:
            based_on[id_] = base.get(qn("w:val"))
    for _ in range(_MAX_INHERITANCE):
        heirs = {id_ for id_, base in based_on.items() if base in listed}
        if heirs <= listed:
            break
        listed |= heirs
    return frozenset(listed)


class _Reader:
    """Walks a document's body once, without recursion."""

    def __init__(self, list_styles: frozenset[str]) -> None:
        self._list_styles = list_styles
        self._parts: list[str] = []

    def read(self, body: etree._Element) -> str:
        walk = etree.iterwalk(body, events=("start", "end"))
        rows: list[list[str]] = []  # cells so far of each open table row
        cells: list[int] = []  # where in parts each open cell begins
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in _SKIPPED:
                    walk.skip_subtree()
                elif tag == _PARAGRAPH:
                    self._parts.append(BULLET if self._is_item(element) else "")
                elif tag == _TEXT:
                    self._parts.append(element.text or "")
                elif tag in _BREAKS:
                    self._parts.append(_BREAKS[tag])
                elif tag == _ROW:
                    rows.append([])
                elif tag == _CELL:
                    cells.append(len(self._parts))
            elif tag == _PARAGRAPH:
                if self._parts[-1] == BULLET:
                    self._parts.pop()
                self._parts.append("\n")
            elif tag == _CELL and cells and rows:
                begin = cells.pop()
                rows[-1].append("".join(self._parts[begin:]).strip())
                del self._parts[begin:]
            elif tag == _ROW and rows:
                self._parts.append(_row_text(rows.pop()) + "\n")
        return "".join(self._parts)

    def _is_item(self, paragraph: etree._Element) -> bool:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return False
        numbering = properties.find(qn("w:numPr"))
        if numbering is not None:
            kind = numbering.find(qn("w:numId"))
            return kind is None or kind.get(qn("w:val")) != "0"  # 0 takes a style's numbering off
        style = properties.find(qn("w:pStyle"))
        return style is not None and style.get(qn("w:val")) in self._list_styles


def _row_text(cells: list[str]) -> str:
    """A row on one line; cells of several lines, as layout tables have, below each other."""
    filled = [cell for cell in cells if cell]
    return ("\n" if any("\n" in cell for cell in filled) else CELL).join(filled)
