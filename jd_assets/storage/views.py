"""Views and macros of the analyst database: the questions that analysts ask most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """A view, or a table macro where it takes arguments."""

    name: str
    description: str
    sql: str
    is_macro: bool = False


VIEWS = (
    View(
        "jds",
        "One row per JD: its fields, its role and its cost. The place to start.",
        """
        CREATE VIEW jds AS
        SELECT p.ds, p.jd_id, p.run_id, p.title, p.company_name, p.cities, p.work_mode,
               p.experience_min, p.experience_max, p.salary_min, p.salary_max, p.salary_currency,
               p.salary_period, p.education_levels, p.certifications, p.jd_type, p.reject_reason,
               a.role_slug, a.role_name, a.domain, a."case", a.confidence, a.reasoning,
               r.llm_cost_total_usd, o.first_jd_id AS repost_of, x.text
        FROM parsed_jds p
        JOIN pipeline_runs r USING (ds, jd_id)
        JOIN raw_jds x ON x.ds = p.ds AND x.jd_id = p.jd_id AND x.status = 'ok'
        LEFT JOIN role_assignments a ON a.ds = p.ds AND a.jd_id = p.jd_id
        LEFT JOIN reposts o ON o.ds = p.ds AND o.jd_id = p.jd_id
        """,
    ),
    View(
        "skill_demand",
        "How many postings ask for each skill of a role, and how many as a main skill; reposts count once.",
        """
        CREATE VIEW skill_demand AS
        SELECT a.domain, a.role_slug, a.role_name, s.skill_name, s.skill_slug, s.kind, s.category,
               count(DISTINCT coalesce(o.first_jd_id, s.jd_id)) AS jds,
               count(DISTINCT coalesce(o.first_jd_id, s.jd_id)) FILTER (s.is_primary) AS jds_primary
        FROM extracted_skills s
        JOIN role_assignments a USING (ds, jd_id)
        LEFT JOIN reposts o USING (ds, jd_id)
        WHERE a.role_slug IS NOT NULL
        GROUP BY ALL
        """,
    ),
    View(
        "role_demand",
        "How many JDs of each day are for each role; a repost counts on the first day of its wording only.",
        """
        CREATE VIEW role_demand AS
        SELECT a.ds, a.domain, a.role_slug, a.role_name,
               count(DISTINCT a.jd_id) AS jds, avg(a.confidence) AS mean_confidence
        FROM role_assignments a
        ANTI JOIN reposts o USING (ds, jd_id)
        GROUP BY ALL
        """,
    ),
    View(
        "quarantine",
        "Records that could not be read, and why.",
        """
        CREATE VIEW quarantine AS
        SELECT ds, source_file, source_row, source_format, reason, detail, record_id
        FROM raw_jds WHERE status = 'quarantined'
        """,
    ),
    View(
        "costs_by_day",
        "Model cost, calls and JDs of each day.",
        """
        CREATE VIEW costs_by_day AS
        SELECT r.ds, count(*) AS jds, sum(r.llm_cost_total_usd) AS usd,
               (SELECT count(*) FROM llm_calls c WHERE c.ds = r.ds AND NOT c.cache_hit) AS paid_calls
        FROM pipeline_runs r
        GROUP BY r.ds
        """,
    ),
    View(
        "why",
        "Why a JD got its role: call as SELECT * FROM why('<jd_id>').",
        """
        CREATE MACRO why(wanted) AS TABLE
        SELECT s.ds, s.signal, s.rank, s.role_slug, s.role_name, s.score, s.matched_title,
               s.matched_skills, s.matched_words, s.kra_matches,
               a.role_slug AS assigned, a."case", a.confidence, a.reasoning
        FROM role_signals s JOIN role_assignments a USING (ds, jd_id)
        WHERE s.jd_id = wanted
        ORDER BY s.ds, s.signal, s.rank
        """,
        is_macro=True,
    ),
)
