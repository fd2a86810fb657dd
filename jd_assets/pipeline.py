"""All stages of one batch of JDs in a row, in memory: what `extract` and the HTTP endpoints call.

The nightly assets call the same stage functions one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder
from jd_assets.stages.capture.captures import captures
from jd_assets.stages.enrich.client import client_outputs
from jd_assets.stages.enrich.details import skill_details
from jd_assets.stages.enrich.outputs import final_role_outputs
from jd_assets.stages.kras.items import embed_items, kra_items
from jd_assets.stages.parse.frame import parse
from jd_assets.stages.reposts.signatures import jd_signatures
from jd_assets.stages.roles.decide import assign_roles
from jd_assets.stages.roles.signals import role_signals
from jd_assets.stages.skills.extract import extract
from jd_assets.tables import ROLE_PLANS


@dataclass(frozen=True)
class Batch:
    """The tables of a batch of JDs, named as in tables.py."""

    raw_jds: pl.DataFrame
    parsed_jds: pl.DataFrame
    jd_signatures: pl.DataFrame
    extracted_skills: pl.DataFrame
    jd_kras: pl.DataFrame
    kra_embeddings: pl.DataFrame
    role_signals: pl.DataFrame
    role_assignments: pl.DataFrame
    captures: pl.DataFrame
    role_plans: pl.DataFrame
    skill_details: pl.DataFrame
    client_outputs: pl.DataFrame
    final_role_outputs: pl.DataFrame


def run_stages(raw: pl.DataFrame, ds: date, release: Release, embedder: Embedder) -> Batch:
    """Every table of a batch from its RAW_JDS."""
    parsed = parse(raw, ds)
    skills = extract(raw, parsed, release)
    kras = kra_items(raw, parsed)
    embeddings = embed_items(kras, embedder)
    signals = role_signals(raw, parsed, skills, kras, embeddings, release, embedder)
    assignments = assign_roles(parsed, signals, release)
    captured = captures(parsed, skills, kras, embeddings, assignments, release)
    details = skill_details(skills, assignments, release)
    return Batch(
        raw_jds=raw,
        parsed_jds=parsed,
        jd_signatures=jd_signatures(raw, parsed),
        extracted_skills=skills,
        jd_kras=kras,
        kra_embeddings=embeddings,
        role_signals=signals,
        role_assignments=assignments,
        captures=captured,
        role_plans=ROLE_PLANS.frame([]),  # the planner looks at the clusters of a day, not at a batch
        skill_details=details,
        client_outputs=client_outputs(parsed, skills, kras, signals, assignments, release),
        final_role_outputs=final_role_outputs(parsed, assignments, details, captured, release),
    )
