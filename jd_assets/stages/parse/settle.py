"""Which drafts of a JD's segments are duties, by their section, their words and the list they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.announcing import announces
from jd_assets.stages.parse.duties import asks, is_duty
from jd_assets.stages.parse.header import states_fact
from jd_assets.stages.parse.openings import is_nominal, opens_after_label, opens_with_clause, starts_with_verb
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.verbs import FORMS

HEADING, ITEM, SENTENCE = "heading", "item", "sentence"
_OUTSIDE = re.compile(
    r"(?:if you|your |join|are you|apply(?: (?:now|today|online|here|via|through|at|by|for|on|if|before|in)\b"
    r"|\W*$|[^ ])|click|please|note\b|why |do you|visit|our |we )"
)
# Headings whose lists go on with what is asked for: "Ability to:", then "Prepare clear reports".
_ASKS = re.compile(
    r"\b(?:knowledge|skills?|abilit(?:y|ies)|able|capab\w+|willing\w*|proficien\w+|competen\w+|experience)"
    r" (?:of|to|in|with)(?: the following)?\W{0,4}$|\b(?:physical|environmental|working|work|mental) "
    r"(?:demands?|conditions?|requirements?|environment|abilities|effort)\b|\bconditions of employment\b"
    r"|\bsupervision (?:received|exercised|over)\b|^\W{0,8}supervision\W{0,4}$"
)
# "Competencies", then how somebody works: "Communicates clearly"
_TRAITS = re.compile(r"\b(?:competenc(?:y|ies)|attributes|behaviou?rs)\W{0,4}$")
_THIRD = re.compile(r"(?:[a-z]+ly )?[a-z]+s\b")
# "Specialised experience which includes:", then what was done in it
_LISTS_EXPERIENCE = re.compile(
    r"\b(?:experience|knowledge|skills|competencies)\b(?:[^.:]{0,60}|[^.:]{0,160}\b(?:includ\w+|following"
    r"|such as|in)[^.:]{0,20}):$"
)
_NO_SENTENCE = re.compile(r"experience|knowledge|\d{5}")  # wishes and telephone numbers
_WISH = re.compile(r"(?:be (?:an?|able)|have|hold|possess)\b")
_ONE_WORD = re.compile(r"[a-z][a-z-]{4,}[.;,]?")
_PROVEN = re.compile(r"(?:demonstrat|exhibit|show|display|understand|qualif|possess)\w*\b")
_LINE = 100  # characters of a short line
_LIST = 3  # items that make a list
_THEY = re.compile(r"they (?:also |then |often |regularly )?(?!are\b|have\b|need\b|want\b)([a-z]+)\b")
_TOP = 6  # drafts among which a title may stand


@dataclass(slots=True)
class Draft:
    """A segment in the making."""

    start: int
    end: int
    section: str
    kind: str
    mark: bool
    block: int  # counts the headings before it
    listed: bool = False
    value: bool = False  # of a field label, such as Industry
    duty: bool = False


def mark_duties(drafts: list[Draft], view: str, low: str) -> None:
    """Settles the section of lists under no telling heading, then says of each draft whether it is a duty."""
    _settle_blocks(drafts, low)
    _settle_prose(drafts, low)
    asked = lists_experience = traits = False
    last = 0
    for draft in drafts:
        if draft.kind == HEADING:
            lists_experience = False
            asked = _ASKS.search(low, draft.start, draft.end) is not None
            traits = _TRAITS.search(low, draft.start, draft.end) is not None
        elif (
            lists_experience and (draft.mark or draft.section == S.REQUIREMENTS) and draft.start - last <= 12
        ):
            last = draft.end
        elif not asked:
            _mark_duty(draft, low)
            if traits and draft.duty and _THIRD.match(low, draft.start, draft.end):
                draft.duty = False
            lists_experience = low[draft.end - 1] == ":" and bool(
                _LISTS_EXPERIENCE.search(low, max(draft.start, draft.end - 220), draft.end)
            )
            last = draft.end
    _join_neighbours(drafts, low)
    _calm_wishes(drafts)
    _calm_captions(drafts, view, low)
    for draft in drafts[:_TOP]:
        text = view[draft.start : draft.end]
        if draft.duty and (states_fact(text) if draft.mark else _names_a_job(text)):
            draft.duty, draft.kind = False, SENTENCE
    _calm_lists(drafts, low)
    _settle_items(drafts, low)
    _settle_lines(drafts, view, low)


def _settle_items(drafts: list[Draft], low: str) -> None:
    """In a list of bulleted duties a single word is one, too ("Chaperoning"); what tells no work behind the
    demands that close a list is a demand ("Oracle database" behind "Two years of ...")."""
    blocks: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.kind != HEADING and draft.mark and draft.section == S.DUTIES:
            blocks.setdefault(draft.block, []).append(draft)
    for block in blocks.values():
        duties = sum(d.duty for d in block)
        if duties == len(block) or duties < _LIST:
            continue
        wants = [asks(low[d.start : d.end]) for d in block]
        run = next(
            (i for i in range(len(block)) if i and all(wants[i : i + _LIST]) and i + _LIST <= len(block)), 0
        )
        tail = block[run:] if run and sum(wants[run:]) >= 0.6 * (len(block) - run) else []
        for draft in tail:
            text = low[draft.start : draft.end]
            told = starts_with_verb(text) or announces(text)
            draft.duty = draft.duty and told and _PROVEN.match(text) is None
        if sum(wants) == 0:
            for draft in block:
                draft.duty = draft.duty or _ONE_WORD.fullmatch(low, draft.start, draft.end) is not None


def _settle_lines(drafts: list[Draft], view: str, low: str) -> None:
    """In a list of duties without bullets the lines between two duties are such, too: "Cycle counts"."""
    blocks: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.kind != HEADING and draft.section == S.DUTIES:
            blocks.setdefault(draft.block, []).append(draft)
    for block in blocks.values():
        places = [i for i, d in enumerate(block) if d.duty]
        if len(places) < _LIST or any(d.mark for d in block) or len(places) < 0.6 * len(block):
            continue
        for draft in block[places[0] : places[-1]]:
            text = low[draft.start : draft.end]
            caption = all(not w[0].islower() for w in view[draft.start : draft.end].split())
            if not (draft.duty or draft.value or caption) and draft.listed and len(text) <= _LINE:
                draft.duty = is_duty(text, S.DUTIES, bullet=True, words=len(text.split()))
                draft.kind = ITEM if draft.duty else draft.kind


def _settle_blocks(drafts: list[Draft], low: str) -> None:
    """Gives lists that stand under no telling heading the section that their items speak of."""
    blocks: dict[tuple[int, str], list[Draft]] = {}
    headed: dict[int, bool] = {}  # blocks below a heading that says "the job" and no more
    for draft in drafts:
        if draft.kind == HEADING:
            headed[draft.block] = S.heads_the_work(low[draft.start : draft.end])
        if (
            draft.kind != HEADING
            and draft.section in (S.OTHER, S.COMPANY, S.TITLE)
            and (draft.mark or draft.listed)
        ):
            blocks.setdefault((draft.block, draft.section), []).append(draft)
    _settle_wishes(drafts, low)
    for (number, section), block in blocks.items():
        items = [d for d in block if d.mark] or block
        if section == S.TITLE or len(items) < (2 if headed.get(number) else 3):
            continue
        texts = [low[d.start : d.end] for d in items]
        wants = sum(asks(t) for t in texts)
        duties = sum(
            not asks(t) and (starts_with_verb(t, strict=not d.mark) or announces(t))
            for t, d in zip(texts, items, strict=True)
        )
        if section == S.OTHER and wants > len(items) / 2 and wants > duties:
            target = S.REQUIREMENTS
        elif duties >= (0.55 if section == S.OTHER else 0.75) * len(items) or (
            headed.get(number) and wants <= len(items) / 4 and all(d.mark for d in items)
        ):
            target = S.DUTIES
        else:
            continue
        for draft in items:
            draft.section = target


def _settle_wishes(drafts: list[Draft], low: str) -> None:
    """ "The successful candidate will:" opens duties, or a list of what to be and have."""
    block: list[Draft] = []
    for draft in [*drafts, None]:
        if draft is not None and draft.kind != HEADING:
            block.append(draft)
            continue
        if block and block[0].section == S.DUTIES:
            wishes = sum(_WISH.match(low, d.start) is not None for d in block)
            if wishes >= 2 and wishes > len(block) / 2:
                for wish in block:
                    wish.section = S.REQUIREMENTS
        block = []


def _settle_prose(drafts: list[Draft], low: str) -> None:
    """Sentences that name work, right below a heading such as "Job description", are duties."""
    headed = False
    for draft in drafts:
        if draft.kind == HEADING:
            headed = S.heads_the_work(low[draft.start : draft.end])
        elif headed and draft.section == S.OTHER and not (draft.mark or draft.value):
            draft.section = S.DUTIES if is_nominal(low[draft.start : draft.end]) else S.OTHER


def _mark_duty(draft: Draft, low: str) -> None:
    text = low[draft.start : draft.end]
    if "\n" in text:
        text = " ".join(text.split())
    words = len(text.split())
    draft.duty = not draft.value and is_duty(text, draft.section, bullet=draft.mark, words=words)
    if draft.duty and not draft.mark and draft.section == S.DUTIES:
        if _OUTSIDE.match(text) and not announces(text):
            draft.duty = False
        else:
            draft.kind = ITEM
    if draft.duty and draft.listed:
        draft.kind = ITEM


def _join_neighbours(drafts: list[Draft], low: str) -> None:
    """Beside a duty, a sentence that opens with a word that is a verb or a noun has the verb: "Process data
    requests." behind "Keeps the minutes." """
    for before, draft, after in zip([None, *drafts], drafts, [*drafts[1:], None], strict=False):
        if draft.duty or draft.mark or draft.value or draft.kind == HEADING or draft.section != S.OTHER:
            continue
        if not any(d is not None and d.duty and d.block == draft.block for d in (before, after)):
            continue
        text = low[draft.start : draft.end]
        theirs = _THEY.match(text)
        if theirs and FORMS.get(theirs[1]) == "base":
            text = text[theirs.start(1) :]
        wish = asks(text) or opens_with_clause(text) or _NO_SENTENCE.search(text) is not None
        if len(text.split()) >= 4 and starts_with_verb(text) and not wish:
            draft.duty = is_duty(text, S.DUTIES, bullet=False, words=len(text.split()))


def _calm_captions(drafts: list[Draft], view: str, low: str) -> None:
    """In a list of captions with an account below each ("Market Research", then "Study the ..."), the
    captions are no duties."""
    blocks: dict[int, list[tuple[Draft, Draft]]] = {}
    for draft, below in pairwise(drafts):
        if draft.mark and below.mark and draft.duty and below.duty and draft.block == below.block:
            words = view[draft.start : draft.end].split()
            small = len(words) <= 4 and all(w[0].isupper() or len(w) < 4 for w in words)
            if small and below.end - below.start > 50 and starts_with_verb(low[below.start : below.end]):
                blocks.setdefault(draft.block, []).append((draft, below))
    for captions in blocks.values():
        if len(captions) >= 3:
            for draft, _ in captions:
                draft.duty = False


def _calm_wishes(drafts: list[Draft]) -> None:
    """In a list of wishes, the odd one that starts with a verb is a wish too: "Taking initiative"."""
    blocks: dict[tuple[int, str], list[Draft]] = {}
    for draft in drafts:
        if draft.kind != HEADING and draft.section in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS):
            blocks.setdefault((draft.block, draft.section), []).append(draft)
    for block in blocks.values():
        odd = [d for d in block if d.duty]
        if len(block) >= 6 and len(odd) == 1:
            odd[0].duty = False


def _calm_lists(drafts: list[Draft], low: str) -> None:
    """In a section of bulleted duties, prose around the bullets is a duty only if it says so itself."""
    marked = {d.block for d in drafts if d.mark and d.duty and d.section == S.DUTIES}
    for draft in drafts:
        if draft.duty and not draft.mark and draft.section == S.DUTIES and draft.block in marked:
            text = low[draft.start : draft.end]
            if not (starts_with_verb(text, strict=True) or announces(text) or opens_after_label(text)):
                draft.duty = False
                draft.kind = SENTENCE


def _names_a_job(line: str) -> bool:
    """Whether a line is a title in capitals, though its first word may be a verb: "Marketing Manager"."""
    words = [word for word in line.split() if len(word) > 3]
    return 0 < len(words) <= 8 and all(not w[0].islower() for w in words) and has_job_noun(line)
