"""Bytes to text, with the encoding detected and not assumed."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from charset_normalizer import from_bytes

SAMPLE_BYTES = 65_536
"""How much of a file is looked at to tell its encoding."""

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF8, "utf-8"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "koi8_r",
    "cp932", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
_LATIN_LANGUAGES = {  # code page, and letters that the language has and cp1252 lacks
    "Polish": ("cp1250", "ąęłśźżćń"), "Czech": ("cp1250", "ěčřůťďň"), "Slovak": ("cp1250", "ľčťďň"),
    "Hungarian": ("cp1250", "őű"), "Slovene": ("cp1250", "č"), "Croatian": ("cp1250", "čćđ"),
    "Romanian": ("cp1250", "ăţş"), "Turkish": ("cp1254", "ğış"),
}  # fmt: skip
_OTHER_SCRIPTS = {"cp1251", "cp1253", "cp1255", "cp1256", "cp874", "koi8_r"}

_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or office document",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
}
_CONTROLS = bytes(c for c in range(1, 32) if c not in b"\t\n\v\f\r\x1b") + b"\x7f"
_HIGH_BYTES = bytes(range(0x80, 0x100))
_ASCII_LETTERS = bytes([*range(0x41, 0x5B), *range(0x61, 0x7B)])

_UNWANTED = re.compile("[\x00\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without NULs and byte order marks; lone surrogates, which UTF-8 can't hold, as U+FFFD."""
    if text.isascii():
        return text.replace("\x00", "")
    if _UNWANTED.search(text) is None:
        return text
    return _UNWANTED.sub(lambda found: "" if found[0] in "\x00\ufeff" else "\ufffd", text)


def byte_order_mark(sample: bytes) -> tuple[int, str | None]:
    """Length of the mark that a file begins with, and the encoding that it stands for."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return len(mark), encoding
    return 0, None


def wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark, told by the NULs beside its ASCII characters; None if it is not."""
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    even, odd = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if odd >= 0.4 * pairs and even <= 0.05 * pairs:
        return "utf-16-le"
    if even >= 0.4 * pairs and odd <= 0.05 * pairs:
        return "utf-16-be"
    return None


def binary_content(sample: bytes) -> str | None:
    """What the bytes are if they are no text in an ASCII-compatible encoding, else None.

    Text holds next to no control characters, random or compressed bytes hold 10 % of them; the cut
    is 5 %. NULs pad the cells of some exports, so that only a file that is a third NULs is no text.
    """
    for signature, name in _SIGNATURES.items():
        if sample.startswith(signature):
            return f"it begins as {name} does"
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    nuls = sample.count(0)
    if controls >= 4 and controls > 0.05 * (len(sample) - nuls):
        return f"{controls:,} of its first {len(sample):,} bytes are control characters"
    if nuls > len(sample) / 3:
        return f"{nuls:,} of its first {len(sample):,} bytes are NULs"
    return None


def legacy_encoding(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8; cp1252 where nothing speaks for another.

    charset-normalizer reads a few accents among ASCII as any code page (`naïve` as cp1250, `São` as
    big5, an English text with pound signs as Polish). High bytes are under a fifth of the letters in
    every language that the Latin code pages serve, and over half in other scripts; below 30 %, a page
    other than cp1252 needs its language found together with letters of its own, or its alphabet.
    """
    sample = sample[:SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=_LEGACY, enable_fallback=False).best()
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    high = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    letters = len(sample) - len(sample.translate(None, _ASCII_LETTERS))
    if high >= 6 and high >= 0.3 * (high + letters):
        return best.encoding
    if best.encoding in _OTHER_SCRIPTS and best.coherence > 0:
        return best.encoding
    page, own = _LATIN_LANGUAGES.get(best.language, ("cp1252", ""))
    text = sample.decode(page, "replace")
    return page if sum(text.count(letter) for letter in own) >= 2 else "cp1252"


class Decoder:
    """Decodes the pieces of one file: UTF-8 where a piece is UTF-8, else the file's older encoding,
    which is looked for once.
    """

    def __init__(self, sample: bytes) -> None:
        self._sample = sample
        self._legacy: str | None = None

    def decode(self, raw: bytes) -> tuple[str, str]:
        """The text, clean, and the encoding that it was read with. Never raises."""
        try:
            return clean(raw.decode("utf-8")), "utf-8"
        except UnicodeDecodeError:
            pass
        # A truncated or patched UTF-8 text is still UTF-8: valid sequences are rare by chance.
        repaired = raw.decode("utf-8", "replace")
        damaged = repaired.count("\ufffd")
        if sum(character > "\x7f" for character in repaired) >= 2 * damaged:
            return clean(repaired), "utf-8"
        if self._legacy is None:
            self._legacy = legacy_encoding(raw if _is_utf8(self._sample) else self._sample)
        for encoding in (self._legacy, "cp1252"):
            try:
                return clean(raw.decode(encoding)), encoding
            except UnicodeDecodeError:
                continue
        return clean(raw.decode("cp1252", "replace")), "cp1252"


def decode(raw: bytes) -> tuple[str, str]:
    """A whole file's text, clean, and its encoding. Never raises."""
    length, marked = byte_order_mark(raw)
    encoding = marked or wide_encoding(raw[:SAMPLE_BYTES])
    if encoding in (None, "utf-8"):
        return Decoder(raw[:SAMPLE_BYTES]).decode(raw[length:])
    return clean(raw[length:].decode(encoding, "replace")), encoding


def _is_utf8(sample: bytes) -> bool:
    """Whether the sample is UTF-8, but for a character cut at its end."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3 and error.reason == "unexpected end of data"
    return True
