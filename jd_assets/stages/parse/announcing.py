"""Whether a sentence of prose says what the person will do."""

from __future__ import annotations

import re
from itertools import pairwise

from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.kept import kept_if_short
from jd_assets.stages.parse.roles import JOB_NOUNS
from jd_assets.stages.parse.verbs import AMBIGUOUS, FORMS

_WILL = re.compile(
    r"\b(?:you|they|he|she|he/she|s/he|we expect you to"
    r"|(?:the |this |an? |our )?(?:[\w/&-]+ ){0,6}?(?:role|position"
    r"|incumbent|candidate|job|person|hire|individual|post|applicant|holder|appointee|manager"
    r"|engineer"
    r"|developer|executive|analyst|officer|coordinator|assistant|specialist|director|lead|employee"
    r"|worker|librarian|archivist|registrar|educator|inspector|clerk|planner|supervisor|attorney"
    r"|associate|technician|representative|consultant|curator|administrator|nurse|teacher|intern))"
    r"(?:'ll| will| shall| would|'d)(?: also| then| primarily| mainly| directly| typically| generally"
    r"| initially| regularly| further)?"
    r"(?: (?:be (?!joining|looking|getting|having|becoming|growing|gaining|learning|receiving)[a-z-]+ing"
    r"|be (?:expected|required|asked|tasked|accountable|charged|responsible|involved|working"
    r"|leading|supporting|in charge|the|directly|primarily|reporting|held|entrusted|providing"
    r"|managing|developing|designing|helping|collaborating|assisting|building|performing"
    r"|overseeing)"
    r"|have (?:the |a |overall |full |primary )?(?:responsib|variety of resp|accountab|day)|help"
    r"|get to (?:build|work|design|lead|shape)|play|([a-z-]+)))"
)
_ANYONE = re.compile(
    r"(?:^|, )(?:the|this) (?!team|company|client"
    r"|organi[sz]ation)(?:[\w/&-]+ ){1,4}will (?:also )?([a-z-]+)"
)
# What is received as work: "The clerk will receive court documents"
_TAKES_IN = re.compile(
    r"(?: and [a-z]+)? (?:[\w-]+,? (?:and |or )?){0,3}(?:documents|calls|goods|deliver(?:y|ies)|shipments"
    r"|payments"
    r"|mail|requests|complaints|applications|orders|visitors|materials|fees|reports|packages|parcels|inventory"
    r"|stock|cash|specimens|samples|records|equipment|supplies|loans)\b"
)
_RESPONSIBLE = re.compile(
    r"\b(?:(?:is|are|be|being|person|role|individual) (?:\w+ )?(?:responsible (?:for|to|in|towards)"
    r"|accountable"
    r"|in charge)\b|responsible (?:for|to)\b|(?:role|position|job) (?:entails|involves|includes"
    r"|requires you to|supports|leads|manages|provides|champions|oversees|reports to|performs"
    r"|serves|plays|assists|focuses on|combines|is (?:a|an) [\w -]{3,40} role)"
    r"|responsibilit(?:y|ies) (?:of [\w ]{3,40} )?(?:(?:will |may |also )?include|are|involve|will be|is to)"
    r"|emphasis (?:is|will be) on (?:[a-z]+ly )?[a-z]+ing\b|duties (?:of [\w ]{3,40} )?(?:(?:will |may "
    r"|also )?include|are(?! of | similar| the same)|involve)"
    r"|(?<!\bour )(?:your"
    r"|the|primary|main) (?:focus"
    r"|mission|task|job|goal|objective|role|priorit(?:y|ies)) (?:will be|is|are"
    r"|would be)(?! (?:an? )?(?:fixed|permanent|full|part"
    r"|temporary|remote|hybrid|based|located|open|subject|paid|offered|available|suitable|ideal|perfect"
    r"|exempt"
    r"|non-?exempt|contract|not|graded|eligible|rotat\w+|seasonal|casual|hourly|term|shared|split|home"
    r"|office)\b)|it(?:'s| is) your job to"
    r"|(?:purpose|function|goal|objective) (?:of|for) (?:this|the) (?:position|role|job|post|class"
    r"|classification"
    r"|vacancy|[a-z]+ [a-z]+) (?:is|will be) to"
    r"|(?:this|the) (?:[\w/-]+ ){0,2}(?:position|role|job|post) (?:also |then )?(?:supports|manages|leads"
    r"|oversees|coordinates|performs|facilitates|provides|ensures|blends|assists|develops|administers"
    r"|directs|maintains|plans|monitors|conducts|delivers|implements|handles|prepares|serves as)"
    r"|expected to (?:\w+ )?(?:manage|lead|develop|work|support|ensure|handle"
    r"|provide|create|build|deliver|drive|design|perform|maintain))"
)
_HIRING_TO = re.compile(
    r"\b(?:looking for|seeking|searching for|hiring|in search of|seeks|recruiting|appointing"
    r"|(?:looking|seeks?|wish(?:es)?|would like) to (?:hire|appoint|recruit))\b.{3,140}?"
    r"\b(?:who(?: will|'ll)(?! (?:possess|have|bring|hold|need|be (?:an?|able|comfortable|fluent))\b)"
    r"|(?<!looking )(?<!seeking )to (lead|manage|develop"
    r"|support|drive|build|oversee|design|assist|handle|own|create|provide|perform|maintain|coordinate|guard"
    r"|serve|sell|supervise|run|conduct))\b"
    r"|\b(?:is|are) (?:currently |now |being )?sought to ([a-z]+)\b"
)
_HOLDER = re.compile(
    r"(?:(?:under|reporting|as|working|in|during|with|while|using)\b[^,.]{3,120}, )?"
    r"(?:the|our|this|an?|all|each|he/she|s/he|he or she|she|he) (?!(?:office|department|division|bureau"
    r"|board|ministry|college|university|museum|city|county) of\b)"
)
_HOLDERS = frozenset("incumbent employee postholder post-holder holder person individual appointee".split())
_POSTS = frozenset("position role job post".split())
_OF_POSTS = frozenset(
    "offers needs pays starts receives gives works opens closes remains holds comes presents allows enables"
    " brings demands".split()
)
_PRONOUN = re.compile(r"(?:addition\w+,? |also,? )?(?:he/she|s/he|he or she|she|he) (?:also )?([a-z]+)\b")
# "As a buyer you negotiate", "As Deputy Clerk, files the deeds"
_AS_HOLDER = re.compile(r"as (?:an? |our |the )?(?:[\w/&-]+ ){1,6}?you (?:also )?([a-z-]+)\b")
_AS_ACTS = re.compile(r"as (?:an? |our |the )?(?:[\w/&-]+ ){0,5}[\w/&-]+, (?:also )?([a-z-]+)\b")
# "You manage the stores", "With a small crew, you mend the nets"
_YOU = re.compile(
    r"(?:[a-z][^,.;:?]{3,60}, )?you (?:not only |also |then |typically |regularly )?(?!share |move "
    r"|value )([a-z-]+)\b(?!')"
)
# The people of a class of posts, as public bodies word it: "Incumbents in this class inspect ..."
_PLURAL_HOLDERS = re.compile(
    r"(?:under [^,.]{3,80}, )?(?:positions|employees|incumbents|workers|members|persons|officers|staff)"
    r"(?: (?:in|within|of|assigned to) (?:this|the) (?:[\w-]+ )?(?:class|classification|position|series"
    r"|role|job"
    r"|unit))?,? (?:may |will |typically |also |generally |regularly )?([a-z-]+)\b"
)
_FUNCTIONS_AS = re.compile(
    r"(?:employees|incumbents|(?:an? |the )?(?:employee|incumbent|position))(?: (?:in|within|of) (?:this"
    r"|the) [a-z]+)?"
    r" functions? as "
)
# The job's own name in the plural: "Harbour masters keep the quays clear"
_JOBS = re.compile(
    r"(?:[a-z-]+ ){0,3}?([a-z]{3,}s) (?:also |then |typically |generally |regularly |primarily "
    r"|may )?([a-z-]+)\b"
    r"(?! (?:at|with|for) (?:us|our)\b)"
)
_OTHER_PEOPLE = (
    "our ",
    "your ",
    "we ",
    "many ",
    "most ",
    "some ",
    "these ",
    "those ",
    "other ",
    "where ",
    "how ",
)
_BEFORE_OBJECT = re.compile(r" (?!(?:is|are|was|were|and|or|of|will|can|may|must|has|have|for|in|to)\b)[a-z]")
# Of the nouns that name a job, those that speak of the holder alone: not "partners", "members", "experts"
_HOLDERS_OF_JOBS = (frozenset(JOB_NOUNS) | {"recruit", "cadet"}) - frozenset(
    """member staff sales lead head leader partner professional expert executive owner host volunteer scholar
    fellow manager president principal monitor intern internship payroll faculty liaison director master guru
    chief ceo engineer developer specialist designer artist doctor farmer""".split()
)
_MAY = re.compile(
    r"(?:post-?holder|incumbent|employee|jobholder|appointee|position|role) (?:may"
    r"|must) (?:also )?([a-z-]+)\b"
)
_MAY_INCLUDE = re.compile(
    r"(?:it|this|the (?:role|post|work|job)) (?:may |will )?(?:also )?(?:includes?|involves?) "
)
_INVOLVES = re.compile(
    r"(?:it|this|(?:the |this )?(?:role|post|work|job|position)) (?:may |will |would )?(?:also |typically )?"
    r"(?:includes?|involves?) (?:the )?([a-z-]+)\b"
)
# As classes of posts are defined: "This is skilled work in mending nets"
_WORK_IN = re.compile(
    r"this (?:position |class |job )?is (?:an? )?(?:[a-z-]+,? (?:and |or )?){0,8}work (?:in|of|involving|that"
    r"|performing|assisting|supervising|maintaining|with responsib)"
)
_GRADE = re.compile(r"[ivx]{1,4}|\(?\d{1,2}\)?|\([a-z./]{1,8}\)")
# One of these stands in whatever the patterns above match.
_OF_RESPONSIBILITY = (
    "respons", "accountab", "in charge", "classif", "role", "position", "job", "duties", "focus", "mission",
    "task", "priorit", "goal", "objective", "expected", "emphasis",
)  # fmt: skip
_OF_HIRING = ("looking", "seek", "search", "hiring", "hire", "appoint", "recruit", "sought to")
_NO_DUTY = frozenset(
    """have be find get gain learn enjoy love need receive join become see thrive like want feel meet
    benefit notice start discover experience possess bring not never only always earn travel know fit stand
    understand continue grow hear go take combine demonstrate exhibit show""".split()
)
# What somebody is sought for that says nothing of the work
_JOINING = frozenset("work start fill relocate apply make complete come".split())
# "You'll need to work out the tides", outside what is asked for
_NEED_TO = re.compile(r"(?:[^.;:]{1,60}, )?you(?: will|'ll) (?:also )?need to (?:be able to )?([a-z-]+)\b")
_PROVING = frozenset(
    "provide complete submit pass undergo register apply hold speak obtain prove supply".split()
)
# "the museum's aide will greet visitors"
_NOUN_WILL = re.compile(
    r"(?:^|, )(?:the |this |an? |our |[\w.&-]+'s )?(?:[\w/&'-]+ ){0,5}?([\w-]+) (?:will|shall) (?:also )?"
    r"([a-z-]+)\b"
)
# "This is a true workshop environment where you will wear many hats"
_OF_PLACE_OPENS = ("this is", "it is", "it's", "ours is", "here ")
_OF_PLACE = re.compile(r"[^.]{5,80}\b(?:environment|place|culture|team|company|setting) (?:where|in which)\b")
_FUTURE_FAVOUR = Anchored(
    r"\b(?:(?:be|being|become) (?:a |an )?(?:[\w-]+ ){0,2}(?:part|member) of (?:a|an|our"
    r"|the) (?:[\w-]+ ){0,4}(?:team|company|culture|environment|community)|team (?:is|are"
    r"|was) (?:responsible|tasked|accountable)|have the (?:chance|opportunity)|opportunit(?:y"
    r"|ies) to|be (?:given|provided|offered|rewarded|compensated|eligible|entitled|integrated"
    r"|considered|contacted|shortlisted|based|paid|employed|appointed|mentored|invited|notified)\b"
    r"|be (?:required|expected|asked|obliged) to (?:also )?(?:take up|undergo|submit|obtain|relocate|reside"
    r"|live"
    r"|start|pass (?:an?|the|all|any)\b|be (?:available|reachable|on[ -]call)|work (?:flexib\w+|shifts"
    r"|evenings?"
    r"|weekends?|nights?|overtime|\d|some|on a|outside|irregular|unsocial|extended|holidays|additional))"
    r"|(?:position|role|job|post|internship|program(?:me)?|opportunity) (?:prepares|gives|allows|enables"
    r"|offers) "
    r"(?:you|individuals|candidates|participants|recruits|trainees|graduates|the (?:successful|right))\b"
    r"|(?:get|gain) (?:exposure|insights?|experience)\b|be the face of|we hope|at the (?:forefront|heart"
    r"|center"
    r"|centre)|your career"
    r"|in your first|first \d+ days|(?:great|ideal|good|perfect) (?:fit"
    r"|match|place)|adept|hired|can expect|\bif you\b)",
    (
        "position |role |job |post |internship |program|get |gain |be |being |become |team is|team are"
        "|team was"
        "|have the|opportunit|we hope|at the |your career"
        "|in your first|first |great |ideal |good |perfect |adept|hired|can expect|if you"
    ).split("|"),
)
_KEPT = 1024  # lines whose answers are kept: each of a text is asked about several times


@kept_if_short(_KEPT)
def announces(low: str) -> bool:
    """Whether a sentence says in prose what the person will do: "As a buyer, you will negotiate ..."."""
    if not _tells(low) or (low.startswith(_OF_PLACE_OPENS) and _OF_PLACE.match(low)):
        return False
    favour = _FUTURE_FAVOUR.search(low)
    if favour is None:
        return True
    charged = _RESPONSIBLE.search(low, 0, favour.start())
    return charged is not None and favour.start() - charged.end() > 12


def favours(low: str) -> bool:
    """Whether a sentence says what the person will be given, not what to do."""
    return _FUTURE_FAVOUR.search(low) is not None


def _tells(low: str) -> bool:
    if "will" in low or "'ll" in low or "'d " in low or "shall" in low or "would" in low or "expect" in low:
        for match in _WILL.finditer(low):
            if (match[1] is None or match[1] not in _NO_DUTY) and len(low) - match.end() > 8:
                return True
        noun = _NOUN_WILL.match(low)
        if noun and noun[1] in JOB_NOUNS and FORMS.get(noun[2]) == "base" and noun[2] not in _NO_DUTY:
            return True
        for match in _ANYONE.finditer(low):
            taken = match[1] == "receive" and _TAKES_IN.match(low, match.end()) is not None
            if taken or (FORMS.get(match[1]) == "base" and match[1] not in _NO_DUTY):
                return True
    if "volve" in low or "nclude" in low:
        involved = _INVOLVES.match(low)
        if involved and FORMS.get(involved[1]) == "gerund":
            return True
    if low.startswith("this ") and _WORK_IN.match(low):
        return True
    if (" may " in low or " must " in low) and (_MAY_INCLUDE.match(low) or _acts(_MAY.search(low), "base")):
        return True
    if any(word in low for word in _OF_RESPONSIBILITY) and _RESPONSIBLE.search(low):
        return True
    return _hires_to_act(low) or _holder_acts(low)


def _hires_to_act(low: str) -> bool:
    """Whether a sentence says what somebody is sought for: "seeks a Keeper to look after its boats"."""
    if not any(word in low for word in _OF_HIRING):
        return False
    for match in _HIRING_TO.finditer(low):
        verb = match[1] or match[2]
        if verb is None or (FORMS.get(verb) == "base" and verb not in _NO_DUTY | _JOINING):
            return True
    return False


def _holder_acts(low: str) -> bool:
    """Whether a sentence tells what the holder of the job does: "The Assistant Curator supports ..."."""
    if "you " in low and _acts(_YOU.match(low), "base"):
        return True
    if low.startswith("as ") and (
        _acts(_AS_HOLDER.match(low), "base") or _acts(_AS_ACTS.match(low), "third")
    ):
        return True
    if _acts(_PLURAL_HOLDERS.match(low), "base") or _acts(_PRONOUN.match(low), "third"):
        return True
    if _FUNCTIONS_AS.match(low) or _those_of_the_job_act(low):
        return True
    opening = _HOLDER.match(low)
    if not opening:
        return False
    said = low[opening.end() : opening.end() + 120].split()
    if _apposed(said[:12]):
        return True
    words = [w.strip(",") for w in said[:8]]
    words = [w for w in words if not _GRADE.fullmatch(w) and w != "also"]
    return any(
        FORMS.get(verb) == "third"
        and (noun in JOB_NOUNS or noun in _HOLDERS or (noun in _POSTS and verb not in _OF_POSTS))
        for noun, verb in pairwise(words)
    )


def _those_of_the_job_act(low: str) -> bool:
    """Whether a sentence opens with the job's name in the plural and what its holders do."""
    match = _JOBS.match(low)
    if match is None or low.startswith(_OTHER_PEOPLE):
        return False
    name = match[1][:-3] + "y" if match[1].endswith("ies") else match[1][:-1]
    verb = match[2]
    acts = verb != "work" and (verb not in AMBIGUOUS or _BEFORE_OBJECT.match(low, match.end()) is not None)
    return acts and name in _HOLDERS_OF_JOBS and FORMS.get(verb) == "base" and verb not in _NO_DUTY


def _apposed(words: list[str]) -> bool:
    """Whether a job with its field behind a comma or dash acts: "Keeper, Prints and Drawings, plans"."""
    for index, word in enumerate(words[:-2]):
        if word.strip(",") in JOB_NOUNS and (word.endswith(",") or words[index + 1] == "-"):
            return any(FORMS.get(w) == "third" for w in words[index + 2 :])
    return False


def _acts(match: re.Match[str] | None, form: str) -> bool:
    """Whether what a pattern captured is a verb of work in that form."""
    return match is not None and FORMS.get(match[1]) == form and match[1] not in _NO_DUTY


def needs_to_act(low: str) -> bool:
    """Whether a sentence says what "you will need to" do, not what to prove."""
    match = _NEED_TO.match(low)
    return _acts(match, "base") and match is not None and match[1] not in _PROVING
