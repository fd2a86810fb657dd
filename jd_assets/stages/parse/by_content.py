"""Sentences of the law and of applying, told by their words wherever they stand."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Words, stand_between
from jd_assets.stages.parse.settle import HEADING, Draft

_LEGAL = re.compile(
    r"equal[ -](?:employment[ -])?opportunity|without regard to|regardless of (?:race|age|gender"
    r"|color)|reasonable accommodation"
    r"|all qualified applicants|protected (?:veteran|characteristic|class)|affirmative action"
    r"|celebrates? diversity|e-verify|applicants with disabilities|privacy policy"
    r"|(?:consider|applicant|candidate|regardless|background)\w*\b[^.]{0,80}\bcriminal histor"
    r"|criminal histor(?:y|ies) (?:will|may|check|record|background|in a manner|does|do|shall|is|are)\b"
)
_APPLY = re.compile(
    r"(?:send|share|e-?mail|submit|forward|drop|mail|upload)\b.{0,30}\b(?:cv|resume|résumé|profile"
    r"|application|cover letter)\b|to apply(?=\W|$)(?! (?!(?:for|to|now|today|online|here|via|through|at|by"
    r"|please|you|send|click|visit|submit|with|as|directly|and|or|on|in)\b))"
    r"|apply (?:now|today|online|here|via|through|at|by)\b"
    r"|interested (?:candidates?|ones|applicants?)\b|invite you to apply|we want to hear from you"
    r"|contact (?:us|hr|me|no|number|details)\b|please (?:apply|contact|click)"
)
_APPLY_HINT = re.compile(r"[aichrp](?:ppl|ntere|ontact|esum|ear from|ésum|v\b|rofile|lease)")
# One of these stands in each of the wordings above.
_LEGAL_WORDS = Words(
    """opportunity regard accommodation qualified protected affirmative diversity e-verify disabilities
    privacy criminal""".split()
)
_APPLY_WORDS = Words(
    "apply|please|application|interested|contact|resume|résumé|cv|profile|cover letter|hear from".split("|")
)
_SHORTEST = 41  # characters; a shorter line is a heading or an item


def settle_by_content(drafts: list[Draft], low: str) -> None:
    """Gives sentences of the law and of applying their sections, wherever they stand."""
    legal, apply = _LEGAL_WORDS.places(low), _APPLY_WORDS.places(low)
    if not legal and not apply:
        return
    for draft in drafts:
        start, end = draft.start, draft.end
        if draft.kind == HEADING or end - start < _SHORTEST:
            continue
        if stand_between(legal, start, end) and _LEGAL.search(low, start, end):
            draft.section = S.LEGAL
        elif (
            draft.section != S.DUTIES
            and stand_between(apply, start, end)
            and _APPLY_HINT.search(low, start, end)
            and _APPLY.search(low, start, end)
        ):
            draft.section = S.APPLY
