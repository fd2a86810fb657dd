"""Technology skills as skills: spellings that fold alike merged, short names added, flags as traits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from jd_assets.library.format import (
    AiClass,
    Ambiguous,
    Lifespan,
    Nature,
    Skill,
    SkillDefaults,
    SkillFile,
    Versions,
    Volatility,
)
from jd_assets.library.onet.soc import commodity_class
from jd_assets.library.onet.tables import Tables, Technology
from jd_assets.library.resolve import slugify
from jd_assets.library.skill_rules import COMMON_WORDS
from jd_assets.library.spelling import fold, folded_words

_VENDOR_PRODUCTS = 5
"""A first word that as many technologies share, and that the tables never use as a word, is a vendor."""

_SPECIFIC = "software system systems tool tools program programs application applications data base".split()
_LINKS = frozenset("and or of for the in on to based use user".split())
_WORDS = re.compile(r"[A-Za-z]+")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z]|[A-Z]{3,}")
_FILLERS = ("software", "tools", "applications")
_NEIGHBOURS = 8

_AI = {
    AiClass.ASSISTANT: "OpenAI ChatGPT|ChatGPT|GitHub Copilot|Microsoft Copilot|Google Gemini|Midjourney",
    AiClass.FRAMEWORK: "TensorFlow|PyTorch|Keras|Scikit-learn|Kubeflow|MLflow|spaCy|XGBoost|LangChain|Theano"
    "|Apache Mahout|Apache MXNet|NVIDIA CUDA|Amazon Web Services AWS SageMaker",
    AiClass.MODEL: "Neural network modeling software|Machine learning software|Large language model LLM",
}
AI_CLASS = {fold(name): kind for kind, names in _AI.items() for name in names.split("|")}
"""Classes of the AI index by folded name; the tables don't mark such technologies."""


@dataclass
class Merged:
    """A technology under all the spellings that fold alike."""

    key: str
    spellings: Counter[str]
    commodities: Counter[tuple[str, str]]
    occupations: set[str]
    hot: bool = False
    in_demand: bool = False

    @property
    def name(self) -> str:
        """The most frequent spelling, of equals the first by alphabet."""
        return min(self.spellings, key=lambda s: (-self.spellings[s], s))

    @property
    def commodity(self) -> tuple[str, str]:
        """Code and title of its most frequent commodity, of equals the first by code."""
        return min(self.commodities, key=lambda c: (-self.commodities[c], c))


@cache
def technology_key(name: str) -> str:
    """What two names share that are taken for one technology: the folded name without its spaces."""
    return fold(name).replace(" ", "")


def merge(technologies: Iterable[Technology]) -> dict[str, Merged]:
    """Technologies by key, in the order of their keys."""
    merged: dict[str, Merged] = {}
    for row in technologies:
        key = technology_key(row.name)
        one = merged.setdefault(key, Merged(key, Counter(), Counter(), set()))
        one.spellings[row.name] += 1
        one.commodities[row.commodity_code, row.commodity] += 1
        one.occupations.add(row.occupation)
        one.hot |= row.hot
        one.in_demand |= row.in_demand
    return dict(sorted(merged.items()))


def ordinary_words(tables: Tables) -> frozenset[str]:
    """Words that tasks and descriptions write in lower case, folded: as names they need context."""
    texts = [t for tasks in tables.tasks.values() for t in tasks]
    texts += [o.description for o in tables.occupations.values()]
    found = {w for text in texts for w in _WORDS.findall(text) if w.islower()}
    return frozenset(fold(w) for w in found) | COMMON_WORDS


def skill_files(merged: Mapping[str, Merged], ordinary: frozenset[str]) -> dict[str, SkillFile]:
    """Files of skills by file name, one for each class of commodities."""
    aliases = _aliases(merged, ordinary)
    neighbours = _neighbours(merged, aliases)
    slugs: set[str] = set()
    by_class: dict[str, list[Skill]] = defaultdict(list)
    for one in merged.values():
        slug = own = slugify(one.name) or "technology"
        number = 1
        while slug in slugs:
            number += 1
            slug = f"{own}-{number}"
        slugs.add(slug)
        category = commodity_class(one.commodity[0])
        by_class[category].append(
            Skill(
                name=one.name,
                slug=None if slug == slugify(one.name) else slug,
                aliases=aliases[one.key],
                sub_category=one.commodity[1],
                volatility=_volatility(one),
                lifespan=Lifespan.MEDIUM if one.hot or one.in_demand else None,
                ai=AI_CLASS.get(fold(one.name)),
                ambiguous=_ambiguous(one, aliases[one.key], neighbours[category], ordinary),
            )
        )
    return {
        f"{slugify(category).replace('-', '_')}.yaml": SkillFile(
            category=category,
            defaults=SkillDefaults(
                sub_category=category,
                nature=Nature.TOOL,
                volatility=Volatility.STABLE,
                lifespan=Lifespan.LONG,
                versions=Versions.MAJOR,
            ),
            skills=sorted(skills, key=lambda s: (s.name.lower(), s.name)),
        )
        for category, skills in sorted(by_class.items())
    }


def _volatility(one: Merged) -> Volatility | None:
    """Hot and in demand: volatile; one of them: evolving; else the file's default, stable."""
    if one.hot and one.in_demand:
        return Volatility.VOLATILE
    return Volatility.EVOLVING if one.hot or one.in_demand else None


def _aliases(merged: Mapping[str, Merged], ordinary: frozenset[str]) -> dict[str, list[str]]:
    """Short names of each technology that are no other's name or short name."""
    first_words = Counter(m.name.split()[0] for m in merged.values() if " " in m.name)
    vendors = {w for w, n in first_words.items() if n >= _VENDOR_PRODUCTS and fold(w) not in ordinary}
    found = {key: list(dict.fromkeys(_short_names(m.name, vendors, ordinary))) for key, m in merged.items()}
    claims = Counter(k for names in found.values() for k in {technology_key(n) for n in names})
    return {
        key: [n for n in names if (k := technology_key(n)) not in merged and claims[k] == 1]
        for key, names in found.items()
    }


def _short_names(name: str, vendors: set[str], ordinary: frozenset[str]) -> Iterable[str]:
    """ "Microsoft Word" -> "MS Word", "Word"; "Computer aided design CAD software" -> "Computer aided
    design CAD", "CAD", "Computer aided design"."""
    bare = name.removesuffix(" software")
    if bare != name and (" " in bare or fold(bare) not in ordinary):
        yield bare
    words = bare.split()
    if len(words) > 2 and _is_acronym(words[-1], words[:-1]):
        if fold(words[-1]) not in ordinary:
            yield words[-1]
        yield " ".join(words[:-1])
    if len(words) > 1 and words[0] in vendors and words[1][:1].isupper():
        if words[0] == "Microsoft":
            yield " ".join(["MS", *words[1:]])
        rest = words[1:]
        if len(rest) > 1 or len(rest[0]) > 2:
            yield " ".join(rest)


def _is_acronym(word: str, before: list[str]) -> bool:
    """Whether the letters stand for the words before: each occurs in them, from the back, and the first
    starts a word, or is the X of Extensible (after Schwartz & Hearst, 2003)."""
    if not _ACRONYM.fullmatch(word):
        return False
    text = " " + re.sub(r"[-/]", " ", " ".join(before[-2 * len(word) :])).lower()
    at = len(text)
    for letter in reversed(word[1:].lower()):
        at = text.rfind(letter, 0, at)
        if at < 0:
            return False
    start = max(text.rfind(f" {word[0].lower()}", 0, at), text.rfind(f" e{word[0].lower()}", 0, at))
    return start >= 0


def _neighbours(merged: Mapping[str, Merged], aliases: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of each class of commodities, the technologies that most occupations use, by a spelling of one word."""
    found: dict[str, list[Merged]] = defaultdict(list)
    for one in merged.values():
        found[commodity_class(one.commodity[0])].append(one)
    near: dict[str, list[str]] = {}
    for name, technologies in found.items():
        most = sorted(technologies, key=lambda m: (-len(m.occupations), m.key))
        words = (
            next((s for s in (m.name, *aliases[m.key]) if len(folded_words(s)) == 1), None) for m in most
        )
        near[name] = [w for w in words if w is not None and len(w) > 1][:_NEIGHBOURS]
    return near


def _needs_context(spelling: str, ordinary: frozenset[str]) -> bool:
    words = fold(spelling).split()
    return all(w in ordinary for w in words) or (len(words) == 1 and len(words[0]) == 1)


def _ambiguous(
    one: Merged, aliases: list[str], near: list[str], ordinary: frozenset[str]
) -> Ambiguous | None:
    """Guards the name or alias that reads like ordinary words: one such word, or a vendor's product
    without the vendor. A longer description, such as "inventory management", guards itself."""
    name = one.name
    bare = {fold(n) for n in (name, name.removesuffix(" software"), *_head(name))}
    surfaces = [
        s for s in (name, *aliases) if _needs_context(s, ordinary) and (" " not in s or fold(s) not in bare)
    ]
    if not surfaces:
        return None
    words = folded_words(f"{name.split()[0] if ' ' in name else ''} {one.commodity[1]}")
    guarded = {w for s in surfaces for w in fold(s).split()}
    context = [w for w in words if w not in _LINKS and w not in _SPECIFIC and w not in guarded]
    context += [n for n in near if fold(n) not in guarded]
    context = list({fold(c): c for c in reversed(context)}.values())[::-1]
    context += [f for f in _FILLERS if f not in context][: max(0, 3 - len(context))]
    return Ambiguous(surfaces=surfaces, context=context)


def _head(name: str) -> list[str]:
    """The name without its acronym, where it has one."""
    words = name.removesuffix(" software").split()
    return [" ".join(words[:-1])] if len(words) > 2 and _is_acronym(words[-1], words[:-1]) else []
