"""One skill of a posting while its mentions are gathered."""

from __future__ import annotations

from dataclasses import dataclass

from jd_assets.library.release import Release, SkillEntry
from jd_assets.library.spotting import Hit
from jd_assets.stages.skills.context import Part

EMBEDDED = "embedded"


@dataclass(slots=True)
class Found:
    """A skill of a JD while its mentions are gathered; `start` and `end` are its first mention's, `signs` and
    `confidence` those of the surest. `engine` says what found it."""

    name: str
    entry: SkillEntry | None
    kind: str
    start: int
    end: int
    section: str
    evidence: str
    is_primary: bool
    signs: tuple[float, ...]
    confidence: float
    matched_via: str
    mentions: int = 1
    engine: str = EMBEDDED


def via_of(hit: Hit, is_ordinary: bool, release: Release) -> str:
    """How a spelling names its skill: as an ordinary word by its context, as its name or as an alias."""
    if is_ordinary:
        return "context"
    return "name" if hit.spelling == release.folded_names[hit.value] else "alias"


def found_at(
    part: Part,
    evidence: str,
    start: int,
    end: int,
    entry: SkillEntry | None,
    via: str,
    signs: tuple[float, ...],
    sure: float,
) -> Found:
    """A mention from `start` to `end`; of a skill that the library lacks, the name and kind are still to be
    set."""
    name, kind = (entry.name, entry.kind) if entry else ("", "hard")
    return Found(
        name,
        entry,
        kind,
        start,
        end,
        part.section,
        evidence,
        not part.asks_extra(start, end),
        signs,
        round(sure, 4),
        via,
    )


def add(found: dict[str, Found], key: str, new: Found) -> None:
    """Gathers a mention under its skill."""
    old = found.get(key)
    if old is None:
        found[key] = new
        return
    old.mentions += 1
    old.is_primary = old.is_primary or new.is_primary
    if new.confidence > old.confidence:
        old.confidence, old.signs = new.confidence, new.signs
