"""What stands among duties and is none: how to apply, what a list says of itself, benefits."""

from __future__ import annotations

import re

# What a list of duties says of itself
_OF_LIST = re.compile(
    r"(?:the|these|any|all|such) (?:[\w-]+ ){0,4}(?:duties|functions|responsibilities|tasks|statements"
    r"|specifications)\b[^.]{0,80}\b(?:listed|described|above|below|typical|illustrative|representative"
    r"|intended|exhaustive"
    r"|all[ -]inclusive|change)\b|to perform (?:this|the) job\b|(?:it|this) is not (?:meant|intended)\b"
    r"|(?:the )?above (?:is|are)\b|receives? (?:\w+ )?(?:direction|supervision"
    r"|guidance)\b|(?:management|employees?"
    r"|incumbents?) may (?:be )?(?:assign(?:ed)?|not perform)\b"
)
_OTHER_DUTIES = re.compile(
    r"[^.]{0,60}\b(?:other|additional|different) (?:\w+ )?duties (?:in addition to|from|than) those\b"
)
_APPLYING = re.compile(
    r"(?:you will (?:normally |usually )?work \d+|working \d+|you(?: will|'ll) (?:also )?be (?:required|asked"
    r"|expected) to (?:pass|undergo|undertake|complete|submit|obtain|hold|travel)|(?:the|this) (?:role|job"
    r"|position) (?:will |may )?(?:also )?requires? (?:some |frequent |occasional )?travel|to (?:discuss"
    r"|find out|learn|know) (?:more|this|the)\b"
    r"|(?:obtain|download) (?:the |an? )?(?:position"
    r"|job|role|application|full)\b|send applications|\[?sign up (?:for|to)\b|work from (?:home|office)\b"
    r"|come (?:and |bring|build|help|make|explore|join|work|grow|be)|make your mark|find out more"
    r"|learn more|read more"
    r"|keep (?:on )?reading|(?:closes|opens|closing|opened|posted|updated|listed)\b[ :-]{1,4}\d"
    r"|(?:closing|opening|posting|start) date\b|application\s?:|(?:[a-z]+ )?note\s?:|if (?:selected|hired)\b"
    r"|welcome to\b|(?:bid|application|filing) instructions|take (?:charge|control) of your"
    r"|for (?:the |a )?(?:complete|full|more) [^.\n]{0,60}\b(?:click|apply|visit)|if so\b"
    r"|employment (?:with|at) [^.]{3,60} is\b|(?:these|this|they) includes? "
    r"|do (?:let|visit|check|send|share)|apply only|follow us|check (?:us )?out|click|visit (?:us|our)"
    r"|join us|see (?:more|our|below))\b|(?:apply|send"
    r"|share|submit|e-?mail) [^.\n]{0,40}\b(?:cv|resume|in person|in store|form|portal|page)\b"
)
# What makes a sentence one of applying further on than its first words
_YOUR_PAPERS = re.compile(
    r"[^.]{0,60}\byour (?:profile|application|resume|cv|cover letter|employee id|account|transcripts?)\b"
)
_TO_DOWNLOAD = re.compile(r"[^.]{0,80}\b(?:is|are) available (?:to|for) download\b")
_ING_IS = re.compile(
    r"[a-z]+ing\b[^.;]{3,60} is (?:(?:the|an?|our|your|essential|key) \b"
    r"|(?:[a-z]+ly )?(?:voluntary|optional|prohibited|encouraged|not required)\b)"
)
# "Canvassing in any form shall disqualify the candidate"
_DISQUALIFIES = re.compile(
    r"canvass\w*\b[^.\n]{0,80}\bdisqualif"
    r"|(?:any |such )?(?:[a-z]+ing|failure|attempts?|misrepresentation|influence)\b[^.\n]{0,80}"
    r"\b(?:shall|will|would|may|can|is) (?:[a-z]+ ){0,5}?disqualif(?:y|ied|ication)\b"
    r"(?: (?:of |from )?(?:the |an? |any |your |such )?(?:candida|applica|selection|you\b)|[\s.!]{0,3}$)"
)
# "Late applications will not be considered"
_REFUSES = re.compile(
    r"(?:any |all |no )?(?:(?:late|incomplete|unsigned|unsolicited|handwritten|duplicate|multiple) )?"
    r"applications?\b(?: [a-z\d:,]+){0,10}? (?:shall|will|would) (?:[a-z]+ ){0,4}?"
    r"(?:rejected|considered|entertained|accepted)\b"
)
# "Sign-on bonus: $7,500", "Shift differential - 10 %"
_BENEFIT = re.compile(
    r"(?:annual |yearly |one-time |paid )?(?:(?:sign(?:ing)?[ -]?on|signing|joining|retention|referral"
    r"|performance|annual|year[ -]end|completion|relocation|attendance|spot|welcome) bonus(?:es)?"
    r"|(?:shift|night|evening|weekend|holiday) (?:shift )?(?:differential|premium|allowance)s?"
    r"|(?:relocation|tuition|housing|moving|commuter|childcare) (?:assistance|reimbursement|allowance"
    r"|package|stipend|support)s?)"
    r"\s?(?:\([^()\n]{1,40}\)\s?)?(?::|-\s)"
)


def speaks_of_applying(low: str) -> bool:
    """Whether a line, in lower case, speaks of how to apply, of what an application is refused for, of dates
    and hours, not of the work."""
    return bool(
        _APPLYING.match(low)
        or ("your " in low and _YOUR_PAPERS.match(low))
        or (" is " in low and _ING_IS.match(low))
        or (" download" in low and _TO_DOWNLOAD.match(low))
        or ("disqualif" in low and _DISQUALIFIES.match(low))
        or ("application" in low and _REFUSES.match(low))
    )


def speaks_of_list(low: str) -> bool:
    """Whether a line, in lower case, says something of a list of duties, not a duty."""
    return bool(_OF_LIST.match(low) or (" duties " in low and _OTHER_DUTIES.match(low)))


def states_benefit(low: str) -> bool:
    """Whether a line in lower case opens with the label of a benefit that is paid beside the salary."""
    return _BENEFIT.match(low) is not None
