"""Pay: amounts, currency and period."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.grounding import Posting
from jd_assets.stages.parse.segments import Segment

Period = Literal["hour", "day", "week", "month", "year"]

_CODES = (
    "inr usd gbp eur aed sgd cad aud nzd hkd chf myr php idr thb zar ngn kes sar qar omr kwd bhd jod egp lkr"
    " bdt pkr npr sek nok dkk pln czk jpy cny krw brl mxn"
).split()
_CURRENCIES = {code: code.upper() for code in _CODES} | {
    "\u20b9": "INR", "rs": "INR", "rupees": "INR", "$": "USD", "us$": "USD", "dollars": "USD",
    "\u00a3": "GBP", "pounds": "GBP", "\u20ac": "EUR", "euros": "EUR", "a$": "AUD", "c$": "CAD",
    "s$": "SGD", "hk$": "HKD", "nz$": "NZD", "dirhams": "AED",
}  # fmt: skip
_SIGN = rf"(?:(?:us|hk|nz|[acs])?\$|\u20b9|\u00a3|\u20ac|\b(?:rs\.?|{'|'.join(_CODES)})(?![a-z]))"
_AMOUNT = r"\d{1,3}(?:,\d{2,3}){1,3}(?:\.\d{1,2})?|\d{1,8}(?:\.\d{1,2})?"
_SCALE = (
    r"(?:k\b|thousand\b|lakhs?\b|lacs?\b|lpa\b|l\.p\.a\b|lakh\b|l\b|cr\b|crores?\b|million\b|mn\b"
    r"|m\b|bn\b|billion\b|b\b)"
)
_PAY = re.compile(
    rf"(?P<sign>{_SIGN})?\s{{0,2}}(?<![\d.,])(?P<low>{_AMOUNT})\s?(?P<scale>{_SCALE})?\s{{0,"
    rf"2}}(?:(?:/-)\s?)?(?:(?:-"
    rf"|to|and"
    rf"|up to)\s{{0,2}}(?P<sign2>{_SIGN})?\s{{0,2}}(?P<high>{_AMOUNT})\s?(?P<scale2>{_SCALE})?)?(?:/-)?"
    rf"\s{{0,2}}(?P<code>(?:{'|'.join(_CODES)}|rupees|rs|pounds|dollars|euros|dirhams)\b"
    rf"|[$\u00a3\u20ac\u20b9])?\s{{0,2}}"
    r"(?P<period>(?:/|per|a|an"
    r"|p\.?|each|every)\s?-?(?:hour|hr|day|week|wk|month|mon\b|year|yr|annum|a\.?\b|m\.?\b)"
    r"|annually|annual|yearly|monthly|hourly|weekly|daily|hour\b|lpa\b|pa\b|p\.a\.?|pm\b|p/m|ctc\b)?"
)
# Only where one of these stands are amounts read.
_AMOUNT_OF_MONEY = re.compile(
    rf"\d\s?(?:[$\u00a3\u20ac\u20b9]|lpa|l\.p\.a|lacs?|lakhs?|{'|'.join(_CODES)}|/-"
    rf"|k\b|rs\b"
    rf"|pounds|dollars|euros"
    r"|per (?:hour|month|annum|year)|p\.a)"
)
_PAY_WORDS = "salary ctc stipend pay compensation package remuneration wage rate".split()
_SIGN_OR_WORD = Anchored(
    rf"{_SIGN}\s{{0,2}}\d|\b(?:{'|'.join(_PAY_WORDS)})\b",
    ("us$", "hk$", "nz$", "a$", "c$", "s$", "$", "\u20b9", "\u00a3", "\u20ac", "rs", *_CODES, *_PAY_WORDS),
)
_DIGIT = re.compile(r"\d")
_AHEAD = 40  # characters before the first digit in which a sign or word of pay stands
_WORDS = re.compile(
    r"\b(?:salary|salaries|ctc|pay|paid|compensation|stipend|package|remuneration|wages?"
    r"|hourly rate|pay rate|earn|earnings|base|take home|annum)\b"
)
# Words that stand right before the amount: it is the pay then, even without a currency.
_STATED = re.compile(
    r"\b(?:salary|ctc|stipend|pay|compensation|remuneration|wages?)"
    r"(?: (?:range|band|scale|offered|details|budget|of|is|from|between|starts?|starting|at|fixed|upto"
    r"|up to))*"
    r"\s?[:-]?\s?(?:up ?to )?$"
)
_STRONG = re.compile(r"\b(?:salary|ctc|pay (?:range|rate)|stipend of|compensation range|base pay)\b")
_NOT_PAY = re.compile(
    r"\b(?:revenue|funding|raised|valuation|turnover|aum|assets|budgets?|sales of|worth|market"
    r"|investment|portfolio|deal|ticket|customers|users|capital|insurance|cover|bonus|reimburs\w*"
    r"|allowance|401|tuition|referral|fees?|fine|grant|donat\w*|mediclaim|wellness|equipment"
    r"|subsidy|transactions?|companies|volumes?|net worth|merchandise|fortune|credit|gift|discount"
    r"|revenues?|billion|acv|arr|gmv|quota|pipeline)\b"
)
# An amount that is a benefit beside the pay: "$1,000 gear stipend", "learning budget of Rs 60,000 a year".
_PERK_AFTER = re.compile(
    r"\s?(?:(?:an?|per|each) (?:year|month|annum|quarter) )?(?:(?:for|towards?|in|of|as) )?(?:an? |your )?"
    r"(?:[a-z][a-z-]* ){0,2}?(?:budget|allowance|voucher|bonus|differential|premium|learning|training|gift"
    r"|gear"
    r"|discount|cover|contribution|relocation|reimbursement|equipment|wellness|stipend|grant|supplement)s?\b"
)
_PERK_BEFORE = re.compile(
    r"\b(?:budget|allowance|vouchers?|bonus|relocation(?: package)?|cover|insurance|mediclaim|grant|gear"
    r"|training"
    r"|reimbursement|reimbursed|equipment|sign-on|joining|referral)(?: (?:of|worth|up to|upto|is"
    r"|at))*\s?[:-]?"
    r"\s?(?:up ?to )?$"
)
_PLUS = re.compile(r"\s?(?:\+|plus\b)\s?[a-z]|\s?(?:basic|gross|net|in hand|take home|ctc)\b")
_PERIOD_BEFORE = re.compile(
    r"\b(?:(?P<year>annual|annum|ctc|yearly)|(?P<hour>hourly)|(?P<month>monthly|per month|stipend)"
    r"|(?P<week>weekly)|(?P<day>daily|day rate))\b"
)
_CLAUSE_END = re.compile(r"[,;+(\n]|\.\s")
_AMERICAN = re.compile(r"us\$|usd")
_DOLLARS = {
    "Australia": "AUD", "Canada": "CAD", "New Zealand": "NZD", "Singapore": "SGD", "Hong Kong": "HKD",
}  # fmt: skip
_FROM = re.compile(r"\b(?:rang(?:e|es|ing)|from|between|starts?|starting)\b")
_RISE = re.compile(
    rf"(?:/\w+| per \w+)?[^.\n$\u00a3\u20ac\u20b9]{{1,80}}?\b(?:up )?to "
    rf"(?P<sign>[$\u00a3\u20ac\u20b9])\s?(?P<high>{_AMOUNT})"
)
_UNITS = {
    "k": 1e3, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "lpa": 1e5,
    "l.p.a": 1e5, "l": 1e5, "cr": 1e7, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
_MILLIONS = frozenset(("million", "mn", "m", "bn", "billion", "b"))
_LAKHS = frozenset(unit for unit, factor in _UNITS.items() if factor >= 1e5)
_A_YEARS = frozenset(("USD", "GBP", "EUR", "CAD", "AUD", "CHF", "NZD"))
_YEARLY = 15_000
"""Amounts of such currencies from here on are a year's: nobody earns them in a month."""
_PERIOD_WORD = r"annual(?:ly)?|yearly|per (?:annum|year|hour)|hourly"
_PERIOD_LINE = re.compile(rf"\n[ ]{{0,4}}(?:{_PERIOD_WORD})[ ]{{0,4}}(?:\n|$)")
_LINES = re.compile(
    rf"(?:^|\n)[ ]{{0,4}}\$?(?P<low>{_AMOUNT})[ ]{{0,4}}\n\s{{0,6}}(?:\$?(?P<high>{_AMOUNT})[ "
    rf"]{{0,4}}\n\s{{0,6}})?"
    rf"(?P<period>{_PERIOD_WORD})[ ]{{0,4}}(?:\n|$)"
)
_ALONE = 40  # characters of a line that holds nothing but an amount
_HEADER = 400  # characters in which a posting states its pay among its facts


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
            pay = _read(match, low, stated=True)
            if pay:
                return pay
    top = min(posting.header[-1].end, _HEADER) if posting.header else 0
    best: tuple[int, Pay] | None = None
    for segment in posting.segments:
        digits = _DIGIT.search(low, segment.start, segment.end)
        if not digits or not (
            _AMOUNT_OF_MONEY.search(low, digits.start(), segment.end)
            or _SIGN_OR_WORD.search(low, max(segment.start, digits.start() - _AHEAD), segment.end)
        ):
            continue
        for match in _PAY.finditer(low, segment.start, segment.end):
            found = _weighed(match, low, segment, top)
            if found and found[0] >= 2 and (best is None or found[0] > best[0]):
                best = found
    return _risen(best[1], low) if best else _on_lines(low)


def _on_lines(low: str) -> Pay | None:
    """The pay that a form gives as bare figures on lines of their own, the period below them."""
    if not _PERIOD_LINE.search(low):
        return None
    found = _LINES.search(low)
    if found is None:
        return None
    least, most = _amount(found["low"]), _amount(found["high"])
    period = _period(found["period"], None)
    fewest, top = (10_000.0, 1e6) if period == "year" else (4.0, 20_000.0)
    if least is None or not fewest <= least <= (most or least) <= top:
        return None
    return Pay(least, most, None, period, found.start("low"), found.end("period"))


def in_dollars_of(pay: Pay, countries: set[str], low: str) -> Pay:
    """The pay with a bare "$" read as the dollar of the country that all places of work are in."""
    if pay.currency != "USD" or len(countries) != 1 or _AMERICAN.search(low, pay.start, pay.end):
        return pay
    return replace(pay, currency=_DOLLARS.get(next(iter(countries)), "USD"))


def _risen(pay: Pay, low: str) -> Pay:
    """The pay with the top of its range, where words stand between: "from $90,000/year in our lowest market
    up to $120,000/year"."""
    rise = _RISE.match(low, pay.end) if pay.most is None and pay.least else None
    if not rise or not _FROM.search(low, max(0, pay.start - 60), pay.start):
        return pay
    most = _amount(rise["high"])
    if most is None or not pay.least < most <= 5 * pay.least or low[pay.start] != rise["sign"]:  # type: ignore[operator]
        return pay
    return replace(pay, most=most, end=rise.end())


def _weighed(match: re.Match[str], low: str, segment: Segment, top: int) -> tuple[int, Pay] | None:
    """An amount of a sentence with how much says that it is the pay; None for a benefit or no pay. What
    stands before `top` is the header, where pay is stated without words for it."""
    alone = segment.end - segment.start < _ALONE  # its words may be the line above
    before = low[max(0 if alone else segment.start, match.start() - 80) : match.start("low")]
    before = before[: len(before) - len(match["sign"] or "")].rstrip() + " " if match["sign"] else before
    after = low[match.end() : min(segment.end, match.end() + 40)]
    stated = _STATED.search(before) is not None
    pay = _read(match, low, stated=stated)
    if pay is None or _PERK_AFTER.match(low, match.end(), segment.end) or _PERK_BEFORE.search(before):
        return None
    near = before + match[0] + _CLAUSE_END.split(after, 1)[0]
    lpa = "lpa" in (match["scale"], match["scale2"], match["period"])  # nothing but pay is counted so
    if _NOT_PAY.search(near) and not (stated or lpa or _STRONG.search(near)):
        return None
    sign = (match["sign"] or match["sign2"] or match["code"]) is not None
    words = stated or bool(_WORDS.search(before + match[0] + after))
    if segment.section in (S.COMPANY, S.DUTIES) and not words:
        return None
    words = words or (segment.section == S.BENEFITS and sign)
    ranged = sign and pay.most is not None and pay.least is not None and pay.most <= 4 * pay.least
    score = 2 * words + 2 * stated + 2 * (pay.period is not None and match["period"] is not None)
    score += (pay.most is not None) + ranged + 2 * (sign and _PLUS.match(after) is not None)
    score += 2 * lpa
    return score + 3 * (sign and match.start() < top and score > 0), pay


def _read(match: re.Match[str], low: str, *, stated: bool) -> Pay | None:
    """The amounts of a match; without a currency it must be stated to be pay, or be worded as pay is."""
    sign = match["sign"] or match["sign2"] or match["code"]
    scale, scale2 = match["scale"], match["scale2"]
    unit = scale2 or scale or ""
    least, most = _amount(match["low"]), _amount(match["high"])
    if least is None or unit in _MILLIONS or (unit == "l" and not (stated or sign)):
        return None
    factor, factor2 = _UNITS.get(scale or unit, 1.0), _UNITS.get(unit, 1.0)
    if scale and not scale2 and most is not None and most > 1000:
        factor2 = 1.0
    lakhs = unit in _LAKHS
    if sign is None and not lakhs:
        thousands = unit in ("k", "thousand")
        if (
            not (stated and (least * factor >= 1000 or match["period"]))
            and not (thousands and match["period"])
            and "/-" not in match[0]
            and not (match["period"] and least * factor >= 3000 and "," in match["low"])
        ) or low[match.end() : match.end() + 3].strip().startswith("%"):
            return None
    least *= factor
    most = None if most is None else most * factor2
    if least < 5 and most is None and sign is None:
        return None
    if most is not None and most < least:
        short = most * 1000 >= least > most and factor2 == 1.0 and least >= 1000
        most = most * 1000 if short else None
    currency = _CURRENCIES.get((sign or "").strip(" .")) or ("INR" if lakhs or "/-" in match[0] else None)
    start, end = match.span()
    while start < end and low[start].isspace():
        start += 1
    while end > start and low[end - 1].isspace():
        end -= 1
    period = _period(match["period"], unit) or _period_around(low, start, least, currency, lakhs=lakhs)
    return Pay(least, most, currency, period, start, end)


def _period_around(low: str, start: int, least: float, currency: str | None, *, lakhs: bool) -> Period | None:
    """The period that the line says before the amount, else the one that the amount itself implies."""
    if lakhs:
        return "year"
    line = max(low.rfind("\n", max(0, start - 40), start) + 1, start - 40, 0)
    said = [m.lastgroup for m in _PERIOD_BEFORE.finditer(low, line, start)]
    if said:
        return said[-1]  # type: ignore[return-value]
    return "year" if currency in _A_YEARS and least >= _YEARLY else None


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
