"""Which section a heading opens: a vocabulary of what postings call their parts."""

from __future__ import annotations

import re

from jd_assets.stages.parse.kept import kept_if_short
from jd_assets.stages.parse.view import plain_words

TITLE, COMPANY, DUTIES, REQUIREMENTS, PREFERRED = (
    "title",
    "company",
    "responsibilities",
    "requirements",
    "preferred",
)
SKILLS, BENEFITS, APPLY, LEGAL, OTHER = "skills", "benefits", "apply", "legal", "other"

# Whole headings in normal form (see `normal`), most specific first. `WE` stands for we/you with their verbs.
_PHRASES: tuple[tuple[str, str], ...] = (
    (
        PREFERRED,
        r"(?:what (?:will|would) |things that |how to )?(?:set you apart|make you stand out|stand out)"
        r"|you(?:ll| will) stand out(?: if)?|(?:it(?: is|s) )?(?:a )?(?:nice|good"
        r"|great) (?:to|if you) have"
        r"(?: skills| qualifications| experience| but not (?:mandatory|required|essential))?"
        r"|bonus (?:points?|skills|qualifications|if you have)(?: for| if(?: you have)?)?"
        r"|extra (?:points|credit)|(?:ways|how) to stand out(?: from the crowd)?|also (?:useful|helpful"
        r"|welcome|good)|(?:helpful|useful)(?: but)?(?: not (?:required|essential|needed))?"
        r"|not (?:essential|required|mandatory)(?: but)?(?: (?:handy|useful|helpful|welcome|nice))?"
        r"|(?:(?:an? )?(?:huge|big|major|real|definite|strong|added) )?plus(?:es)?(?: points)?"
        r"(?: (?:if|for|when)(?: you(?:ve|r| have| are)?)?(?: (?:have|any of the (?:below|following))){0,2})?"
        r"|(?:added|additional) advantages?|(?:would|will) be (?:a plus|an advantage|nice|great)"
        r"|even better(?: if)?|brownie points"
        r"|ideally you(?:ll)?(?: will)?(?: also)?(?: have)?|we(?:d| would) love (?:it )?if you",
    ),
    (
        DUTIES,
        r"(?:what|how|things) (?:will )?(?:you|the role|this role|the job|this job|the position|he|she"
        r"|they)(?: will| ll|ll|d| would)? ?(?:be |really )?"
        r"(?:do|doing|own|owning|work on|working on|deliver|accomplish|responsible for|involves?"
        r"|entails?|contribute|make an impact|spend your (?:time|days?))"
        r"(?: (?:here|in this role|day to day|every day|each day|on the job|at work|with us"
        r"|as an? .{1,40}))?"
        r"|what (?:are )?you (?:be )?(?:do|doing)|what does (?:the|this|an?) .{2,40} do"
        r"|what we expect (?:from|of) you|what is expected(?: of you)?"
        r"|(?:in this (?:role|position|job) )?(?:you|the (?:incumbent|person|candidate"
        r"|successful candidate|role|job)|this (?:role|position|person))"
        r"(?: will|ll| shall)(?: be)?(?: (?:responsible for|include|do|work on|involve|also))?"
        r"|(?:as (?:an? |our |the ).{2,50} )you(?: will|ll)(?: be responsible for| be)?"
        r"|(?:what )?(?:your|a typical|typical|the|an?)? ?(?:day to day|day in (?:the|your) life"
        r"|typical day|day at work|week)(?: of .{2,30}| includes?| looks like| activities| work)?"
        r"|(?:how (?:will|does) )?(?:your|a)(?: typical)? (?:day|week|role"
        r"|job) (?:will )?looks? like(?: at .{2,30}| with us| here)?"
        r"|key result areas?|kras?|kpis?|key performance (?:areas?|indicators?)"
        r"|(?:key )?functional areas?|areas of (?:responsibility|focus|work)"
        r"|(?:job|role|position|essential|key|major|primary|core|principal|main) (?:functions|tasks"
        r"|activities|objectives?|purpose|mission|accountabilities|expectations|deliverables|duties"
        r"|scope)"
        r"|(?:job|role|position) (?:objective|purpose|function)|expectations (?:from|of|for) (?:the "
        r"|this )?(?:role|you|candidate|job)"
        r"|responsibilit(?:y|ies) of (?:and )?expectations from (?:the )?role|(?:overall )?purpose of (?:the "
        r"|this )?(?:job|role|position)|(?:job|role|position) purpose"
        r"|objectives? of (?:the |this )?(?:job|role|position)|(?:overall |key |main )?(?:objectives?"
        r"|purpose|mission|deliverables|tasks|activities|assignments?)"
        r"|(?:your|the) (?:mission|impact|challenge|contribution|tasks|role in .{2,30})"
        r"|(?:the )?(?:impact|difference) you(?:ll| will)?(?: make| have)"
        r"|scope of (?:the )?(?:work|role|job|position|responsibilit(?:y|ies))|work (?:you ?ll"
        r"|you will) do|nature of (?:the )?(?:work|job|duties)|(?:the )?work (?:involves|includes)"
        r"|(?:expected|daily|typical|regular|weekly) (?:activities|tasks|work)|examples? of (?:work"
        r"|duties)(?: performed)?|(?:illustrative|typical"
        r"|representative) (?:examples of )?(?:work|tasks|duties)|tasks? (?:and|to) (?:duties|perform)"
        r"|(?:the )?(?:typical |essential |other |these |major )?(?:duties|responsibilities|functions|tasks"
        r"|work) (?:(?:and|or) (?:duties|responsibilities|tasks|functions) )?"
        r"(?:(?:of this [a-z]+|performed|for this [a-z]+) )?(?:(?:may|will|can|shall|typically) )?"
        r"(?:include|consist of)(?: but (?:is|are) not limited to)?(?: (?:the|any of the|some of the) "
        r"following)?(?: (?:duties|tasks|areas))?(?: other duties .{0,20}assigned)?"
        r"|(?:as|in) (?:an? |this |our |the ).{2,50} you will"
        r"|(?:you d|youd|you would) (?:be|spend your (?:time|days?)(?: on)?|work on|do|own)|the gig"
        r"|your day|(?:the|our|this) (?!team|company|client)[a-z ]{3,30} (?:will|shall)(?: be)?"
        r"|what (?:youd|you d|you would|youll|you ll|you will|youre going to) (?:be )?(?:work(?:ing)? on"
        r"|learn and do|do)"
        r"|(?:what|how) (?:will|do|would) (?:i|we) (?:be )?(?:do|doing|need you to do|ask of you)"
        r"|during the (?:year|programme|program|internship|training) you(?:ll| will)?"
        r"|(?:what )?the (?:work|role|job|position) (?:involves|entails|includes|looks like|is about)"
        r"|job work"
        r"|how you(?:ll| will) (?:contribute|make an impact|help|spend your time)"
        r"|you(?:r)? (?:key )?(?:focus|priorities)(?: areas?)?|job role and duties|major areas",
    ),
    (
        BENEFITS,
        r"(?:we )?(?:offer|provide)(?:ed|ing)?|what do(?:es)? (?:we|you|[a-z]{3,20}) (?:offer|provide"
        r"|get)(?: you)?"
        r"|(?:in (?:return|exchange) )?we (?:can |do |will |also |currently )?(?:offer|provide|give)"
        r"(?: you)?(?: in (?:return|exchange))?"
        r"|(?:what|here s what|heres what) (?:we|you)(?: can|ll| will)?(?: ?re)? (?:offer(?:ing)?|get"
        r"|gain|receive|expect from us|enjoy|have to offer|can offer you|provide)(?: you| in return"
        r"| from us)?"
        r"|what(?: is|s) in (?:it|store)(?: for (?:you|me))?|why (?:you should |should you )?(?:join"
        r"|choose|work (?:at|for|with)|us|you(?:ll| will) love)(?: .{1,40})?"
        r"|(?:the )?(?:perks?|benefits?|rewards?|pay|compensation|remuneration|salary|package"
        r"|total rewards|employee benefits|our (?:offer|offering|promise)|we offer|incentives)"
        r"(?: (?:and|at|of|you|package|offered|perks?|benefits?|rewards?|details|information|range"
        r"|compensation|working|this|the|role|job|with|us|for|our|employees|include|salary|bonus"
        r"|equity|culture|recognition|statement|disclosure|overview|summary))*"
        r"|(?:perks?|benefits?) (?:of|at|for|in|with) .{2,40}|(?:(?:the )?(?:top )?(?:\d{1,2} )?)?(?:great "
        r"|good )?reasons (?:to|why) .{3,40}|(?:life"
        r"|working) (?:at|with) .{2,40}|join us(?: and)?"
        r"|join our team",
    ),
    (
        APPLY,
        r"(?:how (?:to|do i|do you) apply|to apply|apply(?: now| here| today| online| by| via| to)?"
        r"|applications?|ready to apply|interested(?: candidates?)?|next steps?"
        r"|(?:application|interview|selection|hiring|recruitment) (?:process|procedure|deadline"
        r"|rounds?|details|instructions?|information|timeline|method|steps)"
        r"|contact(?: us| details| person| information)?|walk ?in(?: details| date| drive)?"
        r"|closing (?:date|time)|deadline|required documents|documents required|submission|questions"
        r"|how (?:will )?(?:you|applicants|candidates|applications)(?: will)? be (?:evaluated|assessed"
        r"|reviewed|rated)|(?:application|recruitment|examination|testing) (?:and|or) .{3,30}"
        r"|basis of rating|examination (?:process|information|procedure)|agency contact information"
        r"|(?:what to expect|what happens)(?: (?:once|after|when|next|during).{0,40})|how we hire"
        r"|our (?:hiring|interview) process"
        r"|(?:date|time|venue)(?: and (?:time|venue))? (?:of )?interview|venue|speak with the employer)",
    ),
    (
        LEGAL,
        r"(?:equal (?:employment )?opportunit(?:y|ies)|eeoc?|diversity|inclusion|affirmative action"
        r"|disclaimer|legal|privacy|accommodations?|e verify|background check"
        r"|statement|notice|reasonable|our commitment to|commitment to|inclusive|equity|accessibility"
        r"|safeguarding|drug free|work authorization|visa sponsorship|fraud alert|important)"
        r"(?: (?:and|employer|employment|opportunity|statement|policy|notice|disclaimer|inclusion"
        r"|diversity|equity|belonging|terms|commitment|to|at|of|the|our|for|act|information|rights"
        r"|accommodations?|workplace|alert|note|requests?|disability|verification))*",
    ),
    (
        COMPANY,
        r"(?:about|who is|know|meet) (?!(?:the |this |your )?(?:role|job|position|opportunity"
        r"|internship|you|candidate|vacancy|work|program(?:me)?|assignment|requirements?)\b).{1,60}"
        r"|who we are(?: and what we do)?|what we do|we are|(?:the |our |company "
        r"|organi[sz]ation(?:al)? |employer |firm |corporate |business unit |division |group |team "
        r"|department |client |institution |agency |museum |school |hospital )"
        r"(?:overview|profile|description|information|background|summary|company|team|story|mission"
        r"|vision|values|culture|organi[sz]ation|client|business|department|people|history|product"
        r"|products|purpose|dna|way)(?: (?:and (?:values|vision|culture)|description|details))?"
        r"|(?:mission|vision)(?: and (?:vision|values|mission))?(?: statement)?|.{2,40} (?:company "
        r"|corporate |group |business |division |organi[sz]ation )?(?:overview|at a glance)"
        r"|working (?:for|at) (?:our|the|this) (?:organi[sz]ation|trust|company|council|school|charity"
        r"|university)"
        r"|how we work|life here|why people stay|why this role exists|the school|the team|where we are"
        r"|our locations?",
    ),
    (
        REQUIREMENTS,
        r"(?:what|who|things|skills) (?:we|you|i)(?: are| re| ll| ve| d|ll|re|ve|d| will| would| must"
        r"| should| can)?(?: (?:be|also|really))?"
        r" ?(?:look(?:ing)? for|need(?: to (?:have|be|succeed|know|apply|see))?|bring(?:ing)?"
        r"|have(?: done)?|seek(?:ing)?|require|want|expect|value|are|like to see|got"
        r"|possess)(?: (?:in you|from you|to this role|to the table|to the team|to (?:have|apply"
        r"|succeed)|with you|to have))?"
        r"|what are we looking for|what (?:do|did|will|would) (?:i|you) need(?: to (?:have|bring))?"
        r"|what we(?: ?re)? (?:ask(?:ing)?|hope|hoping) ?(?:for|you (?:have|bring))?"
        r"|(?:we(?:d| would)|wed) like(?: you)?(?: to (?:have|see|bring))?(?: if)?|you should (?:know|have"
        r"|be|bring)"
        r"|who (?:would|might|will) (?:suit|fit)|could this be you|the person(?: we need)?"
        r"|person spec(?:ification)?"
        r"|(?:your|the) (?:toolkit|craft)|sounds like you|is this you|must|required|essentials?|what(?: is"
        r"|s| are)? (?:required|needed)|what (?:does )?it (?:takes?"
        r"|take to .{1,40})|what makes you .{2,40}|what you should have|who (?:you are|are you"
        r"|can apply|should apply|we want)"
        r"|you(?: ve| re|ve|re| have| are| must| should| bring| need| possess| will have| ll have"
        r"|ll have| might be)(?: (?:have|be|got|a|an|ideal for this role|a (?:great|good) (?:fit"
        r"|match)|the right (?:fit|person)|someone who|will need|an? ideal .{2,20}|to have))?(?: if)?"
        r"|you(?:re| are) an? (?:(?:good|great|strong|perfect|natural) )?(?:fit|match)(?: (?:if"
        r"|for) ?.{0,20})?"
        r"|youre? ideal for this role if|you(?: are|re) ideal .{0,30}|this (?:role|job"
        r"|position) is for you if|you(?: may| might| will|ll) be an? (?:(?:good|great|strong) )?(?:fit"
        r"|match)(?: if)?|(?:you (?:should|must)|(?:the |an? )?(?:ideal|successful|suitable|right"
        r"|desired|preferred) (?:candidate|applicant|person|profile)s?)"
        r"(?: (?:profile|must|should|will|for this (?:role|position)|is|has|have|would|possess|also"
        r"|specification|requirements?|experience|who|be|description|attributes|qualities))*"
        r"|(?:about|a bit about|tell us about) (?:you|the candidate|yourself)|you|to be (?:successful"
        r"|considered|eligible)(?: in this role)?(?: you(?:ll| will)? (?:need|have|must have))?"
        r"|to (?:succeed|thrive|qualify)(?: in this (?:role|position))?(?: you(?:ll| will)? need)?"
        r"|must haves?(?: (?:skills|requirements|qualifications|experience|criteria))?|(?:it s "
        r"|is )?(?:mandatory|essential|required)(?: (?:criteria|attributes))?|profile(?: requirements?"
        r"| ideally)?|your (?:profile|background|experience|skills|expertise)|who can apply"
        r"|pre ?requisites?"
        r"|(?:candidate|person|employee|job|hiring|minimum|position) (?:profile|specifications?"
        r"|requirements?|criteria|attributes|standards)|competenc(?:y|ies)"
        r"|(?:key |essential |mandatory |job )?selection (?:criteria|requirements)(?: and .{3,30})?"
        r"|conditions of employment|(?:key |special |entry |employment |other )?(?:requirements|conditions)"
        r"(?: (?:of|for) (?:employment|entry|the (?:role|position|job|post)))?"
        r"|(?:knowledge|skills?|abilit(?:y|ies)|working knowledge|general knowledge|considerable knowledge)"
        r" (?:of|to|in)|must be able to"
        r"|(?:education|training|experience)(?: (?:and|or|training|experience|education|training))+"
        r"|(?:necessary|required|special|minimum|desired) (?:knowledge|training|education)"
        r"(?: (?:and|or|knowledge|skills|abilities|training|experience|education|special"
        r"|requirements))*"
        r"|licen[cs](?:e|es|ure|ing)(?: (?:and|or|certifications?|certificates?|registrations?"
        r"|credentials?|requirements?))*|certificat(?:es?|ions?)(?: (?:and|or|licenses?|licences?"
        r"|licensure|registrations?|requirements?))*"
        r"|(?:the )?competencies.{0,30}|languages? (?:known|required|requirements?|skills)|languages"
        r"|(?:technical|behaviou?ral|core|functional|key|personal|desired|leadership"
        r"|required) (?:competenc(?:y|ies)|attributes|qualities|traits|characteristics|attributes)"
        r"|behaviou?ral|eligibility(?: criteria)?|criteria"
        r"|(?:physical|working|travel|environmental|mental|sensory|cognitive) (?:and .{3,20} )?(?:demands?"
        r"|conditions?|requirements?|environment|effort|abilities|activities|standards).{0,30}"
        r"|(?:work|personality) (?:environment|traits|conditions)(?: and .{3,30})?|success factors",
    ),
)
_PHRASE = re.compile("|".join(f"(?P<{section}>{pattern})" for section, pattern in _PHRASES))

_DESCRIPTIONS = re.compile(
    r"(?:full |detailed |brief |general |overall |short )?(?:(?:job|role|position|work|the|vacancy"
    r"|post|internship|assignment|opportunity) ?)"
    r"(?:description|summary|overview|details?|profile|brief|information|opportunity|role|job"
    r"|position|statement|info|post)?(?: (?:and|in) (?:.{2,30}))?"
    r"|jd|job work|what you (?:can|may|should) expect|about (?:the|this|your) (?:role|job|position"
    r"|opportunity|internship|work|vacancy"
    r"|program(?:me)?|assignment)|description|summary|overview|introduction|general (?:summary"
    r"|information|description)"
    r"|(?:the |your )?(?:opportunity|role|position|job|vacancy|work)|what to expect"
    r"(?: (?!once|after|when|next|during).{1,30})?"
    r"|primary details|(?:additional|supplemental) (?:information|details|notes?)"
    r"|other (?:details|information)"
    r"|notes?|more information|reporting (?:structure|to|relationships?)|reports to|interactions"
    r"|key (?:interactions|relationships|interfaces)|the expectations"
    r"|expectations|at a glance"
    # of classes of posts in public service
    r"|definition|(?:class|general|job|position|classification) (?:definition|characteristics|purpose"
    r"|statement)(?: of (?:the )?(?:job|duties|position|class))?"
    r"|general statement of (?:the )?(?:job|duties)|nature of (?:the )?(?:class|position)"
    r"|distinguishing (?:characteristics|features)(?: of the class)?"
    r"|supervision(?: (?:received|exercised|given|and|or|over others))*|supervisory (?:responsibilit(?:y"
    r"|ies)|controls?)(?: .{3,30})?"
    r"|(?:equipment|tools)(?: (?:and|equipment|tools|materials|machines|work aids|used|to be used|operated))+"
    r"|career (?:ladder|series|path)|organi[sz]ational relationships"
)

# Words of one-idea headings, such as "Key Skills & Experience": each core word names a section, and all the
# others must be neutral.
_CORE: dict[str, str] = {
    **dict.fromkeys(
        "responsibilities responsibility duties duty accountabilities accountability deliverables functions "
        "tasks".split(),
        DUTIES,
    ),
    **dict.fromkeys(
        "requirements requirement qualifications qualification education educational experience "
        "experiences expertise"
        " prerequisites requisites credentials background eligibility academics academic "
        "certifications licenses"
        " licences licensure certification degree abilities knowledge competencies criteria".split(),
        REQUIREMENTS,
    ),
    **dict.fromkeys(
        "skills skill skillset skillsets technologies tech stack tools toolset software".split(),
        SKILLS,
    ),
    **dict.fromkeys("preferred desirable bonus preferences optional desired".split(), PREFERRED),
    **dict.fromkeys("benefits perks".split(), BENEFITS),
}
_NEUTRAL = frozenset(
    """and or of for the a an to in on at with your our us this that key main primary core major
    principal essential basic minimum required necessary mandatory specific general other additional
    important critical job role roles position work day daily technical functional professional
    personal soft hard general special specialized relevant related prior set sets level attributes
    total overall summary description profile details candidate candidates area areas include includes
    including following are is be but not limited key top detailed some external internal must have
    good we you ve need ll programming domain industry interpersonal leadership management language
    range years training qualities physical ideal activities kras objectives
    expectations scope desired behavioural behavioral selection typical examples example illustrative only
    representative marginal peripheral secondary regular daily performed assigned class special legal
    operational success succeed features""".split()
)
# What a heading may end in after words of its own: "Web Developer Responsibilities".
_TAILS: dict[str, str] = {
    w: s
    for w, s in _CORE.items()
    if w in "responsibilities duties requirements qualifications benefits".split()
}
_RANK = (DUTIES, PREFERRED, REQUIREMENTS, SKILLS, BENEFITS)

_LINK = re.compile(r"\[([^\[\]]{1,80})\]\([^()\s]{0,80}\)")  # of Markdown
_PARENTHESES = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_NUMBERING = re.compile(r"(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]\s+(?=\S)")
_AFTER_NUMBER = re.compile(r"[.)]\s")
_TYPO = re.compile(r"\brespons[a-z]{4,10}\b|\bdi?scr?iption\b|\bdiscription\b|\bdesc?ription\b")
# "Duties of the harbour warden", "What you need for this position"
_OF_THE_JOB = re.compile(r" (?:of|for|in) (?:this|the|our|your|an?)(?: [a-z]+){1,4}$")
_LEADING = frozenset("the your our key main primary core major a an".split())


@kept_if_short(8192)
def normal(heading: str) -> str:
    """Lower-case words of a heading, without numbering, marks and what stands in parentheses."""
    low = heading.lower().strip(" \t*#_~:-=>|\u2022")
    if "](" in low:
        low = _LINK.sub(r"\1", low)
    if ")" in low or "." in low or "]" in low:
        low = _NUMBERING.sub("", low, count=1) if _AFTER_NUMBER.search(low) else low
        outside = _PARENTHESES.sub(" ", low)
        low = outside if any(c.isalpha() for c in outside) else low
    words = plain_words(low.replace("&", " and ").replace("'", ""))
    return _TYPO.sub(_mend, words) if "respons" in words or "iption" in words else words


def _mend(match: re.Match[str]) -> str:
    if match[0].startswith("d"):
        return "description"
    return (
        match[0]
        if match[0] in ("responsible", "responsibly", "responsive", "responsiveness")
        else "responsibilities"
    )


@kept_if_short(8192)
def heading_section(heading: str) -> str | None:
    """The section that a heading opens, `other` for one that only says "description"; None if it is none.

    The text must be the whole heading. It is compared in its normal form, so marks, case and numbering
    don't count.
    """
    if len(heading) > 110:
        return None
    words = normal(heading)
    if not words or len(words) > 90:
        return None
    tokens = words.split()
    if len(tokens) > 12:
        return None
    if _DESCRIPTIONS.fullmatch(words):
        return OTHER
    phrase = _PHRASE.fullmatch(words)
    if phrase:
        return phrase.lastgroup
    stripped = [t for i, t in enumerate(tokens) if i or t not in _LEADING] or tokens
    found = {_CORE[t] for t in stripped if t in _CORE}
    if found and all(t in _CORE or t in _NEUTRAL for t in stripped):
        if (
            PREFERRED in found
            and "desired" in stripped
            and not {"preferred", "desirable", "bonus", "qualifications"} & set(stripped)
        ):
            found.discard(PREFERRED)
            found = found or {REQUIREMENTS}
        return next(s for s in _RANK if s in found)
    plain = _OF_THE_JOB.sub("", words)
    if plain != words and plain:
        return heading_section(plain)
    tail = stripped[-1]
    if tail in _TAILS and len(stripped) <= 7 and heading.lstrip(" *#_0123456789.-\u2022")[:1].isupper():
        return _TAILS[tail]
    return None


_WORK = re.compile(
    r"(?:(?:full |detailed |brief )?(?:job|role|position|work) (?:description|summary|overview|details"
    r"|profile|role)"
    r"|jd|job work|(?:about )?(?:the|your|this) (?:role|job|position|work))"
)


def heads_the_work(heading: str) -> bool:
    """Whether a heading says that the job is described below it: a list there is one of duties."""
    return len(heading) < 60 and _WORK.fullmatch(normal(heading)) is not None
