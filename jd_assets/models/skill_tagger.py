"""The shipped skill tagger: a linear-chain CRF over the words of a posting, as arrays.

It says for each word whether a skill begins there, goes on, or neither. benchmarks/fit_skill_tagger.py makes
the files; what it was fitted on and how well it does stand in skill_tagger/provenance.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).resolve().parent / "skill_tagger"

UNKNOWN, EDGE = 0, 1
"""Ids of a value that the vocabulary lacks, and of a place outside the segment; values count from 2."""

_TABLE = 1 << 14
"""Keys below which a template gets a table: one look-up a word then costs no search."""

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SkillTagger:
    """Weights of the CRF.

    `vocabularies` has, by attribute, the id of each value, and `meanings` the group of words of like meaning
    that a folded word is in. `keys` and `weights` are lists with one entry per
    template: the sorted keys of the value combinations that have weights, and these, shape (keys, labels).
    `transitions[a, b]` is the weight of label b after label a. `scales` has, by kind of candidate (library
    or new), intercept and weights of the logistic curve that makes a confidence of the candidate's signs, and
    `cuts` the confidence from which a candidate is taken.
    """

    labels: tuple[str, ...]
    vocabularies: Mapping[str, Mapping[str, int]]
    meanings: Mapping[str, str]
    keys: tuple[Keys, ...]
    weights: tuple[Floats, ...]
    transitions: Floats
    scales: Mapping[str, tuple[float, ...]]
    cuts: Mapping[str, float]

    def size(self, attribute: str) -> int:
        """Ids of an attribute, those of unknown and edge among them."""
        return len(self.vocabularies[attribute]) + 2

    @cached_property
    def tables(self) -> tuple[Floats | None, ...]:
        """For each template whose keys are small its weights by key, shape (keys, labels), else None; the
        last row, which is all zeros, is that of every greater key."""
        return tuple(
            _table(keys, weights) if len(keys) and keys[-1] < _TABLE else None
            for keys, weights in zip(self.keys, self.weights, strict=True)
        )

    def save(self, folder: Path) -> None:
        """Writes the model's two files; `load` reads them."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {f"keys_{n}": k for n, k in enumerate(self.keys)}
        arrays |= {f"weights_{n}": w.astype(np.float16) for n, w in enumerate(self.weights)}
        np.savez_compressed(folder / "weights.npz", transitions=self.transitions, **arrays)
        content = {
            "labels": self.labels,
            "scales": self.scales,
            "cuts": self.cuts,
            "vocabularies": {name: list(values) for name, values in self.vocabularies.items()},
        }
        groups: dict[str, list[str]] = {}
        for word, group in self.meanings.items():
            groups.setdefault(group, []).append(word)
        lines = [f"{group} {' '.join(words)}\n" for group, words in groups.items()]
        (folder / "meanings.txt").write_text("".join(lines), "utf-8")
        (folder / "model.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _table(keys: Keys, weights: Floats) -> Floats:
    table = np.zeros((int(keys[-1]) + 2, weights.shape[1]), dtype=np.float32)
    table[keys] = weights
    return table


def load(folder: Path = FOLDER) -> SkillTagger:
    """The model of a folder.

    Raises:
        FileNotFoundError: it has none.
    """
    content = json.loads((folder / "model.json").read_text("utf-8"))
    groups = [line.split() for line in (folder / "meanings.txt").read_text("utf-8").splitlines()]
    with np.load(folder / "weights.npz") as arrays:
        templates = sum(name.startswith("keys_") for name in arrays.files)
        return SkillTagger(
            labels=tuple(content["labels"]),
            vocabularies={
                name: {value: number for number, value in enumerate(values, start=2)}
                for name, values in content["vocabularies"].items()
            },
            meanings={word: group[0] for group in groups for word in group[1:]},
            keys=tuple(arrays[f"keys_{n}"] for n in range(templates)),
            weights=tuple(arrays[f"weights_{n}"].astype(np.float32) for n in range(templates)),
            transitions=arrays["transitions"],
            scales={kind: tuple(weights) for kind, weights in content["scales"].items()},
            cuts=content["cuts"],
        )


@lru_cache(maxsize=1)
def shipped_tagger() -> SkillTagger:
    """The process's one instance."""
    return load()
