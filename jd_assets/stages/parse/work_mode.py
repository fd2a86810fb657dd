"""Whether the work is remote, hybrid or on site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.segments import HEADING, Segment

REMOTE, HYBRID, ONSITE = "remote", "hybrid", "onsite"

_WORDS = re.compile(
    r"(?P<hybrid>\bhybrid\b)|(?P<remote>\b(?:remote(?:ly)?|wfh|work[ -]from[ -](?:home|anywhere)"
    r"|telecommut\w+|telework\w*|home[ -]based|fully distributed)\b)"
    r"|(?P<onsite>\b(?:on[ -]?site|in[ -]office|work[ -]from[ -](?:the )?office|wfo|in[ -]person"
    r"|office[ -]based|from the office|in the office)\b)"
)
_DAYS = r"(?:one|two|three|four|1|2|3|4)(?: ?(?:-|to|or) ?(?:two|three|four|[2-4]))? days?"
_WEEK = r"(?:a|per|each|every|/) ?week"
# Letters that every wording of a mode has, cheap to look for.
_HINT = Anchored(
    r"remot|hybri|office|home|site|hq|headq|wfh|wfo|telewor|telecom|in[ -]person|anywh|distributed"
    r"|studi|lab\b",
    (
        "remot|hybri|office|home|site|hq|headq|wfh|wfo|telewor|telecom|in-person|in person|anywh|distributed"
        "|studi|lab"
    ).split("|"),
)
_WORK = (
    r"(?:role|position|job|work|working|opportunity|employment|schedule|arrangement|model|mode"
    r"|basis|environment|setting|option|setup|set-up|internship|vacancy|contract)"
)
_OF_WORK = {
    HYBRID: re.compile(
        rf"\bhybrid (?:\w+ )?{_WORK}\b|\b{_WORK}\b[^.\n]{{0,30}}\bhybrid\b(?! cloud| app| mobile"
        rf"| vehicle| solution| electric)|\bhybrid\s?[-(:/,]\s?(?:\d|remote|on|[a-z]+ days)|[-("
        rf"|,\u00b7\u2022]\s?hybrid\s?(?:[)|,;.\n\u00b7\u2022]|$)|\(hybrid|(?:^|[-"
        rf"|,\u00b7\u2022] ?)hybrid\s?[,;|\u00b7\u2022(](?! ?(?:cloud|app))"
        rf"|{_DAYS} ?{_WEEK} (?:in|from|at) (?:the |our )?(?:[\w-]+ )?(?:office|studio|lab|site)"
        rf"|{_DAYS}(?: ?{_WEEK})? (?:from home|remote(?:ly)?|wfh|of remote|working from home)"
        rf"|(?:telework|work(?:ing)? from home|wfh|remote(?:ly)?|from home) (?:up to |for )?{_DAYS}"
        rf"|work(?:ing)? from home\b[^.\n]{{0,20}} {_DAYS}|\bhome[ -]working {_DAYS}"
        rf"|\b(?:office|studio|campus)\b[^.\n]{{0,16}} {_DAYS} {_WEEK}"
        rf"|\b(?:partially|partly|part|\d\d%)[ -]remote\b|\btelework[ -](?:eligible|available"
        rf"|permitted)\b(?!\W{{0,3}}no)"
        rf"|\beligible for (?:\w+ )?(?:telework|partial remote)"
        rf"|\b(?:mix|blend|combination|mixture|balance) of (?:home|remote|office|on-?site"
        rf"|in-person)\b[^.\n]{{0,30}}"
        rf"\b(?:office|home|remote|campus|site|in-person)\b|\b(?:split|divide)\w* (?:your|their"
        rf"|the) (?:time|week)"
        rf" between\b[^.\n]{{0,60}}\b(?:home|remote|wfh)\b|\bblended working\b"
        rf"|{_DAYS} (?:in|at) the (?:office|studio|lab) and\b"
        rf"|\bhybrid$|\d (?:days|x) (?:onsite|in[ -]office|on-site|wfo|in the office)"
    ),
    REMOTE: re.compile(
        rf"\b(?:fully|100%|completely|permanent(?:ly)?|full[ -]time)[ ,-]{{0,2}}(?:remote|wfh"
        rf"|work from home)\b|\bremote(?:ly)?[ -](?:\w+ )?{_WORK}\b|\bremote, (?:[\w-]+,? ){{1,3}}{_WORK}\b"
        rf"|\b{_WORK}\b[^.\n]{{0,24}}\b(?:remote(?:ly)?|from home|wfh|from anywhere)\b(?! teams?| sens"
        rf"| area| sites?| access| server| desktop| support| monitor| location| employee)"
        rf"|\bremote[ -](?:first|friendly|only)\b|[-(|,/\u00b7\u2022]\s?remote\s?(?:[)|,\n\u00b7\u2022]|$)"
        rf"|\(remote|^remote\s?(?:$|[|\u00b7\u2022,;(-]|with\b|within|eligible)"
        rf"|\bremote\s?[-(:]\s?\w|\bremote (?:in|within|anywhere|from|us|usa|india|uk)\b|\b(?:is|be"
        rf"|are) (?:fully )?(?:remote|work from home)\b|^home[ -]based\b"
        rf"|work from (?:home"
        rf"|anywhere)\W{{0,3}}$|\b(?:everyone|all of us|whole team"
        rf"|entire team)\b[^.\n]{{0,30}} (?:works? )?remote(?:ly)?\b"
        rf"|\bfully distributed (?:team|company|organi[sz]ation)|\bhome[ -]based {_WORK}\b"
        rf"|\bwork(?:s|ing)? remote(?:ly)?,? (?:so|from|with|and|but)\b|^remote,? or\b"
    ),
    ONSITE: re.compile(
        rf"\b(?:on[ -]?site|in[ -]person|in[ -]office) (?:\w+ )?{_WORK}\b|^on-?site (?:at|in)\b"
        rf"|\bin[ -]office,? (?:five|5) days"
        rf"|\b{_WORK}\b[^.\n]{{0,24}}\b(?:on[ -]?site|in[ -]office"
        rf"|in[ -]person)\b|[-(|,\u00b7\u2022]\s?on[ -]?site\s?(?:[)|,;.\n\u00b7\u2022]|$)|^on-?site\s?[,;"
        rf"|\u00b7\u2022(.]"
        rf"|^office[ -]based\b|[,|] office[ -]based\b|\b(?:is|are|be) (?:fully "
        rf"|100% )?(?:on[ -]?site|in[ -]office|in[ -]person|office[ -]based)\b"
        rf"|\b(?:office|report)\b[^.\n]{{0,24}}\bin[ -]person\b(?! (?:training|meeting|interview|event))"
        rf"|\b(?:work(?:ing)?[ -]from[ -](?:the |our )?office|wfo)\b|\b(?:five|5) days (?:a"
        rf"|per) week (?:in|from|at|on) (?:the |our )?(?:office|site)|\bnot (?:a )?remote|\bnot (?:eligible"
        rf"|open|available|suitable) (?:for|to) (?:[\w-]+ )?"
        rf"(?:remote|telework\w*|home)\b|(?:remote|telework\w*)(?: work\w*)? is not (?:available|possible"
        rf"|permitted|allowed"
        rf"|offered|an option|supported)|\brequires? in-person\b|no (?:remote|wfh"
        rf"|work from home)|\b\d days? (?:work(?:ing)? )?(?:from )?office|^on-?site$|100% on-?site"
        rf"|in the office (?:five|5)"
        rf"|\bworking (?:out )?(?:from|out of) (?:the|our) (?:hq|headquarters|offices?)\b"
        rf"|\bperformed (?:primarily |mostly )?(?:at|in|from) (?:the|our) (?:[\w&-]+ ){{0,3}}office\b"
        rf"|\bhours (?:a|per) week out of [^.\n]{{2,30}}\boffice\b"
    ),
}
# One of these stands in each wording of a mode: in few lines with an office is it where the work is done.
_NEEDS = {
    HYBRID: ("hybrid", "blend", "mix", "combination", "balance", "between",
             "remote", "home", "wfh", "telework", "day", " x "),
    REMOTE: ("remote", "home", "wfh", "anywhere", "distributed"),
    ONSITE: ("site", "telework", "person", "wfo", "remote", "wfh", "home", "day", "in office", "in-office",
             "based", "out of", "performed", "from", "in the office"),
}  # fmt: skip
_QUESTION = re.compile(
    r"(?<![^\n|])\s{0,3}(?P<what>(?:work )?remote(?:ly)?(?: job| work| position)?"
    r"|telework(?:ing)?)(?: eligible)?"
    r"\s{0,3}[:?|]?\s{0,3}"
    r"(?:(?P<yes>yes)|no)\b(?! (?:remote|work))"
)
_ASKED = re.compile(r"(?:remote|telework)[^.\n]{0,30}\s{0,4}(?:yes|no)\b")
_OF_PLACE = re.compile(
    r"\b(?:hybrid|remote|on-?site|in-person) (?:position|job|post)\b|\brole\b"
    r"|\bhours (?:a|per) week out of\b|\boffice\b.*\bdays?\b|\bdays?\b.*\b(?:office|home)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:customer|client|vendor|visit|travel|cloud|team[s]?|occasional|training|interview|event"
    r"|conference|program|support|troubleshoot|gym|meals?|childcare|cafeteria|parking)\b"
)
_NEGATED = re.compile(
    r"\b(?:remote\w*|hybrid|work from home)\b[^.\n]{0,60}\b(?:not|cannot|isn't)\b (?:be )?(?:considered"
    r"|available"
    r"|possible|permitted|allowed|offered|an option|eligible|supported)|\b(?:not|no|isn't"
    r"|non)[ -](?!(?:fully|entirely|completely|purely|solely|100%|always|just|only)\b)(?:\w+ ){0,3}"
    r"(?:remote|hybrid|wfh|work from home)"
)


def find_work_mode(posting: Posting) -> Grounded | None:
    """The mode by the label that states it, else by the first sentence that speaks of this job's place."""
    low = posting.low
    asked = ("remote" in low or "telework" in low) and _ASKED.search(low)
    answered = _answered(posting) if asked else None
    if answered:
        return answered
    for kind in ("work_mode", "location"):
        for label in posting.labelled(kind):
            value = low[label.start : label.end]
            days = _OF_WORK[HYBRID].search(value)
            if days:
                return posting.grounded(label.start + days.start(), label.start + days.end(), HYBRID)
            match = _first(low, label.start, label.end)
            if match:
                return posting.grounded(*match.span(), str(match.lastgroup))
    votes: dict[str, tuple[int, int]] = {}
    for segment in _hinting(posting):
        if segment.section == S.LEGAL or (
            segment.kind == HEADING and low.startswith(("telework", "tele-work"), segment.start)
        ):
            continue
        if segment.duty and not _OF_PLACE.search(low, segment.start, segment.end):
            continue
        sentence = low[segment.start : segment.end]
        for mode, pattern in _OF_WORK.items():
            match = pattern.search(sentence) if any(word in sentence for word in _NEEDS[mode]) else None
            if not match:
                continue
            if mode != ONSITE and _NEGATED.search(sentence):
                continue
            own = "office" in match[0] or match[0].endswith(("hq", "headquarters"))
            if mode == ONSITE and not own and _ELSEWHERE.search(sentence):
                continue
            word = _WORDS.search(sentence, match.start(), match.end())
            span = word.span() if word else match.span()
            votes.setdefault(mode, (segment.start + span[0], segment.start + span[1]))
            break
    for mode in (HYBRID, REMOTE, ONSITE):
        if mode in votes:
            return posting.grounded(*votes[mode], mode)
    return None


def _hinting(posting: Posting) -> Iterator[Segment]:
    """The segments that hold a word of a mode, each once."""
    last = -1
    for hint in _HINT.finditer(posting.low):
        segment = posting.segment_at(hint.start()) if hint.start() >= last else None
        if segment is not None:
            last = segment.end
            yield segment


def _answered(posting: Posting) -> Grounded | None:
    """What a form says under "Remote job" and "Telework eligible"."""
    said = {m["what"].removeprefix("work ")[:4]: m for m in _QUESTION.finditer(posting.low)}
    remote, telework = said.get("remo"), said.get("tele")
    if remote and remote["yes"]:
        return posting.grounded(*remote.span(), REMOTE)
    if telework and telework["yes"]:
        return posting.grounded(*telework.span(), HYBRID)
    return posting.grounded(*remote.span(), ONSITE) if remote else None


def _first(low: str, start: int, end: int) -> re.Match[str] | None:
    """The mode that a label's value names; hybrid counts before the others."""
    matches = list(_WORDS.finditer(low, start, end))
    return next((m for m in matches if m.lastgroup == HYBRID), matches[0] if matches else None)
