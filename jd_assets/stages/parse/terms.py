"""Sentences that state the terms of a post or of its posting, not the work: hours, dates, superiors."""

from __future__ import annotations

import re

_HOURS = re.compile(
    r"(?:the |your |our )?(?:[a-z]+ ){0,2}?(?:hours|shifts|working days|schedule|rota)(?: of work"
    r"| of this [a-z]+"
    r"| for this [a-z]+)? (?:is|are|will|may|vary|varies|run|runs)\b"
    r"|(?:you|officers|staff|employees|workers|(?:the )?(?:incumbent|post-?holder|employee)) (?:will |must "
    r"|may )?"
    r"(?:normally |usually |typically |also )?works? (?:(?:a|an|on|in|the|some|occasional|regular|rotating"
    r"|flexible"
    r"|varied|variable|full|part|fixed|night|day|evening|weekend|early|late|split|standard|unsocial|irregular"
    r"|extended|\w+[ -]hour|\d[\w-]*)[ -]){0,4}(?:shifts?|rota|nights|evenings|weekends|hours|days|week"
    r"|schedules?|holidays|overtime)\b"
    # "Includes a weekly night and Saturday shift"
    r"|(?:(?:this|the) (?:position|job|role|post|work) |it |schedule )?(?:may )?(?:includes?|requires?"
    r"|involves?) "
    r"(?:[a-z-]+,? ){0,5}?(?:nights?|evenings?|weekends?|saturdays?|sundays?|holidays?|shifts?|overtime"
    r"|lone[ -]working)\b"
    r"(?! (?:programs?|programmes?|events?|classes|reports?|care|campaigns?|plans?|staff|coverage))"
)
# Of a posting: how long it is open, what it pays on
_OF_POSTING = re.compile(
    r"[^a-z]{0,3}(?:the |this |all )?(?:[a-z-]+ ){0,2}?(?:position|post|vacancy|posting|period|announcement"
    r"|role|job|recruitment|opening|search|requisition|advert(?:isement)?)s?\b[^.:;]{0,40}?\b(?:until filled"
    r"|open until|remains? open|(?:been )?(?:extended|re-?opened|re-?advertised) (?:to|until|through|for|on"
    r"|on|as)\b"
    r"|clos(?:es|ed|ing) (?:on|at|when)|is (?:now )?(?:closed|grant[ -]funded|temporary|permanent|unionized"
    r"|exempt)\b"
    r"|not eligible)"
    r"|open until filled"
)
_DATE = (
    r"(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|as soon|immediately|asap|upon)"
)
# "Starts on: July 5", "Recruiting department: Accounts", "Reports to the director."
_FACT = re.compile(
    rf"(?:starts?|ends?|begins?|commences?|starting|ending|beginning|commencing)(?: on| date| from| by)?"
    rf"(?:\s?:|\s-|(?= {_DATE}\b))"
    r"|[a-z]+ing (?:[a-z]+ )?(?:department|unit|manager|officer|agency|office|locations?|site|division|title"
    r"|period|status|line|contact|supervisor|hours|days|times?|dates?|schedule|company|organi[sz]ation|range"
    r"|grade|level|code|number|entity)(?: \([a-z]+\))?\s?(?::|$)"
    r"|(?:standard|scheduled|weekly|total|contract|shift|normal|core) (?:weekly )?hours\s?:"
    r"|(?:this (?:position|role|job|post) |position |the (?:position|role|job"
    r"|post) )?reports (?:directly )?to\s?:?"
    r"(?: (?!on\b|about\b|for work|work\b|duty\b)[\w&'/,-]+){1,9}\W*$"
    r"|serves? under the (?:direction|supervision|guidance)\b|(?:is|are) held responsible for results\b"
    r"|(?:working|physical|environmental) (?:conditions?|environment|demands?)\s?:"
    r"|to apply(?:,|:|$| (?:for|please|send|visit|e-?mail|submit|online|now|by|go|click)\b)"
    r"|(?:respond|reply|write|apply|return) to\s?:"
    r"|(?:the |this )?(?:latter|former|following) (?:is|are) "
    r"|visits? to (?:the|our) [^.]{3,40}\b(?:may|can|are|will|is)\b"
)
_ADDRESS = re.compile(r"\S@\S{2,60}\.[a-z]{2,}")


def states_terms(low: str) -> bool:
    """Whether a line or sentence, in lower case, states terms of the post or of the posting."""
    if _FACT.match(low) or _OF_POSTING.match(low):
        return True
    return _HOURS.match(low) is not None or ("@" in low and _ADDRESS.search(low) is not None)
