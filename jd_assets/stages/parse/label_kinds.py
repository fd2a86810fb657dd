"""Which field a label of a posting names: a vocabulary of "Job Location", "CTC" and their like."""

from __future__ import annotations

import re

from jd_assets.stages.parse.kept import kept_if_short
from jd_assets.stages.parse.sections import normal

_LABELS: tuple[tuple[str, str], ...] = (
    (
        "title",
        r"(?:job |position |role |post |vacancy |posting |class |classification |working |official "
        r"|functional |business |internal "
        r"|project )?"
        r"(?:title|designation)|(?:title|name) of (?:the )?(?:position|post|job|role)"
        r"|(?:job )?(?:role|position|post|vacancy|opening)(?: (?:name|title"
        r"|applied for))?|job name|job|position applied|opening for|hiring for|we are hiring"
        r"|(?:we are |were )?looking for|now hiring"
        r"|profile name",
    ),
    ("client", r"(?:end )?client(?: name)?"),
    (
        "company",
        r"listing for|listed by|posted by|advertiser|(?:host (?:and )?)?(?:employing|host|hiring) (?:trust"
        r"|authority|council|department|board)|(?:(?:hiring|employing|recruiting) )?(?:company|employer"
        r"|hospital|museum|university|school"
        r"|organi[sz]ation|agency|institution|firm)(?: name)?"
        r"|department agency|agency department|department organi[sz]ation|ministry department"
        r"|organi[sz]ation name|name of (?:the )?(?:company|employer|organi[sz]ation)",
    ),
    (
        "location",
        r"(?:(?:job|work|working|base|primary|office|posting|preferred|open|current|site|project|duty"
        r"|interview|hiring|campus|position|store|role) )*(?:locations?|city|cities|place of (?:work"
        r"|posting)|work ?site|duty station|work ?place|base|town|based in|based at"
        r"|based)(?: (?:of (?:requirement|work|job|posting)|city|name|address|details))?|place|address"
        r"|office address|job in|location of (?:the )?(?:job|post|position|role|work)|where|city state"
        r"|location s",
    ),
    (
        "experience",
        r"(?:total |relevant |required |preferred |desired |minimum |min |work |overall |professional "
        r"|years? of |yrs of |industry |exp )*(?:experience|exp|work exp|experiance)(?: (?:required"
        r"|range|level|needed|in years|years|yrs|and .{2,20}|desired|preferred))*"
        r"|(?:minimum )?years of experience|yoe|seniority",
    ),
    (
        "salary",
        r"basic(?: salary| pay)?|(?:(?:annual|base|monthly|gross|expected|offered|estimated|hourly"
        r"|starting|fixed|pay|job"
        r"|hiring|posted|salary|anticipated|target) )*(?:salary|ctc|pay|compensation|stipend|package"
        r"|remuneration|wage|wages|rate|pay grade|budget|earnings)(?: (?:range|scale|offered|rate"
        r"|package|details|per annum|per month|pa|band|budget|per hour|information|grade|minimum"
        r"|transparency|and benefits|from|structure|for this role))*",
    ),
    (
        "education",
        r"(?:(?:educational|education|academic|minimum|required|basic|essential"
        r"|preferred) )*(?:qualifications?|education|degree|academics)(?: (?:required|level"
        r"|qualifications?|requirements?|background|details|criteria|ug|pg|and experience))*|ug|pg"
        r"|graduation",
    ),
    (
        "work_mode",
        r"(?:work ?(?:mode|model|place type|arrangement|type|style|setting|environment|location type)"
        r"|workplace(?: type| model)?|mode of (?:work|working|job)|remote(?: status| type| work"
        r"| option)?|work from home|work remotely|working model|job mode|location type"
        r"|telework(?: eligible)?|on ?site or remote|working arrangement|remote job|job type"
        r"|employment type)",
    ),
    (
        "certification",
        r"(?:required |preferred |professional |mandatory )*(?:certifications?|licen[cs]es?"
        r"|licensure)(?: (?:and|or) (?:certifications?|licen[cs]es?|licensure"
        r"|registrations?))*(?: (?:required|preferred))?",
    ),
    (
        "other",
        r"(?:job |employment |position |contract |work |role )*(?:type|category|function|status|level"
        r"|id|code|number|grade|band|schedule|shift|shifts|timings?|duration|start date|posted"
        r"|posting date|posted on|date|reference|ref|industry|department|division|team|function"
        r"|vacancies|openings|notice period|reports to|reporting to|gender|age|country|state"
        r"|state province|zip postal code|employees?|working days|work days|hours|travel|job family"
        r"|flsa status|union|fte|requisition|req|req id|joining|industry type|functional area"
        r"|number of positions|no of (?:positions|openings|vacancies)|interview mode|mode of interview"
        r"|(?:application |filing |submission )?(?:deadline|close|closes|opens|open|posted|opened|updated)"
        r"(?: (?:to|for) applications?| on)?|(?:job )?(?:announcement|vacancy) number|pay basis|revised"
        r"|(?:last|latest) (?:revision|reviewed|updated)|date revised|civil service title|supervisory status"
        r"|security clearance|travel required|work schedule|appointment|contract duration|tenure"
        r"|working hours|salary grade|domain|date posted|bond|language|languages|gender preference"
        r"|website|phone|email|contact|mobile|job posting date|employee status|organization unit|start"
        r"|end date|closing date|opening date|appointment type|pay plan|remote job|expiry"
        r"|level)(?: (?:required|time|details|number|id|name|date|no))?",
    ),
)
_LABEL = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _LABELS))


@kept_if_short(8192)
def label_kind(heading: str) -> str | None:
    """The field that a label such as "Job Location" or "CTC" announces; None if it is no field label."""
    words = normal(heading)
    if not words or len(words) > 60:
        return None
    label = _LABEL.fullmatch(words)
    return label.lastgroup if label else None
