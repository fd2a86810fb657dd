"""Pay: amounts, currency and period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Posting

Period = Literal["hour", "day", "week", "month", "year"]

_CURRENCIES = {
    "\u20b9": "INR", "rs": "INR", "inr": "INR", "rupees": "INR", "$": "USD", "us$": "USD", "usd": "USD",
    "\u00a3": "GBP", "gbp": "GBP", "\u20ac": "EUR",
    "eur": "EUR", "aed": "AED", "sgd": "SGD", "cad": "CAD", "aud": "AUD", "a$": "AUD", "c$": "CAD",
    "s$": "SGD", "chf": "CHF", "myr": "MYR", "php": "PHP", "zar": "ZAR", "sar": "SAR", "qar": "QAR",
    "nzd": "NZD",
}  # fmt: skip
_SIGN = (
    r"(?:us\$|[ac s]?\$|\u20b9|\u00a3|\u20ac|\b(?:rs\.?|inr|usd|gbp|eur|aed|sgd|cad|aud|chf|myr"
    r"|sar|qar|nzd|zar|php)(?![a-z]))"
)
_AMOUNT = r"\d{1,3}(?:,\d{2,3}){1,3}(?:\.\d{1,2})?|\d{1,8}(?:\.\d{1,2})?"
_SCALE = (
    r"(?:k\b|thousand\b|lakhs?\b|lacs?\b|lpa\b|l\.p\.a\b|lakh\b|l\b|cr\b|crores?\b|million\b|mn\b"
    r"|m\b|bn\b|billion\b|b\b)"
)
_PAY = re.compile(
    rf"(?P<sign>{_SIGN})?\s{{0,2}}(?<![\d.,])(?P<low>{_AMOUNT})\s?(?P<scale>{_SCALE})?\s{{0,2}}(?:(?:/-)\s?)?(?:(?:-"
    rf"|to|and"
    rf"|up to)\s{{0,2}}(?P<sign2>{_SIGN})?\s{{0,2}}(?P<high>{_AMOUNT})\s?(?P<scale2>{_SCALE})?)?(?:/-)?"
    r"\s{0,2}(?P<code>(?:inr|usd|gbp|eur|cad|aud|rupees|rs)\b)?\s{0,2}(?P<period>(?:/|per|a|an"
    r"|p\.?|each|every)\s?-?(?:hour|hr|day|week|wk|month|mon\b|year|yr|annum|a\.?\b|m\.?\b)"
    r"|annually|annual|yearly|monthly|hourly|weekly|daily|lpa\b|pa\b|p\.a\.?|pm\b|p/m|ctc\b)?"
)
_QUICK = re.compile(
    rf"{_SIGN}\s?\d|\d\s?(?:lpa|l\.p\.a|lacs?|lakhs?|inr|usd|gbp|eur|/-|k\b|rs\b|per (?:hour|month"
    rf"|annum|year)|p\.a)|\b(?:salary|ctc|stipend|pay|compensation|package|remuneration|wage"
    rf"|rate)\b"
)
_WORDS = re.compile(
    r"\b(?:salary|salaries|ctc|pay|paid|compensation|stipend|package|remuneration|wages?"
    r"|hourly rate|pay rate|earn|earnings|base|take home|annum|budget)\b"
)
_NOT_PAY = re.compile(
    r"\b(?:revenue|funding|raised|valuation|turnover|aum|assets|budgets? of|sales of|worth|market"
    r"|investment|portfolio|deal|ticket|customers|users|capital|insurance|cover|bonus|reimburs\w*"
    r"|allowance|401|tuition|referral|fees?|fine|grant|donat\w*|mediclaim|wellness|equipment"
    r"|subsidy|transactions?|companies|volumes?|net worth|merchandise|fortune|credit|gift|discount"
    r"|revenues?|billion)\b"
)
_UNITS = {
    "k": 1e3, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "lpa": 1e5,
    "l.p.a": 1e5, "l": 1e5, "cr": 1e7, "crore": 1e7, "crores": 1e7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pay:
    """Amounts in units of the currency per period, and the words that say so."""

    least: float | None
    most: float | None
    currency: str | None
    period: Period | None
    start: int
    end: int


def find_salary(posting: Posting) -> Pay | None:
    """The pay that a label gives, else the first amount of money that is this job's pay."""
    low = posting.low
    for label in posting.labelled("salary"):
        for match in _PAY.finditer(low, label.start, label.end):
            pay = _read(match, low, labelled=True)
            if pay:
                return pay
    if not _QUICK.search(low):
        return None
    best: tuple[int, Pay] | None = None
    for segment in posting.segments:
        if not _QUICK.search(low, segment.start, segment.end):
            continue
        for match in _PAY.finditer(low, segment.start, segment.end):
            pay = _read(match, low, labelled=False)
            if pay is None:
                continue
            around = low[max(segment.start, match.start() - 80) : min(segment.end, match.end() + 40)]
            words = bool(_WORDS.search(around))
            if _NOT_PAY.search(around) and not re.search(
                r"\b(?:salary|ctc|pay (?:range|rate)|stipend|compensation range|base pay)\b", around
            ):
                continue
            if segment.section in (S.COMPANY, S.DUTIES) and not words:
                continue
            words = words or (segment.section == S.BENEFITS and match["sign"] is not None)
            score = 2 * words + 2 * (pay.period is not None) + (pay.most is not None)
            if score >= 2 and (best is None or score > best[0]):
                best = (score, pay)
    return best[1] if best else None


def _read(match: re.Match[str], low: str, *, labelled: bool) -> Pay | None:
    sign = match["sign"] or match["sign2"] or match["code"]
    scale, scale2 = match["scale"], match["scale2"]
    if (scale2 or scale or "") in ("million", "mn", "m", "bn", "billion", "b"):
        return None
    least, most = _amount(match["low"]), _amount(match["high"])
    if least is None:
        return None
    factor2 = _UNITS.get(scale2 or scale or "", 1.0)
    factor = _UNITS.get(scale or scale2 or "", 1.0)
    if scale and not scale2 and most is not None and most > 1000:
        factor2 = 1.0
    lakhs = (scale2 or scale or "") in (
        "lpa",
        "l.p.a",
        "lakh",
        "lakhs",
        "lac",
        "lacs",
        "l",
        "cr",
        "crore",
        "crores",
    )
    if (scale2 or scale) == "l" and not (labelled or sign):
        return None
    period = _period(match["period"], scale2 or scale)
    tail = low[match.end() : match.end() + 3]
    if sign is None and not lakhs:
        thousands = (scale or scale2) in ("k", "thousand")
        if (
            not (labelled and (least * factor >= 1000 or period))
            and not (thousands and period)
            and "/-" not in match[0]
            and not (match["period"] and least * factor >= 3000 and "," in match["low"])
        ):
            return None
    if not labelled and sign is None and not lakhs and tail.strip().startswith("%"):
        return None
    least *= factor
    most = None if most is None else most * factor2
    if least < 5 and most is None and sign is None:
        return None
    if most is not None and most < least:
        if most * 1000 >= least > most and factor2 == 1.0 and least >= 1000:
            most *= 1000
        else:
            most = None
    currency = _CURRENCIES.get((sign or "").strip(" .")) or ("INR" if lakhs or "/-" in match[0] else None)
    if currency is None and sign:
        currency = "USD" if "$" in sign else None
    if period is None and lakhs:
        period = "year"
    if period is None:
        before = low[max(0, match.start() - 40) : match.start()]
        for word, name in (
            ("annual", "year"),
            ("hourly", "hour"),
            ("month", "month"),
            ("stipend", "month"),
            ("ctc", "year"),
            ("weekly", "week"),
            ("daily", "day"),
        ):
            if word in before:
                period = name  # type: ignore[assignment]
                break
    start, end = match.span()
    while start < end and low[start].isspace():
        start += 1
    while end > start and low[end - 1].isspace():
        end -= 1
    return Pay(least, most, currency, period, start, end)


def _amount(number: str | None) -> float | None:
    return float(number.replace(",", "")) if number else None


def _period(word: str | None, scale: str | None) -> Period | None:
    if scale in ("lpa", "l.p.a"):
        return "year"
    if not word:
        return None
    bare = word.strip("/. ").removeprefix("per").removeprefix("each").removeprefix("every").strip(" -")
    for names, period in (
        (("hour", "hr", "hourly", "a hour", "an hour", "a hr"), "hour"),
        (("day", "daily", "a day"), "day"),
        (("week", "wk", "weekly", "a week"), "week"),
        (("month", "mon", "monthly", "a month", "pm", "p.m", "p m", "p/m", "m"), "month"),
    ):
        if bare in names:
            return period  # type: ignore[return-value]
    return "year"
