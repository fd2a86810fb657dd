"""How a job title is reduced to what names the role: seniority, employment and place words go."""

from __future__ import annotations

import re

_LEVELS = frozenset(
    """senior sr snr junior jr trainee intern internship apprentice fresher freshers entry level mid middle
    experienced i ii iii iv v vi 1 2 3 4 5 l1 l2 l3 l4 l5 e1 e2 e3 sde1 sde2 grade band tier""".split()
)
_LEVELS_THAT_MAY_NAME_A_ROLE = frozenset(
    """lead head chief principal staff associate assistant deputy graduate expert regional area zonal national
    global corporate group district field""".split()
)
_NOISE = frozenset(
    """remote hybrid onsite wfh wfo work from home full part time fulltime parttime permanent
    contractual freelance temporary urgent urgently hiring required opening openings
    vacancy vacancies immediate immediately joiner joiners walk in walkin drive job jobs position role
    opportunity for with needed wanted looking male female only m f d x h w a an the we are""".split()
)
_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]")
_CUT = re.compile(r"\s(?:[-–—|@:]|at|in|based)\s.*$|[/|].*$|\s[$€£₹]\s?\d.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s[-–—|:]\s|[/|,&]|\band\b|\bor\b", re.IGNORECASE)
_MERGERS = re.compile(r"\bM ?& ?A\b", re.IGNORECASE)  # else both letters are dropped, as in "m/f" and "a"
_WORD = re.compile(r"\.net\b|[^\W_]+[+#]*", re.IGNORECASE)


def title_key(title: str) -> str:
    """The title without seniority, employment and filler words: "Sr. Java Developer" is "java developer"."""
    words = [w.lower() for w in _WORD.findall(_MERGERS.sub("mergers and acquisitions", title))]
    return " ".join(w for w in words if w not in _LEVELS and w not in _NOISE)


def title_variants(title: str) -> list[str]:
    """Keys to look a title up by, most literal first: whole, without brackets, cut at the first
    separator, each part of a list such as "Web Developer / Designer"; then the same without words such
    as lead or associate, which name a role in some titles and a level in others."""
    bare = _BRACKETS.sub(" ", title)
    parts = [title, bare, _CUT.sub("", bare), *_PARTS.split(bare)]
    keys = list(dict.fromkeys(key for part in parts if (key := title_key(part))))
    lower = (" ".join(w for w in key.split() if w not in _LEVELS_THAT_MAY_NAME_A_ROLE) for key in keys)
    return list(dict.fromkeys(key for key in [*keys, *lower] if key))
