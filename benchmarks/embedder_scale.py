"""What an embedder that nothing was fitted for does to role decisions.

    python -m benchmarks.embedder_scale FILE...

The stand-in is that of the tests: texts that share words are alike, so that its cosines spread unlike the
shipped model's. Roles are decided, and duties told from the library's KRAs, with its cosines on the shipped
model's scale, as in every release of another embedder (jd_assets/library/scale.py), and with the cosines as
they are. Files are described in
benchmarks/role_data.py.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.role_data import LabelledSet, load
from benchmarks.roles import answers, figures
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.library.scale import rescaled
from jd_assets.models.embedder import MODEL_ID, Embedder, Vectors, shipped_embedder
from jd_assets.models.role_model import shipped_role_model
from jd_assets.stages.capture.captures import KRA_CUTS
from jd_assets.tables import VECTOR_WIDTH
from jd_assets_tests.llm.fake_embeddings import embedded


class StandIn:
    """The tests' embeddings, without an endpoint."""

    model_id = "words, hashed"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.stack([embedded(text, VECTOR_WIDTH) / 3 for text in texts])

    embed_each = embed

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        return [self.embed(texts) for texts in groups]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", nargs="+", help="files, as benchmarks/role_data.py describes them")
    shipped = shipped_embedder()
    cases: dict[str, tuple[Embedder, Embedder | None]] = {
        "the shipped model": (shipped, None),
        "the stand-in, on the shipped model's scale": (StandIn(), shipped),
        "the stand-in, as it is": (StandIn(), None),
    }
    console = Console(width=150)
    sources = parser.parse_args().labelled
    for name, (embedder, fitted) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            release = ensure_release(SHIPPED, Path(folder), embedder, fitted=fitted)
        for source in sources:
            labelled = load(source, release, embedder)
            told = figures(answers(labelled, release, shipped_role_model()))
            console.print(labelled.name, name, told, _duties(labelled, release))


def _duties(labelled: LabelledSet, release: Release) -> dict[str, float]:
    """The shares of duties that the cuts of KRAs call new, unsure and known."""
    cosines = labelled.embeddings["vector"].to_numpy() @ release.kra_vectors.T
    nearest = rescaled(cosines.max(axis=1), release.kra_scale)
    cut = KRA_CUTS[MODEL_ID]
    return {
        "duties": len(nearest),
        "new": round(float((nearest < cut.new).mean()), 3),
        "unsure": round(float(((nearest >= cut.new) & (nearest < cut.known)).mean()), 3),
        "known": round(float((nearest >= cut.known).mean()), 3),
    }


if __name__ == "__main__":
    main()
