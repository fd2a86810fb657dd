"""What a company's name looks like: where it begins and ends, and what can be none."""

from __future__ import annotations

import re

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded
from jd_assets.stages.parse.header import FIRM_WORD, PUBLIC_BODY, is_firm
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.view import trimmed

_WORD = r"[A-Z0-9][\w&.+]*(?:['-][A-Za-z0-9][\w&.]*)*"
RUN = re.compile(
    rf"(?<![\w@/-])(?<![^a-z]\.)(?:[A-Z]|[a-z](?=[A-Z][a-z])|\d{{1,3}}(?=[A-Z][a-z]))[\w&.+]*(?:['-][A-Za-z0-9][\w&.]*)*"
    rf"(?:(?<![a-z]{{3}}\.) (?:(?:(?:of |for )?the|of|and|for|&"
    rf"|de) )?{_WORD}){{0,6}}(?: \([A-Z][\w ]{{1,20}}\))?"
)
LEADS = frozenset(
    "about join joining at why welcome from by for with in working life know as to the who "
    "introduction our meet on careers".split()
)
SUFFIX = re.compile(
    r"(?:,? (?:Pvt|Private|Ltd|Limited|LLP|LLC|Inc|Incorporated|Corp|Corporation|GmbH|PLC|plc"
    r"|Pty|Pte|WLL|FZ[CE]|FZCO|Sdn|Bhd|BV|AG|Oy)\b\.?){1,3}$",
    re.IGNORECASE,
)
_LEGAL_END = re.compile(r"\b(?:Ltd|Limited|Inc|LLC|LLP|GmbH|PLC)\b\.?(?= [A-Z])")
SUFFIX_AFTER = re.compile(
    r",? ?(?:Pvt\.?|Private|Ltd\.?|Limited|LLP|LLC|L\.L\.C\.|Inc\.?|Corp\.?|GmbH"
    r"|PLC|plc|Pte\.?|WLL|W\.L\.L\.|FZ[CE]|FZCO|Sdn\.?|B\.V\.)(?:,? (?:Ltd\.?|Limited|Bhd\.?))?(?![\w])"
)
NEVER_FIRST = frozenset(
    """us you we your this that it job client clients candidate who what why how if as in at on all
    please they he she these those there here their a an its i my responsibilities requirements
    benefits qualifications salary note full part you'll we're every any some no not ability strong
    excellent good must description summary overview responsible applicants applicant experience while
    when with within from for by to and or but so then however additionally also further such being
    using knowledge preferred required minimum both most many several each hello hi dear greetings
    thanks thank looking hiring urgent immediate apply click visit send share bachelor bachelor's
    bachelors master's degree reporting more role position freshers duties skills based only""".split()
)
_COMMON = NEVER_FIRST | frozenset(
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
# Forms of employment, words of applying, and kinds of bodies, which name none without a word beside them
_NO_BODY = _COMMON | frozenset(
    """permanent temporary casual seasonal internal external exempt classified unclassified provisional
    resume resumes résumé résumés cv cvs letter letters interview interviews candidates jobs vacancy
    vacancies recruits recruitment exam exams examination examinations nominations posting postings
    corrections police sheriff sheriff's fire academy school schools high middle elementary hospital
    center centre public library libraries museum university college universities colleges council councils
    community municipal town village borough parish district authority board commission society foundation
    trust association court courts clinic campus staff faculty students teachers patients residents
    volunteers museums hospitals children youth human social adult""".split()
)
_ADDRESSES = frozenset("dr prof professor mr mrs ms".split())
_STREET = frozenset("drive avenue boulevard road lane highway parkway".split())
_PERSON_END = re.compile(r"[a-z](?:icians?|ologists?|ographers?)$")
_GENERIC_END = frozenset(
    "team role position job industry department division office candidate we our you overview "
    "description policy act program experience knowledge professionals function vertical".split()
)
_DASHES = re.compile("[\u2010-\u2015]")
# What parts a firm from the job in front of it
_PARTED = (" - ", "| ", "(", " at ", " at the ", " with ", " with the ", " for ", " for the ", "@ ", ": ")
_COUNTED = re.compile(r"\d{1,3}(?:st|nd|rd|th)\b|.* of \d")
# Headings that a name follows without a break: "Job Description Kestrel Optics is ..."
_LEADING = re.compile(
    r"(?:Benefits|Qualifications|Responsibilities|Requirements|Compensation) (?=[A-Z])|"
    r"(?:About (?:the |Our )?)?(?:(?:Job|Company|Position|Role|Employer|Business|Firm) )?"
    r"(?:Description|DESCRIPTION|Overview|OVERVIEW|Summary|SUMMARY|Profile|Background|Job|Company|Us"
    r"|US) (?=[A-Z])"
)
_INITIALS = re.compile(r"\b[A-Z](?:\.[A-Z])*$")  # "U.S", whose full stop ends no sentence
_OFFICE = re.compile(
    r"(?:the )?(?:heads?|directors?|managers?|chief|vice[- ]president|chair|dean"
    r"|office) of\b",
    re.I,
)


def heads(name: str) -> bool:
    """Whether a header's words are written as a name: a capital on each word but the small ones."""
    words = name.split()
    return 1 <= len(words) <= 7 and all(
        w[0].isupper() or w[0].isdigit() or w in ("of", "and", "&", "the", "for", "de", "+") for w in words
    )


def squeezed(name: str) -> str:
    """A name as a host would spell it."""
    return "".join(c for c in name if c.isalnum())


def name_span(view: str, start: int, end: int) -> tuple[int, int, bool]:
    """The name without words that lead to it, full stops and a possessive; whether it had one."""
    lead = _LEADING.match(view, start, end) if view.find(" ", start, end) > 0 else None
    start = lead.end() if lead else start
    words = view[start:end].split(" ")
    for index in range(len(words) - 2, 0, -1):  # "HR Manager for Tern Foods"
        if words[index] == "for" and has_job_noun(words[index - 1]):
            start += len(" ".join(words[: index + 1])) + 1
            words = words[index + 1 :]
            break
    while len(words) > 1 and words[0].lower() in LEADS and not (words[0] == "The" and len(words) > 2):
        start += len(words.pop(0)) + 1
    if words[0].lower() in LEADS and len(words) == 1:
        return start, start, False
    for index, word in enumerate(words):
        if word.endswith("'s") and not _goes_on(view, words[index + 1 :], end):
            cut = start + len(" ".join(words[: index + 1])) - 2
            return start, cut, True
    legal = _LEGAL_END.search(view, start, end) if len(words) > 1 else None
    if legal:
        end = legal.end()
    dot = view.find(". ", start, end)
    if (
        dot > 0
        and not _INITIALS.search(view, start, dot)
        and not view[start:dot].endswith(("St", "Dr", "Mr", "Pvt", "Ltd", "Inc", "Co"))
    ):
        end = dot
    start, end = trimmed(view, start, end, ".,;:*'\"-")
    return start, end, view[end : end + 2] in ("' ",)


def _goes_on(view: str, behind: list[str], end: int) -> bool:
    """Whether a word with a possessive's ending is within a name: "Miller's Bank", "Lowell's is a shop"."""
    if behind:
        return FIRM_WORD.fullmatch(behind[-1]) is not None or behind[-1] in ("Office", "Association")
    return view.startswith((" is ", " are ", " has ", " was ", " seeks ", " offers "), end)


def passes(name: str, title: Grounded | None, *, firms: frozenset[str] | None = frozenset()) -> bool:
    """Whether words may be a company's name. Of those that end as a job does only plurals among `firms`
    pass ("Consultants"), or all plurals if that is None."""
    words = name.split()
    if not words or len(name) < 2 or len(words) > 8:
        return False
    low = [w.lower().strip(".,'") for w in words]
    if len(words) > 1 and words[-1][0] == "(":  # "Records Department (RD)"
        low.pop()
    if (
        low[0] in NEVER_FIRST
        or all(w in _NO_BODY for w in low)
        or (len(low) > 1 and low[-1] in _STREET)
        or (low[0] in _ADDRESSES and "'" not in name and not FIRM_WORD.search(name))
        or (len(low) == 1 and _PERSON_END.search(low[0]))
        or (
            low[-1] in _GENERIC_END
            and words[-1][0] != "("
            and not PUBLIC_BODY.match(name)
            and not (low[-1] == "office" and len(words) > 2 and words[-2].endswith("'s"))
        )
        or name.isdigit()
        or _COUNTED.match(name)
        or (_OFFICE.match(name) and not PUBLIC_BODY.match(name))
        or not any(c.isalpha() for c in name)
    ):
        return False
    if title and len(words) > 1 and _is_of_title(name, title.value):
        return False
    if (
        has_job_noun(words[-1])
        and len(words) <= 6
        and not (len(words) > 1 and low[-1].endswith("s") and (firms is None or low[-1] in firms))
    ):
        return False
    if S.heading_section(name) or label_kind(name):
        return False
    place = gazetteer.country(name) or gazetteer.state(name)
    known = gazetteer.city(name)
    return place is None and (known is None or known.residents < 300_000)


def _is_of_title(name: str, title: str) -> bool:
    """Whether a name is no more than some of a title's words, or the other way round. A part of its own
    behind a dash or in brackets may be a firm, and so may what ends as firms do in front of the job."""
    low, whole = name.lower(), _DASHES.sub("-", title.lower())
    if low not in whole:
        return whole in low
    before, _, behind = whole.rpartition(low)
    if before.endswith(_PARTED) and behind in ("", ")"):
        return False
    return not (
        whole.startswith((f"{low} - ", f"{low}: "))
        or (whole.startswith(f"{low} ") and is_firm(name) and has_job_noun(title[len(low) :]))
    )


def name_key(name: str) -> str:
    """A name without case, full stops and commas, by which its mentions are counted together."""
    return " ".join(name.lower().replace(".", "").replace(",", "").split())
