"""The hiring company."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.company_header import above_place, below_title, in_header, labelled
from jd_assets.stages.parse.company_hints import (
    ABSTRACT,
    LEAST,
    behind_dash,
    beside_title,
    hosts_of,
    most_named,
)
from jd_assets.stages.parse.company_names import (
    LEADS,
    NEVER_FIRST,
    RUN,
    SUFFIX,
    SUFFIX_AFTER,
    name_key,
    name_span,
    passes,
    squeezed,
)
from jd_assets.stages.parse.company_words import may_count, weight_of
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD, PUBLIC_BODY
from jd_assets.stages.parse.offers import announced, seekers
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.segments import HEADING
from jd_assets.stages.parse.verbs import FORMS
from jd_assets.stages.parse.view import trimmed

_AGENCY = re.compile(
    r"\b(?:our client(?:,| is| has| in | needs| requires| seeks|:)|for (?:one|some|many|several) of our "
    r"(?:[\w-]+ ){0,3}clients?\b|(?:hiring|looking|seeking|recruiting|searching|vacanc(?:y|ies)|openings?"
    r"|requirements?|role|position)\b[^.\n]{0,60}\bfor our (?:[\w-]+ ){0,2}clients?\b|client of ours"
    r"|on behalf of (?:our|a) client"
    r"|(?:is|are|'re|as) (?:an? |the )?(?:[\w-]+,? ){0,5}(?:recruitment agency"
    r"|staffing (?:agency|firm|company)|recruiting (?:agency|firm))"
    r"|consultancy hiring|(?:a|one|another|an? \w+) client of (?!the\b|our\b))\b"
)
_AGENCY_WORDS = (
    "recruitment agency", "staffing a", "staffing f", "staffing c", "recruiting agency", "recruiting firm",
    "consultancy hiring",
)  # fmt: skip
_CLIENT_WORDS = ("our client", "of our", "for our", "client of", "behalf of")
_UNNAMED = re.compile(
    r"(?:an? |our |the )?(?:reputed |leading |esteemed )?(?:client\b|confidential|undisclosed)", re.I
)
# What follows the name that an account of the company opens with
_TOLD = re.compile(r"(?: \([^()\n]{1,80}\))?,? (?:[a-z]{3,}s|is|are|was|an?)\b")
_NAMED_IN = frozenset((S.COMPANY, S.TITLE, S.OTHER, S.BENEFITS))  # sections whose headings name the company
_THE_BODY = re.compile(
    r"[Tt]he (?:City|County|Town|Village|State|Borough|Department|Ministry"
    r"|Government) of "
)
_UNIT = re.compile(r"(?<!hiring )(?<!employing )organi[sz]ation[\s:*|-]{0,10}$")
_SPELT = r"(?<![\w-])((?:[A-Z][\w&'-]+ (?:(?:of|and|&|the|for) )?){{1,6}}[A-Z][\w&'-]+) \({}\)"
_BODY_ENDS = frozenset(
    "Museum Hospital University College Library Gallery Zoo Aquarium Theater Theatre Orchestra Center System"
    " Foundation Society Academy Observatory"
    " Garden Council Government District Schools Authority Trust".split()
)
_GOVERNS = re.compile(r"\b(?:Department|Council|District|Authority|County|Office|Board|Schools)\b")
# Words that alone are no name, in lower case; those with an apostrophe may be a name's possessive
_NO_NAME = frozenset(word for word in NEVER_FIRST | LEADS | FORMS.keys() if "'" not in word)
# Institutions that a text may name for other reasons, once
_INSTITUTION = re.compile(
    r"^(?:Museum|University|College|Institute|Zoo) of [A-Zt]| (?:Museum|Hospital|University|College"
    r"|Library|Gallery|Zoo|Aquarium|Theat(?:er|re)|Orchestra"
    r"|Foundation|Society|Academy|Council|Observatory"
    r"|Medical Center|Health System|Botanic(?:al)? Garden)$"
)
_HOUSE = re.compile(
    r"^Museum of [A-Zt]| (?:Museum|Hospital|Gallery|Zoo|Aquarium|Theat(?:er|re)|Orchestra|Foundation"
    r"|Observatory|Public Library"
    r"|(?:Historical|Arts?) Society|Botanic(?:al)? Garden|Medical Center|Health System|Academy|Council)$"
)
# How a name ends that its short form leaves out: "Marlow Council", later "Marlow"
_FULL = re.compile(
    r" (?:Council|Museum|Hospital|Library|University|College|Gallery|Zoo|Orchestra|School District"
    r"|Public Schools"
    r"|Observatory|Theat(?:er|re)|Botanic(?:al)? Garden)$"
)
_OPENS_BODY = (
    "museum of ", "university of ", "college of ", "institute of ", "zoo of ", "city of ", "town of ",
    "village of ", "county of ", "borough of ",
)  # fmt: skip
_TELLING = 6.0  # weight that makes a name the employer's though the title holds its words
_ALONE = 2.0  # weight that is enough for the only institution of a text
# Bodies that a text seldom names unless they hire
_LOCAL_BODY = re.compile(
    r"^(?:City|Town|Village|Borough|County) of [A-Z]|[a-z] (?:(?:Borough|City|County|District|Shire|Town"
    r"|Parish"
    r"|Regional) Council|County Government|School District|Public Schools|Housing Authority|Transit Authority"
    r"|Water District|NHS (?:Foundation )?Trust)$"
)
# Where a department is: "the Department of Tides at Orrin Polytechnic"
_UNIT_AT = re.compile(
    r"\b(?:(?:Department|School|Division|Faculty|Institute|Cent(?:er|re)|Laboratory) (?:of|for) [^.\n]{3,60}?"
    r"|[\w'-]+ (?:[Ll]ab|[Ll]aboratory|[Gg]roup))"
    r"(?: at (?:the )?([A-Z](?:[\w'-]|\.(?=\w))*(?: (?:of |and |& )?[A-Z](?:[\w'-]|\.(?=\w))*){0,5})"
    r"|, (University of [A-Z][\w'-]+(?: [A-Z][\w'-]+)?|(?:[A-Z][\w'-]+ ){1,3}(?:University|College)))"
)
# A county is a place in a text, and who hires where it stands alone below the title
_COUNTY = re.compile(r"(?:[A-Z][\w.'’-]+ (?:d[ue] |of |and )?){1,4}County$")


def find_company(posting: Posting, title: Grounded | None) -> Grounded | None:
    """The name that the record, a label or the header gives, else the one that most speaks for itself.

    A text in which an agency hires for a client that it doesn't name has no company.
    """
    found = _found(posting, title)
    return _bare(posting, found) if found else None


def _bare(posting: Posting, found: Grounded) -> Grounded:
    """A name without "The" before a public body's, and without the city of the branch behind it."""
    start, end = _with_article(posting.view, found.start, found.end)
    view = posting.view
    governs = view.startswith(("The ", "the "), start) and PUBLIC_BODY.match(view, start + 4, end)
    if _THE_BODY.match(view, start, end) or (governs and _GOVERNS.search(view, start, end)):
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
            span = labelled(posting.view, label.start, label.end)
            if kind == "client" and posting.view[max(0, label.start - 8) : label.start].rstrip(" *")[
                -1:
            ] not in (":", "|", "-"):
                continue  # a heading of its own in a list of contacts
            if _UNNAMED.match(posting.view, *span):
                return None
            name = posting.view[slice(*span)]
            unit = _UNIT.search(posting.low, max(0, label.start - 24), label.start)
            again = " " in name and posting.view.count(name) > 1
            if unit and not (again or FIRM_WORD.search(name) or SUFFIX.search(name)):
                continue  # forms ask for the department so
            if 2 <= span[1] - span[0] <= 80 and passes(posting.view[slice(*span)], title, firms=None):
                return posting.grounded(*span)
    if _may_be_agency(posting.low) and _AGENCY.search(posting.low):
        return None
    named = announced(posting) or in_header(posting, title) or beside_title(posting, title)
    if named:
        return posting.grounded(*named)
    return _best(posting, title) or _department(posting, title) or _of_unit(posting, title)


def _may_be_agency(low: str) -> bool:
    """Whether a text holds a literal that `_AGENCY` needs: cheap to look for, unlike the pattern."""
    return any(words in low for words in _AGENCY_WORDS) or (
        "client" in low and any(words in low for words in _CLIENT_WORDS)
    )


def _department(posting: Posting, title: Grounded | None) -> Grounded | None:
    """The public body that a form gives as the department: "Department: Office of the State Auditor"."""
    for label in posting.labelled("other"):
        head = posting.low[posting.low.rfind("\n", 0, label.start - 1) + 1 : label.start]
        span = labelled(posting.view, label.start, label.end)
        name = posting.view[slice(*span)]
        body = PUBLIC_BODY.match(name) or (" " in name and gazetteer.country(name.rsplit(" ", 1)[-1]))
        if "department" in head and body and passes(name, title):
            return posting.grounded(*span)
    return None


def _of_unit(posting: Posting, title: Grounded | None) -> Grounded | None:
    """The institution of a department that the text names, where it says no more of who hires."""
    for match in _UNIT_AT.finditer(posting.view):
        span = trimmed(posting.view, *match.span(match.lastindex or 0), ".,")
        if passes(posting.view[slice(*span)], title):
            return posting.grounded(*span)
    return None


def _best(posting: Posting, title: Grounded | None) -> Grounded | None:
    scores: dict[str, float] = defaultdict(float)
    spans: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    view, low = posting.view, posting.low
    told = {
        after.start
        for head, after in pairwise(posting.segments)
        if head.kind == HEADING and after.section == S.COMPANY and after.kind != HEADING
    }
    hosts = hosts_of(low)
    first_letters = {host[:2] for host in hosts}
    runs: dict[str, list[int]] = defaultdict(list)
    for match in RUN.finditer(view):
        left, right = match.span()
        run = low[left:right]
        if run in _NO_NAME:
            continue
        runs[run].append(left)
        if not (
            may_count(view, low, left, right)
            or " for " in run
            or low[left : left + 2] in first_letters
            or (
                (match[0].rsplit(" ", 1)[-1] in _BODY_ENDS or run.startswith(_OPENS_BODY))
                and (_INSTITUTION.search(match[0]) or _LOCAL_BODY.search(match[0]))
            )
        ):
            continue
        start, end, possessive = name_span(view, left, right)
        if title and low.startswith(title.value.lower() + " ", start, end):
            start += len(title.value) + 1  # "Lens Grinder Kestrel Optics LLC is seeking ..."
            start += 4 if view.startswith("for ", start) else 0
        if start >= end:
            continue
        first = low[start:end].split(" ", 1)[0].rstrip(".,")
        verb = first in FORMS and (
            " " not in view[start:end] or view.startswith("the ", start + len(first) + 1)
        )
        if first in NEVER_FIRST or verb:
            continue
        weight = weight_of(view, low, start, end, possessive=possessive)
        if not weight and (match.start() in told or start in told) and _TOLD.match(view, end):
            weight = 4
        weight += 4 if hosts and any(map(squeezed(low[start:end]).startswith, hosts)) else 0
        suffix = SUFFIX_AFTER.match(view, end)
        if suffix and suffix.end() - end > 2:
            end = suffix.end()
        name = view[start:end]
        weight += 4 if (suffix or " " in name) and SUFFIX.search(name) else 0
        if not weight and " " in name:
            weight += 3 if _LOCAL_BODY.search(name) else 1.5 if _INSTITUTION.search(name) else 0
        if not weight or not passes(name, title if weight < _TELLING else None):
            continue
        segment = posting.segment_at(start)
        if segment is not None and segment.kind == HEADING and segment.section not in _NAMED_IN:
            continue
        if segment is not None and segment.section == S.BENEFITS and " " not in name and view.count(name) < 2:
            continue  # "Discounts - we have ..."
        asks = segment is not None and segment.section in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS)
        if asks and weight < 5 and not _LOCAL_BODY.search(name):
            continue
        if " " not in name:
            if (
                name[-1] == "s"
                and view.startswith((" will ", " are ", " may "), end)
                and view.count(name) < 2
            ):
                continue  # a plural that opens a sentence: "Interviews will"
            weight -= 3 if ABSTRACT.search(name) else 1 if len(name) > 3 else 2
        key = name_key(name)
        scores[key] += weight
        spans[key].setdefault(name, (start, end))
    for start, end, weight in seekers(posting, title):
        name = view[start:end]
        scores[name_key(name)] += weight
        spans[name_key(name)].setdefault(name, (start, end))
    behind = behind_dash(posting, title)
    if behind:
        name = view[slice(*behind)]
        scores[name_key(name)] += 4
        spans[name_key(name)].setdefault(name, behind)
    standing = below_title(posting, title)
    if standing:
        name = view[slice(*standing)]
        again = (
            low.count(name_key(name)) > 1
            or SUFFIX.search(name)
            or PUBLIC_BODY.match(name)
            or _LOCAL_BODY.search(name)
            or _COUNTY.match(name)
        )
        scores[name_key(name)] += 5 if above_place(posting, standing) else 4 if again else 2
        spans[name_key(name)].setdefault(name, standing)
    if not scores:
        return most_named(posting, title, runs)
    for key in list(scores):
        scores[key] += min(low.count(key), 8) * 0.5
        scores[key] += sum(
            0.5 * scores[other] for other in scores if other != key and other.startswith(key + " ")
        )
    best = max(scores, key=lambda k: scores[k])
    alone = scores[best] >= _ALONE and not any(scores[k] > scores[best] - 1 for k in scores if k != best)
    if scores[best] < LEAST and not (alone and any(map(_HOUSE.search, spans[best]))):
        return most_named(posting, title, runs)
    longer = [s for k in scores if k == best or k.startswith(best + " ") for s in spans[k].values()]
    legal = [s for s in longer if SUFFIX.search(view[slice(*s)])]
    span = next(iter(spans[best].values()))
    if legal and (
        name_key(SUFFIX.sub("", view[slice(*legal[0])])) == best
        or (" " not in best and legal[0][0] == low.find(best))  # "Tern Marine Corporation", later "Tern"
    ):
        span = legal[0]
    elif not (_FULL.search(view[slice(*span)]) or SUFFIX.search(view[slice(*span)])):
        full = [s for s in longer if _FULL.search(view[slice(*s)]) and s[1] - s[0] < 60]
        span = full[0] if full else span
    return posting.grounded(*_spelt_out(view, *span))


def _with_article(view: str, start: int, end: int) -> tuple[int, int]:
    """A name together with its "The", where the text hardly writes it without, or with a capital within
    sentences too; without it elsewhere."""
    own = view.startswith("The ", start)
    if not own and not view.startswith("The ", max(0, start - 4)):
        return start, end
    bare = start + 4 if own else start
    name = view[bare:end]
    if f" the {name}" in view:
        return bare, end
    within = re.search(rf"[a-z,] The {re.escape(name)}\b", view)
    usual = 2 * view.count(f"The {name}") > view.count(name)
    several = " " in name and not name[0].islower() and not name.endswith((" lab", " laboratory", " group"))
    return (bare - 4, end) if within or (usual and several) else (bare, end)


def _spelt_out(view: str, start: int, end: int) -> tuple[int, int]:
    """For an acronym that stands in brackets behind its words ("Tern Energy Systems (TES)"), the words."""
    name = view[start:end]
    if " " in name or not name.isupper():
        return start, end
    spelt = re.search(_SPELT.format(re.escape(name)), view)
    return spelt.span(1) if spelt and not has_job_noun(spelt[1]) else (start, end)
