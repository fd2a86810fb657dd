"""What the words around a name say of its being the company that hires."""

from __future__ import annotations

import re

from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.company_names import LEADS, SUFFIX
from jd_assets.stages.parse.verbs import FORMS

# Behind a name that has the line to itself, or shares it with its place
_ALONE = re.compile(r"[ \t]{0,3}[:?*!-]{0,4}[ \t]{0,3}(?:\n|$)|, [A-Z][^\n]{2,40}\n")
_ABOUT = re.compile(
    r"(?:^|\n)[ \t*#]{0,4}(?:about|why|who is|life at|working at|join|why join|why work at"
    r"|welcome to|know|meet|introduction to) $"
)
_START = re.compile(
    r"(?:^[#* ]{0,6}|(?:description|overview|summary|profile|about us|about the (?:job|company)"
    r"|benefits|qualifications"
    r"|responsibilities|requirements|compensation) "
    r"|\n[ \t*#\u2022\xb7-]{0,6}|[.!?:\"] {0,2}|\) )(?:the team at |here |founded in \d{4}, "
    r"|headquartered in \w+, )?(?:the )?$"
)
_LINE_STARTS = ("\n", "\n\u2022 ", "\n- ", "\n* ")  # the usual of those that `_START` finds
_AT = re.compile(r"(?:^|\n[ \t*\u2022-]{0,5}|[.!?:\"] {1,2}|\b(?:here|team|family|we) )at $")
_JOIN = re.compile(r"\bjoin(?:ing|s)?(?: us at| the team at| our team at| the)? $")
_PLACE = re.compile(
    r"\b(?:role|position|opportunity|career|team|work(?:ing)?|job|life|you|us|years|culture"
    r"|opening|vacancy|hiring|family|office|internship|studio|manager|engineer|executive|developer"
    r"|analyst|specialist|officer|assistant|technician|nurse|teacher|driver|consultant|designer|associate"
    r"|coordinator|accountant|representative|supervisor|architect|administrator|operator|place)"
    r" (?:at|with|@|for) (?:the )?$|\b(?:role|position|job|opportunity|internship|post) is (?:at"
    r"|with) (?:the )?$"
    r"|\bas (?:an?|our|the) [^.\n]{2,40} (?:at|with) (?:the )?$"
    r"|\b(?:is|be|are) (?:a )?part of (?:the )?$|\bas an employee of (?:the )?$"
    r"|\bpolicy of (?:the )?$|\b[a-z]{3,}(?:er|or|ist|ant|ive|ian|yst|ect) (?:at|@) $"
    r"|\b(?:hiring|recruiting|seeking|looking for|searching for)\b[^.\n]{3,60} for $"
)
_MORE = re.compile(r"\b(?:more (?:information )?(?:on|about)|learn about|welcome to) $")
_POSTED = re.compile(r"\b(?:posted by [\w .]{2,40} from|on behalf of|sincerely,|regards,|hr team,?) $")
_OBJECT = re.compile(r"\b(?:for|to|with|at|by) $")
_IS = re.compile(
    r"(?: \([^()\n]{1,80}\))?(?:,? (?:an?|the|located|based|headquartered|founded"
    r"|established|part) [^,.\n]{3,60},)?(?:, [A-Z][a-z]+,?)?,? (?:is|was"
    r"|are) (?:a |an |the "
    r"|one of|on a |on the|hiring|looking|seeking|currently|recruiting|among|proud|building"
    r"|leading|India|known|dedicated|committed|built|founded|"
    r"revolutioni[sz]ing|transforming|searching|actively|where|going|part of|now |ein |an? |An? "
    r"|redefining|changing|growing|expanding|pioneering|driven|headquartered|based|world|at the"
    r"|re(?:volutioni|imagin)|(?:[\w-]+ ){1,8}?(?:company|firm|start-?up|platform|organi[sz]ation|agency"
    r"|leader|provider"
    r"|brand|manufacturer|bank|studio|consultancy|business|venture)\b)"
)
_WE = re.compile(r",? (?:we|our|you|your|every|it|people|the)\b")
_DOES = re.compile(
    r"(?: \([^()\n]{1,60}\))?,? (?:seeks|offers|provides|helps|speciali[sz]es|operates|has been|delivers"
    r"|develops|designs"
    r"|creates|serves|invites|builds|makes|works|believes|enables|powers|supports|manufactures"
    r"|welcomes|will|has|values|does not|encourages|hires|celebrates|participates|needs|requires"
    r"|stands|brings|aims|strives|combines|connects|partners|empowers|focuses|leads|owns|runs"
    r"|prides|employs|reserves|complies)\b"
)
_VERB = re.compile(r" ([a-z]+s) (?:an?|the|our|its|for|over|about|around|more|some|all|\d)\b")
_LISTED = re.compile(r"(?:[\u2022\xb7*>)-]|\d[.)]|:) {0,3}$")
_DESCRIBED = re.compile(r" - (?:the|an?|your|where|we) ")
_AS = re.compile(r"(?: (?:as|and|in|to|team|on|where|for|at|family|today|you)\b|[.,!])")
_STOP = re.compile(
    r"(?:[,.!?;:)\n]|$| - | (?:plc|Inc|Ltd|LLC|Pvt)\b| (?:is|as|and|in|we|to|will|you|are|means|our|located"
    r"|based|where|who|that|which)\b)"
)
_OWN = re.compile(
    r"'s? (?:mission|vision|team|business|clients|customers|products?|culture|platform|growth"
    r"|values|commitment|success|positioning|brand|story|internal|strategy|services|goals|people"
    r"|benefits|office|future|investors?"
    r"|(?:[a-z]+ )?(?:programs?|programmes?|collections?|exhibitions?|galleries|campus|campuses|students"
    r"|patients|residents|staff|employees|community|network|facilities))\b"
)
# "Larkhill, a museum of rural life, seeks"
_APPOSED = re.compile(
    r", (?:an?|the|one of) [^.\n,]{3,90}(?:, [^.\n,]{3,60}){0,2}, (?:seeks|invites|is (?:now |currently "
    r"|actively )?"
    r"(?:seeking|looking|hiring|searching|recruiting))\b"
)
_STAFF = re.compile(
    r" (?:employees|is proud to be|is an? (?:[Ee]qual|EEO|EOE)|is An Equal|team members|[Cc]areers"
    r"|recruitment team|leadership team|offerings|solutions to|Overview|at a glance)\b"
)
# Words that make any name in front of them, or behind them, a little more the employer's
_THEIRS = re.compile(
    r"(?:'s? [A-Za-z]| (?:products?|customers?|clients|portfolio|values|culture|teams?|office|branch"
    r"|employees"
    r"|staff|network|family|community|stores?|brands?|benefits|headquarters|experience centers?)\b)"
)
_WITHIN = re.compile(r"\b(?:at|within|here at|across|part of|of joining|future of|mission of) $")
_END = re.compile(r"\.?(?:\s*\n|\s*$|\. )")
# "Northwold Council are ambitious for ...": what is said of a body that little else is said of
_BODY = re.compile(
    r" (?:Council|Museum|University|College|Hospital|Library|Gallery|Trust|School|Foundation|Society|Academy"
    r"|Authority)$"
)
_BODY_IS = re.compile(r"(?: \([A-Z]{2,8}\))?,? (?:is|are|has|have|was|will|wishes|wish) [a-z]")
_IS_TO = re.compile(r"(?: \([A-Z]{2,8}\))? is (?:to|the)\b")
_SEEKS = re.compile(r" (?:is|are) (?:now |currently |actively )?(?:seeking|looking|hiring|recruiting)\b")
# What the texts end in that the patterns above look for before a name.
_EDGES = frozenset('\n.!?:")*#\u2022\xb7-,')
_OPENERS = tuple(
    "the |here |description |overview |summary |profile |about us |the job |the company |benefits "
    "|qualifications |responsibilities |requirements |compensation ".split("|")
)
_LEADERS = tuple(
    "are |at |join |joining |about |why |is |to |for |with |by |from |know |meet |the |of |on |@ |, |"
    "us ".split("|")
)
_TEAM = re.compile(
    r" (?:consulting|delivery|global|leadership) (?:team|family)\b"
)  # "part of the Acme consulting team"
_SIGNED = re.compile(r"\n|regards|sincerely|team,")
_BEFORE_NAMES = frozenset(word.split()[-1] for word in (*_OPENERS, *_LEADERS) if word.split())
# One of these stands in or behind a name that any other pattern gives a weight; in lower case.
_ANY_SIDE = Anchored(
    r"\b(?:pvt|private|ltd|limited|llp|llc|l\.l\.c|inc|incorporated|corp|corporation|gmbh|plc|pty|pte|wll"
    r"|w\.l\.l"
    r"|fz|fzco|sdn|bhd|bv|b\.v|ag|oy)|employees|is proud|is an? (?:eq|eeo|eoe)|team members|careers|ment team"
    r"|ship team|offerings|solutions to|overview|at a glance",
    (
        "pvt|private|ltd|limited|llp|llc|l.l.c|inc|corp|gmbh|plc|pty|pte|wll|w.l.l|fz|sdn|bhd|bv|b.v|ag|oy"
        "|employees|is proud|is a|team members|careers|ment team|ship team|offerings|solutions to|overview"
        "|at a glance"
    ).split("|"),
)


def may_count(view: str, low: str, start: int, end: int) -> bool:
    """Whether `weight_of`, or a legal form, may give a run of capitals any weight."""
    if start < 2 or view[start - 1] != " ":
        return True
    edge = view[start - 2]
    if edge in _EDGES and (edge not in ",-" or _SIGNED.search(low, max(0, start - 16), start)):
        return True
    if edge == "," and low[start - 6 : start - 2].isdigit():  # "Founded in 1950, Tern works"
        return True
    before = low[low.rfind(" ", max(0, start - 14), start - 1) + 1 : start - 1]
    if before.rsplit("\n", 1)[-1] in _BEFORE_NAMES:
        return True
    first = low[start:end].split(" ", 1)[0]
    return first in LEADS or "'" in view[start:end] or _ANY_SIDE.search(low, start, end + 24) is not None


def weight_of(view: str, low: str, start: int, end: int, *, possessive: bool) -> float:
    """How much the words around a name say that it is the company that hires."""
    before, after = low[max(0, start - 48) : start], view[end : end + 110]
    weight = 0.0
    if possessive:
        if _OWN.match(after) or not after.startswith("' "):
            return 4.0 if _OWN.match(after) else 0.0
        after = after[1:]  # a name that ends in the apostrophe: "Tillers' is growing"
    # Whatever tells of a name that opens a sentence goes on behind a space or comma.
    opens = after.startswith((" ", ",")) and _opens(before)
    if opens and _APPOSED.match(after):
        weight += 6
    elif opens and _IS.match(after):
        weight += 5
    elif opens and (
        _DOES.match(after)
        or _DESCRIBED.match(after)
        or (" " in view[start:end] and not _LISTED.search(before) and _acts(after))
        or (_BODY.search(view, start, end) and _BODY_IS.match(after))
    ):
        weight += 4
    if before.endswith(("mission of ", "mission of the ")) and _IS_TO.match(after):
        weight += 5
    if before.endswith("part of the ") and _TEAM.match(after):
        weight += 5
    if _STAFF.match(after):
        weight += 4 if not weight else 1
    if before.endswith(_LEADERS):
        # What follows is asked first, as it is the cheaper question.
        if _ALONE.match(after) and _ABOUT.search(before):
            weight += 6
        if before.endswith("we are ") and (
            _BODY.search(view, start, end) or after.startswith((", a ", ", an ", ", the "))
        ):
            weight += 4
        if _MORE.search(before):
            weight += 4
        if (_WE.match(after) and _AT.search(before)) or (
            before.endswith(" at ") and (before.endswith(("we at ", "here at ")) or _SEEKS.match(after))
        ):
            weight += 5
        if (_AS.match(after) and _JOIN.search(before)) or (_STOP.match(after) and _PLACE.search(before)):
            weight += 4
        elif _POSTED.search(before):
            weight += 5
        elif _END.match(after) and _OBJECT.search(before):
            weight += 2
    elif after.startswith("\n") and SUFFIX.search(view[start:end]) and _START.search(before):
        weight += 3
    return weight


def _opens(before: str) -> bool:
    """Whether a name behind these words opens a sentence or line."""
    edge = before.rstrip(" ")[-1:]
    if edge and edge not in _EDGES and not before.endswith(_OPENERS):
        return False
    return before.endswith(_LINE_STARTS) or _START.search(before) is not None


def hint_of(view: str, low: str, start: int, end: int) -> float:
    """A little weight for a name that stands where employers do, for texts that say no more of theirs."""
    after = view[end : end + 24]
    if _WITHIN.search(low, max(0, start - 16), start):
        return 1.5
    return 1.0 if _THEIRS.match(after) else 0.0


def _acts(after: str) -> bool:
    """Whether the words behind a name say what it does: "publishes a magazine"."""
    verb = _VERB.match(after)
    return verb is not None and FORMS.get(verb[1]) == "third"
