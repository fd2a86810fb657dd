"""The JSON that clients read: nano_parsed and the answers of API 1 to 3, in the reference's shapes.

A language model's output schema comes from these models too, so a field of an answer is described
here and nowhere else.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    model_config = ConfigDict(extra="forbid")


# -- nano_parsed --------------------------------------------------------------------------------------


class Domain(Contract):
    domain: str
    aliases: list[str] = []


class Domains(Contract):
    primary: Domain
    secondary: Domain | None = None


class Education(Contract):
    level: str
    qualification: str
    raw: str
    requirement: Literal["required", "preferred"]


class Experience(Contract):
    min: float | None = None
    max: float | None = None
    raw: str | None = None


class Salary(Contract):
    """`min` and `max` are in units of `currency` per `period`."""

    min: float | None = None
    max: float | None = None
    currency: str | None = None
    period: Literal["hour", "day", "week", "month", "year"] | None = None
    raw: str


class JobLocation(Contract):
    city: str | None = None
    state: str | None = None
    country: str | None = None
    aliases: list[str] = []
    work_mode: Literal["remote", "hybrid", "onsite"] | None = None


class SourceMarker(Contract):
    first_5_words: str
    last_5_words: str


class Responsibilities(Contract):
    """One block of duties; `word_count` and `bullet_count` are counted, never asked for."""

    heading: str | None
    heading_was_present: bool
    text: str
    bullet_count: int
    word_count: int
    source_marker: SourceMarker


class NanoParsed(Contract):
    JD_type: Literal["pass", "reject"]
    role: str | None = None
    role_aliases: list[str] = []
    role_archetype: str | None = None
    company_name: str | None = None
    about_company: str | None = None
    domain: Domains
    experience: Experience
    education: list[Education] = []
    certifications: list[str] = []
    ctc: Salary | None = None
    job_locations: list[JobLocation] = []
    roles_and_responsibilities: list[Responsibilities] = []
    urls: list[str] = []


class SkillsNamed(Contract):
    """A posting's skills in its own words: hard ones that it asks for, hard ones that it calls a plus, and
    soft ones. Three lists of words take a model a third of the tokens that a record for each skill does."""

    main: list[str] = []
    plus: list[str] = []
    soft: list[str] = []


Part = Literal["fields", "skills"]
"""What a model may be asked to read in a posting: one of them, or both in one request."""


class Reading(Contract):
    """What a model reads in a posting; a part that it was not asked for is null."""

    fields: NanoParsed | None = None
    skills: SkillsNamed | None = None


# -- what a model is asked about a role ---------------------------------------------------------------


class RoleOption(Contract):
    """A role that may be chosen, in a few words."""

    name: str
    about: str


class RoleQuestion(Contract):
    """Which of up to five roles a posting is for; `posting` is the part of its text that says so."""

    options: list[RoleOption]
    posting: str


class RoleVerdict(Contract):
    """`choice` is the number of an option, from 1. The fields stand in the order in which a model is to
    think: what it saw, what it makes of it, what it chooses."""

    evidence: list[str]
    reasoning: str | None = None
    choice: Literal["1", "2", "3", "4", "5", "none"]


# -- what a model is asked about a skill that the library lacks --------------------------------------


class SkillTyping(Contract):
    """What a skill is, by its name. `same_as` is the name of which it is only another spelling; `parts` are
    the skills that the name holds, where it holds several."""

    description: str
    category: str
    sub_category: str
    skill_nature: str
    volatility: str
    typical_lifespan: str
    version_strategy: str
    dimensions: list[str]
    same_as: str | None
    parts: list[str]
    parent: str | None
    requires: list[str]
    alternatives: list[str]


class NumberedSkill(SkillTyping):
    """The same where several names are asked about at once: `n` is the name's number, from 1."""

    n: int


# -- what a model is asked about a role that the library lacks --------------------------------------


class PlannedKra(Contract):
    """A key responsibility area in 3 to 8 words, and the duty that a posting words it by."""

    kra: str
    says: str


class PlannedDimension(Contract):
    dimension: str
    skills: list[str]


class RolePlan(Contract):
    """A role as a model would add it to the library, from the postings of one cluster."""

    name: str
    archetype: str
    domain: str
    kras: list[PlannedKra]
    primary: list[str]
    secondary: list[str]
    dimensions: list[PlannedDimension]


class PlanQuestion(Contract):
    """The postings of a cluster: their title, the skills that they name, and each one's duties."""

    title: str
    skills: list[str]
    postings: list[str]


class PlannedRole(Contract):
    """A role that a model proposes for review, as the postings bear it out: what they don't hold was dropped
    and is counted. `new_skills` are those that the library would have to take in first."""

    slug: str
    display_name: str
    archetype: str
    domain: str
    kras: list[PlannedKra]
    primary_skills: list[str]
    secondary_skills: list[str]
    new_skills: list[str]
    dimensions: dict[str, list[str]]
    postings: int
    values_dropped: int
    engine: str


# -- API 1: POST /skills/extract-from-jd --------------------------------------------------------------


class FinalSkill(Contract):
    skill_name: str
    is_primary: bool


class JdRole(Contract):
    display_name: str | None
    slug: str
    role_aliases: list[str] = []
    role_archetype: str | None = None
    rationale: str | None = None


class KraMatch(Contract):
    kra_text: str
    sentence: str
    similarity: float


class RoleMatch(Contract):
    """A role that a signal speaks for; the fields that the signal doesn't fill are null."""

    role_id: int | None
    slug: str
    display_name: str
    score: float
    kra_matches: list[KraMatch] | None = None
    matched_count: int | None = None
    matched_skills: list[str] | None = None
    total_count: int | None = None


class Stage3Signals(Contract):
    alias_found: bool
    alias_match_roles: list[RoleMatch]
    skill_match_roles: list[RoleMatch]
    kra_match_roles: list[RoleMatch]
    centroid_match_roles: list[RoleMatch] = []


class Stage4Decision(Contract):
    case: Literal["ALIAS", "SKILL", "KRA", "CENTROID", "DOMAIN", "COLLISION", "NEW_ROLE", "REJECTED"]
    chosen_role: RoleMatch | None
    sub_role: str | None
    confidence: float
    reasoning: str
    matched_skills: list[str]
    matched_kras: list[str]
    matched_dimensions: list[str]
    alias_collision_detected: bool
    is_new_role: bool
    new_role_slug: str | None
    new_role_display_name: str | None
    queued: bool
    llm2_fired: bool
    llm2_reasoning: str | None


class NewKra(Contract):
    queue_id: str
    role_slug: str | None
    role_display_name: str | None
    r_and_r_preview: str
    best_kra_similarity: float
    status: str


class NewSkill(Contract):
    queue_id: str
    skill_name: str
    is_primary: bool
    role_slug: str | None
    role_display_name: str | None
    status: str


class Stage5Updates(Contract):
    centroid_updated: bool
    centroid_n_after: int | None
    collision_log_id: str | None
    new_kra_attached: NewKra | None
    new_skills_attached: list[NewSkill]
    queue_entry_id: str | None
    v3_pipeline_triggered: bool
    v3_role_slug: str | None
    v3_run_id: str | None


class ExtractFromJd(Contract):
    """The answer of API 1."""

    run_id: str
    rejected: bool
    rejection_reason: str | None
    nano_parsed: NanoParsed
    jd_role: JdRole
    final_skills: list[FinalSkill]
    stage3_signals: Stage3Signals | None
    stage4_decision: Stage4Decision | None
    stage5_updates: Stage5Updates | None


# -- API 2: POST /skills/extract-details --------------------------------------------------------------


class DerivedTyping(Contract):
    category: str
    sub_category: str
    skill_nature: str
    volatility: str
    typical_lifespan: str
    version_strategy: str


class NewSkillMeta(Contract):
    """A skill that the library lacks. `derived` is its type by rules, `typed` by a model, `placed` the
    library's dimensions that a model puts it in, with their groups. `keep_log` has the traits on which both
    agree, `merge_log` the library skill that it may be another name of, `split_log` the skills that its name
    holds, `warnings` what a model said and the library or the name does not bear out."""

    skill_id: str
    derived: DerivedTyping
    typed: dict[str, str] | None = None
    placed: dict[str, str] | None = None
    relationships: dict[str, list[str]] | None = None
    enrichment: dict[str, str] | None = None
    locked_dimensions: list[str] = []
    keep_log: list[str] = []
    merge_log: list[str] = []
    split_log: list[str] = []
    warnings: list[str] = []


class SkillDetail(Contract):
    input_skill: str
    canonical: str | None
    matched_via: str | None
    aliases_in_db: list[str]
    dimensions: list[str]
    source_tag: str
    was_in_llm_skills: bool
    new_alias_persisted: bool
    new_alias_text: str | None
    new_skill_meta: NewSkillMeta | None


class ChosenRole(Contract):
    id: int | None
    slug: str
    display_name: str
    role_archetype: str | None
    rationale: str | None
    source: Literal["db", "new"]


class ExtractDetails(Contract):
    """The answer of API 2."""

    run_id: str
    chosen_role: ChosenRole | None
    candidate_roles: list[RoleMatch]
    alias_matches: list[RoleMatch]
    dimensions: list[str]
    input_final_skills: list[str]
    input_llm_skills: list[str]
    skills_detail: list[SkillDetail]
    unmatched_skills: list[str]
    new_aliases_persisted: int


# -- API 3: POST /skills/final-role-output ------------------------------------------------------------


class TaggedSkill(Contract):
    skill: str
    tag: Literal["library", "new"]


class PersistenceItem(Contract):
    kind: str
    detail: str


class Persistence(Contract):
    items: list[PersistenceItem]
    new_skills_created: int
    skill_dimension_saved: int
    role_dimension_saved: int
    skipped: int


class FinalRoleOutput(Contract):
    """The answer of API 3; its costs are never null."""

    run_id: str
    chosen_role: ChosenRole | None
    chosen_role_resolution: Literal["in_db", "new_role", "rejected"]
    final_input_skills: list[TaggedSkill]
    persistence: Persistence
    planner_output: PlannedRole | None
    llm_cost_api1_usd: float
    llm_cost_api2_usd: float
    llm_cost_api3_usd: float
    llm_cost_total_usd: float
