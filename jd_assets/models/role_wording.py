"""How postings for a role are worded, learned from labelled ones: weights of terms for roles.

A role's texts in the library say what the role is; postings say it in words of their own, and say much else.
The weights are what multinomial logistic regression adds to the library's texts, in the same unit, the cosine
of the text signal. `python -m benchmarks.fit_roles` fits them; role_model.json has their provenance.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

WORDING_FILE = Path(__file__).resolve().parent / "role_wording.npz"


@dataclass(frozen=True)
class RoleWording:
    """A list of cells, ordered by term: `weights[i]` is that of term `terms[term_of[i]]` for the role with
    slug `roles[role_of[i]]`. `version` is a hash of the content."""

    roles: tuple[str, ...]
    terms: tuple[str, ...]
    role_of: npt.NDArray[np.int32]
    term_of: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]

    @property
    def version(self) -> str:
        digest = hashlib.sha256("\n".join((*self.roles, "", *self.terms)).encode())
        for array in (self.role_of, self.term_of, self.weights.astype(np.float16)):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:8]

    def save(self, path: Path) -> None:
        """Writes the weights, in half precision; `load_role_wording` reads them.

        Raises:
            OSError: the file can't be written.
        """
        np.savez_compressed(
            path,
            roles=np.array(self.roles),
            terms=np.array(self.terms),
            role_of=self.role_of,
            term_of=self.term_of,
            weights=self.weights.astype(np.float16),
        )


NO_WORDING = RoleWording(
    (), (), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
)
"""The library's texts alone."""


@lru_cache(maxsize=1)
def shipped_role_wording() -> RoleWording:
    """The wording that the package ships."""
    return load_role_wording(WORDING_FILE)


def load_role_wording(path: Path) -> RoleWording:
    """Weights from their file.

    Raises:
        KeyError: a part is missing.
        OSError: the file can't be read.
    """
    with np.load(path, allow_pickle=False) as content:
        return RoleWording(
            roles=tuple(content["roles"].tolist()),
            terms=tuple(content["terms"].tolist()),
            role_of=content["role_of"],
            term_of=content["term_of"],
            weights=content["weights"].astype(np.float32),
        )
