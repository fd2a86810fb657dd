"""The counts that the overview draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jd_assets.web.answers import Row
from jd_assets.web.queries.published import Snapshot

DAYS_SHOWN, LEADERS = 31, 10
"""The last days that are counted one by one, and the most rows of a ranking."""

_LAST_DAYS = f"ds IN (SELECT DISTINCT ds FROM pipeline_runs ORDER BY ds DESC LIMIT {DAYS_SHOWN})"


@dataclass(frozen=True)
class Overview:
    """What the overview draws.

    `totals` are over all days: runs, of which decided and new_role; their mean confidence, NULL where none
    was decided; usd paid; things that wait. `days` are rows (ds, case, jds, usd1, usd2, usd3) of the last
    days, `confidence` rows (tenth, jds) of all. The rest are rankings, rows (name, value, link), greatest
    first; of drift, each role's greatest of the last days, with its ds.
    """

    totals: Row
    days: Sequence[Row]
    confidence: Sequence[Row]
    roles: Sequence[Row]
    skills: Sequence[Row]
    drift: Sequence[Row]
    backlog: Sequence[Row]


def overview(snapshot: Snapshot) -> Overview:
    """Counts over all JDs, read once for each version of the database."""
    return snapshot.once(_read)


def _read(snapshot: Snapshot) -> Overview:
    (totals,) = snapshot.rows(
        "SELECT count(*) AS runs, count(confidence) AS decided, "
        "count(*) FILTER (confidence IS NOT NULL AND role_slug IS NULL) AS new_role, "
        "avg(confidence) AS confidence, coalesce(sum(llm_cost_total_usd), 0) AS usd, "
        "(SELECT count(*) FROM review_queue WHERE status = 'pending') AS waiting FROM pipeline_runs",
        [],
    )
    return Overview(
        totals=totals,
        days=snapshot.rows(
            'SELECT ds, "case", count(*) AS jds, sum(llm_cost_api1_usd) AS usd1, '
            f"sum(llm_cost_api2_usd) AS usd2, sum(llm_cost_api3_usd) AS usd3 "
            f"FROM pipeline_runs WHERE {_LAST_DAYS} GROUP BY ALL",
            [],
        ),
        confidence=snapshot.rows(
            "SELECT least(floor(confidence * 10), 9)::INTEGER AS tenth, count(*) AS jds FROM pipeline_runs "
            "WHERE confidence IS NOT NULL GROUP BY tenth ORDER BY tenth",
            [],
        ),
        roles=snapshot.rows(
            "SELECT any_value(role_name) AS name, sum(jds)::BIGINT AS value, '/roles/' || role_slug AS link "
            "FROM role_demand WHERE role_slug IS NOT NULL GROUP BY role_slug "
            "ORDER BY value DESC, name LIMIT ?",
            [LEADERS],
        ),
        skills=snapshot.rows(
            "SELECT any_value(skill_name) AS name, sum(jds)::BIGINT AS value, '/skills/' || skill_slug "
            "AS link FROM skill_demand WHERE skill_slug IS NOT NULL AND kind = 'hard' "
            "GROUP BY skill_slug ORDER BY value DESC, name LIMIT ?",
            [LEADERS],
        ),
        drift=snapshot.rows(
            "SELECT coalesce(any_value(n.role_name), c.role_slug) AS name, max(c.drift) AS value, "
            "'/roles/' || c.role_slug AS link, arg_max(c.ds, c.drift) AS ds FROM role_centroids c "
            "LEFT JOIN (SELECT DISTINCT role_slug, role_name FROM role_demand) n USING (role_slug) "
            f"WHERE c.drift > 0 AND {_LAST_DAYS} GROUP BY c.role_slug ORDER BY value DESC, name LIMIT ?",
            [LEADERS],
        ),
        backlog=snapshot.rows(
            "SELECT replace(kind, '_', ' ') AS name, count(*) AS value, '/review?kind=' || kind AS link "
            "FROM review_queue WHERE status = 'pending' GROUP BY kind ORDER BY value DESC, name",
            [],
        ),
    )
