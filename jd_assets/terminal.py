"""What the command line's groups of commands print with: lines, tables and failures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table as Grid

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def fail(message: str) -> NoReturn:
    """Ends the command with an error message and exit code 1."""
    errors.print(f"[red]error:[/red] {escape(message)}", soft_wrap=True)
    raise typer.Exit(1)


def line(text: str) -> None:
    """A line that a pipe gets whole and a terminal folds."""
    console.print(text, soft_wrap=not console.is_terminal)


def item(text: str, indent: int = 2) -> None:
    """A line of plain text that keeps its indent where a terminal folds it."""
    if console.is_terminal:
        console.print(Padding(escape(text), (0, 0, 0, indent)))
    else:
        console.print(" " * indent + text, markup=False, soft_wrap=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """A grid on a terminal, tab-separated lines in a pipe; numbers to the right."""
    rows = list(rows)
    if not console.is_terminal:
        for row in (columns, *rows):
            typer.echo("\t".join(map(str, row)))
        return
    grid = Grid(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[number], int) for row in rows)
        grid.add_column(column, justify="right" if numeric else "left", header_style="bold")
    for row in rows:
        grid.add_row(*(escape(str(cell)) for cell in row))
    console.print(grid)
