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


_CITIES = """
        SELECT DISTINCT CASE WHEN length(word) > 3 AND word = upper(word)
          THEN array_to_string(
            list_transform(string_split(lower(word), ' '), lambda w: upper(w[1]) || w[2:]), ' ')
          ELSE word END AS city
        FROM (SELECT unnest(p.cities) AS word)
"""
"""The distinct cities of a row of parsed_jds `p`; one in capitals is written like the others."""

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
        "demand_by_month",
        "How many postings of each role ask for each skill, by city and month; a repost counts on "
        "its first day only, a posting for two cities in both.",
        f"""
        CREATE VIEW demand_by_month AS
        SELECT date_trunc('month', a.ds)::DATE AS month, a.domain, a.role_slug, a.role_name, c.city,
               s.skill_name, s.skill_slug, s.kind,
               count(DISTINCT a.jd_id) AS jds, count(DISTINCT a.jd_id) FILTER (s.is_primary) AS jds_primary
        FROM role_assignments a
        ANTI JOIN reposts o USING (ds, jd_id)
        JOIN parsed_jds p USING (ds, jd_id)
        JOIN extracted_skills s USING (ds, jd_id)
        LEFT JOIN LATERAL ({_CITIES}) c ON true
        WHERE a.role_slug IS NOT NULL
        GROUP BY ALL
        """,
    ),
    View(
        "city_demand",
        "How many postings of each role are for each city, by month, and how many of them are remote or "
        "hybrid; a repost counts on its first day only, a posting for two cities in both.",
        f"""
        CREATE VIEW city_demand AS
        SELECT date_trunc('month', a.ds)::DATE AS month, c.city, a.domain, a.role_slug, a.role_name,
               count(DISTINCT a.jd_id) AS jds,
               count(DISTINCT a.jd_id) FILTER (p.work_mode IN ('remote', 'hybrid')) AS jds_remote_or_hybrid
        FROM role_assignments a
        ANTI JOIN reposts o USING (ds, jd_id)
        JOIN parsed_jds p USING (ds, jd_id)
        LEFT JOIN LATERAL ({_CITIES}) c ON true
        WHERE a.role_slug IS NOT NULL
        GROUP BY ALL
        """,
    ),
    View(
        "experience_by_role",
        "Experience that each role's postings ask for, in years; reposts count once.",
        """
        CREATE VIEW experience_by_role AS
        SELECT a.domain, a.role_slug, a.role_name, count(*) AS jds,
               count(p.experience_min) AS jds_that_say,
               median(p.experience_min) AS median_least, median(p.experience_max) AS median_most,
               min(p.experience_min) AS least, max(coalesce(p.experience_max, p.experience_min)) AS most
        FROM role_assignments a
        ANTI JOIN reposts o USING (ds, jd_id)
        JOIN parsed_jds p USING (ds, jd_id)
        WHERE a.role_slug IS NOT NULL
        GROUP BY ALL
        """,
    ),
    View(
        "pay_by_role",
        "Pay that each role's postings name, by currency and period, never mixed; reposts count once.",
        """
        CREATE VIEW pay_by_role AS
        SELECT a.domain, a.role_slug, a.role_name, p.salary_currency, p.salary_period, count(*) AS jds,
               median(coalesce(p.salary_min, p.salary_max)) AS median_least,
               median(coalesce(p.salary_max, p.salary_min)) AS median_most
        FROM role_assignments a
        ANTI JOIN reposts o USING (ds, jd_id)
        JOIN parsed_jds p USING (ds, jd_id)
        WHERE a.role_slug IS NOT NULL AND coalesce(p.salary_min, p.salary_max) IS NOT NULL
        GROUP BY ALL
        """,
    ),
    View(
        "review_backlog",
        "What waits for a person's decision, and what was decided, by kind.",
        """
        CREATE VIEW review_backlog AS
        SELECT kind, status, count(*) AS items, sum(jds) AS mentions, max(jds) AS most_mentioned,
               min(first_seen) AS oldest, max(last_seen) AS newest
        FROM review_queue
        GROUP BY ALL
        """,
    ),
    View(
        "skills_with",
        "Skills that postings ask for together with one, by slug: SELECT * FROM skills_with('python'). "
        "`lift` is how many times more often than by chance; reposts count once.",
        """
        CREATE MACRO skills_with(wanted) AS TABLE
        WITH asked AS (
          SELECT DISTINCT s.ds, s.jd_id, s.skill_slug, s.skill_name
          FROM extracted_skills s ANTI JOIN reposts o USING (ds, jd_id)
          WHERE s.skill_slug IS NOT NULL
        ), total AS (SELECT count(DISTINCT (ds, jd_id)) AS n FROM asked),
        mine AS (SELECT ds, jd_id FROM asked WHERE skill_slug = wanted),
        single AS (SELECT skill_slug, count(*) AS jds FROM asked GROUP BY skill_slug)
        SELECT a.skill_name, a.skill_slug, count(*) AS jds,
               count(*) / (SELECT count(*) FROM mine) AS share,
               count(*) * any_value(total.n) / ((SELECT count(*) FROM mine) * any_value(single.jds)) AS lift
        FROM asked a JOIN mine USING (ds, jd_id) JOIN single USING (skill_slug) CROSS JOIN total
        WHERE a.skill_slug <> wanted
        GROUP BY a.skill_name, a.skill_slug
        ORDER BY jds DESC, lift DESC, a.skill_name
        """,
        is_macro=True,
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
