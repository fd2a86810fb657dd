"""The pages say what is so: generated ones are up to date, and the README's queries run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from jd_assets.library.json_schema import schema_texts
from jd_assets.library.load import SHIPPED
from jd_assets.settings import Settings
from jd_assets.stages.enrich.client import AI_POINTS
from jd_assets.storage.analyst import open_read_only, publish
from jd_assets.storage.files import Warehouse
from jd_assets.storage.views import VIEWS
from jd_assets.table_guide import table_guide
from jd_assets.tables import ALL

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)


def test_the_table_guide_is_what_the_declarations_give() -> None:
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == table_guide(), "run: make docs"


def test_the_librarys_schemas_are_what_its_models_give() -> None:
    for name, text in schema_texts().items():
        assert (SHIPPED / "schema" / name).read_text(encoding="utf-8") == text, "run: make docs"


def test_the_table_guide_names_every_table_column_and_view() -> None:
    page = table_guide()
    for table in ALL:
        assert f"\n## {table.name}\n" in page
    for view in VIEWS:
        assert f"`{view.name}`" in page


def test_the_ai_indexs_formula_is_documented_as_it_is() -> None:
    page = (ROOT / "docs" / "client_output.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", page, flags=re.MULTILINE)
    assert {name: float(points) for name, points in listed} == AI_POINTS


@pytest.mark.parametrize("sql", QUERIES)
def test_the_readmes_queries_run(sql: str, settings: Settings) -> None:
    publish(Warehouse(settings.warehouse_dir), settings.analyst_db)
    with open_read_only(settings.analyst_db) as connection:
        assert connection.execute(sql).description


def test_the_readme_has_three_queries() -> None:
    assert len(QUERIES) == 3


def test_every_view_can_be_asked(settings: Settings) -> None:
    publish(Warehouse(settings.warehouse_dir), settings.analyst_db)
    with open_read_only(settings.analyst_db) as connection:
        for view in VIEWS:
            call = f"{view.name}('x')" if view.is_macro else view.name
            assert connection.execute(f"SELECT * FROM {call}").fetchall() == []


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))], ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_sample_days_are_three_with_at_least_25_jds_each() -> None:
    from jd_assets.storage.landing import landing_days, read_day

    use = Settings(data_dir=ROOT / "data", _env_file=None)  # type: ignore[call-arg]
    days = [date(2026, 11, d) for d in (2, 3, 4)]
    assert set(days) <= set(landing_days(use.landing_dir))
    for day in days:
        records = list(read_day(use, day))
        assert sum(hasattr(r, "text") for r in records) >= 25
