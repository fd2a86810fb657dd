"""The answers of API 1, 2 and 3, made of one JD's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl

from jd_assets import contracts as C
from jd_assets.library.compile import slugify
from jd_assets.library.release import Release
from jd_assets.pipeline import Batch
from jd_assets.stages.centroids.centroids import LEAST_CONFIDENCE
from jd_assets.stages.enrich.details import derived_typing
from jd_assets.stages.enrich.outputs import pipeline_runs
from jd_assets.tables import LLM_CALLS

Row = Mapping[str, Any]

PREVIEW_CHARACTERS = 200
"""Of a duty that is shown before it is decided on."""


@dataclass(frozen=True)
class JdRows:
    """One JD's rows of each table, as dictionaries.

    `role_assignments` and `client_outputs` are None for a JD that was rejected. A row of `captures` may
    have a `status`, where the review queue knows one. `role_centroids` is the row of the chosen role and
    the JD's day, where the day's centroids are known.
    """

    raw_jds: Row
    parsed_jds: Row
    extracted_skills: Sequence[Row]
    jd_kras: Sequence[Row]
    role_signals: Sequence[Row]
    role_assignments: Row | None
    captures: Sequence[Row]
    skill_details: Sequence[Row]
    client_outputs: Row | None
    final_role_outputs: Row
    pipeline_runs: Row
    role_centroids: Row | None = None

    @property
    def run_id(self) -> str:
        return str(self.parsed_jds["run_id"])


def runs_of(batch: Batch) -> pl.DataFrame:
    """PIPELINE_RUNS of a batch that was computed now and by no Dagster run."""
    now = datetime.now(UTC)
    return pipeline_runs(
        batch.parsed_jds,
        batch.role_assignments,
        LLM_CALLS.frame([]),
        seconds_by_api={},
        dagster_run_id=None,
        created_at=now,
        updated_at=now,
    )


def rows_of(batch: Batch, run: Row) -> JdRows:
    """The rows of the JD that a row of PIPELINE_RUNS is of.

    Raises:
        KeyError: the batch does not hold it.
    """
    jd_id = run["jd_id"]
    raw, parsed = _only(batch, "raw_jds", jd_id), _only(batch, "parsed_jds", jd_id)
    final = _only(batch, "final_role_outputs", jd_id)
    if raw is None or parsed is None or final is None:
        raise KeyError(jd_id)
    return JdRows(
        raw_jds=raw,
        parsed_jds=parsed,
        extracted_skills=_of(batch, "extracted_skills", jd_id),
        jd_kras=_of(batch, "jd_kras", jd_id),
        role_signals=_of(batch, "role_signals", jd_id),
        role_assignments=_only(batch, "role_assignments", jd_id),
        captures=_of(batch, "captures", jd_id),
        skill_details=_of(batch, "skill_details", jd_id),
        client_outputs=_only(batch, "client_outputs", jd_id),
        final_role_outputs=final,
        pipeline_runs=run,
    )


def _only(batch: Batch, table: str, jd_id: str) -> Row | None:
    """The JD's row; of raw_jds the first copy's."""
    return next((r for r in _of(batch, table, jd_id) if r.get("status", "ok") == "ok"), None)


def _of(batch: Batch, table: str, jd_id: str) -> list[Row]:
    return [row for row in getattr(batch, table).iter_rows(named=True) if row["jd_id"] == jd_id]


def extract_from_jd(jd: JdRows) -> C.ExtractFromJd:
    """The answer of API 1; its stages 3 to 5 are null for a JD that was rejected."""
    parsed, assigned = jd.parsed_jds, jd.role_assignments
    named = [s for s in jd.role_signals if s["signal"] == "alias" and s["score"] == 1.0]
    return C.ExtractFromJd(
        run_id=jd.run_id,
        rejected=assigned is None,
        rejection_reason=parsed["reject_detail"] or parsed["reject_reason"],
        nano_parsed=C.NanoParsed.model_validate_json(parsed["nano_parsed"]),
        jd_role=C.JdRole(
            display_name=parsed["title"],
            slug=named[0]["role_slug"] if len(named) == 1 else "",
            role_aliases=list(parsed["role_aliases"]),
            role_archetype=parsed["role_archetype"],
        ),
        final_skills=[
            C.FinalSkill(skill_name=s["skill_name"], is_primary=s["is_primary"]) for s in _ordered(jd)
        ],
        stage3_signals=_signals(jd.role_signals) if assigned else None,
        stage4_decision=_decision(assigned, jd.captures) if assigned else None,
        stage5_updates=_updates(jd, assigned) if assigned else None,
    )


def extract_details(jd: JdRows, release: Release) -> C.ExtractDetails:
    """The answer of API 2."""
    assigned = jd.role_assignments
    skills = _ordered(jd)
    by_model = {s["skill_name"] for s in skills if s["engine"] != "embedded"}
    details = {d["input_skill"]: d for d in jd.skill_details}
    names = [s["skill_name"] for s in skills if s["skill_name"] in details]
    role_ids = {s["role_slug"]: s["role_id"] for s in jd.role_signals}
    return C.ExtractDetails(
        run_id=jd.run_id,
        chosen_role=_chosen_role(assigned, release),
        candidate_roles=[
            C.RoleMatch(
                role_id=role_ids.get(other["role_slug"]),
                slug=other["role_slug"],
                display_name=other["role_name"],
                score=other["probability"],
            )
            for other in (assigned["alternatives"] if assigned else ())
        ],
        alias_matches=_matches(jd.role_signals, "alias"),
        dimensions=list(dict.fromkeys(d for name in names for d in details[name]["dimensions"])),
        input_final_skills=names,
        input_llm_skills=[name for name in names if name in by_model],
        skills_detail=[_detail(details[name], name in by_model, release) for name in names],
        unmatched_skills=[name for name in names if details[name]["source_tag"] == "new"],
        new_aliases_persisted=0,
    )


def final_role_output(jd: JdRows, release: Release) -> C.FinalRoleOutput:
    """The answer of API 3. What it counts as created or saved waits for a person's decision: nothing
    changes the library before."""
    final, run = jd.final_role_outputs, jd.pipeline_runs
    tags: list[tuple[str, Literal["library", "new"]]] = [(s, "library") for s in final["library_skills"]]
    tags += [(s, "new") for s in final["new_skills"]]
    place = {s["skill_name"]: i for i, s in enumerate(_ordered(jd))}
    tags.sort(key=lambda tag: place.get(tag[0], len(place)))
    return C.FinalRoleOutput(
        run_id=jd.run_id,
        chosen_role=_chosen_role(jd.role_assignments, release),
        chosen_role_resolution=final["resolution"],
        final_input_skills=[C.TaggedSkill(skill=skill, tag=tag) for skill, tag in tags],
        persistence=C.Persistence(
            items=[item for item, _ in artifacts(jd)],
            new_skills_created=final["new_skills_captured"],
            skill_dimension_saved=final["skill_dimension_links"],
            role_dimension_saved=final["role_dimension_links"],
            skipped=final["skipped"],
        ),
        planner_output=planned_role(final),
        llm_cost_api1_usd=run["llm_cost_api1_usd"] or 0.0,
        llm_cost_api2_usd=run["llm_cost_api2_usd"] or 0.0,
        llm_cost_api3_usd=run["llm_cost_api3_usd"] or 0.0,
        llm_cost_total_usd=run["llm_cost_total_usd"] or 0.0,
    )


def planned_role(row: Row) -> C.PlannedRole | None:
    """The role that a model planned, of a row that may hold one."""
    planned = row["planner_output"]
    return C.PlannedRole.model_validate_json(planned) if planned else None


def _ordered(jd: JdRows) -> list[Row]:
    """The JD's skills, main ones first, then as they stand in the text."""
    return sorted(jd.extracted_skills, key=lambda s: (not s["is_primary"], s["start"], s["skill_name"]))


def _signals(signals: Sequence[Row]) -> C.Stage3Signals:
    return C.Stage3Signals(
        alias_found=any(s["signal"] == "alias" and s["score"] == 1.0 for s in signals),
        alias_match_roles=_matches(signals, "alias"),
        skill_match_roles=_matches(signals, "skill"),
        kra_match_roles=_matches(signals, "kra"),
        centroid_match_roles=_matches(signals, "centroid"),
    )


def _matches(signals: Iterable[Row], signal: str) -> list[C.RoleMatch]:
    found = sorted((s for s in signals if s["signal"] == signal), key=lambda s: s["rank"])
    return [
        C.RoleMatch(
            role_id=s["role_id"],
            slug=s["role_slug"],
            display_name=s["role_name"],
            score=s["score"],
            kra_matches=[C.KraMatch(**m) for m in s["kra_matches"]] if signal == "kra" else None,
            matched_count=s["matched_count"],
            matched_skills=list(s["matched_skills"]) if signal == "skill" else None,
            total_count=s["total_count"],
        )
        for s in found
    ]


def _decision(assigned: Row, captured: Sequence[Row]) -> C.Stage4Decision:
    chosen = None
    if assigned["role_slug"]:
        chosen = C.RoleMatch(
            role_id=assigned["role_id"],
            slug=assigned["role_slug"],
            display_name=assigned["role_name"],
            score=assigned["confidence"],
        )
    return C.Stage4Decision(
        case=assigned["case"],
        chosen_role=chosen,
        sub_role=assigned["sub_role"],
        confidence=assigned["confidence"],
        reasoning=assigned["reasoning"],
        matched_skills=list(assigned["matched_skills"]),
        matched_kras=list(assigned["matched_kras"]),
        matched_dimensions=list(assigned["matched_dimensions"]),
        alias_collision_detected=assigned["alias_collision"],
        is_new_role=assigned["is_new_role"],
        new_role_slug=assigned["new_role_slug"],
        new_role_display_name=assigned["new_role_name"],
        queued=any(c["kind"] == "new_role" for c in captured),
        llm2_fired=assigned["llm2_fired"],
        llm2_reasoning=assigned["llm2_reasoning"],
    )


def _updates(jd: JdRows, assigned: Row) -> C.Stage5Updates:
    first = {c["kind"]: c["item_id"] for c in reversed(jd.captures)}
    plan = planned_role(jd.final_role_outputs)
    new_kras = [c for c in jd.captures if c["kind"] == "new_kra"]
    least_known = min(new_kras, key=lambda c: c["similarity"], default=None)
    centroid = jd.role_centroids
    counted = bool(centroid and jd.jd_kras and assigned["confidence"] >= LEAST_CONFIDENCE)
    return C.Stage5Updates(
        centroid_updated=counted,
        centroid_n_after=centroid["n_base"] + centroid["n"] if centroid and counted else None,
        collision_log_id=first.get("alias_collision"),
        new_kra_attached=C.NewKra(
            queue_id=least_known["item_id"],
            role_slug=least_known["role_slug"],
            role_display_name=least_known["role_name"],
            r_and_r_preview=least_known["evidence"][:PREVIEW_CHARACTERS],
            best_kra_similarity=least_known["similarity"],
            status=least_known.get("status") or "pending",
        )
        if least_known
        else None,
        new_skills_attached=[
            C.NewSkill(
                queue_id=c["item_id"],
                skill_name=c["name"],
                is_primary=bool(c["is_primary"]),
                role_slug=c["role_slug"],
                role_display_name=c["role_name"],
                status=c.get("status") or "pending",
            )
            for c in jd.captures
            if c["kind"] == "new_skill"
        ],
        queue_entry_id=first.get("new_role"),
        v3_pipeline_triggered=plan is not None,
        v3_role_slug=plan.slug if plan else None,
        v3_run_id=jd.run_id if plan else None,
    )


def _chosen_role(assigned: Row | None, release: Release) -> C.ChosenRole | None:
    """The library's role, else the new one that is proposed; None where the JD was rejected or proposes
    none."""
    if assigned is None:
        return None
    if assigned["role_slug"]:
        try:
            archetype = release.role(assigned["role_slug"]).archetype
        except KeyError:  # a release later than the decision's has dropped the role
            archetype = None
        return C.ChosenRole(
            id=assigned["role_id"],
            slug=assigned["role_slug"],
            display_name=assigned["role_name"],
            role_archetype=archetype,
            rationale=assigned["reasoning"],
            source="db",
        )
    if not assigned["new_role_slug"]:
        return None
    return C.ChosenRole(
        id=None,
        slug=assigned["new_role_slug"],
        display_name=assigned["new_role_name"] or assigned["new_role_slug"],
        role_archetype=None,
        rationale=assigned["reasoning"],
        source="new",
    )


def _new_skill_meta(detail: Row, release: Release) -> C.NewSkillMeta:
    name = detail["input_skill"]
    meta = C.NewSkillMeta(
        skill_id=slugify(name) or name, derived=C.DerivedTyping.model_validate(derived_typing(name))
    )
    if detail["typed_by"] == "embedded":
        return meta
    parent = [detail["parent_skill"]] if detail["parent_skill"] else []
    groups = release.dimension_groups
    return meta.model_copy(
        update={
            "typed": {k: detail[k] for k in C.DerivedTyping.model_fields},
            "placed": {d: groups[d] for d in detail["placed_dimensions"] if d in groups},
            "relationships": {
                "parent": parent,
                "requires": list(detail["required_skills"]),
                "alternatives": list(detail["alternative_skills"]),
            },
            "enrichment": {"description": detail["description"]} if detail["description"] else None,
            **{log: list(detail[log]) for log in ("keep_log", "merge_log", "split_log", "warnings")},
        }
    )


def _detail(detail: Row, by_model: bool, release: Release) -> C.SkillDetail:
    meta = None
    if detail["source_tag"] == "new":
        meta = _new_skill_meta(detail, release)
    return C.SkillDetail(
        input_skill=detail["input_skill"],
        canonical=detail["canonical"],
        matched_via=detail["matched_via"],
        aliases_in_db=list(detail["aliases_in_db"]),
        dimensions=list(detail["dimensions"]),
        source_tag=detail["source_tag"],
        was_in_llm_skills=by_model,
        new_alias_persisted=False,
        new_alias_text=None,
        new_skill_meta=meta,
    )


def artifacts(jd: JdRows) -> list[tuple[C.PersistenceItem, str]]:
    """What this JD proposes for the library, with the id of the thing in the review queue."""
    details = {d["input_skill"]: d for d in jd.skill_details}
    items = []
    for captured in jd.captures:
        name = captured["name"]
        kind, detail = _PROPOSED[captured["kind"]], name[:PREVIEW_CHARACTERS]
        if captured["kind"] == "new_skill":
            if name not in details:
                continue
            typed = details[name]
            detail = (
                f"{name} | type={typed['category']} subtype={typed['sub_category']} "
                f"nature={typed['skill_nature']} lifespan={typed['typical_lifespan']}"
            )
        items.append((C.PersistenceItem(kind=kind, detail=detail), captured["item_id"]))
    return items


_PROPOSED = {
    "new_skill": "canonical_skill_proposed",
    "new_role": "role_proposed",
    "new_kra": "kra_proposed",
    "alias_collision": "alias_collision_logged",
}
