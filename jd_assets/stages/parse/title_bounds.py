"""Where a title ends and begins: without places, codes and employers around it."""

from __future__ import annotations

import re

from jd_assets.stages.parse.anchored import Words
from jd_assets.stages.parse.gazetteer import is_place
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import LOCAL_GOVERNMENT, is_firm, is_workplace
from jd_assets.stages.parse.roles import JOB_NOUNS, has_job_noun
from jd_assets.stages.parse.view import trimmed, words_of

_WORD = re.compile(r"[A-Za-z]+")
_NOISE_TAIL = re.compile(
    r"\s{0,3}(?:[-|:,(]\s{0,3})?(?:\(?(?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time"
    r"|contract|permanent|urgent\w*|immediate joiners?|wfh|work from home|work from office|m/f/d"
    r"|f/m/d|m/w/d|(?:job |role |position )?(?:description|overview)|jd"
    r"|internal(?: only)?|\d{1,3} (?:jobs|posts|positions|vacancies)"
    r"|(?:(?:roles?|duties) (?:and|&) )?(?:responsibilities|duties)"
    r"|recruitment|(?:open )?(?:positions?|vacanc(?:y|ies)|openings?)|jobs?(?: in [A-Z][\w ,.'-]{2,40})?"
    r"|(?:\d[\d +-]{0,8}(?:years?|yrs?)|\d{1,2} ?[-+] ?\d{0,2})(?: exp\w*)?|req\w* ?#? ?\d+|job id.{0,20}"
    r"|#\s?\d+|(?<=[-,|(])\d{4,7}|(?<=[-,|(] )\d{4,7}|ref(?:erence)?\.?(?: no\.?"
    r"| number)?\s?[:#]?\s?[\w/-]{0,12}\d[\w/-]{0,6}|band \d[a-d]?"
    r"|(?:full|part)[ -]time,? (?:days?|nights?|evenings?|weekends?|shifts?)"
    r"|\b[a-z]{2}-\d{3,4}(?:-\d{1,2}(?:/\d{1,2}){0,2})?(?:\s?\([a-z/]{2,8}\))?"
    r"|x ?\d{1,2}|hindi|tamil|telugu|kannada|malayalam|marathi|bengali|gujarati|all genders)\)?)\s*$",
    re.IGNORECASE,
)
# Noise that a dash, comma or bracket must part from the title, as "Night Nurse Casual" may be one
_PARTED_TAIL = re.compile(
    r"\s{0,3}[-|:,(]\s{0,3}(?:grade|scale|pay (?:grade|scale|band)"
    r"|salary) ?[a-z]{0,4} ?\d{0,3}(?: ?[-/] ?\d{1,3})?[\s)]*$"
    r"|\s{0,3}[-|:,(]\s{0,3}(?:re-?advertise(?:d|ment)|casual|seasonal|temporary|bank|nights?|days?|evenings?|weekends?"
    r"|term[ -]time(?: only)?|maternity (?:cover|leave)|multiple (?:positions|openings|locations)"
    r"|internal|external"
    r"|(?:up to )?\d{1,2}(?:\.\d{1,2})? ?(?:hours?|hrs?)(?: ?(?:per|a|/) ?week| weekly| ?p/?w)?"
    r"|(?:(?:\d{1,2}|one|two|three|six|twelve)[ -](?:months?|years?),? )?(?:fixed[ -]term|temporary"
    r"|limited[ -]term)"
    r"(?: contract| post| until [\w ]{3,20})?"
    r"|(?:spring|summer|fall|autumn|winter) (?:of )?(?:19|20)\d\d)[\s)]*$"
    r"|\s{0,3}[-|:,(]?\s{0,3}[$\u00a3\u20ac\u20b9] ?\d[\d,.]*k?(?: ?(?:-"
    r"|to) ?[$\u00a3\u20ac\u20b9]?\d[\d,.]*k?)?"
    r"(?: (?:per|an?) (?:hour|year|annum|month))?[\s)]*$"
    r"|\s{1,3}(?:(?:positions?|openings?) )?available$|\sx ?\d{1,2} (?:posts|positions|vacancies)$"
    r"|\s{0,3}[-|:,(]\s{0,3}#\d[\d-]{2,12}[\s)]*$",
    re.IGNORECASE,
)
_COUNT_FIRST = re.compile(
    r"(?:\d{1,2} ?x|\d{1,2}|two|three|four|five|six|several|multiple|various) (?=[A-Z][^\n]*s\b)"
    r"|(?:spring|summer|fall|autumn|winter) (?:19|20)\d\d (?=[A-Z])",
    re.IGNORECASE,
)
# One of these stands in all such noise; in lower case.
_NOISE_WORDS = Words(
    """remote hybrid site time contract permanent urgent joiner wfh home office m/f/d f/m/d m/w/d description
    overview internal posts position opening vacanc jd responsibilities duties recruitment job hindi tamil
    telugu kannada malayalam marathi bengali gujarati genders
    advertise casual seasonal bank night day evening weekend term
    maternity available grade scale external 0 1 2 3 4 5 6 7 8 9""".split()
)
_TAIL = 60  # characters in which such noise stands
_RUN_ON = re.compile(
    r"\s(?:is |are )?(?:required|wanted|needed|sought|urgently|vacancy|vacancies|opening|openings|opportunity"
    r"|positions? (?:in|for|at|with|on)"
    r"|on (?:a )?contract(?:ual)?|on deputation|with (?:an? )?(?:experience|\d)|having|who|immediately"
    r"|(?:for|with|at|in) (?:an? |our |the |your )?(?:[a-z][\w-]+ ){0,4}(?:firm|factory|company|clinic"
    r"|hospital"
    r"|school|shop|store|plant|office|hotel|restaurant|practice|agency|site|project|start-?up|client|team"
    r"|department|location|role|position))\b(?-i:(?! [A-Z]))",
    re.IGNORECASE,
)
_BEFORE_TITLE = re.compile(
    r"(?:job description|engagement|recruitment|appointment|hiring|selection|vacancy|opening|walk-?in|job"
    r"|post"
    r"|position)s? (?:of|for|as)(?: the (?:post|role|position) of)? (?:an? |the )?(?=[A-Z])",
    re.IGNORECASE,
)
_OFFICE_END = re.compile(
    r"\b(?:office|district|region|area|branch|division|unit|county|campus|site)\)?$", re.IGNORECASE
)
_FORM_LEAD = re.compile(
    r"(?:(?:temporary|permanent|fixed[ -]term|full[ -]time"
    r"|part[ -]time)[ ,:-]{1,3}){1,2}(?=[A-Z])",
    re.IGNORECASE,
)
# "Analyst - Risk Management" in a sentence
_FIELD_AFTER = re.compile(r" - [A-Z][a-z]+(?: (?:& )?[A-Z][a-z]+){0,2}$")
_FIELD_OF = re.compile(r" of (?:the )?[A-Z][\w&-]*(?: (?:and |& |of )?[A-Z][\w&-]*){0,4}$")
_HEADS_OF = frozenset(
    "director head manager chief president vp dean professor teacher officer curator coordinator".split()
)
_BRACKETS = re.compile(r"\s?\(([^()]{0,60})\)")
_NO_TITLE = re.compile(
    r"\b(?:remote|hybrid|on-?site|wfh|work from|full[ -]?time|part[ -]?time|contract|permanent|fixed[ -]term"
    r"|temporary|temp|maternity|urgent\w*|immediate\w*|[mfwdx]/[mfwdx](?:/[mfwdx])?|gn|years?|yrs?|months?"
    r"|exp"
    r"|experience|positions?|vacanc\w+|openings?|posts?|nos?|req\w*|id|all genders|male|female|only|office"
    r"|shift)\b|\d ?[ap]m\b"
    r"|\b(?:hours?|hrs|term[ -]time|re-?advert\w+|(?:spring|summer|fall|autumn|winter) (?:19|20)\d\d)\b"
    r"|^[a-z]{1,5}[ -]?\d{1,2}$|\b(?:band|grade|scale)\b|^\W*\d+\W*$"
    r"|^(?:agm|dgm|gm|avp|vp|sde|wfo)$|\d\s?[-+]"
)
# Where the work is, behind a dash: "School District", "Clare House and Elm Grange"
_SITE = re.compile(
    r"(?:school|unified|health|water|fire|park) district|(?:district|head|main|corporate|home|branch) office"
    r"|(?:main|north|south|east|west) campus"
    r"|(?-i:(?:[A-Z][\w']+ ){1,2}(?:House|Grange|Lodge|Manor|Care Home|Nursing Home"
    r"|Residence)(?:,? and |, |$)){1,4}",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s{1,3}[-|@\u2022]\s{1,3}|\s{0,2}[|]\s{0,2}|-\s{1,3}(?=[A-Z])")


def cut_after_noun(view: str, start: int, end: int) -> int:
    """The end of the last job noun in a span; the start if it has none."""
    last = start
    for word in _WORD.finditer(view, start, end):
        low = word[0].lower()
        if low in JOB_NOUNS or (low.endswith("s") and low[:-1] in JOB_NOUNS):
            last = word.end()
            if view.startswith((" (", ". ", "."), last):
                break
            tail = _FIELD_AFTER.match(view, last, end) or (
                _FIELD_OF.match(view, last, end) if low in _HEADS_OF else None
            )
            if tail:
                return tail.end()
    return last


def tidied(posting: Posting, start: int, end: int) -> Grounded | None:
    """A title without its place, mode of work, company and years."""
    view = posting.view
    start, end = trimmed(view, start, end, "*#_-|:.,~=>\"' ")
    if view.startswith("[", start) and view.find("](", start, end) > 0:  # a link of Markdown
        start, end = start + 1, view.find("](", start, end)
    while end > start and ord(view[end - 1]) > 0x2000:  # a symbol or emoji
        start, end = trimmed(view, start, end - 1)
    if start == end or end - start > 160:
        return None
    newline = view.find("\n", start, end)
    if newline > 0 and view[newline - 1] != "&":
        end = newline
    lead = _BEFORE_TITLE.match(view, start, end)
    if lead:
        start = lead.end()
    count = _COUNT_FIRST.match(view, start, end)
    if count and has_job_noun(view[count.end() : end]):
        start = count.end()
    form = _FORM_LEAD.match(view, start, end)
    if form and has_job_noun(view[form.end() : end]):
        start = form.end()
    if view.endswith(("escription", "ESCRIPTION"), start, end):
        start, end = _without_noise(view, start, end)
    run_on = _RUN_ON.search(view, start, end)
    if (
        run_on
        and len(view[start : run_on.start()].split()) <= 8
        and has_job_noun(view[start : run_on.start()])
    ):
        start, end = trimmed(view, start, run_on.start(), "-|:,(")
    start, end = _without_noise(view, start, end)
    colon = view.find(": ", start, end)
    if colon > 0 and has_job_noun(view[start:colon]):
        behind = view[colon + 2 : end].split(", ", 1)[0]
        if (
            _OFFICE_END.search(view, colon, end)
            or is_workplace(behind)
            or view.startswith(("The ", "We ", "This ", "Our ", "You "), colon + 2)
        ):
            end = colon  # "Bridge Engineer II: Eastern Area Office"
    whole = end
    start, end = _without_parts(view, start, end)
    if end < whole:
        start, end = _without_noise(view, start, end)
    if start >= end:
        return None
    opened = view.rfind("(", start, end)
    if opened > start and view.find(")", opened, end) < 0:
        start, end = trimmed(view, start, opened, "-|,:")
    value = words_of(posting.text, start, end)
    if "(" in value:
        value = _BRACKETS.sub(_kept, value)
        value = " ".join(value.replace(" ,", ",").split()).strip(" -,|(")
    return Grounded(value, start, end) if value else None


def _may_hold_noise(tail: str) -> bool:
    return not tail.isascii() or bool(_NOISE_WORDS.places(tail.lower()))


def _without_noise(view: str, start: int, end: int) -> tuple[int, int]:
    """A title's span without the form of employment, codes and counts at its end."""
    for _ in range(3):
        tail = view[max(start, end - _TAIL) : end]
        if not _may_hold_noise(tail):
            break
        noise = _NOISE_TAIL.search(tail)
        if not noise or not noise[0].strip():
            noise = _PARTED_TAIL.search(tail)
        if not noise:
            break
        cut = max(start, end - _TAIL) + noise.start()
        if cut <= start or not has_job_noun(view[start:cut]):
            break
        start, end = trimmed(view, start, cut, "-|:,.*_ ")
    return start, end


def _kept(match: re.Match[str]) -> str:
    """What stays of a bracket: "(Intern)" loses its brackets, "(Civil)" stays, "(3-5 years)" goes."""
    inside = match[1].strip()
    if inside.lower() in ("intern", "internship", "trainee", "fresher", "lead", "senior", "junior"):
        return f" {inside}"
    if not inside or _NO_TITLE.search(inside.lower()) or is_place(inside) or is_workplace(inside):
        return " "
    return f" ({inside})"


def _without_parts(view: str, start: int, end: int) -> tuple[int, int]:
    """A title such as "Acme - Sales Manager - Pune" without the parts that name no job."""
    bounds = [start]
    for match in _PARTS.finditer(view, start, end):
        bounds += [match.start(), match.end()]
    bounds.append(end)
    parts = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    while len(parts) > 1 and (is_place(view[slice(*parts[-1])]) or not view[slice(*parts[-1])].strip()):
        parts.pop()
    while (
        len(parts) > 1
        and not has_job_noun(view[slice(*parts[0])])
        and any(has_job_noun(view[slice(*p)]) for p in parts[1:])
    ):
        dropped = parts.pop(0)
        if _WORD.fullmatch(view, *trimmed(view, *parts[0])):  # "Equity Research - Analyst"
            parts.insert(0, dropped)
            break
    if len(parts) > 1 and not has_job_noun(view[slice(*parts[1])]):
        pieces = view[slice(*parts[1])].split(",")
        if len(pieces) > 2 or (
            len(pieces) > 1
            and any(is_place(piece.strip()) or is_workplace(piece.strip()) for piece in pieces)
        ):
            parts = parts[:1]
    while (
        len(parts) > 1 and _is_site(view[slice(*parts[-1])].strip()) and has_job_noun(view[slice(*parts[0])])
    ):
        parts.pop()  # "Registrar - Harrow Museum"
    left, right = parts[0][0], parts[-1][1]
    first = view.find(",", left, right)
    if first > 0 and is_workplace(view[left:first]) and has_job_noun(view[first:right]):
        left, _ = trimmed(view, first + 1, right)  # "Harrow Museum, Registrar"
        first = view.find(",", left, right)
    second = view.find(",", first + 1, right) if first > 0 else -1
    if second > 0 and " " in view[left:first] and has_job_noun(view[left:first]):
        firm = view[first + 1 : second].split()
        if (
            len(firm) > 1
            and all(w[0].isupper() or w in ("&", "of", "the", "and", "for") for w in firm)
            and not has_job_noun(" ".join(firm))
        ):
            right = first  # "Shop Manager, Tern Tea & Cake, Leeds"
    comma = view.rfind(",", left, right)
    behind = view[comma + 1 : right].strip()
    if (
        comma > left
        and (is_place(behind) or LOCAL_GOVERNMENT.fullmatch(behind) or is_workplace(behind))
        and has_job_noun(view[left:comma])
    ):
        right = comma
    workplace = view.rfind(" at ", left, right)
    named = workplace + (8 if view.startswith(" at the ", workplace) else 4)
    if (
        workplace > left
        and len(view[left:workplace].split()) <= 6
        and view[named:].lstrip()[:1].isupper()
        and has_job_noun(view[left:workplace])
    ):
        right = workplace  # "Harbour Clerk at Kestrel Optics"
    for preposition in (" in ", " at "):
        at = view.rfind(preposition, left, right)
        if at > left and is_place(view[at + 4 : right]) and has_job_noun(view[left:at]):
            right = at
    return trimmed(view, left, right, "-|,:")


def _is_site(words: str) -> bool:
    """Whether a part of a title says where the work is: an employer, or a house or office of one."""
    return is_workplace(words) or _SITE.fullmatch(words) is not None


_JOINT = re.compile(r"(?: (?:at|with|for))? (?:the )?$")  # between a job and its employer


def without_company(title: Grounded, company: str, posting: Posting) -> Grounded:
    """A title without the company's name at its end ("Sales Executive Acme", "Baker (Acme)"), and without
    it in front where a mark parts them or the name ends as firms' do: "Orrin Museum Curator"."""
    low, name = title.value.lower(), company.lower().removeprefix("the ")
    start, end = title.start, title.end
    if low.endswith((f" {name}", f"({name})")):
        behind = _JOINT.search(posting.low, start, posting.low.rfind(name, start, end))
        end = behind.start() if behind else posting.low.rfind(name, start, end)
    elif low.startswith((f"{name}: ", f"{name} - ", f"{name} | ")) or (
        low.startswith(f"{name} ") and (is_firm(company) or len(low.split()) > len(name.split()) + 1)
    ):
        start = posting.low.find(name, start, end) + len(name)
    else:
        return title
    start, end = trimmed(posting.view, start, end, "-|,:@( ")
    return posting.grounded(start, end) if end > start and has_job_noun(posting.view[start:end]) else title
