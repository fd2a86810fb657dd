"""The job title."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.gazetteer import is_place
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.offers import ANNOUNCES
from jd_assets.stages.parse.roles import JOB_NOUNS, has_job_noun, names_one_job
from jd_assets.stages.parse.segments import HEADING
from jd_assets.stages.parse.title_bounds import cut_after_noun, tidied
from jd_assets.stages.parse.view import trimmed

_PROSE = Anchored(
    r"(?:(?:looking for|looking to (?:add|fill)|seeking|hiring|in search of|seeks|searching for"
    r"|recruiting|need|require"
    r"|recruit|hire|appoint|(?:hunt|lookout) for|join (?:us|our team|the team|[A-Z]\w+) as|role of"
    r"|position of|post of"
    r"|work as|[Ii]ncumbent (?:will )?serves? as|candidates? for|role for|opening for|vacancy for"
    r"|(?:role|position|internship)\b[^.\n]{1,60}? for(?= an? )"
    r"|[Aa]pplications (?:are (?:now |being )?(?:invited|accepted|sought) )?for|posting for|[Aa]re you"
    r"|(?:be|become|hiring)(?= (?:our|its|the) (?:next|new|first|second) )"
    r"|opportunity (?:(?:has (?:arisen|become available)|exists|is available|available) )?for)"
    r" (?:for )?(?:an? |the |our |its |multiple |\d+ )?(?:(?:next|new|first"
    r"|second) )?(?:Band \d[a-d]? )?(?:\(?[a-z][a-z-]+\)?,? (?:and )?){0,7}?"
    r"|\b[Aa]s (?:an? |our |the )(?:[a-z-]+ ){0,3}?|\b[Aa]s (?=[A-Z][^.\n]{3,50}?,? you\b)"
    r"|(?:function|purpose) of (?:the |an? )(?=[A-Z])|(?:(?<![^\n])|(?<=[*\u2022] ))(?:The|An?) )[\"' ]{0,3}"
    r"((?:[A-Z][\w/+#.&-]*|\(?[A-Z]{2,}\)?)(?: (?:[A-Z(][\w/+#.&()-]*|of|and|&|-|/"
    r"|for|the|I{1,3})){0,7})",
    """incumbent|Incumbent|looking for|looking to |seeking|hiring|in search of|seeks|searching for|recruit
    |need|require|hire|appoint|hunt for|applications |Applications |posting for|are you|Are you|function of
    |purpose of|become |be our |be its |be the |lookout for|join |role|position|post of|work as
    |candidate|opening for|vacancy for|internship|opportunity
    |as |As |The |A |An """.replace("\n    ", "").split("|"),
)
# "The Manager, Vendor Operations, leads a global team": who does the job, at the head of a sentence
_SUBJECT = re.compile(
    r"(?:(?<![^\n])|(?<=[:.*\u2022] ))(?:(?:Under|Reporting|In|Working|Within) [^.\n]{2,80}?, t"
    r"|T)he (?!(?:Hiring|Line|Reporting"
    r"|Ideal|Successful|Selected) )"
    r"((?:[A-Z][\w/+#.&-]*|I{1,3})(?:,? (?:[A-Z][\w/+#&-]*|of|and|&|-"
    r"|\u2013|for|the)){0,8}),? (?:leads?|provides|performs|manages|oversees|supports|assists"
    r"|serves|gives|acts|runs|helps|handles|guides|creates|builds|drives|delivers|conducts|prepares"
    r"|administers|participates|collaborates|works|plans|directs|coordinates|plays|reports|installs|operates|maintains|develops|designs|teaches|ensures"
    r"|is (?:responsible|in charge|accountable)|will (?:be|lead|provide|perform|manage|oversee"
    r"|support|assist|serve|work|plan|direct"
    r"|coordinate|play|report|teach|ensure))\b"
)
_FIRST_PART = re.compile(r" [-|(/]|,|:")
_FIELD_NOUNS = frozenset("sales payroll staff teaching veterinary expert fresher member internship".split())
_FIELDS_ALONE = frozenset("sales payroll teaching veterinary".split())
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
    r"|(?:opening|position|applications) for"
    r"|require) (?:an? {1,3})?((?:[A-Za-z/+-]+ ){0,5}?[A-Za-z/-]+)(?= {1,3}(?:to|who|with|that|for|in|at|on"
    r"|and)\b|\s{0,3}[.,])",
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
        "opening for",
        "position for",
        "applications for",
        "position of",
        "role of",
        "post of",
        "require",
    ),
)
# Work that is named by what is studied for it
_STUDIES = re.compile(
    r"\b(?:Ph\.?D\.?|doctoral|graduate|master'?s?|working|undergraduate|research) (?:student|candidate)s?\b"
    r"|\bpost-docs?\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r", (?:the|an?|our|your) [A-Za-z]"
    r"|\b(?:is|are|was|has|have|will) (?:an?|the|partnered|been|looking|hiring|seeking)\b"
)
_NOT_IN_TITLE = re.compile(
    r"\b(?:responsibilities|requirements|qualifications|experience as|includes?|day-to-day)\b", re.IGNORECASE
)
_STOP_TITLE = re.compile(
    r"(?:as|being|for|to|in|with|we|our|you|your|this|these|is|are|will|should|must|looking|hiring|seeking|join"
    r"|apply"
    r"|experience|years|the|an?)\b",
    re.IGNORECASE,
)
# Of a site: "Home / Careers / Museum Educator"
_CRUMBS = re.compile(
    r"(?:(?:home|careers?|jobs?|vacancies|about(?: us)?|employment|opportunities"
    r"|join us)\s{0,2}[>/\u00bb|]\s{0,2}){1,4}",
    re.IGNORECASE,
)
# Where a title that runs on into a sentence ends, and what may stand before it.
_LABEL_FIRST = re.compile(
    r"[\s\"']{0,3}(?-i:(?:(?:JOB|POSITION|CLASS|WORKING) )?TITLE\s{1,4}(?=[A-Z]))|\d{4,6}\s(?=[A-Z][a-z]+\b)|"
    r"[\s\"']{0,3}(?:job title|job (?:posting|listing|announcement|opening|opportunity|vacancy)"
    r"|posting(?: (?:#|no\.?) ?[\d-]{1,12})?|open (?:position|role|job)|(?:positions?|jobs?"
    r"|vacanc(?:y|ies)|internships?) available"
    r"|(?:position|vacancy|employment|recruitment) (?:announcement|opportunity|notice|opening)|position title"
    r"|(?:current |job |notice of |advert(?:isement)?(?: for)?:? )?vacanc(?:y|ies)(?: notice)?"
    r"|call for applications|wanted|now hiring|job alert|employment notice"
    r"|job role|designation|job description|jd"
    r"|title|position|role|job|vacancy|we are hiring|hiring"
    r"|urgent(?:ly)? (?:hiring|requirement|opening)|opening"
    r"|career opportunity|careers?|(?:title|name) of (?:the )?(?:position|post|job))(?: (?:for|of"
    r"|as))?\s{0,2}[-:!]{1,3}\s{0,3}(?=\S)"
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
        candidates.append(tidied(posting, lead.end() if lead else label.start, label.end))
    candidates += [_headline(posting)]
    for candidate in candidates:
        if candidate is not None and _is_title(candidate.value):
            return _as_repeated(posting, candidate)
    for candidate in candidates[1:-1]:  # a label says so, though no noun of a job does
        if candidate is not None and _may_be_title(candidate.value):
            return candidate
    return (
        _before_description(posting)
        or _subject(posting)
        or _from_prose(posting)
        or _marked(posting)
        or _standing(posting)
        or _marked(posting, lines=3)
    )


def _is_title(title: str) -> bool:
    words = title.split()
    return (
        bool(words)
        and len(words) <= 12
        and (has_job_noun(title) or _STUDIES.search(title) is not None)
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
        and label_kind(title) is None
    )


def _hinted(posting: Posting) -> Grounded | None:
    """The record's title without what is no part of it; what names no job is still a title there, unless
    it is a heading, an address or a sentence."""
    span = posting.hinted(posting.title_hint)
    if span is None:
        return None
    found = tidied(posting, *span)
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
    bad = bad or S.heading_section(found.value) is not None or label_kind(found.value) is not None
    return None if bad or _STOP_TITLE.match(found.value) else found


def _headline(posting: Posting) -> Grounded | None:
    """The header's part that names a job, below a line of other things: "Firm | City" first, then it."""
    for part in posting.header:
        if part.kind == "title" and part.line and ":" not in posting.view[part.start : part.end]:
            found = tidied(posting, part.start, part.end)
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


def _as_repeated(posting: Posting, title: Grounded) -> Grounded:
    """The title without what a dash adds, where the text calls the job by its first part alone, twice or
    more: "Loom Technician - Jacquard" is "the Loom Technician" there."""
    head, dash, tail = title.value.partition(" - ")
    if not dash or len(head.split()) < 2 or has_job_noun(tail) or not _ends_in_job(head):
        return title
    low, name = posting.low, head.lower()
    if low.count(name, title.end) < 2 or low.find(f"{name} - ", title.end) >= 0:
        return title
    return Grounded(head, title.start, title.start + len(head))


def _marked(posting: Posting, lines: int = 1) -> Grounded | None:
    """A first line that mark-up makes the headline, though it names no job that the rules know, or the
    first line that is followed by nothing but facts of a header: "PGT Physics", then "Firm, City". The
    facts begin within `lines` lines."""
    first = next(iter(posting.header), None)
    if (
        first is None
        or ":" in posting.view[first.start : first.end]
        or first.line
        or first.kind not in ("name", "words")
        or first.company
    ):
        return None
    facts = {part.line for part in posting.header if part.company or part.kind in ("place", "fact")}
    headed = posting.view[: first.start].strip(" \n") == "#"
    if not headed and facts.isdisjoint(range(1, lines + 1)):
        return None
    found = tidied(posting, first.start, first.end)
    if found is None or not _capitals(found.value) or found.value[-1] in ".!?;:":
        return None
    if not headed and not 2 <= len(found.value.split()) <= 5:
        return None
    stands = S.heading_section(found.value) is None and label_kind(found.value) is None
    firm = FIRM_WORD.search(found.value) is not None
    return found if stands and not firm and not _STOP_TITLE.match(found.value) else None


def _first_line(posting: Posting) -> Grounded | None:
    for segment in posting.segments[:3]:
        if segment.kind == HEADING and segment.section not in (S.TITLE, S.OTHER, S.DUTIES):
            continue
        if segment.end - segment.start > 140 or segment.duty:
            return None
        line = posting.view[segment.start : segment.end]
        lead = _CRUMBS.match(line) or _LABEL_FIRST.match(line) or ANNOUNCES.match(line)
        start = segment.start + (lead.end() if lead else 0)
        found = tidied(posting, start, segment.end)
        if found and line[-1] in ".!?" and found.end >= segment.end - 2 and not _capitals(found.value):
            continue  # a sentence
        if (
            found is not None
            and _is_title(found.value)
            and (found.value[:1].isupper() or _is_lower_title(found.value, line))
            and S.heading_section(found.value) is None
        ):
            return found
    return None


def _is_lower_title(title: str, line: str) -> bool:
    """Whether a whole line without capitals is a title of a few words."""
    return title == line.strip() and len(title.split()) <= 5 and "," not in title and _ends_in_job(title)


def _before_description(posting: Posting) -> Grounded | None:
    """A title that runs on into its heading: "Exp: 4 years; Web Developer Job description Build ..."."""
    top = posting.low[:_TOP]
    if "job description" not in top and "job summary" not in top:
        return None
    for match in _DESCRIBED.finditer(posting.view, 0, _TOP):
        found = tidied(posting, *match.span(1))
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
        if label_kind(above) is not None:  # of whom the job reports to
            continue
        found = tidied(posting, segment.start, segment.end)
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
        found = tidied(posting, *match.span(1))
        words = _FIRST_PART.split(found.value, maxsplit=1)[0].split() if found else []
        if found and words and words[-1].lower() in JOB_NOUNS and len(found.value.split()) > 1:
            return found
    return None


def _from_prose(posting: Posting) -> Grounded | None:
    for match in _PROSE.finditer(posting.view, 0, 8000):
        start, end = match.span(1)
        end = cut_after_noun(posting.view, start, end)
        if end > start:
            found = tidied(posting, start, end)
            if (
                found is not None
                and _is_title(found.value)
                and len(found.value.split()) <= 8
                and found.value[0].isupper()
                and found.value.split()[-1].lower() not in _FIELDS_ALONE
                and (" " in found.value or names_one_job(found.value))
            ):
                return found
    for match in _LOWER_PROSE.finditer(posting.view, 0, 4000):
        start, end = match.span(1 if match[1] else 2)
        end = cut_after_noun(posting.view, start, end)
        words = posting.view[start:end].split()
        while words and _praises(words[0].lower()):
            start += posting.view[start:end].index(words[0]) + len(words[0])
            start, end = trimmed(posting.view, start, end, ",")
            words = posting.view[start:end].split()
        if 1 <= len(words) <= 5 and end > start:
            found = tidied(posting, start, end)
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
    first second next suitable versatile savvy seasoned ambitious self-starting immediate""".split()
)
_KEPT_ED = frozenset(
    "registered certified licensed licenced chartered embedded applied unskilled red".split()
)


def _praises(word: str) -> bool:
    """Whether a word in lower case speaks of the person wanted, not of the job."""
    if word.endswith(("ed", "ful", "ous", "-driven", "-oriented", "-minded")):
        return word not in _KEPT_ED
    return word in _ADJECTIVES
