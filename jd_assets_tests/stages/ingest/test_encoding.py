from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.encoding import Decoder, binary_content, clean, decode, wide_encoding

ENGLISH = "We’re a growers’ co-operative – 40 years old. Pay: £31,000, or €36,000 in Cork."
FRENCH = "Développeur confirmé : rédaction des spécifications à Genève, français exigé."
POLISH = "Praca w sadzie: cięcie drzew, zbiór jabłek, obsługa ciągnika. Oferujemy umowę i zakwaterowanie."
TURKISH = "Deneyimli bir bahçıvan arıyoruz. İstanbul'da çalışacak, güçlü kişiler başvurabilir."
RUSSIAN = "Мы ищем садовника с опытом работы от трёх лет. Знание сортов яблок обязательно."
GREEK = "Ζητείται έμπειρος κηπουρός με τριετή εμπειρία στη φροντίδα οπωρώνων."
JAPANESE = "私たちは果樹園を手入れする経験豊富な園芸家を募集しています。三年以上の経験が必要です。"
CHINESE = "我们正在招聘一名有经验的园艺师，要求三年以上果园管理工作经验，熟悉苹果品种。"
KOREAN = "경험이 풍부한 정원사를 모집합니다. 삼년 이상의 과수원 경력이 필요합니다."


@pytest.mark.parametrize(
    ("text", "encoding", "read_as"),
    [
        (ENGLISH, "utf-8", "utf-8"),
        (ENGLISH, "utf-8-sig", "utf-8"),
        (ENGLISH, "utf-16", "utf-16-le"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (ENGLISH, "utf-32", "utf-32-le"),
        (ENGLISH, "cp1252", "cp1252"),
        (FRENCH, "cp1252", "cp1252"),
        ("São Paulo", "cp1252", "cp1252"),
        ("naïve résumé", "cp1252", "cp1252"),
        ("£50k", "cp1252", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (TURKISH, "cp1254", "cp1254"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8_r", "koi8_r"),
        (GREEK, "cp1253", "cp1253"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (CHINESE, "gb18030", "gb18030"),
        (KOREAN, "euc_kr", "euc_kr"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_whole(text: str, encoding: str, read_as: str) -> None:
    assert decode(text.encode(encoding)) == (text, read_as)


def test_damaged_utf8_is_utf8_still() -> None:
    whole = "Gärtnerei Müller sucht für Köln".encode()
    assert decode(whole[:-3]) == ("Gärtnerei Müller sucht für K\ufffd", "utf-8")
    assert decode(whole.replace(b"G", b"\xff")) == ("\ufffdärtnerei Müller sucht für Köln", "utf-8")


def test_a_line_in_an_older_encoding_leaves_the_others_in_utf8() -> None:
    decoder = Decoder("Apfelbäume schneiden".encode())
    assert decoder.decode("Bäume".encode()) == ("Bäume", "utf-8")
    assert decoder.decode("Bäume".encode("cp1252")) == ("Bäume", "cp1252")
    assert decoder.decode("Büsche".encode()) == ("Büsche", "utf-8")


def test_a_character_cut_at_the_samples_end_does_not_make_the_file_legacy() -> None:
    decoder = Decoder("Apfelbäume und Öl".encode()[:-2])
    assert decoder.decode("Café".encode("cp1252")) == ("Café", "cp1252")


def test_bytes_that_no_encoding_has_are_replaced() -> None:
    text, encoding = decode(b"orchard \x81\x8d\x8f keeper")
    assert encoding == "cp1252"
    assert text.startswith("orchard ")
    assert text.endswith(" keeper")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"%PDF-1.7 text", "it begins as a PDF does"),
        (b"PK\x03\x04rest", "it begins as a zip archive or office document does"),
        (bytes(range(32)) * 4, "of its first 128 bytes are control characters"),
    ],
)
def test_what_is_no_text_is_told(raw: bytes, found: str) -> None:
    assert found in (binary_content(raw) or "")


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, JAPANESE, "one\ttwo\r\n\fthree " * 3 + "\x00"])
def test_text_is_not_taken_for_binary(text: str) -> None:
    assert binary_content(text.encode()) is None
    assert wide_encoding(text.encode()) is None


def test_clean_removes_what_no_store_can_hold() -> None:
    assert clean("a\x00b\ufeffc\ud83dd") == "abc\ufffdd"
    assert clean("plain\x00") == "plain"


@given(st.binary(max_size=300))
def test_any_bytes_decode_to_clean_text(raw: bytes) -> None:
    text, encoding = decode(raw)
    assert text == clean(text)
    text.encode("utf-8")
    assert encoding == encoding.lower()
