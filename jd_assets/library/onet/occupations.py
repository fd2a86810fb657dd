"""Occupations as roles: titles, KRAs made of tasks, technologies, and baselines that say what O*NET knows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from jd_assets.library.format import (
    AiBaseline,
    Baseline,
    Kra,
    Maturity,
    MaturityBaseline,
    NatureBaseline,
    Role,
    RoleFile,
    RoleSkills,
)
from jd_assets.library.onet.phrases import kra_phrase, owned_phrase
from jd_assets.library.onet.soc import major_group
from jd_assets.library.onet.tables import Occupation, Tables, Technology
from jd_assets.library.onet.technologies import AI_CLASS, Merged, technology_key
from jd_assets.library.resolve import slugify
from jd_assets.library.role_rules import MAX_SHARING
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key

_PRIMARY = 10
"""Primary skills that an occupation has where fewer of its technologies are in demand."""

_SHOWN = 3
_BORROWED = 5
"""Technologies that an occupation without any has from those of its group."""

_OWN_PHRASES, _NAMED = 12, 8
"""With fewer phrases that at most MAX_SHARING occupations have, one names itself in some of the others."""

_SENTENCE = re.compile(r"(?<=[a-z)][.!?])\s+(?=[A-Z])")
_REST = re.compile(r"not listed separately\.$")
_OFFICE = ("432321", "43231513", "432327", "432335", "432330")
"""Commodity codes of software that any office has: authoring, office suites, browsers, mail, systems."""

_CLOUD = ("43232806", "43233513", "43232401")
"""Commodity codes of cloud management, cloud data access and configuration management."""

_DEVELOPMENT = ("432324",)


def role_files(tables: Tables, merged: Mapping[str, Merged], skipped: Counter[str]) -> dict[str, RoleFile]:
    """Files of roles by file name, one for each major group; what is left out is counted in `skipped`."""
    slugs = _slugs(tables.occupations.values())
    titles = {code: _titles(tables, code) for code in tables.occupations}
    collisions = _collisions(tables, titles, slugs)
    used = _technologies(tables)
    kras = _own_wording(
        {c: _kras(o, tables.tasks.get(c, []), skipped) for c, o in tables.occupations.items()}, tables
    )
    files: dict[str, list[Role]] = defaultdict(list)
    for code, occupation in sorted(tables.occupations.items()):
        parent = f"{code[:7]}.00"
        technologies = used[code]
        files[code[:2]].append(
            Role(
                id=int(code.replace("-", "").replace(".", "")),
                slug=slugs[code],
                name=occupation.title,
                parent=slugs[parent] if parent != code and parent in slugs else None,
                archetype=" ".join(_SENTENCE.split(occupation.description)[:2]),
                aliases=titles[code],
                kras=kras[code],
                skills=_skills(technologies, merged),
                dimensions=_dimensions(technologies, merged),
                baseline=_baseline(occupation, technologies, merged),
            )
        )
    return {
        f"{slugify(major_group(group)).replace('-', '_')}.yaml": RoleFile(
            domain=major_group(group), collisions=collisions.get(group, {}), roles=roles
        )
        for group, roles in files.items()
    }


def _slugs(occupations: Iterable[Occupation]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for occupation in sorted(occupations, key=lambda o: o.code):
        slug = slugify(occupation.title)
        if not slug or slug in slugs.values():
            slug = f"{slug}-{slugify(occupation.code)}".strip("-")
        slugs[occupation.code] = slug
    return slugs


def _titles(tables: Tables, code: str) -> list[str]:
    """Alternate titles, the occupation's own in the singular first; of those that differ by level or case
    only, the first."""
    title = tables.occupations[code].title
    seen = {title_key(title), ""}
    kept = []
    for candidate in (_singular(title), *tables.titles.get(code, [])):
        if (key := title_key(candidate)) not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept


def _singular(title: str) -> str:
    """ "Registered Nurses" -> "Registered Nurse"; a title of several parts stays as it is."""
    if re.search(r",|/| and | or ", title):
        return title
    for end, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("men", "man")):
        if title.endswith(end):
            return title.removesuffix(end) + single
    return title[:-1] if title.endswith("s") and not title.endswith("ss") else title


def _collisions(
    tables: Tables, titles: Mapping[str, list[str]], slugs: Mapping[str, str]
) -> dict[str, dict[str, list[str]]]:
    """Titles of several occupations, by the major group of the first."""
    holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code in sorted(titles):
        for title in (tables.occupations[code].title, *titles[code]):
            holders[title_key(title)].append((code, title))
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for held in holders.values():
        if len(held) > 1:
            (first, title), codes = held[0], [code for code, _ in held]
            found[first[:2]][title] = [slugs[code] for code in codes]
    return {group: dict(sorted(listed.items())) for group, listed in found.items()}


def _technologies(tables: Tables) -> dict[str, list[Technology]]:
    """Technologies of each occupation; one without any has the most common ones of its minor group, else
    of its major group, else of all."""
    used: dict[str, dict[str, Technology]] = defaultdict(dict)
    common: dict[str, dict[str, list[Technology]]] = defaultdict(lambda: defaultdict(list))
    for row in tables.technologies:
        if (key := technology_key(row.name)) not in used[row.occupation]:
            used[row.occupation][key] = row
            for group in (row.occupation[:4], row.occupation[:2], ""):
                common[group][key].append(row)
    found: dict[str, list[Technology]] = {}
    for code in tables.occupations:
        own = list(used[code].values())
        group = next(g for g in (code[:4], code[:2], "") if g in common)
        most = sorted(common[group].items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_BORROWED]
        found[code] = own or [rows[0] for _, rows in most]
    return found


def _kras(occupation: Occupation, tasks: list[str], skipped: Counter[str]) -> list[Kra]:
    """A KRA for each task; for an occupation without tasks, for each sentence of its description, of which
    "All managers not listed separately" says no more than its title."""
    kras: dict[str, list[str]] = {}
    for text in dict.fromkeys(tasks or _SENTENCE.split(occupation.description)):
        if not tasks and _REST.search(text):
            kras[owned_phrase("work", occupation.title)] = [text]
        elif phrase := kra_phrase(text, kras, occupation.title):
            kras[phrase] = [text]
        else:
            skipped["task_statements: no phrase of its own"] += 1
    return [Kra(kra=phrase, says=says) for phrase, says in kras.items()]


def _own_wording(kras: Mapping[str, list[Kra]], tables: Tables) -> dict[str, list[Kra]]:
    """The KRAs of each occupation, where one that has few phrases of its own says of some that others share
    whose duty they are: O*NET words the tasks of 36 kinds of college teachers alike."""
    shared = Counter(kra.kra for own in kras.values() for kra in own)
    return {code: _named(own, shared, tables.occupations[code].title) for code, own in kras.items()}


def _named(own: list[Kra], shared: Counter[str], title: str) -> list[Kra]:
    common = [kra.kra for kra in own if shared[kra.kra] > MAX_SHARING]
    if len(own) - len(common) >= _OWN_PHRASES:
        return own
    taken = {kra.kra for kra in own}
    named: dict[str, str] = {}
    for phrase in common[:_NAMED]:
        if (new := owned_phrase(phrase, title)) not in taken:
            taken.add(new)
            named[phrase] = new
    return [Kra(kra=named.get(kra.kra, kra.kra), says=kra.says) for kra in own]


def _skills(technologies: list[Technology], merged: Mapping[str, Merged]) -> RoleSkills:
    """Primary: what is in demand for the occupation, filled up to ten with hot ones and then with others,
    those of the fewest occupations first."""

    def rank(row: Technology) -> tuple[bool, bool, int, str]:
        one = merged[technology_key(row.name)]
        return not row.in_demand, not one.hot, len(one.occupations), one.key

    ranked = sorted(technologies, key=rank)
    count = max(_PRIMARY, sum(row.in_demand for row in ranked))
    names = [merged[technology_key(row.name)].name for row in ranked]
    return RoleSkills(primary=names[:count], secondary=names[count:])


def _dimensions(technologies: list[Technology], merged: Mapping[str, Merged]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in technologies:
        found[row.commodity].append(merged[technology_key(row.name)].name)
    return {title: sorted(names) for title, names in sorted(found.items())}


def _baseline(
    occupation: Occupation, technologies: list[Technology], merged: Mapping[str, Merged]
) -> Baseline:
    names = [merged[technology_key(row.name)].name for row in technologies]
    own = any(row.occupation == occupation.code for row in technologies)
    ai = [n for n in names if fold(n) in AI_CLASS] if own else []
    group = major_group(occupation.code)
    label = (
        f"{group} work" if len(group.split()) < 5 else " ".join(group.replace(",", "").split()[:4]) + " work"
    )
    sentence = _SENTENCE.split(occupation.description)[0]
    return Baseline(
        ai_index=AiBaseline(
            index=min(5.0, 1.0 + 0.5 * len(ai)) if ai else 0.5 if own else 0.0,
            reason=f"O*NET names AI technology for it: {', '.join(ai[:_SHOWN])}."
            if ai
            else f"O*NET names {'no AI technology' if own else 'no technology'} for it.",
        ),
        tech_stack_maturity=_maturity(technologies) if own else _NO_TECHNOLOGY,
        nature_of_work=NatureBaseline(label=label, sentence=sentence),
    )


_NO_TECHNOLOGY = MaturityBaseline(level=Maturity.NON_DIGITAL, sentence="O*NET names no technology for it.")


def _maturity(technologies: list[Technology]) -> MaturityBaseline:
    """By the commodities of an occupation's technologies: nothing but office software, development with
    cloud and configuration management, development or cloud alone, or something else."""
    codes = {row.commodity_code for row in technologies}
    develops = any(c.startswith(_DEVELOPMENT) for c in codes)
    cloud = any(c.startswith(_CLOUD) for c in codes)
    if all(c.startswith(_OFFICE) for c in codes):
        level = Maturity.OFFICE_TOOLS
    elif develops and cloud:
        level = Maturity.MODERN_CLOUD_NATIVE
    else:
        level = Maturity.MODERN if develops or cloud else Maturity.ESTABLISHED
    counts = Counter(row.commodity for row in technologies)
    most = [title.lower() for title in sorted(counts, key=lambda t: (-counts[t], t))[:_SHOWN]]
    return MaturityBaseline(level=level, sentence=f"Works with {', '.join(most)}.")
