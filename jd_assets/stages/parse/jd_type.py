"""Whether a text is a JD at all, and if not, what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.announcing import announces
from jd_assets.stages.parse.duties import asks
from jd_assets.stages.parse.grounding import Posting
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.segments import HEADING
from jd_assets.stages.parse.verbs import FORMS
from jd_assets.stages.parse.view import count_words

_FEWEST_WORDS = 15
_OPENING, _READ = 300, 3000  # characters in which words are counted
_TOO_FEW = 6
_SHORT_EVIDENCE = (
    2.5  # what a shorter text needs, see _evidence: "Cook wanted, 2 years' experience, ..." has 3
)
_CERTAIN = 15.0  # evidence at which nothing else is looked for; a CV with many job words reaches 12
_LEAST_EVIDENCE = 2.0  # see _evidence; recipes and release notes reach 1.2, bare lists of skills 3
_LANGUAGES = {
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "tr": "Turkish",
    "id": "Indonesian",
    "ja": "Japanese",
    "zh": "Chinese",
    "ko": "Korean",
    "ru": "Russian",
    "el": "Greek",
    "he": "Hebrew",
    "ar": "Arabic",
    "hi": "Hindi",
    "bn": "Bengali",
    "pa": "Punjabi",
    "gu": "Gujarati",
    "ta": "Tamil",
    "te": "Telugu",
    "kn": "Kannada",
    "ml": "Malayalam",
    "th": "Thai",
    "ka": "Georgian",
    "hy": "Armenian",
}  # fmt: skip,

_CV = re.compile(
    r"(?<![a-z0-9])(?:curriculum vitae|\bresume of\b|references (?:are )?available"
    r"|career objective|date of birth|father'?s name|marital status|\bi am a\b|\bi have \d"
    r"|\bi (?:led|built|developed|managed|worked|designed|created|graduated|hold|specialise"
    r"|specialize|was|joined|completed|implemented|achieved)\b|my (?:skills|experience|career"
    r"|projects|work)\b|\b(?:19|20)\d\d ?(?:-|to) ?(?:present|current|till date|now)\b|\b(?:19"
    r"|20)\d\d ?- ?(?:19|20)\d\d\b|declare that|professional summary|work history|personal details"
    r"|linkedin\.com/in/|\bcgpa\b|\bhobbies\b|\bi hereby\b|languages known|(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep"
    r"|oct|nov|dec)[a-z]{0,6}\.? (?:19|20)\d\d ?(?:-|to) ?(?:[a-z]{3,9}\.? )?(?:(?:19|20)\d\d|present"
    r"|current|now)"
    r"|seeking an? (?:[\w-]+ ){0,3}(?:position|role|opportunity) (?:in|where|with|as|to)"
    # of somebody, as institutions introduce their staff
    r"|\b(?:she|he) (?:has (?:worked|held|served|published|taught|been)|holds an?|(?:received"
    r"|earned) (?:his|her|an?)"
    r"|joined|previously|studied)\b|prior to joining)"
)
_COURSE = re.compile(
    r"(?<![a-z0-9])(?:what you(?:['`]?ll| will) learn|you(?:['`]?ll| will) (?:learn|be able to build)"
    r"|skills you(?:['`]?ll"
    r"| will) gain|enrol(?:l)?(?: now| today|ment fee|ed students)|certificate of completion"
    r"|professional certificate"
    r"|self[ -]paced|lifetime access|(?:in|about|of|for|take) this course|course (?:fees?|duration"
    r"|outline|contents?"
    r"|overview|syllabus|starts|includes)|job[ -]ready|no (?:degree|prior knowledge|prior experience"
    r"|experience)"
    r"(?: or [a-z]+)? (?:required|needed)|modules? \d|lessons? \d|week \d|learn (?:how|the basics"
    r"|at your own)"
    r"|hands-on projects|free (?:trial|preview)|money[ -]back|bootcamp|placement assistance)"
)
_ARTICLE = re.compile(
    r"(?<![a-z0-9])(?:in this (?:article|guide|post|blog|tutorial|chapter)|table of contents"
    r"|\d+ ?min(?:ute)?s? read"
    r"|read (?:more|also)|share this|subscribe|how to (?:become|choose|write|get started)|what (?:is"
    r"|are) an? "
    r"|frequently asked|in conclusion|conclusion\b|step \d|key takeaways|related (?:articles|posts)"
    r"|posted (?:on|by|in)"
    r"|filed under|leave a (?:comment|reply)|the author|average salary|career path|for example,"
    r"|let's (?:look|see|start)"
    r"|as we (?:saw|have seen)|layout: post|categories:|tags:)"
)
# Of an occupation, for those who choose, teach or recruit for it
_OCCUPATION = re.compile(
    r"(?<![a-z0-9])(?:how to (?:be|become) an? |steps to becom\w+|(?:job|employment) outlook"
    r"|interview questions"
    r"|percentile|bureau of labor statistics|wage statistics|median (?:annual )?(?:salary|wage|pay)"
    r"|job description templates?|(?:they|professionals) (?:often|typically|usually|also) (?:work|need|earn"
    r"|have|require)|typically (?:need|earn|require)s?\b|job description typically|most \w+ (?:\w+ )?(?:have"
    r"|prefer|require|hold)\b|many \w+ (?:prefer|require|choose)\b"
    r"|what (?:exactly )?does an? [^?\n]{2,50} do\?"
    r"|career (?:definition|overview|guide|profile)|can (?:expect to )?earn\b|entry (?:route|requirement)s?\b"
    r"|(?:starting salar(?:y|ies)|income|salar(?:y|ies)) (?:for [\w ]{3,40} )?(?:tends?|ranges?) (?:to"
    r"|between)"
    r"|income ranges|actual pay|most employers|career information|key traits of|most [a-z]+ [a-z]+ choose"
    r"|\[(?:your )?company(?: name)?\]"
    r"|position may be an? (?:ideal|good|perfect) fit|(?:are|is) (?:a )?(?:critical|vital|essential"
    r"|important) parts?"
    r" of (?:their|the|any|every) (?:organi[sz]ation|team|business|company)|need to have an eye"
    r"|what are the (?:duties|responsibilities) of"
    r"|fastest[ -]growing (?:career|occupation|job)|figures (?:below )?are|you could be:"
    r"|(?:duties|responsibilities) of an? [^.\n]{3,40} (?:range|include|vary)|(?:common|typical) (?:duties"
    r"|responsibilities|tasks) of|(?:is|are) (?:healthcare |skilled )?professionals who"
    r"|is a [\w ]{3,30} job role|(?:each|the) individual employer|depending on (?:the employer"
    r"|(?:education, )?"
    r"experience and location|specialization)|vary based on|job seekers?\b|let's (?:delve|dive)"
    r"|looking to hire an? |speak (?:to|with) one of our recruit|you've come to the right place"
    r"|updated for 20\d\d|tell us about your experience|accredited programs|certification for licensure"
    r"|there are (?:a number of|many|several|various) (?:jobs|careers|roles|types)|jobs in (?:both|the field)"
    r"|of all [a-z]+ jobs|prospective [a-z]+s\b|educational requirements|earn a (?:bachelor|degree|master))"
)
# A page about applying, for whatever post: it names none
_PROCESS = re.compile(
    r"(?<![a-z0-9])(?:(?:each|any|the) positions? (?:in which |for which |that )?you are interested"
    r"|separate application|some (?:positions|jobs|roles) require|your application will be (?:assessed"
    r"|evaluated|reviewed|considered)|applications? (?:are|is|will be|will) (?:only |not )?(?:be )?"
    r"(?:accepted|considered) (?:only )?(?:for|during|when|after)|selection (?:process|panel)"
    r"|short-?listed (?:applicants|candidates)|(?:job|recruitment|position|vacancy) announcements? (?:is"
    r"|are|contain|list|begin)"
    r"|how (?:do|does|can|will|are) (?:i|the|my|you|applicants?|jobs?|positions?)\b[^.\n]{3,80}\?"
    r"|(?:the|an?) (?:vacancy|job) announcement|vacancy announcements|(?:position title|salary range|section)"
    r" (?:provides|indicates|lists|describes)\b|(?:to|for) potential applicants"
    r"|(?:the|an?) applicants? (?:may be removed|declines|does not|cannot|moves|has been)"
    r"|job postings? (?:are"
    r"|is|typically)|(?:openings|positions) (?:are|open are)(?: also)? (?:posted|listed)|a hiring department"
    r"|(?:position|job) description is\b|(?:job|position) posting (?:is|should|must)"
    r"|(?:a|the|these) recruitment announcements?|announcements? (?:contain|provide|are posted)|when in doubt"
    r"|applications? (?:submitted|must be made)|the employment process|for potential applicants"
    r"|(?:faculty member|chair or dean|appointments? (?:as|may be)|offer letter)\b"
    r"|position descriptions?|all positions\b|a position\b|(?:current|job) (?:vacancies|openings)"
    r"|applications for employment|application form|addressing the (?:key )?selection criteria"
    r"|what happens (?:after|next|when)|(?:after|before|at|during) (?:your|the|an) interview|if you(?:'re"
    r"| are) "
    r"(?:successful|offered|invited|unsuccessful|shortlisted)|conditional offer|pre-employment checks"
    r"|offer you (?:the|a) (?:job|role)|give you feedback|your (?:recruiting|hiring) manager"
    r"|when (?:a position|you (?:apply|complete))|merit[ -]based|receipt of your application"
    r"|lodge(?:d)? (?:by|via|online)|notif(?:y|ied) (?:the|you|by))"
)
_EVENT = re.compile(
    r"(?<![a-z0-9])(?:webinar|keynote|rsvp|tickets?\b|speakers?\b|register (?:now|here|today|by)"
    r"|registration (?:fee|closes"
    r"|opens)|agenda\b|doors open|conference\b|panel discussion|call for (?:papers|proposals)|early bird)"
)
_LETTER = re.compile(
    r"(?<![a-z0-9])(?:dear (?:hiring|sir|madam|recruit|mr|ms|mrs|team|hr)|i am writing to|i(?:'m"
    r"| am) (?:excited|interested|applying|eager|keen|thrilled|pleased) (?:to|in|for)"
    r"|yours (?:sincerely|faithfully|truly)|i would (?:welcome|love|like) (?:the|to)|my (?:current"
    r"|previous) (?:role|work|job|position|employer)|thank you for (?:your time|considering)"
    r"|to whom it may concern|pleased to (?:recommend|offer you|inform you)|letter of (?:recommendation"
    r"|appointment)"
    r"|my last (?:working )?day|resign(?:ing|ation) from|dear (?:customer|parents?|student|colleague|friend)"
    r"|i look forward|(?:kind|warm|best) regards|sincerely,|my application"
    r"|attached (?:is )?my (?:cv|resume)|i believe (?:my|i))"
)
_INVOICE = re.compile(
    r"(?<![a-z0-9])(?:invoice (?:no|number|date|#)|\binvoice\b|bill to|ship to|total (?:payable"
    r"|due|amount)|amount due|sub ?total|payment (?:due|terms)|\bgst(?:in)?\b|\bqty\b|unit price"
    r"|purchase order|bank transfer|receipt no|tax invoice|due date|order (?:no|number|#|date)"
    r"|balance due|quantity|grand total|hsn)"
)
_NEWS = re.compile(
    r"\b(?:said|told reporters|according to|spokes(?:person|man|woman)|announced|reported"
    r"|officials|council|minister|residents|quarter(?:ly)? (?:results|profit)|shares (?:rose|fell)"
    r"|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|last (?:week|month|year)"
    r"|announce[sd]?|pleasure to announce|acquir(?:ed|es|ing)|purchased|press release|launched|the ceo"
    r"|ceo of|joins"
    r"|police|court|election|parliament|approved|voted|season|match|scored|died|killed)\b"
)
_TERMS = re.compile(
    r"(?<![a-z0-9])(?:terms of (?:use|service)|by using this (?:site|website|service)|cookies?\b"
    r"|you agree|privacy policy|these terms|all rights reserved|we may (?:change|update|collect)"
    r"|liabilit|third part(?:y|ies)|refund|warrant(?:y|ies))"
)
_HIRING = Anchored(
    r"\b(?:we(?:'re| are)? (?:currently )?(?:looking for|seeking|hiring|recruiting)|is (?:looking"
    r"|seeking|hiring|searching)|(?:are|is) looking (?:for|to hire)|seeks an?\b|join (?:our|the|us"
    r"|a)\b|ideal candidate|successful candidate|the candidate|candidates?\b|applicants?\b"
    r"|you will\b|you'll\b|job (?:description|title|summary|type|location|purpose|id|role)"
    r"|responsibilit\w+|qualifications?\b|requirements?\b|apply\b"
    r"|years? of (?:\w+ ){0,2}experience|years'? experience|full[ -]time|part[ -]time"
    r"|equal opportunity|reporting to|reports to|employment type|salary\b|immediate joiner"
    r"|notice period|vacancy|walk-?in|work from (?:home|office)|key skills|must have|nice to have"
    r"|good to have|preferred|internship|freshers?|on the (?:hunt|lookout) for|you'd\b|\bwanted\b"
    r"|pay is|per hour|an hour|per annum|hours (?:a|per) week|no experience needed|wish(?:es)? to appoint"
    r"|post ?holder|shifts?\b|essential (?:criteria|functions)|selection criteria|closing date|seeking\b"
    r"|looking (?:to )?hire|join team"
    r"|year (?:\w+ ){0,2}experience|ctc\b|on[ -]roll\b|this job\b)",
    (
        "looking|seeking|hiring|recruiting|searching|seeks|join|ideal|successful|candidate|applicant"
        "|you'll|you'd|responsibilit|qualification|requirement|apply|year|full-time|part-time|equal"
        "|reporting|reports|employment|salary|immediate|notice|vacancy|walk|preferred|internship|fresher"
        "|wanted|wish|post|shift|essential|selection|closing|ctc|we looking|we seeking|we hiring"
        "|we recruiting|we currently|we are|we're|is looking|is seeking|is hiring|is searching"
        "|are looking|the candidate|you will|job description|job title|job summary|job type|job location"
        "|job purpose|job id|job role|full time|part time|work from|key skills|must have|nice to|good to"
        "|on the|pay is|per hour|per annum|an hour|hours a|hours per|no experience|on-roll|on roll"
        "|this job"
    ).split("|"),
)
_WORK = Anchored(
    r"\b(?:responsible for|experience|skills?|role|job|position|designation|team|knowledge of"
    r"|proficien\w+|degree|clients?|stakeholders?|sales|targets?|deadlines|reports?"
    r"|work(?:ing)? with|cross-functional|hands-on|developer|engineer|manager|specialist"
    r"|coordinator|hiring|hire|career|opportunit\w+|exp)\b",
    """responsible experience skill role job position designation team knowledge proficien degree client
    stakeholder sales target deadlines report work cross-functional hands-on developer engineer manager
    specialist coordinator hiring hire career opportunit exp""".split(),
)
_KINDS = (
    ("cover_letter", _LETTER, 2, "This reads like a letter of application, not a job description."),
    ("invoice", _INVOICE, 3, "This reads like an invoice or order, not a job description."),
    ("cv", _CV, 2, "This reads like a candidate's CV, not a job description."),
    ("terms", _TERMS, 3, "This reads like terms of use, not a job description."),
    ("news_article", _NEWS, 3, "This reads like a news article, not a job description."),
    ("course_advert", _COURSE, 2, "This reads like an advertisement for a course, not a job description."),
    ("article", _ARTICLE, 3, "This reads like an article or a guide, not a job description."),
    ("occupation", _OCCUPATION, 2, "This tells of an occupation and offers no job."),
    ("application_guide", _PROCESS, 3, "This tells how to apply and names no job."),
    ("event", _EVENT, 3, "This reads like the announcement of an event, not a job description."),
)


_STRENGTH = {"cover_letter": 2.5, "cv": 2.5, "invoice": 2.5, "course_advert": 2.0, "occupation": 2.0}
"""What one wording of a kind weighs; 1.2 in the others, whose words a JD may have too."""


# A trade as such, told of whoever plies it: "Lock keepers often work ...", "A lock keeper may also ..."
_TRADE = re.compile(
    r"(?:^|(?<=[.\n:] )|(?<=\n))(?:most |many |some |all |prospective |common [a-z]+ of )?(?:an? )?"
    r"(?:[a-z-]+ ){0,3}?([a-z]+?)(s?) (?:who|are|is|have|has|can|may|might|must|will|also|often|typically"
    r"|usually|generally|should|work|perform|need|use|spend|help|keeps|works|performs|needs|include)\b"
)
_THIS_JOB = re.compile(
    r"\b(?:this (?:position|role|job|post|class|classification|vacancy|opportunity)|the (?:incumbent"
    r"|successful|ideal|position|post-?holder|selected)|we|our|us|apply|join|reports? to|employer:|job id"
    r"|you will|you'll|closing date|full[ -]time|part[ -]time|per (?:hour|annum)|hiring|seeking|vacancy)\b"
)
_TRADE_LINES = 3
# What an article for those who write, seek or keep jobs is called
_GUIDE = re.compile(
    r"(?:how (?:to (?!apply\b)|do i |can i |i )|\d{1,3} (?:[a-z-]+ ){0,2}(?:tips|ways|steps|things|reasons"
    r"|questions|mistakes|examples|secrets)\b|(?:top|best) \d{1,3} |tips (?:for|on|to) "
    r"|(?:(?:a|an|the|your) )?(?:[a-z']+ ){0,2}guide (?:to|for) |why (?:you|your|we) should |"
    r"what (?:to (?:expect|know|wear|ask|say|include)|makes an? )|everything you need to know)"
)
_HOW_TO_APPLY = re.compile(r"how to apply\W*$")
_HEADLINE_WORDS = 18
_PAST = re.compile(r"([a-z]{2,})ed (?!(?:in|on|with|by|to|for|as|at)\b)")
_PAST_ITEMS = 4
_QUESTIONS = 6


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a text is no JD: a code, and a sentence for a person."""

    reason: str
    detail: str


def rejection_of(posting: Posting, language: str | None) -> Rejection | None:
    """None for a JD; else the reason, by evidence for a JD against evidence for something else."""
    words = count_words(posting.view[:_OPENING])
    if words < _FEWEST_WORDS:  # a text of words that are this long may yet have enough of them
        words = count_words(posting.view[:_READ])
    if words == 0:
        return Rejection("empty", "The text has no words.")
    if language not in (None, "en"):
        name = _LANGUAGES.get(language or "", language)
        return Rejection("wrong_language", f"The text is in {name}; only English job descriptions are read.")
    hiring = _evidence(posting)
    if words < _FEWEST_WORDS and (words < _TOO_FEW or hiring < _SHORT_EVIDENCE):
        return Rejection(
            "too_short", f"The text has {words} words; a job description needs {_FEWEST_WORDS} or more."
        )
    other = _other(posting) if hiring < _CERTAIN else None
    if other and other[1] * 1.5 > hiring:
        return Rejection(other[0], other[2])
    if hiring < _CERTAIN and _tells_of_a_trade(posting.low):
        return _rejected("occupation")
    if headed := _headed_otherwise(posting):
        return headed
    if hiring < _LEAST_EVIDENCE:
        return Rejection("not_a_jd", "The text names no duties, no requirements and no vacancy.")
    return None


def _headed_otherwise(posting: Posting) -> Rejection | None:
    """What a text's headline says that it is instead: a guide, whatever it quotes, or a page about applying,
    if it states no duties."""
    start = next((i for i, c in enumerate(posting.view) if c.isalnum()), 0)
    stop = posting.view.find("\n", start)
    headline = posting.low[start : stop if stop > 0 else start + 200].rstrip("*_# ")
    if len(headline.split()) <= _HEADLINE_WORDS and _GUIDE.match(headline):
        return _rejected("article")
    if _HOW_TO_APPLY.match(headline) and sum(s.duty for s in posting.segments) < 2:
        return _rejected("application_guide")
    return None


def _rejected(code: str) -> Rejection:
    return Rejection(code, next(detail for kind, _, _, detail in _KINDS if kind == code))


def _tells_of_a_trade(low: str) -> bool:
    """Whether a text tells what those of an occupation do, and never of one job, employer or reader."""
    if _THIS_JOB.search(low):
        return False
    told = sum(has_job_noun(match[1]) for match in _TRADE.finditer(low, 0, 4000))
    return told >= _TRADE_LINES


def _evidence(posting: Posting) -> float:
    """How much speaks for a JD: headings, duties, demands, words of hiring, a title line."""
    opened = {s.section for s in posting.segments if s.kind == HEADING} & {
        S.DUTIES,
        S.REQUIREMENTS,
        S.PREFERRED,
        S.SKILLS,
        S.BENEFITS,
        S.APPLY,
    }
    content = [s for s in posting.segments if s.kind != HEADING][:80]
    duties = sum(s.duty for s in content)
    told = any(announces(posting.low[s.start : s.end]) for s in content if s.duty)
    wants = sum(asks(posting.low[s.start : s.end]) for s in content if not s.duty)
    labels = {label.kind for label in posting.labels} - {"other"}
    first = posting.view[posting.segments[0].start : posting.segments[0].end] if posting.segments else ""
    title = len(first.split()) <= 10 and has_job_noun(first)
    share = (duties + wants) / max(1, len(content))
    items = min(duties, 5) * 0.7 * min(1.0, 0.4 + share) + min(wants, 6) * 0.8
    shape = items + 1.5 * len(opened) + 0.7 * min(len(labels), 4) + 1.5 * title + told
    if shape < _CERTAIN:  # above it words could add, but nothing depends on how much
        shape += _distinct(_HIRING, posting.low, 10) * 0.8
    return shape + _distinct(_WORK, posting.low, 8) * 0.3 if shape < _CERTAIN else shape


def _distinct(rule: Anchored, low: str, most: int) -> int:
    """How many different wordings of a rule a text has, counted up to `most`."""
    found: set[str] = set()
    for match in rule.finditer(low, 0, 8000):
        found.add(match[0])
        if len(found) == most:
            break
    return len(found)


def _items_of_the_past(posting: Posting) -> int:
    """How many items tell what was done, as a CV does: "Prepared the invoices"."""
    count = 0
    for segment in posting.segments:
        word = _PAST.match(posting.low, segment.start, segment.end) if segment.kind != HEADING else None
        stems = (word[1], word[1] + "e", word[1][:-1] + "y", word[1][:-1]) if word else ()
        count += any(FORMS.get(stem) == "base" for stem in stems)
    return count


def _is_questionnaire(posting: Posting) -> bool:
    """Whether a text asks one question after the other, as a list of interview questions does."""
    content = [s for s in posting.segments if s.kind != HEADING]
    asked = sum(posting.low[s.end - 1] == "?" for s in content)
    return asked >= _QUESTIONS and asked >= 0.4 * len(content)


def _other(posting: Posting) -> tuple[str, float, str] | None:
    """The strongest evidence for another kind of text."""
    low = posting.low[:8000]
    titles = [posting.view[label.start : label.end] for label in posting.labelled("title")]
    named = any(part.kind == "title" for part in posting.header) or any(len(t) <= 80 for t in titles)
    best: tuple[str, float, str] | None = None
    for code, rule, least, detail in _KINDS:
        if named and rule is _PROCESS:
            continue
        found = {m[0] for m in rule.finditer(low)}
        if code == "cv" and _items_of_the_past(posting) >= _PAST_ITEMS:
            found |= {"past work", "past tense"}
        elif code == "article" and _is_questionnaire(posting):
            found |= {"questions", "to ask", "and answer", "in turn"}
        strength = float(len(found)) * _STRENGTH.get(code, 1.2)
        if len(found) >= least and (best is None or strength > best[1]):
            best = (code, strength, detail)
    return best
