"""The job title."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.gazetteer import is_place
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD, LOCAL_GOVERNMENT, is_firm
from jd_assets.stages.parse.roles import JOB_NOUNS, has_job_noun, names_one_job
from jd_assets.stages.parse.segments import HEADING
from jd_assets.stages.parse.view import trimmed, words_of

_WORD = re.compile(r"[A-Za-z]+")
_NOISE_TAIL = re.compile(
    r"\s{0,3}(?:[-|:,(]\s{0,3})?(?:\(?(?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time"
    r"|contract|permanent|urgent\w*|immediate joiners?|wfh|work from home|work from office|m/f/d"
    r"|f/m/d|m/w/d|(?:job |role )?(?:description|overview)|jd"
    r"|(?:(?:roles?|duties) (?:and|&) )?(?:responsibilities|duties)"
    r"|recruitment|jobs?(?: in [A-Z][\w ,.'-]{2,40})?"
    r"|(?:\d[\d +-]{0,8}(?:years?|yrs?)|\d{1,2} ?[-+] ?\d{0,2})(?: exp\w*)?|req\w* ?#? ?\d+|job id.{0,20}"
    r"|#\s?\d+|ref(?:erence)?\.?(?: no\.?| number)?\s?[:#]?\s?[\w/-]{0,12}\d[\w/-]{0,6}|band \d[a-d]?"
    r"|x ?\d{1,2}|hindi|tamil|telugu|kannada|malayalam|marathi|bengali|gujarati|all genders)\)?)\s*$",
    re.IGNORECASE,
)
_PROSE = Anchored(
    r"(?:(?:looking for|seeking|hiring|in search of|seeks|searching for|recruiting|need|require"
    r"|recruit|hire|appoint|(?:hunt|lookout) for|join (?:us|our team|the team|[A-Z]\w+) as|role of"
    r"|position of|post of"
    r"|work as|candidates? for|role for|opening for|vacancy for"
    r"|(?:role|position|internship)\b[^.\n]{1,60}? for(?= an? )"
    r"|opportunity (?:(?:has (?:arisen|become available)|exists|is available|available) )?for)"
    r" (?:for )?(?:an? |the |our |multiple |\d+ )?(?:Band \d[a-d]? )?(?:\(?[a-z][a-z-]+\)?,? (?:and )?){0,7}?"
    r"|\b[Aa]s (?:an? |our |the )(?:[a-z-]+ ){0,3}?|(?:(?<![^\n])|(?<=[*\u2022] ))(?:The|An?) )[\"']?"
    r"((?:[A-Z][\w/+#.&-]*|of|and|&|-|for|\(?[A-Z]{2,}\)?)(?: (?:[A-Z(][\w/+#.&()-]*|of|and|&|-"
    r"|for|the|I{1,3})){0,7})",
    """looking for|seeking|hiring|in search of|seeks|searching for|recruit|need|require|hire|appoint|hunt for
    |lookout for|join |role|position|post of|work as|candidate|opening for|vacancy for|internship|opportunity
    |as |As |The |A |An """.replace("\n    ", "").split("|"),
)
# "The Manager, Vendor Operations, leads a global team": who does the job, at the head of a sentence
_SUBJECT = re.compile(
    r"(?:(?<![^\n])|(?<=[:.*\u2022] ))The (?!(?:Hiring|Line|Reporting|Ideal|Successful|Selected) )"
    r"((?:[A-Z][\w/+#.&-]*|I{1,3})(?:,? (?:[A-Z][\w/+#&-]*|of|and|&|-"
    r"|\u2013|for|the)){0,8}),? (?:leads?|provides|performs|manages|oversees|supports|assists"
    r"|serves|works|plans|directs|coordinates|plays|reports|installs|operates|maintains|develops|designs|teaches|ensures"
    r"|is responsible|will (?:be|lead|provide|perform|manage|oversee|support|assist|serve|work|plan|direct"
    r"|coordinate|play|report|teach|ensure))\b"
)
_FIRST_PART = re.compile(r" [-|(/]|,|:")
_FIELD_NOUNS = frozenset("sales payroll staff teaching veterinary expert fresher member internship".split())
_STANDING = 20  # segments among which a title may stand alone
_TOP = 800  # characters in which a title stands
_DESCRIBED = re.compile(
    r"(?:^|[;\n.|]\s{0,3})([A-Z][^;\n.|:]{3,80}?)\s{1,3}"
    r"(?:Job [Dd]escription|Job [Ss]ummary|JOB DESCRIPTION)\b"
)
_LOWER_PROSE = Anchored(
    r"(?:\b[Aa]s (?:an? |the |our )(?=[a-z /-]{4,40}(?: (?:at|you|with)\b|, you))"
    r"|(?:^|[\n.] ?|, )[Tt]he (?=[a-z -]{4,40} (?:will|is responsible))"
    r"|(?<![^\n])An? (?=[a-z -]{4,40} (?:is|will|would|[a-z]+s)\b))"
    r"((?:[A-Za-z/+-]+ ){0,5}?[A-Za-z/-]+)(?= (?:at|in|you|will|is|for|with)\b|,)"
    r"|(?:looking for|seeking|hiring|hire|need|(?:hunt|lookout) for|(?:position|role|post) of"
    r"|require) (?:an? )?((?:[A-Za-z/+-]+ ){0,5}?[A-Za-z/-]+)(?= (?:to|who|with|that|for|in|at|on"
    r"|and)\b|\s?[.,])",
    (
        "as",
        "As",
        "the ",
        "The ",
        *(f"{stop}{space}{the}" for stop in ".\n" for space in ("", " ") for the in ("the ", "The ")),
        ", the ",
        ", The ",
        "A ",
        "An ",
        "looking for",
        "seeking",
        "hiring",
        "hire",
        "need",
        "hunt for",
        "lookout for",
        "position of",
        "role of",
        "post of",
        "require",
    ),
)
_SENTENCE = re.compile(
    r", (?:the|an?|our|your) [A-Za-z]"
    r"|\b(?:is|are|was|has|have|will) (?:an?|the|partnered|been|looking|hiring|seeking)\b"
)
_NOT_IN_TITLE = re.compile(
    r"\b(?:responsibilities|requirements|qualifications|experience as|includes?|day-to-day)\b", re.IGNORECASE
)
_STOP_TITLE = re.compile(
    r"(?:as|for|to|in|with|we|our|you|your|this|these|is|are|will|should|must|looking|hiring|seeking|join"
    r"|apply"
    r"|experience|years|the|an?)\b",
    re.IGNORECASE,
)
# Where a title that runs on into a sentence ends, and what may stand before it.
_RUN_ON = re.compile(
    r"\s(?:is |are )?(?:required|wanted|needed|urgently|vacancy|vacancies|opening|openings|opportunity"
    r"|on (?:a )?contract(?:ual)?|on deputation|with (?:an? )?(?:experience|\d)|having|who|immediately"
    r"|(?:for|with|at|in) (?:an? |our |the |your )?(?:[a-z][\w-]+ ){0,4}(?:firm|factory|company|clinic"
    r"|hospital"
    r"|school|shop|store|plant|office|hotel|restaurant|practice|agency|site|project|start-?up|client|team"
    r"|department|location|role|position))\b",
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
_LABEL_FIRST = re.compile(
    r"[\s\"']{0,3}(?-i:(?:(?:JOB|POSITION|CLASS|WORKING) )?TITLE\s{1,4}(?=[A-Z]))|\d{4,6}\s(?=[A-Z][a-z]+\b)|"
    r"[\s\"']{0,3}(?:job title|job (?:posting|listing|announcement|opening|opportunity|vacancy)|posting"
    r"|(?:position|vacancy|employment|recruitment) (?:announcement|opportunity|notice|opening)|position title"
    r"|job role|designation|job description|jd"
    r"|title|position|role|job|vacancy|we are hiring|hiring"
    r"|urgent(?:ly)? (?:hiring|requirement|opening)|opening"
    r"|career opportunity)(?: (?:for|of|as))?\s{0,2}[-:!]{1,3}\s{0,3}(?=\S)"
    r"|(?:job|role|position) (?:description|summary|overview)\s{0,2}[-:]{0,2}\s{1,3}(?=[A-Z])"
    r"|walk-?in (?:drive|interview)s? for |(?:we(?:'re| are) )?hiring(?: for)?:? (?:an? )?(?=[A-Z])",
    re.IGNORECASE,
)


def find_title(posting: Posting) -> Grounded | None:
    """The job title: the record's, else the first line, else a label's value, else what the prose hires."""
    hinted = _hinted(posting)
    if hinted is not None:
        return hinted
    candidates = [_first_line(posting)]
    for label in posting.labelled("title"):
        lead = _LABEL_FIRST.match(posting.view, label.start, label.end)
        candidates.append(_tidy(posting, lead.end() if lead else label.start, label.end))
    candidates += [_headline(posting)]
    for candidate in candidates:
        if candidate is not None and _is_title(candidate.value):
            return candidate
    for candidate in candidates[1:-1]:  # a label says so, though no noun of a job does
        if candidate is not None and _may_be_title(candidate.value):
            return candidate
    return (
        _before_description(posting)
        or _subject(posting)
        or _from_prose(posting)
        or _marked(posting)
        or _standing(posting)
    )


def _is_title(title: str) -> bool:
    words = title.split()
    return (
        bool(words)
        and len(words) <= 12
        and has_job_noun(title)
        and not _STOP_TITLE.match(title)
        and not _SENTENCE.search(title)
        and not _NOT_IN_TITLE.search(title)
        and title[-1] not in ".!?;"
    )


def _may_be_title(title: str) -> bool:
    """Whether what a label gives may be a title that names no job that the rules know: "Junior FP&A"."""
    return (
        len(title.split()) <= 6
        and _capitals(title)
        and title[-1] not in ".!?;"
        and not is_place(title)
        and not _STOP_TITLE.match(title)
        and not _NOT_IN_TITLE.search(title)
        and S.heading_section(title) is None
        and S.label_kind(title) is None
    )


def _hinted(posting: Posting) -> Grounded | None:
    """The record's title without what is no part of it; what names no job is still a title there, unless
    it is a heading, an address or a sentence."""
    span = posting.hinted(posting.title_hint)
    if span is None:
        return None
    found = _tidy(posting, *span)
    if found is None or not any(c.isalpha() for c in found.value):
        return None
    hint = " ".join((posting.title_hint or "").split())
    at = hint.lower().find(found.value.lower())
    if at >= 0:  # the record's spelling, where the text shouts
        found = Grounded(hint[at : at + len(found.value)], found.start, found.end)
    words = found.value.split()
    if has_job_noun(found.value):
        return found if len(words) <= 16 else None
    bad = len(words) > 8 or found.value[-1] in ".!?;" or is_place(found.value)
    bad = bad or S.heading_section(found.value) is not None or S.label_kind(found.value) is not None
    return None if bad or _STOP_TITLE.match(found.value) else found


def _headline(posting: Posting) -> Grounded | None:
    """The header's part that names a job, below a line of other things: "Firm | City" first, then it."""
    for part in posting.header:
        if part.kind == "title" and part.line and ":" not in posting.view[part.start : part.end]:
            found = _tidy(posting, part.start, part.end)
            if found is not None and _capitals(found.value) and S.heading_section(found.value) is None:
                return found
    return None


def _capitals(words: str) -> bool:
    """Whether a phrase of at most eight words is written as a headline."""
    parts = words.split()
    return (
        len(parts) <= 8
        and parts[-1].lower() not in ("to", "and", "of", "for", "with")
        and all(w[0].isupper() or len(w) < 4 or not w[0].isalpha() for w in parts)
    )


def _marked(posting: Posting) -> Grounded | None:
    """A first line that mark-up makes the headline, though it names no job that the rules know, or the
    first line that is followed by nothing but facts of a header: "PGT Physics", then "Firm, City"."""
    first = next(iter(posting.header), None)
    if (
        first is None
        or ":" in posting.view[first.start : first.end]
        or first.line
        or first.kind not in ("name", "words")
        or first.company
    ):
        return None
    lines = {part.line: part for part in posting.header if part.company or part.kind in ("place", "fact")}
    headed = posting.view[: first.start].strip(" \n") == "#"
    if not headed and 1 not in lines:
        return None
    found = _tidy(posting, first.start, first.end)
    if found is None or not _capitals(found.value) or found.value[-1] in ".!?;:":
        return None
    if not headed and not 2 <= len(found.value.split()) <= 5:
        return None
    stands = S.heading_section(found.value) is None and S.label_kind(found.value) is None
    firm = FIRM_WORD.search(found.value) is not None
    return found if stands and not firm and not _STOP_TITLE.match(found.value) else None


def _first_line(posting: Posting) -> Grounded | None:
    for segment in posting.segments[:3]:
        if segment.kind == HEADING and segment.section not in (S.TITLE, S.OTHER, S.DUTIES):
            continue
        if segment.end - segment.start > 140 or segment.duty:
            return None
        line = posting.view[segment.start : segment.end]
        lead = _LABEL_FIRST.match(line)
        start = segment.start + (lead.end() if lead else 0)
        found = _tidy(posting, start, segment.end)
        if found and line[-1] in ".!?" and found.end >= segment.end - 2 and not _capitals(found.value):
            continue  # a sentence
        if (
            found is not None
            and _is_title(found.value)
            and found.value[:1].isupper()
            and S.heading_section(found.value) is None
        ):
            return found
    return None


def _before_description(posting: Posting) -> Grounded | None:
    """A title that runs on into its heading: "Exp: 4 years; Web Developer Job description Build ..."."""
    for match in _DESCRIBED.finditer(posting.view, 0, _TOP):
        found = _tidy(posting, *match.span(1))
        if found is not None and _is_title(found.value) and len(found.value.split()) <= 8:
            return found
    return None


def _standing(posting: Posting) -> Grounded | None:
    """A title that stands alone below an account of the employer."""
    before = ""
    for segment in posting.segments[:_STANDING]:
        line = posting.view[segment.start : segment.end]
        above, before = before, line
        if segment.duty or len(line) > 90 or line[-1] in ".!?;:" or S.heading_section(line) is not None:
            continue
        if S.label_kind(above) is not None:  # of whom the job reports to
            continue
        found = _tidy(posting, segment.start, segment.end)
        stands = found is not None and _is_title(found.value) and _capitals(found.value)
        if found is not None and stands and _ends_in_job(found.value):
            return found
    return None


def _ends_in_job(title: str) -> bool:
    """Whether the first part of a title of two words or more ends in what a person can be."""
    words = _FIRST_PART.split(title, maxsplit=1)[0].split()
    return len(words) > 1 and words[-1].strip(".)").lower() in JOB_NOUNS.keys() - _FIELD_NOUNS


def _subject(posting: Posting) -> Grounded | None:
    """The one whose work the first sentences tell."""
    for match in _SUBJECT.finditer(posting.view, 0, _TOP):
        found = _tidy(posting, *match.span(1))
        words = _FIRST_PART.split(found.value, maxsplit=1)[0].split() if found else []
        if found and words and words[-1].lower() in JOB_NOUNS and len(found.value.split()) > 1:
            return found
    return None


def _from_prose(posting: Posting) -> Grounded | None:
    for match in _PROSE.finditer(posting.view, 0, 8000):
        start, end = match.span(1)
        end = _cut_after_noun(posting.view, start, end)
        if end > start:
            found = _tidy(posting, start, end)
            if (
                found is not None
                and _is_title(found.value)
                and len(found.value.split()) <= 8
                and found.value[0].isupper()
                and (" " in found.value or names_one_job(found.value))
            ):
                return found
    for match in _LOWER_PROSE.finditer(posting.view, 0, 4000):
        start, end = match.span(1 if match[1] else 2)
        end = _cut_after_noun(posting.view, start, end)
        words = posting.view[start:end].split()
        while words and _praises(words[0].lower()):
            start += posting.view[start:end].index(words[0]) + len(words[0])
            start, end = trimmed(posting.view, start, end, ",")
            words = posting.view[start:end].split()
        if 1 <= len(words) <= 5 and end > start:
            found = _tidy(posting, start, end)
            if (
                found is not None
                and _is_title(found.value)
                and "member" not in words
                and (len(words) > 1 or names_one_job(words[0]))
            ):
                return found
    return None


_ADJECTIVES = frozenset(
    """a an the and or highly passionate talented new great strong full-time part-time remote several some
    our smart young expert very more dynamic good bright hands-on full part time excellent competent confident
    diligent intelligent proficient efficient energetic enthusiastic strategic charismatic pragmatic
    outstanding hardworking outgoing caring inspiring aspiring proactive reliable capable creative
    suitable versatile savvy seasoned ambitious self-starting immediate""".split()
)
_KEPT_ED = frozenset(
    "registered certified licensed licenced chartered embedded applied unskilled red".split()
)


def _praises(word: str) -> bool:
    """Whether a word in lower case speaks of the person wanted, not of the job."""
    if word.endswith(("ed", "ful", "ous", "-driven", "-oriented", "-minded")):
        return word not in _KEPT_ED
    return word in _ADJECTIVES


# "Analyst - Risk Management" in a sentence
_FIELD_AFTER = re.compile(r" - [A-Z][a-z]+(?: (?:& )?[A-Z][a-z]+){0,2}$")


_FIELD_OF = re.compile(r" of (?:the )?[A-Z][\w&-]*(?: (?:and |& |of )?[A-Z][\w&-]*){0,4}$")
_HEADS_OF = frozenset(
    "director head manager chief president vp dean professor teacher officer curator coordinator".split()
)


def _cut_after_noun(view: str, start: int, end: int) -> int:
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


def _tidy(posting: Posting, start: int, end: int) -> Grounded | None:
    """A title without its place, mode of work, company and years."""
    view = posting.view
    start, end = trimmed(view, start, end, "*#_-|:.,\"' ")
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
    form = _FORM_LEAD.match(view, start, end)
    if form and has_job_noun(view[form.end() : end]):
        start = form.end()
    run_on = _RUN_ON.search(view, start, end)
    if (
        run_on
        and len(view[start : run_on.start()].split()) <= 8
        and has_job_noun(view[start : run_on.start()])
    ):
        start, end = trimmed(view, start, run_on.start(), "-|:,(")
    for _ in range(3):
        noise = _NOISE_TAIL.search(view[max(start, end - 60) : end])
        if not noise or not noise[0].strip():
            break
        cut = max(start, end - 60) + noise.start()
        if cut <= start or not has_job_noun(view[start:cut]):
            break
        start, end = trimmed(view, start, cut, "-|:,.*_ ")
    colon = view.find(": ", start, end)
    if colon > 0 and has_job_noun(view[start:colon]) and _OFFICE_END.search(view, colon, end):
        end = colon  # "Bridge Engineer II: Eastern Area Office"
    start, end = _without_parts(view, start, end)
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


def _kept(match: re.Match[str]) -> str:
    """What stays of a bracket: "(Intern)" loses its brackets, "(Civil)" stays, "(3-5 years)" goes."""
    inside = match[1].strip()
    if inside.lower() in ("intern", "internship", "trainee", "fresher", "lead", "senior", "junior"):
        return f" {inside}"
    if not inside or _NO_TITLE.search(inside.lower()) or is_place(inside):
        return " "
    return f" ({inside})"


_BRACKETS = re.compile(r"\s?\(([^()]{0,60})\)")
_NO_TITLE = re.compile(
    r"\b(?:remote|hybrid|on-?site|wfh|work from|full[ -]?time|part[ -]?time|contract|permanent|fixed[ -]term"
    r"|temporary|temp|maternity|urgent\w*|immediate\w*|[mfwdx]/[mfwdx](?:/[mfwdx])?|gn|years?|yrs?|months?"
    r"|exp"
    r"|experience|positions?|vacanc\w+|openings?|posts?|nos?|req\w*|id|all genders|male|female|only|office"
    r"|shift)\b|\d ?[ap]m\b"
    r"|^[a-z]{1,5}[ -]?\d{1,2}$|\b(?:band|grade|scale)\b|^\W*\d+\W*$"
    r"|^(?:agm|dgm|gm|avp|vp|sde|wfo)$|\d\s?[-+]"
)
_PARTS = re.compile(r"\s{1,3}[-|@\u2022]\s{1,3}|\s{0,2}[|]\s{0,2}|-\s{1,3}(?=[A-Z])")


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
    if len(parts) > 1 and view[slice(*parts[1])].count(",") >= 1 and not has_job_noun(view[slice(*parts[1])]):
        parts = parts[:1]
    while len(parts) > 1 and is_firm(view[slice(*parts[-1])]) and has_job_noun(view[slice(*parts[0])]):
        parts.pop()  # "Registrar - Harrow Museum"
    left, right = parts[0][0], parts[-1][1]
    first = view.find(",", left, right)
    second = view.find(",", first + 1, right) if first > 0 else -1
    if second > 0 and " " in view[left:first] and has_job_noun(view[left:first]):
        firm = view[first + 1 : second].split()
        if (
            len(firm) > 1
            and all(w[0].isupper() or w == "&" for w in firm)
            and not has_job_noun(" ".join(firm))
        ):
            right = first  # "Shop Manager, Tern Tea & Cake, Leeds"
    comma = view.rfind(",", left, right)
    behind = view[comma + 1 : right].strip()
    if (
        comma > left
        and (is_place(behind) or LOCAL_GOVERNMENT.fullmatch(behind))
        and has_job_noun(view[left:comma])
    ):
        right = comma
    workplace = view.rfind(" at ", left, right)
    if (
        workplace > left
        and len(view[left:workplace].split()) <= 6
        and view[workplace + 4 :].lstrip()[:1].isupper()
        and has_job_noun(view[left:workplace])
    ):
        right = workplace  # "Harbour Clerk at Kestrel Optics"
    for preposition in (" in ", " at "):
        at = view.rfind(preposition, left, right)
        if at > left and is_place(view[at + 4 : right]) and has_job_noun(view[left:at]):
            right = at
    return trimmed(view, left, right, "-|,:")


def without_company(title: Grounded, company: str, posting: Posting) -> Grounded:
    """A title without the company's name at its end: "Sales Executive Acme" """
    if not title.value.lower().endswith(" " + company.lower()):
        return title
    end = posting.low.rfind(company.lower(), title.start, title.end)
    start, end = trimmed(posting.view, title.start, end, "-|,:@ ")
    return posting.grounded(start, end) if end > start and has_job_noun(posting.view[start:end]) else title
