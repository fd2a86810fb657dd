"""What the run page shows of one JD beyond its rows and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jd_assets.library.release import Release
from jd_assets.models.role_model import SIGNALS, shipped_role_model
from jd_assets.stages.enrich.client import AI_POINTS
from jd_assets.web.answers import (
    JdRows,
    Row,
    artifacts,
    extract_details,
    extract_from_jd,
    final_role_output,
)
from jd_assets.web.highlight import pieces, quotes, spans_of

AI_LABELS = {
    "title_match": "Title match",
    "has_ai_skill": "Has AI skill",
    "ai_skill_primary": "AI skill (primary)",
    "ai_skill_secondary": "AI skill (secondary)",
    "on_ai_team": "On AI team",
    "builds_ai_products": "Builds AI products",
}

SIGNALS_SHOWN = 5
"""Roles of each signal."""


@dataclass(frozen=True)
class Share:
    """A signal's part in the chosen role's strength: weight x score, and of the sum, 0 to 1."""

    signal: str
    score: float
    points: float
    share: float


def shares(role_slug: str | None, signals: Sequence[Row]) -> list[Share]:
    """Each signal's part in a role's strength, as the decision adds it up, biggest first."""
    model = shipped_role_model()
    points = {
        s["signal"]: (s["score"], model.weight(s["signal"]) * s["score"])
        for s in signals
        if s["role_slug"] == role_slug
    }
    total = sum(p for _, p in points.values())
    found = [Share(name, score, p, p / total if total else 0.0) for name, (score, p) in points.items()]
    return sorted(found, key=lambda s: (-s.points, s.signal))


def _ranked(signals: Sequence[Row], name: str) -> list[Row]:
    """The roles that a signal speaks for, the first ones."""
    found = (s for s in signals if s["signal"] == name)
    return sorted(found, key=lambda s: (s["rank"], s["role_slug"]))[:SIGNALS_SHOWN]


def run_view(jd: JdRows, release: Release) -> dict[str, Any]:
    """The variables of run.html."""
    assigned, client = jd.role_assignments, jd.client_outputs
    api1, api2, api3 = extract_from_jd(jd), extract_details(jd, release), final_role_output(jd, release)
    spans = spans_of(jd)
    details = {d["input_skill"]: d for d in jd.skill_details}
    tags = {s.skill: s.tag for s in api3.final_input_skills}
    return {
        "jd": jd,
        "run": jd.pipeline_runs,
        "parsed": jd.parsed_jds,
        "assigned": assigned,
        "client": client,
        "final": jd.final_role_outputs,
        "nano": api1.nano_parsed,
        "updates": api1.stage5_updates,
        "chosen": api3.chosen_role,
        "persistence": api3.persistence,
        "artifacts": artifacts(jd),
        "ai_signals": [
            (label, bool(client and name in client["ai_signals"]), AI_POINTS[name])
            for name, label in AI_LABELS.items()
        ],
        "signals": [(name, _ranked(jd.role_signals, name)) for name in SIGNALS],
        "shares": shares(assigned["role_slug"], jd.role_signals) if assigned else [],
        "skills": [
            (skill, details.get(skill["skill_name"]), tags.get(skill["skill_name"]))
            for skill in sorted(jd.extracted_skills, key=lambda s: (not s["is_primary"], s["start"]))
        ],
        "pieces": pieces(jd.raw_jds["text"], spans),
        "quotes": quotes(jd.raw_jds["text"], [s for s in spans if s.kind != "duty"]),
        "answers": [
            ("API 1 — extract-from-jd", api1.model_dump(mode="json")),
            ("API 2 — extract-details", api2.model_dump(mode="json")),
            ("API 3 — final-role-output", api3.model_dump(mode="json")),
        ],
        "nano_json": api1.nano_parsed.model_dump(mode="json"),
    }
