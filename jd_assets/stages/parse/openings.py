"""How a line or sentence opens: with a verb of work, with a noun of work, behind a label, with a clause."""

from __future__ import annotations

import re

from jd_assets.stages.parse.verbs import AMBIGUOUS, FORMS

# "Using our data, we help clients": the gerund is not the sentence's verb
_SUBORDINATE = re.compile(
    r"[a-z]+ing\b[^.;:]{3,120}(?:[ ,](?:we|you|they)(?:'(?:re|ve|ll|d))? [a-z]+"
    r"|, (?!which|who|that|and|as|or|this|it)(?:the )?[\w&.'-]+(?: [\w&.'-]+){0,2} (?:is|are|has|have|was"
    r"|were|can"
    r"|helps|provides|offers|enables|serves) )"
)
_NOMINAL = re.compile(
    r"(?!(?:locat|qualificat|educat|descript|compensat|applicat|designat|posit|durat"
    r"|informat)ion)(?:[\w/-]+,? (?:and |& |/ )?){0,4}?[\w-]*(?:tion|sion|ment|ysis|ance|herence|pondence"
    r"|ing|view"
    r"|sis|velopment|support|closure|planning|handling|management)\b,?(?: (?:and|&"
    r"|/) [\w-]+){0,2} (?:of|for|with|on|in)\b"
)
_LEAD = re.compile(
    r"(?:under [^,.:;]{3,80}, )?(?:[a-z]+ly (?:and|or|but) [a-z]+ly )?"
    r"(?:[\W_]{1,3}|to |will (?:also )?|also |you will |you'll |and "
    r"|help (?:to )?|help us "
    r"|proactively |actively |effectively |independently |successfully |continuously |regularly "
    r"|periodically |closely |primarily |directly |occasionally |consistently |strategically "
    r"|timely |"
    r"efficiently |professionally |accurately |promptly |safely |daily |routinely |personally "
    r"|jointly |thoroughly |quickly |carefully |constantly |continually |collaboratively "
    r"|as (?:needed|required|assigned),? |responsible (?:for|to) |be responsible for "
    r"|accountable for ){0,3}"
)
# Behind a verb's form these say that it is a noun: "Interviews will be held", "Work is done in shifts"
_OF_NOUNS = (" will ", " is ", " are ", " was ", " were ", " may ", " must ", " can ", " should ", " shall ")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
# What shows that the word before it is a verb
_BEHIND_VERB = re.compile(
    r",? (?:\d|and|&|the|a|an|our|new|with|all|in|on|to|of|for|any|or|complex|[a-z]+ly|[a-z]+ing|up|out|as"
    r"|by|from)\b|, \w+"
)
_NO_LABEL = re.compile(
    r"(?:note|tips?|important|disclaimer|hiring|we|you|our|benefits?|perks?|why)\b|[^:]{1,60}:\s+understand"
)
_LABELLED = re.compile(r"[A-Za-z][^:.!?\n]{1,60}?\s?(?::|\s-)\s+(?=\S)")


def starts_with_verb(low: str, *, strict: bool = False) -> bool:
    """Whether a line opens as a duty does: "Develop ...", "Managing ...", "Responsible for ...".

    Strict leaves out verbs that may well be nouns, such as "design" and "support", unless the next word
    shows that they are verbs.
    """
    lead = _LEAD.match(low)
    position = lead.end() if lead else 0
    if lead and ("responsible" in lead[0] or "accountable" in lead[0]):
        return True
    word = _WORD.match(low, position)
    if not word:
        return False
    form = FORMS.get(word[0]) or FORMS.get(word[0].split("-")[0])
    if form is None or low.startswith((":", *_OF_NOUNS), word.end()):
        return False
    if form == "base" and word[0] in AMBIGUOUS and strict:
        return _BEHIND_VERB.match(low, word.end()) is not None
    return True


def is_nominal(low: str) -> bool:
    """Whether a line names work as a noun does: "Installation and upkeep of pumps"."""
    return _NOMINAL.match(low) is not None


def opens_after_label(low: str, *, strict: bool = False) -> bool:
    """Whether a line is a labelled duty: "Reporting: prepare the weekly figures"."""
    label = _LABELLED.match(low)
    if label is None or _NO_LABEL.match(low):
        return False
    return starts_with_verb(low[label.end() :], strict=strict)


def opens_with_clause(low: str) -> bool:
    """Whether a sentence opens with what others do: "Using our own boats, we help small ports"."""
    return _SUBORDINATE.match(low) is not None
