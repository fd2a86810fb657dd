"""`jd-assets`: run days, import files, extract without Dagster, publish, serve, look at the library."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table as Grid

from jd_assets.batch_cli import batch_app
from jd_assets.costs_cli import costs, deferred
from jd_assets.library_cli import library_app
from jd_assets.review_cli import review_app
from jd_assets.settings import settings

app = typer.Typer(
    help="Turns job descriptions into tables: parsed fields, skills, roles with reasons.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(library_app, name="library")
app.add_typer(review_app, name="review")
app.add_typer(batch_app, name="batch")
app.command()(costs)
app.command()(deferred)
console = Console()
errors = Console(stderr=True)


def _progress() -> Progress:
    """Shown on a terminal only. Dagster turns the process's stderr to a file while a run goes on, so the bar
    has a handle of its own."""
    at = Console(file=os.fdopen(os.dup(2), "w", encoding="utf-8")) if sys.stderr.isatty() else errors
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=at,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-11-02", param_hint=option) from None


def _fail(message: str) -> None:
    errors.print(f"[red]error:[/red] {escape(message)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


@app.command()
def run(
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM-DD", help="First day; the first landing day if left out."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYY-MM-DD", help="Last day; the last landing day if left out."),
    ] = None,
) -> None:
    """Run landing days through all assets and publish the analyst database.

    The same definitions and instance as Dagster's UI, which shows these runs. A day that fails doesn't
    stop the next; the exit code is then 1.
    """
    from jd_assets.runner import Runner, days_to_run

    use = settings()
    since, until = _day(first, "--from"), _day(last, "--to")
    if since and until and since > until:
        _fail(f"--from {since} is after --to {until}")
    days = days_to_run(use, since, until)
    if not days:
        _fail(
            f"no landing day from {since or 'the first'} to {until or 'the last'} under {use.landing_dir}: "
            f"put files in {use.landing_dir}/<YYYY-MM-DD>/, or bring them there with `jd-assets import`"
        )
    runner = Runner(use)
    with _progress() as progress:
        bar = progress.add_task("library release", total=len(days) * runner.assets_per_day)
        try:
            runner.ensure_release()
        except RuntimeError as error:
            _fail(str(error))
        results = []
        for number, day in enumerate(days, start=1):

            def advance(asset: str, day: date = day) -> None:
                progress.update(bar, advance=1, description=f"{day} {asset}")

            results.append(runner.run_day(day, advance))
            progress.update(bar, completed=number * runner.assets_per_day)

    grid = Grid(
        "day", "rows", "JDs", "no JD", "bad", "new role", "sure", "USD", "s", "JDs/s",
        box=SIMPLE, padding=(0, 1, 0, 0),
    )  # fmt: skip
    for column in grid.columns:
        column.no_wrap = True
    for column in grid.columns[1:]:
        column.justify = "right"
    for r in results:
        jds = r.number("raw_jds", "jd/readable")
        grid.add_row(
            str(r.ds) if r.ok else f"[red]{r.ds} failed[/red]",
            f"{r.number('raw_jds', 'dagster/partition_row_count'):.0f}",
            f"{jds:.0f}",
            f"{r.number('parsed_jds', 'jd/rejects'):.0f}",
            f"{r.number('raw_jds', 'jd/rejects'):.0f}",
            f"{r.number('role_assignments', 'jd/case_new_role'):.0f}",
            f"{r.number('role_assignments', 'jd/mean_confidence'):.2f}",
            f"{r.number('pipeline_runs', 'jd/cost_usd'):.4f}",
            f"{r.seconds:.1f}",
            f"{jds / r.seconds:.0f}",
        )
    console.print(grid)
    console.print(
        "rows: records of the landing folder; no JD: rejected; bad: quarantined; sure: mean confidence",
        style="dim",
        highlight=False,
        soft_wrap=True,
    )
    failed = [r for r in results if not r.ok]
    for r in failed:
        for message in r.errors:
            errors.print(f"[red]{r.ds}[/red] {escape(message)}", highlight=False, soft_wrap=True)
    if use.analyst_db.exists():
        console.print(f"Analyst database: {use.analyst_db}", highlight=False, soft_wrap=True)
    console.print("Dagster's UI shows these runs: make dev", highlight=False)
    if failed:
        raise typer.Exit(1)


@app.command()
def publish() -> None:
    """Bring the analyst database up to the partition files."""
    from jd_assets.runner import Runner

    runner = Runner(settings())
    try:
        runner.ensure_release()
        numbers = runner.publish()
    except RuntimeError as error:
        _fail(str(error))
        return
    console.print(
        f"{settings().analyst_db}: {numbers['jd/partitions_replaced']:.0f} partitions replaced, "
        f"{numbers['jd/rows_written']:.0f} rows, {numbers['jd/days_held_back']:.0f} days held back",
        highlight=False,
        soft_wrap=True,
    )


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A JSONL or CSV file of any size.")
    ],
    date_column: Annotated[str, typer.Option(help="Field that has the day of each row.")],
    default_day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of rows without a date; today if left out.")
    ] = None,
) -> None:
    """Split a big file into landing days. Importing a file again replaces what it brought."""
    from jd_assets.storage.landing import import_file

    with _progress() as progress:
        bar = progress.add_task(file.name, total=file.stat().st_size)
        try:
            report = import_file(
                settings(),
                file,
                date_column,
                _day(default_day, "--default-day") or date.today(),
                lambda done: progress.update(bar, completed=done),
            )
        except ValueError as error:
            _fail(str(error))
            return
    default = _day(default_day, "--default-day") or date.today()
    console.print(
        f"{report.rows} rows into {report.days} landing days, {report.first_day} to {report.last_day}; "
        f"{report.undated} without a readable {date_column!r} and {report.unreadable} that can't be read, "
        f"into {default}",
        highlight=False,
        soft_wrap=True,
    )
    if report.first_day and report.first_day < date.fromisoformat(settings().first_day):
        errors.print(
            f"[yellow]Days before {settings().first_day} are no partitions:[/yellow] set JD_FIRST_DAY to "
            f"{report.first_day} or earlier",
            highlight=False,
        )
    console.print(f"Next: jd-assets run --from {report.first_day} --to {report.last_day}", highlight=False)


@app.command()
def extract(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Lines of {id, text}.")],
    target: Annotated[Path, typer.Argument(dir_okay=False, help="Where the predictions go, a line each.")],
) -> None:
    """Run all stages on a file of {id, text} lines, without Dagster."""
    from jd_assets.extraction import extract_file

    with _progress() as progress:
        bar = progress.add_task(source.name, total=None)

        def show(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        try:
            report = extract_file(settings(), source, target, show)
        except (ValueError, OSError) as error:
            _fail(str(error))
            return
    console.print(
        f"{target}: {report.lines} lines, {report.jds} JDs, {report.seconds:.1f} s, "
        f"{report.lines / max(report.seconds, 1e-9):.0f} lines/s",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback needs JD_WEB_TOKEN.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Serve the run pages, the review queue and the three POST endpoints."""
    from jd_assets.web.serve import Unsafe
    from jd_assets.web.serve import serve as serve_app

    try:
        serve_app(settings(), host, port)
    except Unsafe as error:
        _fail(str(error))


@app.command()
def docs() -> None:
    """Write the generated pages: docs/tables.md and the library's JSON Schemas."""
    from jd_assets.library.json_schema import write_schemas
    from jd_assets.library.load import SHIPPED
    from jd_assets.table_guide import table_guide

    page = Path("docs/tables.md")
    page.parent.mkdir(exist_ok=True)
    page.write_text(table_guide(), encoding="utf-8")
    for path in [page, *write_schemas(SHIPPED)]:
        console.print(str(path), highlight=False, soft_wrap=True)


@app.command()
def maintain() -> None:
    """Compact the vector tables and drop their old versions."""
    from jd_assets.storage.vectors import VectorStore

    for table, versions in VectorStore(settings().vectors_dir).optimize().items():
        console.print(f"{table}: {versions} versions left", highlight=False)


def main() -> None:
    """Entry point of `python -m jd_assets`."""
    app()


if __name__ == "__main__":
    main()
