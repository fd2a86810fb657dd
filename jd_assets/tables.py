"""Every table: its columns, types, key and meaning. The only place where a column is declared.

Partition files, LanceDB tables, the analyst database, Dagster's column schemas and lineage, and
docs/tables.md are all made from these declarations.
"""

from __future__ import annotations

import polars as pl

from jd_assets.schema import Column, Store, Table

VECTOR_WIDTH = 384
"""Numbers in an embedding. Every model used here gives this width, or is asked to."""

S, B, I32, I64, F = pl.String(), pl.Boolean(), pl.Int32(), pl.Int64(), pl.Float64()
HASHES = pl.List(pl.UInt32)
DAY, TIME = pl.Date(), pl.Datetime("us", "UTC")
STRINGS = pl.List(pl.String)
VECTOR = pl.Array(pl.Float32, VECTOR_WIDTH)
VECTOR_SUM = pl.Array(pl.Float64, VECTOR_WIDTH)

SEGMENTS = pl.List(
    pl.Struct({"start": I32, "end": I32, "section": S, "kind": S, "duty": B}),
)
GROUNDING = pl.List(pl.Struct({"field": S, "value": S, "start": I32, "end": I32}))
NAMED_SKILLS = pl.List(
    pl.Struct({"surface": S, "start": I32, "end": I32, "kind": S, "is_primary": B}),
)
EDUCATION = pl.List(pl.Struct({"level": S, "qualification": S, "requirement": S, "raw": S}))
LOCATIONS = pl.List(pl.Struct({"city": S, "state": S, "country": S, "aliases": STRINGS, "work_mode": S}))
KRA_MATCHES = pl.List(pl.Struct({"kra_text": S, "sentence": S, "similarity": F}))
ALTERNATIVES = pl.List(pl.Struct({"role_slug": S, "role_name": S, "probability": F}))
CLUSTERS = pl.List(pl.Struct({"group": S, "skills": STRINGS}))


def _need(name: str, dtype: pl.DataType, description: str, *sources: str) -> Column:
    return Column(name, dtype, description, nullable=False, sources=sources)


def _may(name: str, dtype: pl.DataType, description: str, *sources: str) -> Column:
    return Column(name, dtype, description, nullable=True, sources=sources)


def _ds() -> Column:
    return _need("ds", DAY, "Ingestion day: the landing folder that the JD came in.")


def _jd_id(source: str) -> Column:
    return _need("jd_id", S, "JD, named by the SHA-256 of its normalised text.", f"{source}.jd_id")


RAW_JDS = Table(
    name="raw_jds",
    group="ingest",
    grain="one row per record of a landing file, readable or not",
    description="Every record that landed: its text and where it came from. An exact duplicate "
    "points to its first copy of the day; a record that can't be read is kept with the reason.",
    key=("ds", "record_id"),
    columns=(
        _ds(),
        _need("record_id", S, "Record, named by day, file and row."),
        _may("jd_id", S, "JD, named by the SHA-256 of its normalised text; null if quarantined."),
        _need("status", S, "ok, duplicate or quarantined."),
        _may("reason", S, "Why it is quarantined, as a code such as invalid_json."),
        _may("detail", S, "The same for a person: what was found and where."),
        _may("duplicate_of", S, "record_id of the first copy of the day."),
        _need("source_file", S, "Path inside the day's landing folder."),
        _may("source_row", I64, "Row of the file, from 1; null where the file is one JD."),
        _need("source_format", S, "jsonl, csv, txt, md, html, pdf or docx."),
        _may("source_id", S, "The record's own id."),
        _may("source", S, "The record's own word on where it comes from."),
        _may("encoding", S, "Encoding that the bytes were read with."),
        _may("title", S, "Title field of the record."),
        _may("company", S, "Company field of the record."),
        _may("location", S, "Location field of the record."),
        _may("text", S, "The JD: fields that its text lacks, a line each, then the text as read."),
        _need("body_start", I32, "Where the text as read begins in `text`, in characters."),
        _need("characters", I32, "Length of `text`, in characters."),
        _need("content_sha256", S, "SHA-256 of the record's bytes."),
    ),
)

PARSED_JDS = Table(
    name="parsed_jds",
    group="parse",
    grain="one row per distinct JD of the day",
    description="The fields read from a JD, each with the place in the text that it came from; "
    "whether it is a JD at all, and if not, why.",
    key=("ds", "jd_id"),
    inputs=("raw_jds",),
    columns=(
        _ds(),
        _jd_id("raw_jds"),
        _need("run_id", S, "UUIDv5 of JD and day: the same however often the day runs."),
        _need("engine", S, "What read the fields: embedded, openai, or hybrid (the embedded engine, which was "
              "not sure, and then a model)."),
        _need("jd_type", S, "pass or reject.", "raw_jds.text"),
        _may("reject_reason", S, "Why it is no JD: a code such as not_a_jd.", "raw_jds.text"),
        _may("reject_detail", S, "The same for a person.", "raw_jds.text"),
        _may("language", S, "ISO 639-1 code of the text's language.", "raw_jds.text"),
        _may("title", S, "Job title as written.", "raw_jds.text", "raw_jds.title"),
        _need("role_aliases", STRINGS, "Other titles for it in the text or by rule.", "raw_jds.text"),
        _may("role_archetype", S, "The kind of role, by the title's words.", "raw_jds.text"),
        _may("company_name", S, "Hiring company.", "raw_jds.text", "raw_jds.company"),
        _may("about_company", S, "What the JD says of the company.", "raw_jds.text"),
        _need("domain_primary", S, "Domain of the work; Other if the text shows none.", "raw_jds.text"),
        _may("domain_secondary", S, "Second domain.", "raw_jds.text"),
        _may("experience_min", F, "Least experience asked for, in years.", "raw_jds.text"),
        _may("experience_max", F, "Most experience asked for, in years.", "raw_jds.text"),
        _may("experience_raw", S, "The words that say so.", "raw_jds.text"),
        _may("salary_min", F, "Least pay, in units of the currency per period.", "raw_jds.text"),
        _may("salary_max", F, "Most pay, in units of the currency per period.", "raw_jds.text"),
        _may("salary_currency", S, "ISO 4217 code.", "raw_jds.text"),
        _may("salary_period", S, "hour, day, week, month or year.", "raw_jds.text"),
        _may("salary_raw", S, "The words that say so.", "raw_jds.text"),
        _may("work_mode", S, "remote, hybrid or onsite.", "raw_jds.text"),
        _need("locations", LOCATIONS, "Places of work.", "raw_jds.text", "raw_jds.location"),
        _need("cities", STRINGS, "Cities of work.", "raw_jds.text", "raw_jds.location"),
        _need("education", EDUCATION, "Degrees asked for.", "raw_jds.text"),
        _need("education_levels", STRINGS, "Their distinct levels, lowest first.", "raw_jds.text"),
        _need("certifications", STRINGS, "Certifications and licences named.", "raw_jds.text"),
        _need("urls", STRINGS, "Web addresses in the text.", "raw_jds.text"),
        _need("emails", STRINGS, "E-mail addresses in the text.", "raw_jds.text"),
        _need("words", I32, "Words of the text, counted.", "raw_jds.text"),
        _need("segments", SEGMENTS, "The text's lines and sentences: place, section, kind "
              "(heading, item or sentence), and whether it states a duty.", "raw_jds.text"),
        _need("grounding", GROUNDING, "For each value, the characters it was read from.", "raw_jds.text"),
        _may("named_skills", NAMED_SKILLS, "The skills that a model named, at their first places; null where "
             "none was asked. extracted_skills ties them to the library.", "raw_jds.text"),
        _need("values_found", I32, "Values that were read."),
        _need("values_grounded", I32, "Of those, the ones whose place in the text is known."),
        _need("values_dropped", I32, "Values given by a model but not in the text, and so left out."),
        _need("nano_parsed", S, "All of it as JSON, in the shape of API 1.", "raw_jds.text"),
    ),
)  # fmt: skip

JD_SIGNATURES = Table(
    name="jd_signatures",
    group="reposts",
    grain="one row per JD that passed",
    description="A MinHash of each JD's words, by which reposts are found.",
    key=("ds", "jd_id"),
    inputs=("raw_jds", "parsed_jds"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("method", S, "How it was made; signatures of two methods are never compared."),
        _need(
            "signature", HASHES, "The share of equal numbers estimates the share of wording.", "raw_jds.text"
        ),
    ),
)

EXTRACTED_SKILLS = Table(
    name="extracted_skills",
    group="skills",
    grain="one row per JD and skill",
    description="The skills that a JD names, tied to the library or marked new, each with the "
    "words and the sentence that name it.",
    key=("ds", "jd_id", "skill_name"),
    inputs=("raw_jds", "parsed_jds"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("skill_name", S, "Library name of the skill, or the JD's words if it is new.", "raw_jds.text"),
        _may("skill_slug", S, "Library slug; null if the library lacks it."),
        _need("is_new", B, "The library does not know it."),
        _need("kind", S, "hard or soft."),
        _may("category", S, "Library category."),
        _need("surface", S, "The words of the first mention, as written.", "raw_jds.text"),
        _need("start", I32, "Where they start in the text, in characters.", "raw_jds.text"),
        _need("end", I32, "Where they end.", "raw_jds.text"),
        _need("section", S, "Section of the JD they stand in.", "parsed_jds.segments"),
        _need("evidence", S, "The sentence or line they stand in.", "parsed_jds.segments"),
        _need("mentions", I32, "How often the JD names the skill.", "raw_jds.text"),
        _need("is_primary", B, "Asked for as a main skill, not as an extra.", "parsed_jds.segments"),
        _need("confidence", F, "How sure the engine is, 0 to 1."),
        _need("matched_via", S, "name, alias, context (an ordinary word too); of a new one tagger, list or model."),
        _need("engine", S, "What found it: embedded, openai (the model alone), or hybrid (both).",
              "parsed_jds.named_skills"),
    ),
)  # fmt: skip

JD_KRAS = Table(
    name="jd_kras",
    group="kras",
    grain="one row per JD and responsibility item",
    description="The duties that a JD states, one by one, as written.",
    key=("ds", "jd_id", "position"),
    inputs=("raw_jds", "parsed_jds"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("position", I32, "Place among the JD's duties, from 1."),
        _need("sentence", S, "The duty as written.", "raw_jds.text", "parsed_jds.segments"),
        _need("start", I32, "Where it starts in the text, in characters.", "parsed_jds.segments"),
        _need("end", I32, "Where it ends.", "parsed_jds.segments"),
        _need("section", S, "Section that it stands in.", "parsed_jds.segments"),
        _need("words", I32, "Its words, counted.", "raw_jds.text"),
    ),
)

KRA_EMBEDDINGS = Table(
    name="kra_embeddings",
    group="kras",
    grain="one row per JD and responsibility item",
    description="The embedding of each duty, with the model that made it.",
    key=("ds", "key"),
    inputs=("jd_kras",),
    store=Store.VECTORS,
    columns=(
        _ds(),
        _need("key", S, "Day, JD and position: unique over all days.", "jd_kras.position"),
        _jd_id("jd_kras"),
        _need("position", I32, "Place among the JD's duties, from 1.", "jd_kras.position"),
        _need("model", S, "Embedding model; vectors of two models are never compared."),
        _need("vector", VECTOR, "Unit-length embedding.", "jd_kras.sentence"),
    ),
)

ROLE_SIGNALS = Table(
    name="role_signals",
    group="roles",
    grain="one row per JD, signal and role",
    description="What speaks for which role: the best roles by title, names in the text, skills, naming "
    "technologies, duties, centroid, words and domain, with the evidence (stage 3).",
    key=("ds", "jd_id", "signal", "role_slug"),
    inputs=("raw_jds", "parsed_jds", "extracted_skills", "jd_kras", "kra_embeddings"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("signal", S, "alias, likeness, mention, skill, technology, kra, centroid, text or domain."),
        _need("rank", I32, "Place of the role by this signal, from 1; equal scores share a place."),
        _need("role_id", I32, "Library id of the role."),
        _need("role_slug", S, "Library slug of the role."),
        _need("role_name", S, "Its display name."),
        _need("score", F, "Strength of the signal, 0 to 1.",
              "raw_jds.text", "parsed_jds.title", "extracted_skills.skill_slug", "kra_embeddings.vector"),
        _may("matched_title", S, "alias, likeness, mention: the library's title that the JD's title or text has.",
              "parsed_jds.title", "raw_jds.text"),
        _may("matched_count", I32, "skill: skills of the role that the JD names.", "extracted_skills.skill_slug"),
        _may("total_count", I32, "skill: skills that the role has."),
        _need("matched_skills", STRINGS, "skill: their names. technology: the skills that name the role.",
              "extracted_skills.skill_name"),
        _need("matched_words", STRINGS, "text: the words that weigh most.", "raw_jds.text"),
        _need("kra_matches", KRA_MATCHES, "kra: the three best pairs of KRA and sentence.",
              "jd_kras.sentence", "kra_embeddings.vector"),
    ),
)  # fmt: skip

ROLE_ASSIGNMENTS = Table(
    name="role_assignments",
    group="roles",
    grain="one row per JD that passed",
    description="The role that each JD is for, why, how sure, and what else it could be (stage 4).",
    key=("ds", "jd_id"),
    inputs=("raw_jds", "parsed_jds", "role_signals"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("run_id", S, "UUIDv5 of JD and day.", "parsed_jds.run_id"),
        _need("case", S, "What settled it: ALIAS, SKILL, KRA, CENTROID, DOMAIN, COLLISION or NEW_ROLE.",
              "role_signals.score"),
        _may("role_id", I32, "Library id; null for NEW_ROLE.", "role_signals.score"),
        _may("role_slug", S, "Library slug; null for NEW_ROLE.", "role_signals.score"),
        _may("role_name", S, "Display name; null for NEW_ROLE.", "role_signals.score"),
        _may("domain", S, "The role's domain.", "role_signals.score"),
        _may("sub_role", S, "Slug of the specialised role, one with a parent, that the evidence is strong for: "
             "the role itself, or a child of it."),
        _need("confidence", F, "Probability that an expert would accept the role; for NEW_ROLE, that none fits.",
              "role_signals.score"),
        _may("runner_up", S, "Slug of the role that comes nearest, parent and children of the chosen one left out; "
             "null where no other speaks.", "role_signals.score"),
        _need("margin", F, "Its lead over the runner-up, in what a role is chosen by: its probability and half of "
              "that of its parent and children.",
              "role_signals.score"),
        _need("is_new_role", B, "No library role fits."),
        _may("new_role_slug", S, "Proposed slug of a new role.", "parsed_jds.title"),
        _may("new_role_name", S, "Proposed name of a new role.", "parsed_jds.title"),
        _need("alias_collision", B, "The title names more than one role.", "parsed_jds.title"),
        _need("collision_roles", STRINGS, "The roles that it names.", "parsed_jds.title"),
        _need("matched_skills", STRINGS, "The role's skills that the JD names.", "role_signals.matched_skills"),
        _need("matched_kras", STRINGS, "The role's KRAs that its duties match.", "role_signals.kra_matches"),
        _need("matched_dimensions", STRINGS, "The role's dimensions of those skills.", "role_signals.matched_skills"),
        _need("reasoning", S, "One sentence made of the evidence.", "role_signals.score"),
        _need("alternatives", ALTERNATIVES, "The next roles, likeliest first.", "role_signals.score"),
        _need("llm2_fired", B, "A second model call settled it."),
        _may("llm2_reasoning", S, "What that call said.", "raw_jds.text"),
        _need("model_quotes", STRINGS, "The JD's words that a model decided by.", "raw_jds.text"),
        _need("quotes_dropped", I32, "Quotes that a model gave and the text doesn't hold."),
        _need("library_release", S, "Content hash of the library that was asked."),
        _need("engine", S, "What decided: embedded, or openai where a model's answer went into it."),
    ),
)  # fmt: skip

CAPTURES = Table(
    name="captures",
    group="capture",
    grain="one row per JD and thing captured",
    description="What a JD could teach the library: new skills, new KRAs, new roles and titles "
    "that name two roles (stage 5). Nothing here changes the library before a person says so.",
    key=("ds", "jd_id", "kind", "name"),
    inputs=("parsed_jds", "extracted_skills", "jd_kras", "kra_embeddings", "role_assignments"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("kind", S, "new_skill, new_kra, new_role or alias_collision."),
        _need("name", S, "The thing as written: a skill, a duty, a title."),
        _need("item_id", S, "Row of the review queue that it folds into."),
        _may("role_slug", S, "Role it would belong to.", "role_assignments.role_slug"),
        _may("role_name", S, "Its display name.", "role_assignments.role_name"),
        _may("is_primary", B, "new_skill: asked for as a main skill.", "extracted_skills.is_primary"),
        _may("similarity", F, "new_kra: cosine to the nearest library KRA.", "kra_embeddings.vector"),
        _may("is_unsure", B, "new_kra: in the band around the cut, where it may be that KRA in other words.",
             "kra_embeddings.vector"),
        _may("nearest", S, "new_kra: that KRA. new_role: the nearest role."),
        _need("roles", STRINGS, "alias_collision: the roles in question.", "role_assignments.collision_roles"),
        _need("evidence", S, "The JD's words."),
        _may("company_name", S, "Who wrote them.", "parsed_jds.company_name"),
    ),
)  # fmt: skip

ROLE_PLANS = Table(
    name="role_plans",
    group="capture",
    grain="one row per new role that a model planned on the day",
    description="Roles that a model proposes for postings that no library role fits, from the postings of one "
    "cluster (the new-role planner). Nothing here changes the library before a person says so.",
    key=("ds", "item_id"),
    inputs=("extracted_skills", "jd_kras", "captures"),
    columns=(
        _ds(),
        _need("item_id", S, "Cluster: the thing that its postings are captured as.", "captures.item_id"),
        _need("jd_id", S, "The JD that the model's call is booked to.", "captures.jd_id"),
        _need("name", S, "Name of the role.", "captures.name"),
        _need("postings", I32, "JDs of the cluster up to the day that the plan is made of.", "captures.jd_id"),
        _need("planner_output", S, "The plan as JSON, in the shape of API 3.",
              "jd_kras.sentence", "extracted_skills.skill_name"),
        _need("values_dropped", I32, "What the model said and the postings don't hold."),
        _need("engine", S, "What planned it."),
    ),
)  # fmt: skip

CENTROID_CONTRIBUTIONS = Table(
    name="centroid_contributions",
    group="centroids",
    grain="one row per role that the day's JDs were assigned to",
    description="What the day adds to each role's centroid: how many JDs, and the sum of their vectors.",
    key=("ds", "key"),
    inputs=("role_assignments", "kra_embeddings"),
    store=Store.VECTORS,
    columns=(
        _ds(),
        _need("key", S, "Day and role: unique over all days."),
        _need("role_slug", S, "Library slug of the role.", "role_assignments.role_slug"),
        _need("n", I64, "JDs assigned with enough confidence.", "role_assignments.confidence"),
        _need("model", S, "Embedding model of the vectors.", "kra_embeddings.model"),
        _need("vector_sum", VECTOR_SUM, "Sum of the JDs' unit vectors.", "kra_embeddings.vector"),
    ),
)

ROLE_CENTROIDS = Table(
    name="role_centroids",
    group="centroids",
    grain="one row per role and day",
    description="Each role's centroid: the library's base and all contributions up to the day, "
    "summed anew each time, so that any order of days gives the same.",
    key=("ds", "key"),
    inputs=("centroid_contributions",),
    store=Store.VECTORS,
    columns=(
        _ds(),
        _need("key", S, "Day and role: unique over all days."),
        _need("role_slug", S, "Library slug of the role.", "centroid_contributions.role_slug"),
        _need("n_base", I64, "Weight of the library's base, in JDs."),
        _need("n", I64, "JDs contributed up to this day.", "centroid_contributions.n"),
        _need("drift", F, "Cosine distance to the centroid of the contribution day before."),
        _need("model", S, "Embedding model of the vectors."),
        _need("library_release", S, "Content hash of the library that the base is from."),
        _need("centroid", VECTOR, "Unit-length mean.", "centroid_contributions.vector_sum"),
    ),
)

SKILL_DETAILS = Table(
    name="skill_details",
    group="enrich",
    grain="one row per JD and skill",
    description="API 2: what the library knows of each skill, or how a new one is typed.",
    key=("ds", "jd_id", "input_skill"),
    inputs=("extracted_skills", "role_assignments"),
    columns=(
        _ds(),
        _jd_id("extracted_skills"),
        _need("input_skill", S, "The skill as API 1 gave it.", "extracted_skills.skill_name"),
        _may("canonical", S, "Library name; null if new.", "extracted_skills.skill_name"),
        _may("canonical_slug", S, "Library slug; null if new.", "extracted_skills.skill_slug"),
        _may("matched_via", S, "name or alias; null if new.", "extracted_skills.matched_via"),
        _need("source_tag", S, "library or new.", "extracted_skills.is_new"),
        _need("aliases_in_db", STRINGS, "The library's other names of it."),
        _need("dimensions", STRINGS, "Dimensions of the assigned role that hold it, or its parent.", "role_assignments.role_slug"),
        _need("category", S, "Category; Concepts if nothing tells."),
        _need("sub_category", S, "Sub-category; general if nothing tells."),
        _need("skill_nature", S, "What kind of thing it is; library/format.py lists the values."),
        _need("volatility", S, "How fast it changes."),
        _need("typical_lifespan", S, "How long it is likely to be asked for."),
        _need("version_strategy", S, "How its versions are told apart."),
        _need("typed_by", S, "What says so: library, embedded (rules on its name) or openai."),
        _may("description", S, "new: what it is, in a model's words.", "extracted_skills.skill_name"),
        _need("placed_dimensions", STRINGS, "new: dimensions of the library that a model puts it in."),
        _may("parent_skill", S, "The wider library skill that it is a part of."),
        _need("required_skills", STRINGS, "Library skills that it can't be used without."),
        _need("alternative_skills", STRINGS, "Library skills that do the same job."),
        _need("keep_log", STRINGS, "new: traits on which a model and the rules agree."),
        _need("merge_log", STRINGS, "new: library skill that it may be another name of."),
        _need("split_log", STRINGS, "new: skills that its name holds, where it holds several."),
        _need("warnings", STRINGS, "new: what a model said and the library or the name does not bear out."),
    ),
)  # fmt: skip

CLIENT_OUTPUTS = Table(
    name="client_outputs",
    group="enrich",
    grain="one row per JD that passed",
    description="Enrichment v2: skill clusters, nature of work, AI index, tech stack maturity and "
    "evidence, each with its source, the JD or the role's baseline.",
    key=("ds", "jd_id"),
    inputs=("parsed_jds", "extracted_skills", "jd_kras", "role_signals", "role_assignments"),
    columns=(
        _ds(),
        _jd_id("role_assignments"),
        _need("is_sparse", B, "The JD says too little, and the role's baseline speaks.",
              "extracted_skills.skill_name", "jd_kras.sentence"),
        _need("skill_clusters", CLUSTERS, "Skills by the role's dimensions.",
              "extracted_skills.skill_name", "role_assignments.role_slug"),
        _may("nature_label", S, "Nature of work in a few words.", "role_signals.kra_matches"),
        _may("nature_text", S, "The same in two of the JD's duties.", "jd_kras.sentence", "role_signals.kra_matches"),
        _may("nature_evidence", S, "A duty, word for word.", "jd_kras.sentence", "role_signals.kra_matches"),
        _may("nature_source", S, "jd or role_baseline."),
        _may("ai_index", F, "0 no AI use, 5 wholly dependent on AI.", "extracted_skills.skill_slug"),
        _need("ai_signals", STRINGS, "Which of the six signals hold.", "extracted_skills.skill_slug", "parsed_jds.title"),
        _need("ai_assistants", STRINGS, "AI assistants named.", "extracted_skills.skill_slug"),
        _need("ai_frameworks", STRINGS, "AI frameworks named.", "extracted_skills.skill_slug"),
        _need("ai_models", STRINGS, "AI models and concepts named.", "extracted_skills.skill_slug"),
        _may("ai_source", S, "jd or role_baseline."),
        _may("maturity_level", S, "Tech stack maturity; library/format.py lists the levels.", "extracted_skills.skill_slug"),
        _may("maturity_text", S, "The same in a sentence."),
        _may("maturity_source", S, "jd or role_baseline."),
        _need("evidence_skills", STRINGS, "Skills matched in the JD.", "extracted_skills.skill_name"),
        _may("kra_description", S, "The JD's duties as one text.", "jd_kras.sentence"),
    ),
)  # fmt: skip

FINAL_ROLE_OUTPUTS = Table(
    name="final_role_outputs",
    group="enrich",
    grain="one row per JD",
    description="API 3: the chosen role, how it resolved, and what would be saved to the library.",
    key=("ds", "jd_id"),
    inputs=("parsed_jds", "role_assignments", "skill_details", "captures", "role_plans"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("run_id", S, "UUIDv5 of JD and day.", "parsed_jds.run_id"),
        _need("resolution", S, "in_db, new_role or rejected.", "role_assignments.is_new_role", "parsed_jds.jd_type"),
        _may("role_slug", S, "Library slug of the chosen role.", "role_assignments.role_slug"),
        _may("role_name", S, "Its display name.", "role_assignments.role_name"),
        _need("library_skills", STRINGS, "Input skills that the library has.", "skill_details.canonical"),
        _need("new_skills", STRINGS, "Input skills that it lacks.", "skill_details.source_tag"),
        _need("new_skills_captured", I32, "New skills queued for review.", "captures.kind"),
        _need("skill_dimension_links", I32, "Skills that the role's dimensions already hold.", "skill_details.dimensions"),
        _need("role_dimension_links", I32, "Dimensions of the role that this JD touches.", "skill_details.dimensions"),
        _need("skipped", I32, "Library skills outside the role's dimensions.", "skill_details.dimensions"),
        _may("planner_output", S, "new_role: the role that a model planned of it on the day, as JSON.",
             "role_plans.planner_output"),
    ),
)  # fmt: skip

LLM_CALLS = Table(
    name="llm_calls",
    group="runs",
    grain="one row per attempted model call",
    description="Every attempt at a model call: tokens, price, latency, and whether the cache answered.",
    key=("ds", "call_id"),
    inputs=("parsed_jds",),
    columns=(
        _ds(),
        _need("call_id", S, "Attempt, named by request and number."),
        _may("jd_id", S, "JD that it was for."),
        _need("stage", S, "parse, embedding, decision, adjudication, enrichment, planner or library."),
        _need("api", I32, "1, 2 or 3: the API that its cost counts to."),
        _need("model", S, "Model asked."),
        _need("attempt", I32, "From 1."),
        _need("status", S, "ok, cached, invalid, truncated, refused, rate_limited or failed."),
        _need("cache_hit", B, "Answered from the cache, at no cost."),
        _need("input_tokens", I64, "Tokens sent."),
        _need("cached_input_tokens", I64, "Of those, the ones that the endpoint had cached."),
        _need("output_tokens", I64, "Tokens received."),
        _need("cost_nano_usd", I64, "Price paid, in billionths of a US dollar."),
        _need("latency_ms", F, "From request to answer."),
        _may("error", S, "What went wrong, without request contents."),
    ),
    stamps=("latency_ms",),
)

PIPELINE_RUNS = Table(
    name="pipeline_runs",
    group="runs",
    grain="one row per JD",
    description="The run of each JD: how it ended, what it cost and how long it took.",
    key=("ds", "jd_id"),
    inputs=("parsed_jds", "role_assignments", "client_outputs", "final_role_outputs", "llm_calls"),
    columns=(
        _ds(),
        _jd_id("parsed_jds"),
        _need("run_id", S, "UUIDv5 of JD and day.", "parsed_jds.run_id"),
        _need("status", S, "completed or rejected.", "parsed_jds.jd_type"),
        _need("case", S, "The decision's case, or REJECTED.", "role_assignments.case"),
        _may("title", S, "Job title.", "parsed_jds.title"),
        _may("company_name", S, "Hiring company.", "parsed_jds.company_name"),
        _may("role_slug", S, "Chosen role.", "role_assignments.role_slug"),
        _may("role_name", S, "Its display name.", "role_assignments.role_name"),
        _may("confidence", F, "Confidence of the decision.", "role_assignments.confidence"),
        _need("llm_cost_api1_usd", F, "Model cost of API 1.", "llm_calls.cost_nano_usd"),
        _need("llm_cost_api2_usd", F, "Model cost of API 2.", "llm_calls.cost_nano_usd"),
        _need("llm_cost_api3_usd", F, "Model cost of API 3.", "llm_calls.cost_nano_usd"),
        _need("llm_cost_total_usd", F, "Their sum.", "llm_calls.cost_nano_usd"),
        _need("engine", S, "embedded, openai or hybrid.", "parsed_jds.engine"),
        _need("search_text", S, "Title, company and role in lower case, a line each: what the history is searched by.", "parsed_jds.title", "parsed_jds.company_name", "role_assignments.role_name"),
        _may("library_release", S, "Content hash of the library.", "role_assignments.library_release"),
        _may("dagster_run_id", S, "Dagster run that made this row."),
        _need("api1_ms", F, "This JD's even share of the day's time in API 1's stages."),
        _need("api2_ms", F, "The same for API 2."),
        _need("api3_ms", F, "The same for API 3 and the client output."),
        _need("created_at", TIME, "When the day's first stage wrote its rows."),
        _need("updated_at", TIME, "When this row was made."),
    ),
    stamps=("dagster_run_id", "api1_ms", "api2_ms", "api3_ms", "created_at", "updated_at"),
    indexed=("run_id",),
)  # fmt: skip

LIBRARY_RELEASE = Table(
    name="library_release",
    group="library",
    grain="one row: the release in use",
    description="The compiled role and skill library under its content hash.",
    key=("release",),
    partitioned=False,
    columns=(
        _need(
            "release",
            S,
            "Hash over the library's files, the rules that fold spellings and titles, and the model id.",
        ),
        _need("roles", I32, "Roles in use."),
        _need("skills", I32, "Skills in use."),
        _need("spellings", I32, "Names and aliases of skills."),
        _need("titles", I32, "Names and aliases of roles."),
        _need("kras", I32, "KRAs of all roles."),
        _need("dimensions", I32, "Dimensions."),
        _need("model", S, "Embedding model of its vectors."),
        _may("attribution", S, "Credit that the library's sources ask for."),
        _need("compiled_at", TIME, "When this release was first compiled."),
    ),
    stamps=("compiled_at",),
)

REVIEW_QUEUE = Table(
    name="review_queue",
    group="capture",
    grain="one row per thing to decide",
    description="Captures of all days, folded: one row for each thing that a person should decide.",
    key=("item_id",),
    inputs=("captures", "role_plans"),
    partitioned=False,
    columns=(
        _need("item_id", S, "Thing to decide.", "captures.item_id"),
        _need("kind", S, "new_skill, new_kra, new_role or alias_collision.", "captures.kind"),
        _need("name", S, "Its most frequent spelling.", "captures.name"),
        _need("spellings", STRINGS, "All its spellings, the most frequent first.", "captures.name"),
        _need("members", STRINGS, "Captured things that are the same by meaning; the first names the row.",
              "captures.item_id"),
        _may("role_slug", S, "Role it is most often captured for.", "captures.role_slug"),
        _may("role_name", S, "Its display name.", "captures.role_name"),
        _need("jds", I32, "Distinct JDs that hold it.", "captures.jd_id"),
        _need("companies", I32, "Distinct companies that wrote it.", "captures.company_name"),
        _need("primary_share", F, "new_skill: share of JDs that ask for it as a main skill.", "captures.is_primary"),
        _need("first_seen", DAY, "First day.", "captures.ds"),
        _need("last_seen", DAY, "Last day.", "captures.ds"),
        _may("best_similarity", F, "new_kra: highest cosine to a library KRA.", "captures.similarity"),
        _may("nearest", S, "The nearest thing in the library.", "captures.nearest"),
        _need("roles", STRINGS, "alias_collision: the roles in question.", "captures.roles"),
        _need("evidence", S, "The words of its best capture.", "captures.evidence"),
        _may("planner_output", S, "new_role: the role that a model planned of most postings, as JSON.",
             "role_plans.planner_output"),
        _need("action", S, "What is suggested: add, alias or ignore."),
        _may("target", S, "alias: what it is another name of: a skill's name or a role's slug."),
        _need("status", S, "pending, approved, rejected or merged."),
        _may("decided_by", S, "Who decided last, or took the decision back, which leaves it pending."),
        _may("decided_at", TIME, "When."),
    ),
)  # fmt: skip

REPOSTS = Table(
    name="reposts",
    group="reposts",
    grain="one row per JD of a day that came before",
    description="JDs of all days that repeat the wording of an earlier one, linked to the first. "
    "Demand counts a posting once, however often it is posted.",
    key=("ds", "jd_id"),
    inputs=("jd_signatures",),
    partitioned=False,
    columns=(
        _ds(),
        _jd_id("jd_signatures"),
        _need("first_ds", DAY, "Day of the first posting of this wording.", "jd_signatures.ds"),
        _need("first_jd_id", S, "Its JD; the same jd_id where the text is the same.", "jd_signatures.jd_id"),
        _need("similarity", F, "Estimated share of wording in common with the likest earlier posting of "
              "its group; 1 where the text is the same.", "jd_signatures.signature"),
    ),
)  # fmt: skip

ALL: tuple[Table, ...] = (
    LIBRARY_RELEASE, RAW_JDS, PARSED_JDS, JD_SIGNATURES, EXTRACTED_SKILLS, JD_KRAS, KRA_EMBEDDINGS, ROLE_SIGNALS,
    ROLE_ASSIGNMENTS, CAPTURES, ROLE_PLANS, CENTROID_CONTRIBUTIONS, ROLE_CENTROIDS, SKILL_DETAILS,
    CLIENT_OUTPUTS, FINAL_ROLE_OUTPUTS, LLM_CALLS, PIPELINE_RUNS, REPOSTS, REVIEW_QUEUE,
)  # fmt: skip
"""Every table, in the order in which a JD passes through them."""

DAILY: tuple[Table, ...] = tuple(t for t in ALL if t.partitioned)
BY_NAME: dict[str, Table] = {t.name: t for t in ALL}
