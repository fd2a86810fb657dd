"""The hiring company."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD, is_firm, without_address
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.segments import HEADING
from jd_assets.stages.parse.verbs import FORMS
from jd_assets.stages.parse.view import trimmed

_WORD = r"[A-Z0-9][\w&.+]*(?:['-][A-Za-z0-9][\w&.]*)*"
_RUN = re.compile(
    rf"(?<![\w@./-])(?:[A-Z]|[a-z](?=[A-Z][a-z]))[\w&.+]*(?:['-][A-Za-z0-9][\w&.]*)*(?: (?:(?:of|and|the"
    rf"|for|&"
    rf"|de) )?{_WORD}){{0,6}}(?: \([A-Z][\w ]{{1,20}}\))?"
)
_LEADS = frozenset(
    "about join joining at why welcome from by for with in working life know as to the who "
    "introduction our meet on careers".split()
)
_SUFFIX = re.compile(
    r"(?:,? (?:Pvt|Private|Ltd|Limited|LLP|LLC|Inc|Incorporated|Corp|Corporation|GmbH|PLC|plc"
    r"|Pty|Pte|WLL|FZ[CE]|FZCO|Sdn|Bhd|BV|AG|Oy)\b\.?){1,3}$",
    re.IGNORECASE,
)
_LEGAL_END = re.compile(r"\b(?:Ltd|Limited|Inc|LLC|LLP|GmbH|PLC)\b\.?(?= [A-Z])")
_SUFFIX_AFTER = re.compile(
    r",? ?(?:Pvt\.?|Private|Ltd\.?|Limited|LLP|LLC|L\.L\.C\.|Inc\.?|Corp\.?|GmbH"
    r"|PLC|plc|Pte\.?|WLL|W\.L\.L\.|FZ[CE]|FZCO|Sdn\.?|B\.V\.)(?:,? (?:Ltd\.?|Limited|Bhd\.?))?(?![\w])"
)
_LINE_END = r"[ \t]{0,3}[:?*!-]{0,4}[ \t]{0,3}(?:\n|$)"
_ABOUT = re.compile(
    r"(?:^|\n)[ \t*#]{0,4}(?:about|why|who is|life at|working at|join|why join|why work at"
    r"|welcome to|know|meet|introduction to) $"
)
_START = re.compile(
    r"(?:^|(?:description|overview|summary|profile|about us|about the (?:job|company)) "
    r"|\n[ \t*\u2022\xb7-]{0,5}|[.!?:\"] {1,2}|\) )(?:the team at |here |founded in \d{4}, "
    r"|headquartered in \w+, )?(?:the )?$"
)
_AT = re.compile(r"(?:^|\n[ \t*\u2022-]{0,5}|[.!?:\"] {1,2}|\b(?:here|team|family|we) )at $")
_JOIN = re.compile(r"\bjoin(?:ing|s)?(?: us at| the team at| our team at| the)? $")
_PLACE = re.compile(
    r"\b(?:role|position|opportunity|career|team|work(?:ing)?|job|life|you|us|years|culture"
    r"|opening|vacancy|hiring|family|office|internship|studio|manager|engineer|executive|developer"
    r"|analyst|specialist|officer|assistant|technician|nurse|teacher|driver|consultant|designer|associate"
    r"|coordinator|accountant|representative|supervisor|architect|administrator|operator|place)"
    r" (?:at|with|@|for) (?:the )?$|\b(?:role|position|job|opportunity|internship|post) is (?:at"
    r"|with) (?:the )?$"
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
    r"(?:[,.!?;:)\n]|$| (?:plc|Inc|Ltd|LLC|Pvt)\b| (?:is|as|and|in|we|to|will|you|are|means|our|located"
    r"|based|where|who|that|which)\b)"
)
_OWN = re.compile(
    r"'s? (?:mission|vision|team|business|clients|customers|products?|culture|platform|growth"
    r"|values|commitment|success|positioning|brand|story|internal|strategy|services|goals|people"
    r"|benefits|office|future|investors?)\b"
)
_STAFF = re.compile(
    r" (?:employees|is proud to be|is an? (?:[Ee]qual|EEO|EOE)|is An Equal|team members|[Cc]areers"
    r"|recruitment team|leadership team|offerings|solutions to|Overview|at a glance)\b"
)
_END = re.compile(r"\.?(?:\s*\n|\s*$|\. )")
# Words that no company's name begins with here, and words that alone or together are none.
_BAR = re.compile(r" [|\u2022\u00b7-] ")
_NEVER_FIRST = frozenset(
    """us you we your this that it job client clients candidate who what why how if as in at on all
    please they he she these those there here their a an its i my responsibilities requirements
    benefits qualifications salary note full part you'll we're every any some no not ability strong
    excellent good must description summary overview responsible applicants applicant experience while
    when with within from for by to and or but so then however additionally also further such being
    using knowledge preferred required minimum both most many several each hello hi dear greetings
    thanks thank looking hiring urgent immediate apply click visit send share bachelor bachelor's
    bachelors master's degree reporting more role position freshers duties skills based""".split()
)
_COMMON = _NEVER_FIRST | frozenset(
    """our the team company successful ideal work working location opportunity time monday friday india
    usa united states hr human resources engineering sales marketing product management department
    organization organisation business join today career careers one site employees employer
    employment internship everyone people culture life customers data software office excel project
    projects technology market solutions stakeholders leadership english hindi python java sql
    javascript react angular node aws azure agile scrum remote hybrid onsite other education master
    mba diversity inclusion mission vision values compensation key senior junior covid section details
    information support services program programs manager director interested email january february
    march april may june july august september october november december fortune graduates
    professional professionals government ministry city county nation world america asia europe africa
    apac emea north south east west global international national federal local pvt ltd inc llc
    limited private responsibility perks advantages additional founder founders ceo cto applications
    application design development training learning quality health safety customer service strategic
    operations finance financial legal administrative administration technical general corporate
    digital internal external annual monthly weekly daily new current first second third last next
    flexible competitive comprehensive medical dental insurance paid bonus holiday holidays day days
    week weeks year years duration stipend shift timing timings period type mode industry function
    category level equal research head region regional area state states department division unit
    lead""".split()
)
_GENERIC_END = frozenset(
    "team role position job industry department division office candidate we our you overview "
    "description policy act program experience knowledge professionals".split()
)
_AGENCY = re.compile(
    r"\b(?:our client(?:,| is| has| in | needs| requires| seeks|:)|for (?:one|some|many|several) of our "
    r"(?:[\w-]+ ){0,3}clients?\b|(?:hiring|looking|seeking|recruiting|searching|vacanc(?:y|ies)|openings?"
    r"|requirements?|role|position)\b[^.\n]{0,60}\bfor our (?:[\w-]+ ){0,2}clients?\b|client of ours"
    r"|on behalf of (?:our|a) client"
    r"|recruitment agency|staffing (?:agency|firm|company)|recruiting (?:agency|firm)"
    r"|consultancy hiring|(?:a|one|another|an? \w+) client of (?!the\b|our\b))\b"
)
_UNNAMED = re.compile(
    r"(?:an? |our |the )?(?:reputed |leading |esteemed )?(?:client\b|confidential|undisclosed)", re.I
)
_VIA = re.compile(r"\s?\(?\b(?:via|through|c/o|on behalf of|represented by) ", re.IGNORECASE)
_MESSRS = re.compile(r"M/[sS]\.?\s")
_NO_FIRM = frozenset(
    "east west north south layout nagar road street lane park city town village phase sector colony area "
    "district junction cross bazaar market knowledge skills experience".split()
)
_FIRM_ENDS = frozenset(
    "consultants architects engineers advisors advisers partners associates designers builders developers "
    "planners surveyors contractors solicitors accountants auditors brokers bakers brewers".split()
)
# "City of Marlow", "University of Kent", "Department of Waterways"
_BODY = re.compile(
    r"(?:the )?(?:city|county|town|township|village|borough|state|commonwealth|district|port|university"
    r"|college"
    r"|school|institute|museum|department|dept\.?|ministry|office|board|bank|bureau|government|church|diocese"
    r"|archdiocese|metropolitan council) (?:and [\w]+ )?of [A-Z]",
    re.IGNORECASE,
)
# What follows the name that an account of the company opens with
_TOLD = re.compile(r"(?: \([^()\n]{1,80}\))?,? (?:[a-z]{3,}s|is|are|was|an?)\b")
# Nouns that open sentences as subjects: "Sustainability is a ..."
_ABSTRACT = re.compile(r"[a-z](?:ility|ation|ment|ness|ship|ance|ence|ing|als|ivity)$")
_NAMED_IN = frozenset((S.COMPANY, S.TITLE, S.OTHER, S.BENEFITS))  # sections whose headings name the company
_COUNTED = re.compile(r"\d{1,3}(?:st|nd|rd|th)\b|.* of \d")
_THE_BODY = re.compile(
    r"[Tt]he (?:City|County|Town|Village|State|Borough|Department|Ministry"
    r"|Government) of "
)
# Headings that a name follows without a break: "Job Description Kestrel Optics is ..."
_LEADING = re.compile(
    r"(?:About (?:the |Our )?)?(?:(?:Job|Company|Position|Role|Employer|Business|Firm) )?"
    r"(?:Description|DESCRIPTION|Overview|OVERVIEW|Summary|SUMMARY|Profile|Background|Job|Company|Us"
    r"|US) (?=[A-Z])"
)
_OFFICE = re.compile(
    r"(?:the )?(?:heads?|directors?|managers?|chief|vice[- ]president|chair|dean"
    r"|office) of\b",
    re.I,
)
_UNIT = re.compile(r"(?<!hiring )(?<!employing )organi[sz]ation[\s:*|-]{0,10}$")
_AT_FIRM = re.compile(
    r"\s{1,4}(?:at|@)\s{1,4}([A-Z][\w&.'-]*(?: (?:of|and|&|the|for|[A-Z\d][\w&.'-]*)){0,5})"
    r"\s{0,3}(?:$|[|,(]| - )"
)
_BESIDE = re.compile(r"[)\]]?\s{0,2}(?:\([^()\n]{0,40}\))?\s{0,2}[-|@,]\s{0,2}([A-Z][^|\n]{3,80})$")
# Hosts that are no employer's, and the labels of those that may be
_HOST = re.compile(
    r"(?:@|https?://(?:www\.)?|www\.)(?:(?:careers?|jobs?|hr|apply"
    r"|recruit\w*)\.)?([a-z0-9-]{4,40})\.[a-z]{2}"
)
_COMMON_HOSTS = frozenset(
    """gmail yahoo hotmail outlook linkedin facebook twitter instagram youtube google forms docs glassdoor
    indeed naukri hirist iimjobs monster workday greenhouse lever github medium bitly tinyurl icloud
    rediffmail myworkdayjobs governmentjobs usajobs smartrecruiters""".split()
)
# What the texts end in that the patterns above look for before a name.
_EDGES = frozenset('\n.!?:")*\u2022\xb7-,')
_OPENERS = tuple(
    "the |here |description |overview |summary |profile |about us |the job |the company ".split("|")
)
_LEADERS = tuple(
    "at |join |joining |about |why |is |to |for |with |by |from |know |meet |the |of |on |@ |, |us ".split(
        "|"
    )
)
_SPELT = r"(?<![\w-])((?:[A-Z][\w&'-]+ (?:(?:of|and|&|the|for) )?){{1,6}}[A-Z][\w&'-]+) \({}\)"
_TEAM = re.compile(
    r" (?:consulting|delivery|global|leadership) (?:team|family)\b"
)  # "part of the Acme consulting team"
_SIGNED = re.compile(r"\n|regards|sincerely|team,")
_BEFORE_NAMES = frozenset(word.split()[-1] for word in (*_OPENERS, *_LEADERS) if word.split())
_ANY_SIDE = re.compile(
    r"\b(?:Pvt|Private|Ltd|Limited|LLP|LLC|L\.L\.C|Inc|Incorporated|Corp|Corporation|GmbH|PLC|plc|Pty|Pte"
    r"|WLL|W\.L\.L|FZ|FZCO|Sdn"
    r"|Bhd|BV|B\.V|AG|Oy)|employees|is proud|is an? (?:[Ee]q|EEO|EOE)|is An Eq|team members|[Cc]areers"
    r"|ment team"
    r"|ship team|offerings|solutions to|Overview|at a glance",
    re.IGNORECASE,
)
_LEAST = 3.5


def find_company(posting: Posting, title: Grounded | None) -> Grounded | None:
    """The name that the record, a label or the header gives, else the one that most speaks for itself.

    A text in which an agency hires for a client that it doesn't name has no company.
    """
    found = _found(posting, title)
    return _bare(posting, found) if found else None


def _bare(posting: Posting, found: Grounded) -> Grounded:
    """A name without "The" before a public body's, and without the city of the branch behind it."""
    start, end = found.start, found.end
    if _THE_BODY.match(posting.view, start, end):
        start += len("the ")
    words = posting.view[start:end].split(" ")
    for count in (2, 1):
        name, city = " ".join(words[:-count]), " ".join(words[-count:])
        if not name or name.endswith(" of") or not gazetteer.city(city):
            continue
        low = name.lower()
        if posting.low.count(low) > posting.low.count(f"{low} {city.lower()}"):
            end = start + len(name)
            break
    return found if (start, end) == (found.start, found.end) else posting.grounded(start, end)


def _found(posting: Posting, title: Grounded | None) -> Grounded | None:
    hinted = posting.hinted(posting.company_hint)
    if hinted:
        if _UNNAMED.match(posting.view, *hinted):
            return None
        span = trimmed(posting.view, *hinted)
        return posting.grounded(*span) if span[0] < span[1] else None
    for kind in ("client", "company"):
        for label in posting.labelled(kind):
            span = _labelled(posting.view, label.start, label.end)
            if kind == "client" and posting.view[max(0, label.start - 8) : label.start].rstrip(" *")[
                -1:
            ] not in (":", "|", "-"):
                continue  # a heading of its own in a list of contacts
            if _UNNAMED.match(posting.view, *span):
                return None
            name = posting.view[slice(*span)]
            unit = _UNIT.search(posting.low, max(0, label.start - 24), label.start)
            if unit and not (FIRM_WORD.search(name) or _SUFFIX.search(name)):
                continue  # forms ask for the department so
            if 2 <= span[1] - span[0] <= 80 and _passes(posting.view[slice(*span)], title, firms=None):
                return posting.grounded(*span)
    if _AGENCY.search(posting.low):
        return None
    named = _in_header(posting, title) or _beside_title(posting, title)
    return posting.grounded(*named) if named else _best(posting, title)


def _beside_title(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """The firm behind the title on its line: "Registrar - Harrow Museum"."""
    if title is None:
        return None
    stop = posting.view.find("\n", title.end)
    line_end = stop if stop >= 0 else len(posting.view)
    workplace = _AT_FIRM.match(posting.view, title.end, line_end)
    if workplace:
        span = trimmed(posting.view, *workplace.span(1), " .,*")
        name = posting.view[slice(*span)]
        return span if _passes(name, title) and len(name.split()) <= 6 else None
    beside = _BESIDE.match(posting.view, title.end, line_end)
    if not beside:
        return None
    span = trimmed(posting.view, *beside.span(1), " \"'.,")
    name = posting.view[slice(*span)]
    return span if is_firm(name) and _passes(name, title) else None


def _in_header(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """The name in the lines around the title, if their other parts show that it is the employer's.

    A district before its city ("Lower Town, Leeds") looks the same, so a name with nothing but a place
    behind it must be long, have a legal form, or come again in the text.
    """
    titled = {part.line for part in posting.header if part.kind == "title"}
    if title is None or not (titled or any(p.start <= title.start < p.end for p in posting.header)):
        return None
    for part in posting.header:
        if part.kind != "name":
            continue
        span = _labelled(posting.view, part.start, part.end)
        name = posting.view[slice(*span)]
        body = _BODY.match(name) is not None
        if not body and any(p.line == part.line and p is not part for p in posting.header) > part.company:
            continue
        if not part.company and not (
            (part.line - 1 in titled and FIRM_WORD.search(name.split()[-1])) or (body and titled)
        ):
            continue
        if ":" in name or not _heads(name) or not _passes(name, title, firms=_FIRM_ENDS):
            continue
        words = name.split()
        if words[0].lower() in FORMS or S.normal(name).split()[-1] in _NO_FIRM:
            continue
        again = len(words[0]) > 3 and words[0].lower() != "the" and posting.view.count(words[0]) > 1
        legal = _SUFFIX.search(name) is not None
        if part.line in titled and not (legal or posting.view.count(name) > 1):
            continue
        if part.address and not (legal or again or body or len(words) > 2):
            continue
        return span
    return None


def _labelled(view: str, start: int, end: int) -> tuple[int, int]:
    """A label's value without the rest of its line, an address behind the name, and "(via an agency)"."""
    line_end = view.find("\n", start, end)
    end = line_end if line_end > 0 else end
    lead = _MESSRS.match(view, start, end)
    start = lead.end() if lead else start
    via = _VIA.search(view, start, end)
    end = via.start() if via else end
    bar = _BAR.search(view, start, end)
    end = bar.start() if bar else end
    return trimmed(view, *without_address(view, *trimmed(view, start, end)), '.,;:*"|-')


def _heads(name: str) -> bool:
    """Whether a header's words are written as a name: a capital on each word but the small ones."""
    words = name.split()
    return 1 <= len(words) <= 7 and all(
        w[0].isupper() or w[0].isdigit() or w in ("of", "and", "&", "the", "for", "de", "+") for w in words
    )


def _best(posting: Posting, title: Grounded | None) -> Grounded | None:
    scores: dict[str, float] = defaultdict(float)
    spans: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    view, low = posting.view, posting.low
    told = {
        after.start
        for head, after in pairwise(posting.segments)
        if head.kind == HEADING and after.section == S.COMPANY and after.kind != HEADING
    }
    hosts = {m[1].replace("-", "") for m in _HOST.finditer(low)} - _COMMON_HOSTS
    first_letters = {host[:2] for host in hosts}
    for match in _RUN.finditer(view):
        if low[match.start() : match.start() + 2] not in first_letters and not _may_count(
            view, low, *match.span()
        ):
            continue
        start, end, possessive = _name_span(view, *match.span())
        if title and low.startswith(title.value.lower() + " ", start, end):
            start += len(title.value) + 1  # "Lens Grinder Kestrel Optics LLC is seeking ..."
        if start >= end:
            continue
        first = low[start:end].split(" ", 1)[0].rstrip(".,")
        if first in _NEVER_FIRST or (first in FORMS and " " not in view[start:end]):
            continue
        weight = _weight(view, low, start, end, possessive=possessive)
        if not weight and (match.start() in told or start in told) and _TOLD.match(view, end):
            weight = 4
        weight += 4 if hosts and any(map(_squeezed(low[start:end]).startswith, hosts)) else 0
        suffix = _SUFFIX_AFTER.match(view, end)
        if suffix and suffix.end() - end > 2:
            end = suffix.end()
        name = view[start:end]
        weight += 4 if (suffix or " " in name) and _SUFFIX.search(name) else 0
        if not weight or not _passes(name, title):
            continue
        segment = posting.segment_at(start)
        if segment is not None and segment.kind == HEADING and segment.section not in _NAMED_IN:
            continue
        if " " not in name:
            weight -= 3 if _ABSTRACT.search(name) else 1 if len(name) > 3 else 2
        if segment is not None and segment.section in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS) and weight < 5:
            continue
        key = _key(name)
        scores[key] += weight
        spans[key].setdefault(name, (start, end))
    standing = _below_title(posting, title)
    if standing:
        name = view[slice(*standing)]
        again = low.count(_key(name)) > 1 or _SUFFIX.search(name)
        scores[_key(name)] += 5 if _above_place(posting, standing) else 4 if again else 2
        spans[_key(name)].setdefault(name, standing)
    if not scores:
        return None
    for key in list(scores):
        scores[key] += min(low.count(key), 8) * 0.5
        scores[key] += sum(
            0.5 * scores[other] for other in scores if other != key and other.startswith(key + " ")
        )
    best = max(scores, key=lambda k: scores[k])
    if scores[best] < _LEAST:
        return None
    longer = [s for k in scores if k == best or k.startswith(best + " ") for s in spans[k].values()]
    legal = [s for s in longer if _SUFFIX.search(view[slice(*s)])]
    span = (
        legal[0]
        if legal and _key(_SUFFIX.sub("", view[slice(*legal[0])])) == best
        else next(iter(spans[best].values()))
    )
    return posting.grounded(*_spelt_out(view, *span))


def _spelt_out(view: str, start: int, end: int) -> tuple[int, int]:
    """For an acronym that stands in brackets behind its words ("Tern Energy Systems (TES)"), the words."""
    name = view[start:end]
    if " " in name or not name.isupper():
        return start, end
    spelt = re.search(_SPELT.format(re.escape(name)), view)
    return spelt.span(1) if spelt and not has_job_noun(spelt[1]) else (start, end)


def _may_count(view: str, low: str, start: int, end: int) -> bool:
    """Whether `_weight`, or a legal form, may give a run of capitals any weight."""
    if start < 2 or view[start - 1] != " ":
        return True
    edge = view[start - 2]
    if edge in _EDGES and (edge not in ",-" or _SIGNED.search(low, max(0, start - 16), start)):
        return True
    before = low[low.rfind(" ", max(0, start - 14), start - 1) + 1 : start - 1]
    if before.rsplit("\n", 1)[-1] in _BEFORE_NAMES:
        return True
    first = low[start:end].split(" ", 1)[0]
    return first in _LEADS or "'" in view[start:end] or _ANY_SIDE.search(view, start, end + 24) is not None


def _squeezed(name: str) -> str:
    """A name as a host would spell it."""
    return "".join(c for c in name if c.isalnum())


def _below_title(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """A name that stands alone on the line below the title: "Tidewater Works | Kochi | Full-time"."""
    if title is None or len(posting.segments) < 2 or posting.segments[0].end < title.start:
        return None
    segment = posting.segments[1]
    if segment.kind == HEADING or segment.duty:
        return None
    bar = _BAR.search(posting.view, segment.start, segment.end)
    start, end = trimmed(posting.view, segment.start, bar.start() if bar else segment.end, " ,")
    name = posting.view[start:end]
    words = name.split()
    capitals = all(w[0].isupper() or w in ("of", "and", "&", "the", "for", "de") for w in words)
    if not 1 <= len(words) <= 6 or not capitals or name[-1] in ".:;!?" or not _passes(name, title):
        return None
    return start, end


def _above_place(posting: Posting, span: tuple[int, int]) -> bool:
    """Whether the header's next line names a place."""
    line = next((part.line for part in posting.header if part.start <= span[0] < part.end), None)
    return line is not None and any(p.kind == "place" and p.line == line + 1 for p in posting.header)


def _weight(view: str, low: str, start: int, end: int, *, possessive: bool) -> float:
    """How much the words around a name say that it is the company that hires."""
    before, after = low[max(0, start - 48) : start], view[end : end + 110]
    weight = 0.0
    if possessive:
        weight += 4 if _OWN.match(after) else 0
        return weight
    edge = before.rstrip(" ")[-1:]
    opens = (not edge or edge in _EDGES or before.endswith(_OPENERS)) and _START.search(before) is not None
    if opens and _IS.match(after):
        weight += 5
    elif opens and (
        _DOES.match(after)
        or _DESCRIBED.match(after)
        or (" " in view[start:end] and not _LISTED.search(before) and _acts(after))
    ):
        weight += 4
    if before.endswith("part of the ") and _TEAM.match(after):
        weight += 5
    if _STAFF.match(after):
        weight += 4 if not weight else 1
    if before.endswith(_LEADERS):
        if (_ABOUT.search(before) and re.match(_LINE_END, after)) or (
            _ABOUT.search(before) and re.match(r", [A-Z][^\n]{2,40}\n", after)
        ):
            weight += 6
        if _MORE.search(before):
            weight += 4
        if _AT.search(before) and _WE.match(after):
            weight += 5
        if (_JOIN.search(before) and _AS.match(after)) or (_PLACE.search(before) and _STOP.match(after)):
            weight += 4
        elif _POSTED.search(before):
            weight += 5
        elif _OBJECT.search(before) and _END.match(after):
            weight += 2
    elif after.startswith("\n") and _START.search(before) and _SUFFIX.search(view[start:end]):
        weight += 3
    return weight


def _acts(after: str) -> bool:
    """Whether the words behind a name say what it does: "publishes a magazine"."""
    verb = _VERB.match(after)
    return verb is not None and FORMS.get(verb[1]) == "third"


def _name_span(view: str, start: int, end: int) -> tuple[int, int, bool]:
    """The name without words that lead to it, full stops and a possessive; whether it had one."""
    lead = _LEADING.match(view, start, end)
    start = lead.end() if lead else start
    words = view[start:end].split(" ")
    while len(words) > 1 and words[0].lower() in _LEADS and not (words[0] == "The" and len(words) > 2):
        start += len(words.pop(0)) + 1
    if words[0].lower() in _LEADS and len(words) == 1:
        return start, start, False
    for index, word in enumerate(words):
        if word.endswith(("'s", "s'")) and word[-2:] == "'s":
            cut = start + len(" ".join(words[: index + 1])) - 2
            return start, cut, True
    legal = _LEGAL_END.search(view, start, end) if len(words) > 1 else None
    if legal:
        end = legal.end()
    dot = view.find(". ", start, end)
    if dot > 0 and not view[start:dot].endswith(("St", "Dr", "Mr", "Pvt", "Ltd", "Inc", "Co")):
        end = dot
    start, end = trimmed(view, start, end, ".,;:*'\"-")
    return start, end, view[end : end + 2] in ("' ",)


def _passes(name: str, title: Grounded | None, *, firms: frozenset[str] | None = frozenset()) -> bool:
    """Whether words may be a company's name. Of those that end as a job does only plurals among `firms`
    pass ("Consultants"), or all plurals if that is None."""
    words = name.split()
    if not words or len(name) < 2 or len(words) > 8:
        return False
    low = [w.lower().strip(".,'") for w in words]
    if (
        low[0] in _NEVER_FIRST
        or all(w in _COMMON for w in low)
        or low[-1] in _GENERIC_END
        or name.isdigit()
        or _COUNTED.match(name)
        or (_OFFICE.match(name) and not _BODY.match(name))
        or not any(c.isalpha() for c in name)
    ):
        return False
    if (
        title
        and (name.lower() in title.value.lower() or title.value.lower() in name.lower())
        and len(words) > 1
    ):
        return False
    if (
        has_job_noun(words[-1])
        and len(words) <= 6
        and not (len(words) > 1 and low[-1].endswith("s") and (firms is None or low[-1] in firms))
    ):
        return False
    if S.heading_section(name) or S.label_kind(name):
        return False
    place = gazetteer.country(name) or gazetteer.state(name)
    known = gazetteer.city(name)
    return place is None and (known is None or known.residents < 300_000)


def _key(name: str) -> str:
    return " ".join(name.lower().replace(".", "").replace(",", "").split())
