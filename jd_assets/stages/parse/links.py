"""Web and e-mail addresses."""

from __future__ import annotations

import re

from jd_assets.stages.parse.grounding import Grounded, Posting

_URL = re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"'()\[\]{}|\\^`]{3,400}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@./-])(?:[A-Za-z0-9-]{2,40}\.){1,3}(?:com|org|net|edu|gov|in|co\.in|co\.uk|ai|io"
    r"|us)(?:/[\w./%#?=&+-]{1,200})?(?![\w.@-]*[\w@])"
)
_DOMAIN = re.compile(r"\.(?:com|org|net|edu|gov|in|co|ai|io|us)\b")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}(?![\w-])")
_LONGEST_HOST = 123  # characters that `_BARE` takes before its top-level domain
_NOT_SITES = frozenset(("asp.net", "vb.net", "ado.net", "node.io", "socket.io", "draw.io"))


def find_emails(posting: Posting) -> list[Grounded]:
    if "@" not in posting.view:
        return []
    return _unique([posting.grounded(*m.span()) for m in _EMAIL.finditer(posting.view)])


def find_urls(posting: Posting) -> list[Grounded]:
    """Addresses with a scheme or www., and bare domains that stand alone ("acme.com/jobs")."""
    found = []
    schemes = [at for at in map(posting.low.find, ("http", "www.")) if at >= 0]
    for match in _URL.finditer(posting.view, min(schemes)) if schemes else ():
        end = match.end()
        while end > match.start() and posting.view[end - 1] in ".,;:!?*)-":
            end -= 1
        found.append(posting.grounded(match.start(), end))
    taken = [(g.start, g.end) for g in found]
    domain = _DOMAIN.search(posting.view)
    if domain:
        for match in _BARE.finditer(posting.view, max(0, domain.start() - _LONGEST_HOST)):
            inside = any(s <= match.start() < e for s, e in taken)
            if not inside and match[0].lower() not in _NOT_SITES and not match[0][0].isdigit():
                found.append(posting.grounded(*match.span()))
    return _unique(sorted(found, key=lambda g: g.start))


def _unique(values: list[Grounded]) -> list[Grounded]:
    first: dict[str, Grounded] = {}
    for value in values:
        first.setdefault(value.value.lower(), value)
    return list(first.values())
