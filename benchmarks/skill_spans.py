"""Skill spans against two public sets: `python -m benchmarks.skill_spans --help`.

SkillSpan (Zhang et al., 2022; https://github.com/kris927b/SkillSpan): sentences whose tokens carry skill and
knowledge spans. Found hard skills are held against knowledge spans, and all found skills against all spans.
Strict: the same tokens. Overlap: at least one token shared.

ESCO skill extraction benchmark (Decorte et al., 2022;
https://github.com/jensjorisdecorte/Skill-Extraction-benchmark): sentences with spans, those that ESCO has no
label for marked LABEL NOT PRESENT. Of these, the share that is found, and the share that is found and new.

Every sentence is taken for a segment of a requirements section; a skill counts once a sentence.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import settings
from jd_assets.stages.skills.extract import Found, Posting, find_skills

LABEL_MISSING = "LABEL NOT PRESENT"

Span = tuple[int, int]


def found_in(sentences: Sequence[str], release: Release) -> list[list[Found]]:
    """The skills found in each sentence."""
    segment = {"section": "requirements", "kind": "sentence", "duty": False}
    postings = [Posting(text, [{"start": 0, "end": len(text), **segment}]) for text in sentences]
    return list(find_skills(postings, release))


def tagged_spans(tags: Sequence[str]) -> set[Span]:
    """Ranges of tokens, the end excluded, of a list of B, I and O."""
    starts = [
        n for n, tag in enumerate(tags) if tag == "B" or (tag == "I" and (n == 0 or tags[n - 1] == "O"))
    ]
    bounds = [*starts, len(tags)]
    return {(a, next((n for n in range(a + 1, b) if tags[n] != "I"), b)) for a, b in pairwise(bounds)}


def counts(gold: set[Span], found: set[Span]) -> Counter[str]:
    """Strict and overlapping matches of the spans of one sentence."""

    def met(spans: Iterable[Span], others: Iterable[Span]) -> int:
        return sum(any(a < d and c < b for c, d in others) for a, b in spans)

    return Counter(
        gold=len(gold),
        found=len(found),
        same=len(gold & found),
        right=met(found, gold),
        reached=met(gold, found),
    )


def skillspan(rows: Sequence[Mapping[str, Any]], release: Release) -> dict[str, Counter[str]]:
    """Summed counts for knowledge spans and for all spans."""
    totals: dict[str, Counter[str]] = {"knowledge": Counter(), "all": Counter()}
    texts = [" ".join(row["tokens"]) for row in rows]
    for row, found in zip(rows, found_in(texts, release), strict=True):
        ends, at = [], -1
        for token in row["tokens"]:
            at += len(token) + 1
            ends.append(at)
        knowledge = tagged_spans(row["tags_knowledge"])
        spans = [
            (bisect_left(ends, s.start + 1), bisect_left(ends, s.end) + 1, s.kind == "hard") for s in found
        ]
        totals["knowledge"] += counts(knowledge, {(a, b) for a, b, hard in spans if hard})
        totals["all"] += counts(knowledge | tagged_spans(row["tags_skill"]), {(a, b) for a, b, _ in spans})
    return totals


def esco(rows: Iterable[Mapping[str, str]], release: Release) -> Counter[str]:
    """Spans without an ESCO label: how many there are, are found, and are found and new."""
    spans: dict[str, set[str]] = {}
    for row in rows:
        if row["label"] == LABEL_MISSING:
            spans.setdefault(row["sentence"], set()).add(row["span"])
    total: Counter[str] = Counter()
    for (sentence, wanted), found in zip(spans.items(), found_in(list(spans), release), strict=True):
        for span in wanted:
            place = re.search(rf"(?<!\w){re.escape(span)}(?!\w)", sentence, re.IGNORECASE)
            if place is None:
                continue
            over = [s for s in found if s.start < place.end() and place.start() < s.end]
            total += Counter(
                spans=1,
                found=bool(over),
                new=any(s.entry is None for s in over),
                known=any(s.entry for s in over),
            )
    return total


def f1(matched_found: int, found: int, matched_gold: int, gold: int) -> str:
    precision, recall = matched_found / max(found, 1), matched_gold / max(gold, 1)
    middle = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {middle:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skillspan", type=Path, help="a JSON-lines file of SkillSpan")
    parser.add_argument("--esco", type=Path, nargs="*", default=[], help="CSV files of the ESCO benchmark")
    arguments = parser.parse_args()
    use = settings()
    release = ensure_release(use.library or SHIPPED, use.releases_dir, shipped_embedder())
    if arguments.skillspan:
        rows = [json.loads(line) for line in arguments.skillspan.read_text("utf-8").splitlines()]
        for name, c in skillspan(rows, release).items():
            print(f"{name:9} strict   {f1(c['same'], c['found'], c['same'], c['gold'])}")
            print(f"{name:9} overlap  {f1(c['right'], c['found'], c['reached'], c['gold'])}")
    for path in arguments.esco:
        with path.open(encoding="utf-8", newline="") as file:
            c = esco(csv.DictReader(file), release)
        print(
            f"{path.name}: {c['spans']} spans without a label, found {c['found'] / max(c['spans'], 1):.3f}, "
            f"as new {c['new'] / max(c['spans'], 1):.3f}"
        )


if __name__ == "__main__":
    main()
