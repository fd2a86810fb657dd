"""docs/tables.md: the analyst's guide to the tables, generated from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from jd_assets.schema import Table, duckdb_type
from jd_assets.storage.files import stored_form
from jd_assets.storage.views import VIEWS
from jd_assets.tables import ALL

_HEAD = """# Tables

What the analyst database `data/jd.duckdb` holds. This page is generated: `make docs`.

Open it read-only with DuckDB 1.2 or later, also while days run and publish; you keep the version that you
opened:

```python
import duckdb

jd = duckdb.connect("data/jd.duckdb", read_only=True)
jd.sql("SELECT role_name, sum(jds) AS jds FROM role_demand GROUP BY ALL ORDER BY jds DESC LIMIT 10")
```

Every table and column carries its description as a comment (`FROM duckdb_columns()`). Vectors stay in
LanceDB under `data/vectors/`; their tables are here without the vector columns. `jd_meta.partitions` says
which version of each day is in the file, and when it was published.
"""


def table_guide() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Views\n"
    yield "| view | what it answers |"
    yield "|---|---|"
    for view in VIEWS:
        yield f"| `{view.name}` | {view.description} |"
    yield "\n## All tables\n"
    yield "| table | grain | made of |"
    yield "|---|---|---|"
    for table in ALL:
        made_of = ", ".join(f"`{name}`" for name in table.inputs)
        outside = "the library" if table.group == "library" else "landing files"
        yield f"| [`{table.name}`](#{table.name}) | {table.grain} | {made_of or outside} |"
    for table in ALL:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n"
    yield f"{table.description}\n"
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}. Grain: {table.grain}.\n"
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in stored_form(table).columns:
        null = "" if column.nullable else ", never null"
        yield f"| `{column.name}` | `{duckdb_type(column.dtype)}`{null} | {column.description} |"
