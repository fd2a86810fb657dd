"""Fits the skill tagger: `python -m benchmarks.fit_skill_tagger --help`. Deterministic: the same files give
the same weights.

What it does:
1. Words are grouped by meaning: k-means over the shipped encoder's vectors of its own vocabulary's words.
2. A linear-chain CRF with labels O, BH, IH (hard skill), BS, IS (soft skill) is fitted by L-BFGS with an L1
   and an L2 penalty (python-crfsuite, needed here only). It learns from postings with labelled skills, every
   place where a labelled surface stands, in the sections that ask for something, and from SkillSpan's
   sentences, whose knowledge spans are taken for hard skills.
3. Five-fold over the postings, so that each is judged by a model that has not seen it: a logistic curve from
   a candidate's signs (the tagger's log odds, and for library spellings what the library says of them) to the
   share of such candidates that are labelled skills, figures by cut, and the confidences' reliability.
Words that stand in fewer than three postings or sentences are not remembered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pycrfsuite

from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.skill_tagger import FOLDER, SkillTagger
from jd_assets.settings import settings
from jd_assets.stages.ingest.readers import read as read_records
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.parse.frame import parse
from jd_assets.stages.skills.attributes import ATTRIBUTES, TEMPLATES, Encoder, TaggedSegment, values
from jd_assets.stages.skills.candidates import LIBRARY, NEW, OUT_OF_CONTEXT
from jd_assets.stages.skills.extract import Found, Posting, find_skills
from jd_assets.stages.skills.reading import Reading, read
from jd_assets.stages.skills.tagging import confidence
from jd_assets.storage.landing import field_names, limits

LABELS = ("O", "BH", "IH", "BS", "IS")
LEAST_SEEN = 3
GROUPS = 200
FOLDS = 5
RIDGE = 1.0
BANDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
L1, L2, ITERATIONS = 0.3, 0.02, 120
TARGET = {LIBRARY: 0.35, NEW: 0.35, OUT_OF_CONTEXT: 0.75}
"""Confidence from which a candidate is taken; chosen by the F1 of the five-fold predictions."""


Scales = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Labelled:
    """Segments of one text with a label per word; `gold` and `posting` are there for postings only."""

    segments: list[TaggedSegment]
    labels: list[list[str]]
    gold: Mapping[str, Any] | None = None
    posting: Posting | None = None


def load_postings(path: Path, release: Release) -> list[Labelled]:
    """Postings of a file in the gold format that the parser passes."""
    gold = {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}
    use = settings()
    lines = "\n".join(json.dumps({"id": row["id"], "text": row["text"]}) for row in gold.values())
    day = date(2000, 1, 1)
    raw = ingest(read_records(BytesIO(lines.encode()), "x.jsonl", field_names(use), limits(use)), day)
    parsed = parse(raw, day).filter(pl.col("jd_type") == "pass")
    rows = raw.filter(pl.col("status") == "ok").join(parsed.select("jd_id", "segments"), on="jd_id")
    found = []
    for source_id, text, segments in rows.select("source_id", "text", "segments").iter_rows():
        row = gold[source_id]
        if row["is_jd"]:
            reading = read(text, segments, release)
            labels = word_labels(reading, row["skills"])
            parts = [labels[s.first : s.last] for _, s in reading.parts]
            found.append(Labelled([s for _, s in reading.parts], parts, row, Posting(text, segments)))
    return found


def word_labels(reading: Reading, skills: Iterable[Mapping[str, Any]]) -> list[str]:
    """A label for each word: every place of a labelled surface, the longest first."""
    places = sorted(
        (
            (match.start(), match.end(), skill["kind"])
            for skill in skills
            for match in re.finditer(
                rf"(?<!\w){re.escape(skill['surface'])}(?!\w)", reading.text, re.IGNORECASE
            )
        ),
        key=lambda place: (place[0] - place[1], place[0]),
    )
    labels = ["O"] * len(reading.words)
    starts = reading.words.starts
    for start, end, kind in places:
        first = max(bisect_right(starts, start) - 1, 0)
        if first < len(labels) and reading.words.ends[first] <= start:
            first += 1
        last = bisect_right(starts, end - 1) - 1
        if last < first or any(label != "O" for label in labels[first : last + 1]):
            continue
        letter = "H" if kind == "hard" else "S"
        labels[first : last + 1] = ["B" + letter] + ["I" + letter] * (last - first)
    return labels


def load_skillspan(path: Path, release: Release) -> list[Labelled]:
    """Sentences of a SkillSpan file, their knowledge spans as hard skills."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        text, starts, at = " ".join(row["tokens"]), [], 0
        for token in row["tokens"]:
            starts.append(at)
            at += len(token) + 1
        segment = {"start": 0, "end": len(text), "section": "requirements", "kind": "sentence", "duty": False}
        reading = read(text, [segment], release)
        if not reading.parts:
            continue
        labels: list[str] = []
        for start in reading.words.starts:
            tag = row["tags_knowledge"][bisect_right(starts, start) - 1]
            inside = tag == "I" and labels and labels[-1] != "O"
            labels.append("O" if tag == "O" else "IH" if inside else "BH")
        found.append(Labelled([s for _, s in reading.parts], [labels]))
    return found


def group_words(seed: int = 0, rounds: int = 25) -> dict[str, str]:
    """Words of the encoder's vocabulary by group of like meaning (spherical k-means)."""
    tokenizer = json.loads((SHIPPED.parents[1] / "models" / "minilm_l6_v2" / "tokenizer.json").read_text())
    words = [w for w in tokenizer["model"]["vocab"] if w.isalpha() and w.isascii() and len(w) > 2]
    vectors = shipped_embedder().embed(words)
    draw = np.random.default_rng(seed)
    centres = vectors[draw.choice(len(vectors), GROUPS, replace=False)]
    for _ in range(rounds):
        nearest = (vectors @ centres.T).argmax(axis=1)
        centres = np.stack(
            [
                vectors[nearest == g].mean(axis=0) if (nearest == g).any() else centres[g]
                for g in range(GROUPS)
            ]
        )
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    groups: dict[str, str] = {}
    for word, group in zip(words, nearest, strict=True):
        groups.setdefault(fold(word) or word, str(group))
    return groups


def vocabularies_of(
    texts: Sequence[Labelled], meanings: Mapping[str, str], release: Release
) -> dict[str, dict[str, int]]:
    """Values that at least LEAST_SEEN texts have, by attribute."""
    seen: dict[str, Counter[str]] = {name: Counter() for name in ATTRIBUTES}
    for text in texts:
        described = [values(segment, meanings, release.word_uses) for segment in text.segments]
        for name in ATTRIBUTES:
            seen[name].update({value for segment in described for value in segment[name]})
    return {
        name: {value: n for n, value in enumerate(sorted(v for v, c in counts.items() if c >= LEAST_SEEN), 2)}
        for name, counts in seen.items()
    }


def train(
    texts: Sequence[Labelled], meanings: Mapping[str, str], release: Release, scales: Any, cuts: Any
) -> SkillTagger:
    """The CRF of greatest penalised likelihood."""
    vocabularies = vocabularies_of(texts, meanings, release)
    encoder = Encoder(vocabularies, meanings, release.word_uses)
    trainer = pycrfsuite.Trainer(verbose=False)
    for text in texts:
        for segment, labels in zip(text.segments, text.labels, strict=True):
            found = encoder.keys([segment])
            names = [[f"{t}:{key[n]}" for t, key in enumerate(found)] for n in range(len(labels))]
            trainer.append(names, labels)
    trainer.set_params(
        {
            "c1": L1,
            "c2": L2,
            "max_iterations": ITERATIONS,
            "feature.possible_transitions": True,
            "feature.minfreq": 3,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model"
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    weights: list[dict[int, np.ndarray[Any, Any]]] = [{} for _ in TEMPLATES]
    for (name, label), weight in info.state_features.items():
        template, key = map(int, name.split(":"))
        weights[template].setdefault(key, np.zeros(len(LABELS), np.float32))[LABELS.index(label)] = weight
    transitions = np.full((len(LABELS), len(LABELS)), -20.0, np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[LABELS.index(before), LABELS.index(after)] = weight
    for inside, begins in (("IH", ("O", "BS", "IS")), ("IS", ("O", "BH", "IH"))):
        for before in begins:
            transitions[LABELS.index(before), LABELS.index(inside)] = -20.0
    return SkillTagger(
        labels=LABELS,
        vocabularies=vocabularies,
        meanings=meanings,
        keys=tuple(np.array(sorted(w), dtype=np.int64) for w in weights),
        weights=tuple(
            np.array([w[k] for k in sorted(w)], np.float32).reshape(-1, len(LABELS)) for w in weights
        ),
        transitions=transitions,
        scales=scales,
        cuts=cuts,
    )


def name_key(name: str) -> str:
    """A name reduced to what tells it apart, as the scorer of the labels does."""
    name = re.sub(r"\(.*?\)", " ", name.lower())
    name = re.sub(r"[^a-z0-9+#]+", "", name.replace("&", "and"))
    return name[:-1] if len(name) > 4 and name.endswith("s") and not name.endswith("ss") else name


def right_ones(found: Sequence[Found], text: str, gold: Mapping[str, Any]) -> list[str | None]:
    """For each found skill the kind of the labelled one that it is, or None; each labelled one once."""
    left = [({name_key(s["name"]), name_key(s["surface"])} - {""}, s["kind"]) for s in gold["skills"]]
    kinds: list[str | None] = []
    for skill in found:
        own = {name_key(skill.name), name_key(text[skill.start : skill.end])} - {""}
        place = next((n for n, (names, _) in enumerate(left) if own & names), None)
        kinds.append(None if place is None else left.pop(place)[1])
    return kinds


def logistic(signs: Sequence[tuple[float, ...]], right: Sequence[bool]) -> tuple[float, ...]:
    """Intercept and weights of the logistic curve of greatest likelihood, by Newton's method."""
    x, y = np.array(signs, dtype=float), np.array(right, dtype=float)
    inputs = np.concatenate([np.ones((len(x), 1)), x], axis=1)
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        curvature = inputs.T @ (inputs * (likely * (1 - likely))[:, None]) + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curvature, inputs.T @ (y - likely) - RIDGE * weights)
    return tuple(round(float(w), 4) for w in weights)


PLAIN = {LIBRARY: (0.0, 1.0, 0.0, 0.0, 0.0, 0.0), NEW: (0.0, 1.0)}
"""Curves that give the tagger's own probability, whatever the other signs."""

ALL = {LIBRARY: 0.0, NEW: 0.0, OUT_OF_CONTEXT: 0.0}


def judge_folds(
    postings: Sequence[Labelled], sentences: Sequence[Labelled], meanings: Mapping[str, str], release: Release
) -> list[tuple[Labelled, list[Found]]]:
    """Every candidate of each posting, judged by a model that has not seen it; confidences are the plain
    probabilities of the tagger."""
    order = np.random.default_rng(3).permutation(len(postings))
    judged: list[tuple[Labelled, list[Found]]] = []
    for fold_number in range(FOLDS):
        out = {int(n) for n in order[fold_number::FOLDS]}
        tagger = train(
            [p for n, p in enumerate(postings) if n not in out] + list(sentences),
            meanings,
            release,
            PLAIN,
            ALL,
        )
        held = [postings[n] for n in sorted(out)]
        found = find_skills([p.posting for p in held if p.posting], release, tagger)
        judged += list(zip(held, found, strict=True))
    return judged


def figures(
    judged: Sequence[tuple[Labelled, list[Found]]], scales: Any, cuts: Mapping[str, float]
) -> dict[str, float]:
    """Precision, recall and F1 of the hard skills with these curves and cuts."""
    counts: Counter[str] = Counter()
    for text, found in judged:
        assert text.gold is not None
        assert text.posting is not None
        kept = [s for s in found if confidence_of(s, scales) >= cuts[cut_of(s)]]
        kinds = right_ones(kept, text.posting.text, text.gold)
        counts["right"] += sum(kind == "hard" for kind in kinds)
        counts["found"] += sum((kind or s.kind) == "hard" for s, kind in zip(kept, kinds, strict=True))
        counts["gold"] += sum(s["kind"] == "hard" for s in text.gold["skills"])
    p, r = counts["right"] / max(counts["found"], 1), counts["right"] / max(counts["gold"], 1)
    return {"precision": round(p, 3), "recall": round(r, 3), "f1": round(2 * p * r / max(p + r, 1e-9), 3)}


def kind_of(skill: Found) -> str:
    return NEW if skill.entry is None else LIBRARY


def cut_of(skill: Found) -> str:
    out_of_context = skill.entry is not None and skill.signs[1] > skill.signs[2]
    return OUT_OF_CONTEXT if out_of_context else kind_of(skill)


def confidence_of(skill: Found, scales: Scales) -> float:
    """The tagger's candidates by their curve; a name of a list has one confidence."""
    return confidence(skill.signs, scales[kind_of(skill)]) if skill.signs else skill.confidence


def fit_curves(judged: Sequence[tuple[Labelled, list[Found]]]) -> Scales:
    """The curves from signs to confidence, for library candidates and for new ones."""
    signs: dict[str, list[tuple[float, ...]]] = {LIBRARY: [], NEW: []}
    right: dict[str, list[bool]] = {LIBRARY: [], NEW: []}
    for text, found in judged:
        assert text.gold is not None
        assert text.posting is not None
        for skill, kind in zip(found, right_ones(found, text.posting.text, text.gold), strict=True):
            if skill.signs:
                signs[kind_of(skill)].append(skill.signs)
                right[kind_of(skill)].append(kind is not None)
    return {kind: logistic(signs[kind], right[kind]) for kind in signs}


def reliability(judged: Sequence[tuple[Labelled, list[Found]]], scales: Scales) -> dict[str, list[float]]:
    """By band of confidence: how many skills were taken, their mean confidence, the share that was right."""
    rows: list[tuple[float, bool]] = []
    for text, found in judged:
        assert text.gold is not None
        assert text.posting is not None
        kept = [s for s in found if confidence_of(s, scales) >= TARGET[cut_of(s)]]
        for skill, kind in zip(kept, right_ones(kept, text.posting.text, text.gold), strict=True):
            rows.append((confidence_of(skill, scales), kind is not None))
    table = {}
    for low, high in pairwise(BANDS):
        inside = [row for row in rows if low <= row[0] < high]
        if inside:
            sure, right = np.mean(inside, axis=0)
            table[f"{low:.1f}"] = [len(inside), round(float(sure), 3), round(float(right), 3)]
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("postings", type=Path, nargs="+", help="files of postings with labelled skills")
    parser.add_argument("--skillspan", type=Path, help="SkillSpan's train.json")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    use = settings()
    release = ensure_release(use.library or SHIPPED, use.releases_dir, shipped_embedder())
    meanings = group_words()
    postings = [p for path in arguments.postings for p in load_postings(path, release)]
    sentences = load_skillspan(arguments.skillspan, release) if arguments.skillspan else []
    judged = judge_folds(postings, sentences, meanings, release)

    scales = fit_curves(judged)
    print("curves", scales)
    for library in (0.3, 0.35, 0.4, 0.45, 0.5):
        for new in (0.2, 0.25, 0.3, 0.35, 0.4, 1.1):
            print(library, new, figures(judged, scales, {**TARGET, LIBRARY: library, NEW: new}))
    tagger = train([*postings, *sentences], meanings, release, scales, TARGET)
    tagger.save(arguments.out)
    provenance = {
        "made_by": "benchmarks/fit_skill_tagger.py",
        "made_on": datetime.now(UTC).date().isoformat(),
        "library_release": release.release,
        "fitted_on": {
            **{
                path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
                for path in (*arguments.postings, *([arguments.skillspan] if arguments.skillspan else []))
            },
            "postings": len(postings),
            "sentences": len(sentences),
        },
        "penalties": {"l1": L1, "l2": L2},
        "weights": int(sum(len(k) for k in tagger.keys)),
        "five_fold_hard_skills": figures(judged, scales, TARGET),
        "five_fold_count_confidence_right": reliability(judged, scales),
    }
    (arguments.out / "provenance.json").write_text(json.dumps(provenance, indent=1) + "\n", "utf-8")
    print(json.dumps(provenance, indent=1))


if __name__ == "__main__":
    main()
