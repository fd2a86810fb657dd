"""Whether a line or sentence states a duty, asks for something, or neither."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.announcing import announces, favours, needs_to_act
from jd_assets.stages.parse.asides import speaks_of_applying, speaks_of_list, states_benefit
from jd_assets.stages.parse.kept import kept_if_short
from jd_assets.stages.parse.openings import is_nominal, opens_after_label, opens_with_clause, starts_with_verb
from jd_assets.stages.parse.terms import states_terms

_REQUIREMENT = re.compile(
    r"""(?:an?\ |the\ |any\ |some\ |very\ |proven\ |overall,?\ |[\W_]{1,3}){0,2}(?:
      (?:must|should|shall|may|can)\b(?!\ include)
    | (?:he|she|they|he/she|candidates?|applicants?|(?:the\ )?ideal\ (?:candidates?|individual
      |person|applicant)
      |we\ expect\ you)\ (?:(?:is|are)(?!\ (?:also\ )?(?:responsible|accountable|in\ charge|tasked))|must
      |should
      |with|who|also|to\ be|possess|has|have
      |(?:will|would)\ (?:have|be\ (?:proficient|able|comfortable|skilled|familiar|an?)))\b
    | you(?:'re|\ are)\b(?!\ (?:also\ )?(?:responsible|accountable|in\ charge|tasked|(?:required|expected
      |asked)\ to\ (?!have|possess|hold|be\b)))
    | you(?:'ve|\ (?:have|possess|should|must|need|love|think|know|can|bring|thrive|enjoy
      |take|want|understand))\b
    | you\ will\ (?:need|have|possess)\b
    | (?:strong|excellent|solid|sound|superb|exceptional|outstanding|extensive|thorough|demonstrable
      |impeccable|fluent|prior|previous|minimum|at\ least|atleast|great|superior|substantial
      |significant|adequate|stellar|broad|robust|profound|keen|competent)\b
    | (?:good|basic|advanced|relevant|hands[\ -]on|deep|in[\ -]depth|high|working|proven|clear|clean
      |practical|professional|recent|direct|technical|full|current|native|natural|general|similar
      |intermediate|expert|similar)\ (?:and\ \w+\ |\w+\ ){0,3}?(?:knowledge|understanding|experience
      |skills?|expertise|ability|abilities|familiarity|proficiency|command|exposure|communicat\w+
      |grasp|degree|record|speaker|level|license|english|background|aptitude)\b
    | (?:good|highly|self|high)[\ -]\w+
    | (?:ability|abilities|able|capab\w+|capacity|aptitude|proficien\w+|expertise|expert|familiar\w*
      |fluency|fluent|knowledge\w*|understanding\ (?:of|about|and)|willing\w*|readiness|eager\w*
      |comfort\w*|passion\w*|flexib\w+|flair|exposure|experienced?\b|certified|skilled|competen\w+
      |acquaint\w+|accustomed|well[\ -](?:versed|organi[sz]ed)|adept|attention\ to|keenness|eye\ for
      |desire\ to|commitment\ to|willingness|possess\w*|eligible|legally|qualified|enthusias\w+
      |curio\w+|motivated|energetic|team[\ -]player|quick\ learner|problem[\ -]solv\w+
      |critical\ thinking|interpersonal|communication\ skills|organi[sz]ational\ skills
      |time[\ -]management|detail[\ -]oriented|result\w?[\ -]\w+|proactive\b|dedicated|mindset
      |presentable|pleasant|proficient|hard[\ -]?working|creativ\w+|track\ record|internship
      |coursework|education\w*|informed\ of|enrolled|currently|having|being\ able|mastery
      |command\ (?:of|over)|evidence\ of|success\ in|reliable|computer\ (?:literate|skills|literacy)
      |immediate|candidates?\ (?:profile|with)|background\ in|tenacity|patience|persistence
      |no\ prior|languages?\b|age\b|valid)
    | (?:bachelor\w*|baccalaureate|b\.[as]\.|(?:[a-z]+\ ){1,3}degree\ (?:in|with|or|from|and)\b
      |master'?s?(?:'|\ degree)|degree|diploma|graduat(?:e|es|ion)\b
      |(?:[a-z]+\ ){1,2}graduates?\ (?:\(|with|from|or|in)|(?:ca|mba|cfa|cpa|icwa)(?:\ or|\ with|\ from|/)
      |post[\ -]?graduat\w*|under\ ?graduat\w*|(?:graduation\ from\ )?high\ school|will\ accept|ph\.?d
      |mba\b|b\.?\ ?tech|b\.e|be\ (?:or
      |in|with|[a-z]{2,5}/)|b\.?sc|m\.?\ ?tech|mca\b|bca\b|be/|ged\b|associate'?s?\ degree)
    | \d{1,2}\+?\ ?(?:-|to|–)?\ ?\d{0,2}\+?\ ?(?:years?|yrs?|months?)\b
    | (?:one|two|three|four|five|six|seven|eight|ten)\+?\ (?:\(\d+\)\ )?(?:or\ more\ )?years?\b
    | (?:[2-7]|two|three|four|five|six|seven)[ -]days?[ -](?:work(?:ing|week)?\b|office
      |in\ (?:the\ )?office|on[ -]?site|a\ week|per\ week|week\b)
    | (?:nice|preferred|preferably|desired|desirable|ideally|bonus|plus)\b
    | be\ (?:able\ to|willing|confident|comfortable|fluent|passionate|proficient|flexible|available
      |eligible|educated|qualified|registered|licen[sc]ed|experienced|at\ least|legally|self)
    | (?:have|hold|possess)\ (?:an?\ |the\ |at\ least\ |excellent\ |strong\ |good\ |proven\ )
      (?!(?:\w+\ )?(?:responsib|accountab))
    | demonstrat\w+\ (?:an?\ |the\ )?(?:\w+\ ){0,3}(?:knowledge|ability|experience|skills?|understanding
      |success
      |track|proficiency|innovation|leadership|competence|curiosity)\b
    | (?:familiarity|experience|knowledge|skills?|minimum|freshers?|awareness
      |(?:logical|analytical)\ (?:skill|think|abilit|mind|bent|and)\w*
      |technological\ understanding|starting\ (?:salary|pay|rate|wage|at|from)
      |package|interview\ rounds?)\b
    )""",
    re.VERBOSE,
)
_ASKING_END = re.compile(
    r"(?:\b(?:preferred|(?<!as )(?<!if )(?<!when )required|desirable|desired|mandatory|essential|a plus"
    r"|(?:an |added "
    r"|distinct )?advantage|a must|is must|appreciated|(?<!as )(?<!if )(?<!when )(?<!where )(?:needed"
    r"|necessary)|a bonus)"
    r"|\b(?:skills|experience|knowledge|degree|mindset|attitude))[\s.!*)]{0,4}$"
)
# An end that says so whatever the line starts with: "Managing a team is a plus".
_WISHED_END = re.compile(
    r"\b(?:(?<!as )(?<!if )(?<!when )(?<!where )(?:preferred|desirable|mandatory|a plus|(?:an |added "
    r"|distinct )"
    r"advantage|a must|is must))[\s.!*)]{0,4}$"
)
# The last words of the two above
_WISHED_ENDS = ("preferred", "desirable", "mandatory", "a plus", "advantage", "a must", "is must")
_ASKING_ENDS = (
    *_WISHED_ENDS, "required", "desired", "essential", "appreciated", "needed", "necessary", "skills",
    "a bonus", "experience", "knowledge", "degree", "mindset", "attitude",
)  # fmt: skip
_ASKS_LATER = re.compile(
    r"\b(?:candidates?|applicants?) (?:must|should|need|are required"
    r"|will be required)\b"
)
# What sounds like a wish and is work in a list of duties
_ACTED_OUT = ("demonstrate ability to ", "demonstrate the ability to ", "be available to ")
# Where and what a post is: "Once again, the position is in the north"
_OF_POST = re.compile(
    r"(?:[^.]{0,20} )?(?:this|the) (?:position|role|job|post) is (?:for|in|based|located|open|full|part|at)\b"
)
_HIRES = re.compile(
    r"(?:[^.;:]{2,100} )?(?:is|are) (?:currently |now |actively )?(?:looking|seeking|hiring|searching) "
)
_NOUNS_OF_WISHES = ("experience", "knowledge", "skills", "expertise")
_EXPERIENCE_NOUN = re.compile(rf"(?:[\w/&+-]+ ){{1,4}}(?:{'|'.join(_NOUNS_OF_WISHES)})\b")

# What an employer aims at: "Its goal is to record every song"
_AIM = re.compile(
    r"(?:our|its|their) (?:[a-z]+ ){0,2}(?:goal|mission|focus|objective|aim|vision|purpose)s? (?:is|are"
    r"|was)\b"
)
_POINTER = re.compile(r"\b(?:as (?:below|follows)|(?:the|as) following)[\s.:]{0,3}$")
_KEPT = 1024  # lines whose answers are kept: each of a text is asked about several times
_END = 60  # last characters of a sentence, in which its end is looked for


@kept_if_short(_KEPT)
def asks(low: str) -> bool:
    """Whether a line in lower case asks for something of the candidate."""
    if _REQUIREMENT.match(low):
        return True
    named = any(noun in low for noun in _NOUNS_OF_WISHES) and _EXPERIENCE_NOUN.match(low)
    return bool(named) and not starts_with_verb(low)


def is_duty(low: str, section: str, *, bullet: bool, words: int) -> bool:
    """Whether a line or sentence, in lower case, of a section is a duty."""
    # Most lines are none, so what a duty must not be is asked of the rest alone.
    return _says_work(low, section, bullet=bullet, words=words) and not states_terms(low)


def _says_work(low: str, section: str, *, bullet: bool, words: int) -> bool:
    end = low[-_END:]
    last_words = end.rstrip(" \n.!*)")
    if words < 2 or section in (S.APPLY, S.LEGAL):
        return False
    if speaks_of_applying(low) or speaks_of_list(low) or states_benefit(low):
        return False
    if low[-1] == "?" or (not bullet and low[-1] == "!" and not announces(low)):
        return False
    if (low.endswith(":") and words <= (14 if bullet else 24) and not (bullet and words > 7)) or (
        ("below" in end or "follow" in end) and _POINTER.search(end)
    ):
        return False
    if section == S.DUTIES:
        if low.startswith("may ") and starts_with_verb(low[4:]):
            return True
        if needs_to_act(low):
            return True
        if (asks(low) and not low.startswith(_ACTED_OUT)) or (
            last_words.endswith(_WISHED_ENDS) and _WISHED_END.search(end)
        ):
            return False
        if last_words.endswith(_ASKING_ENDS) and _ASKING_END.search(end) and not starts_with_verb(low):
            return False
        if not bullet and not announces(low) and _OF_POST.match(low):
            return False
        if not bullet and (_ASKS_LATER.search(low) or (_HIRES.match(low) and not announces(low))):
            return False
        if favours(low.split(". ", 1)[0]) and not starts_with_verb(low):
            return False
        return bullet or words >= 3 or (low[-1] in ".;" and starts_with_verb(low))
    if section in (S.BENEFITS, S.COMPANY):
        return not bullet and words >= 6 and announces(low) and not _AIM.match(low)
    if low.startswith("may ") and starts_with_verb(low[4:], strict=True):
        return words >= 5
    if section == S.OTHER and not bullet and needs_to_act(low):
        return words >= 6
    if asks(low):
        return False
    if section in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS):
        opens = starts_with_verb(low, strict=True) and not low.startswith("understand")
        return (
            words >= 4
            and (opens or announces(low))
            and not (last_words.endswith(_ASKING_ENDS) and _ASKING_END.search(end))
        )
    if announces(low):
        return words >= 6
    if not bullet and opens_with_clause(low):
        return False
    if words >= 6 and ":" in low and opens_after_label(low, strict=True):
        return True
    if starts_with_verb(low, strict=not bullet):
        return words >= 3
    return bullet and words >= 3 and (is_nominal(low) or opens_after_label(low))
