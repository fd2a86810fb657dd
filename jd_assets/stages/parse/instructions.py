"""Sentences of a posting that speak to a machine which reads it, not to a person who applies."""

from __future__ import annotations

import re

from jd_assets.stages.parse.segments import Segment
from jd_assets.stages.parse.view import clean, lowered

# What tells a reader to drop its task: it and the rest of its line are taken out.
_OVERRIDES = re.compile(
    r"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget|override|bypass)\b[^.\n]{0,30}"
    r"\b(?:(?:previous|above|prior|earlier|preceding|foregoing|your|these|system|any|all)\b[^.\n]{0,20}"
    r"\b(?:instructions?|prompts?|rules|directions|guidelines|commands|text)|the above|everything above)\b"
    r"|<\|[a-z_]{2,20}\|>|\[/?inst\]|\b(?:begin|end) posting\b"
    r"|\bnew instructions?\s?:|\bsystem (?:prompt|message|override)\s?:"
)
# What asks for a certain answer: the sentence is taken out.
_ORDERS = re.compile(
    r"\b(?:answer|respond|reply|output|print|return|extract|set|report|classify)\b"
    r"(?: (?:only|just|with|that|as|it as|this as|this jd as)){0,3}"
    r" (?:the |a |its )?(?:job )?(?:role|title|company(?: name)?|salary|ctc|domain|json|jd_type|field)s?"
    r"(?: name)?(?: (?:to|as|is|must be|should be)\b|\s?[:=\"']| (?:ceo|null|none|reject)\b)"
    r"|\b(?:choose|pick|select|answer|say)(?: only| just| with)? (?:option|number|choice|answer|candidate)"
    r" (?:\d|none\b|[\"'])"
    r"|\b(?:answer|output|print|(?:respond|reply) with)(?: only| just| that)? (?:the |a )?(?:job )?"
    r"(?:role|title)(?: name)? (?!and\b|or\b|questions?\b|quer)\w"
    r"|\b(?:add|include|append|list)\b[^.\n]{0,60} (?:to|in) (?:your|the) "
    r"(?:answer|output|response|reply|json|extraction)\b"
    r"|\byou are (?:now )?(?:an? |the )?(?:helpful |large )?(?:language model|ai (?:assistant|model|system)"
    r"|llm|chatbot|parser|jailbroken)\b"
    r"|\b(?:as|if you are|note to|attention) (?:an? |any |all )?(?:ai(?: (?:models?|assistants?|systems?"
    r"|recruiters?|screeners?))?|llms?|language models?)(?: (?:reading|parsing|processing)|\s?[:,])"
)


def without_instructions(text: str, segments: tuple[Segment, ...]) -> str:
    """The text with such sentences blanked out, of the same length.

    Wording that stands nowhere else can't be an answer about the job, whatever a model made of it.
    """
    low = lowered(clean(text))
    if not _OVERRIDES.search(low) and not _ORDERS.search(low):
        return text
    kept = list(text)
    for segment in segments:
        override = _OVERRIDES.search(low, segment.start, segment.end)
        if override:
            line_end = low.find("\n", segment.end)
            _blank(kept, segment.start, len(low) if line_end < 0 else line_end)
        elif _ORDERS.search(low, segment.start, segment.end):
            _blank(kept, segment.start, segment.end)
    return "".join(kept)


def _blank(characters: list[str], start: int, end: int) -> None:
    for i in range(start, end):
        if characters[i] != "\n":
            characters[i] = " "
