"""The text of a PDF."""

from __future__ import annotations

import io
import logging

from pypdf import Configuration, PasswordType, PdfReader, apply_configuration

from jd_assets.stages.ingest.fields import quarantine
from jd_assets.stages.ingest.records import Landed, Quarantined, Reason

MAX_PAGES = 60
"""More than a JD has, with room for a handbook that holds one."""

_MAX_WORK = 3_000_000
"""Characters drawn, and five for each drawing operator: some seconds of work, a hundred JDs."""

_BOUNDS = Configuration(  # a fraction of pypdf's own, which let one page run for minutes
    maximum_declared_stream_length=20_000_000,
    array_based_stream_maximum_output_length=10_000_000,
    zlib_maximum_output_length=10_000_000,
    lzw_maximum_output_length=10_000_000,
    run_length_maximum_output_length=10_000_000,
    stream_decoding_work_maximum_length=40_000_000,
    stream_parsing_work_maximum_count=300_000,
    page_tree_maximum_entries=10_000,
    page_tree_maximum_page_entries=20_000,
    xform_maximum_invocations_per_extraction=200,
    jbig2dec_binary=None,
)

# What pypdf warns of becomes a row's reason; it need not be in the log as well.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class _TooMuchWork(ValueError):
    pass


def pdf_body(known: Landed, raw: bytes) -> tuple[Landed, str] | Quarantined:
    """The text of all pages, in the order of their content. Never raises, and takes bounded work."""
    try:
        with apply_configuration(_BOUNDS):
            return _read(known, raw)
    except Exception as error:  # damage shows as anything: KeyError, RecursionError, pypdf's own
        detail = f"{type(error).__name__}: {error}"
        return quarantine(known, Reason.CORRUPT, detail.encode("utf-8", "replace").decode()[:200])


def _read(known: Landed, raw: bytes) -> tuple[Landed, str] | Quarantined:
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return quarantine(known, Reason.ENCRYPTED, "the empty password does not open it")
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        return quarantine(known, Reason.TOO_MANY_PAGES, f"{pages:,} pages, {MAX_PAGES} are allowed")
    work = 0

    def count(operator: object, operands: object, *_: object) -> None:
        nonlocal work
        work += 5 + _characters(operands)
        if work > _MAX_WORK:
            raise _TooMuchWork("it draws more than any JD does")

    text = "\n".join(page.extract_text(visitor_operand_before=count) for page in reader.pages)
    if work > _MAX_WORK:  # pypdf goes on past an error inside a form
        raise _TooMuchWork("it draws more than any JD does")
    if not text.strip():
        return quarantine(known, Reason.NO_TEXT, f"no text on its {pages:,} pages; a scan?")
    return known, text


def _characters(operands: object) -> int:
    """Characters of the strings among an operator's operands, as `Tj` and `TJ` have them."""
    if isinstance(operands, str | bytes):
        return len(operands)
    return sum(map(_characters, operands)) if isinstance(operands, list) else 0
