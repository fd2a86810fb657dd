"""Whether the words of a JD bear out the numbers that a model read in them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{2,3}){1,4}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?")
_WORDS = {
    word: float(n)
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
}
_WORD = re.compile(r"\b(?:" + "|".join(_WORDS) + r")\b")
_NO_YEARS = re.compile(r"\b(?:freshers?|no (?:prior |previous )?experience|entry[ -]level)\b")
_MONTHS = re.compile(r"\b(?:months?|mos)\b")
_SCALES = (
    (re.compile(r"\d\s?k\b|\bthousand"), 1e3),
    (re.compile(r"\d\s?l\b|lpa\b|l\.p\.a|\b\d?la(?:kh|c)s?\b"), 1e5),
    (re.compile(r"\d\s?m\b|\bmillion"), 1e6),
    (re.compile(r"\d\s?cr\b|\bcrores?\b"), 1e7),
)
_DOLLARS = frozenset(("USD", "CAD", "AUD", "SGD", "NZD", "HKD"))
_SIGNS = (
    (re.compile(r"\$"), _DOLLARS),
    (re.compile(r"\u20b9|\brs\b|\brupees?\b|lpa\b|\bla(?:kh|c)s?\b|\bcrores?\b|/-"), frozenset(("INR",))),
    (re.compile(r"\u00a3|\bpounds?\b"), frozenset(("GBP",))),
    (re.compile(r"\u20ac|\beuros?\b"), frozenset(("EUR",))),
    (re.compile(r"\u00a5|\byen\b"), frozenset(("JPY", "CNY"))),
)
_PERIODS = {
    "hour": re.compile(r"\bhour|\bhr\b|/h\b"),
    "day": re.compile(r"\bday\b|\bdaily\b|\bdiem\b"),
    "week": re.compile(r"\bweek|\bwk\b"),
    "month": re.compile(r"\bmonth|\bp\.?m\b|\bstipend\b"),
    "year": re.compile(r"\byear|\bannual|\bannum\b|\bp\.?a\b|lpa\b|l\.p\.a|\bctc\b|\byr\b"),
}


def says_years(low: str, years: float) -> bool:
    """Whether words in lower case name a number of years, in years or in months."""
    if years == 0 and _NO_YEARS.search(low):
        return True
    said = _numbers(low) | {_WORDS[m[0]] for m in _WORD.finditer(low)}
    if _MONTHS.search(low):
        said |= {n / 12 for n in said}
    return any(abs(years - n) < 0.01 for n in said)


def says_amount(low: str, amount: float) -> bool:
    """Whether words in lower case name an amount, plainly or by the thousand, lakh, million or crore."""
    scales = [1.0, *(scale for words, scale in _SCALES if words.search(low))]
    return any(abs(amount - n * scale) < 0.01 for n in _numbers(low) for scale in scales)


def says_currency(low: str, code: str) -> bool:
    """Whether words in lower case name the currency of an ISO 4217 code, or show a sign of it."""
    named = re.search(rf"(?<![a-z]){re.escape(code.lower())}(?![a-z])", low) is not None
    return named or any(code in codes and sign.search(low) for sign, codes in _SIGNS)


def says_period(low: str, period: str) -> bool:
    """Whether words in lower case say that pay is for an hour, a day, a week, a month or a year."""
    return _PERIODS[period].search(low) is not None


def _numbers(low: str) -> set[float]:
    return {float(m[0].replace(",", "")) for m in _NUMBER.finditer(low)}
