"""Imports point one way, and each rule of the house that code can check."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "jd_assets"
FILES = sorted(p for p in PACKAGE.rglob("*.py"))

FORBIDDEN = {
    "stages": ("dagster", "jd_assets.storage", "jd_assets.llm", "jd_assets.assets", "jd_assets.web",
               "jd_assets.settings", "jd_assets.definitions", "aiohttp", "duckdb", "lancedb",
               "sqlalchemy"),
    "library": ("dagster", "jd_assets.storage", "jd_assets.stages", "jd_assets.assets", "jd_assets.web",
                "jd_assets.llm", "jd_assets.settings"),
    "models": ("dagster", "jd_assets.storage", "jd_assets.stages", "jd_assets.assets", "jd_assets.library"),
    "storage": ("jd_assets.assets", "jd_assets.web", "jd_assets.cli", "jd_assets.llm"),
    "llm": ("dagster", "jd_assets.assets", "jd_assets.web", "jd_assets.stages"),
    "web": ("dagster", "jd_assets.assets", "jd_assets.definitions"),
}  # fmt: skip


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            for name in node.names:
                yield node.lineno, f"{node.module}.{name.name}"


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def under(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    wrong = [
        f"line {line}: {module}"
        for line, module in imports(path)
        for prefix in FORBIDDEN.get(room(path), ())
        if under(module, prefix)
    ]
    assert not wrong


def test_the_rule_catches_what_it_forbids(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from jd_assets.storage.files import Warehouse\n")
    assert any(under(m, "jd_assets.storage") for _, m in imports(bad))


def test_only_the_settings_and_the_runner_read_the_environment() -> None:
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # runner.py sets DAGSTER_HOME, which is Dagster's own variable, not a setting of ours.
    assert readers <= {"runner.py"}


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    top = [
        f"{path.relative_to(PACKAGE)}: {module}"
        for path in FILES
        if path.name != "export_minilm.py"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for module in (
            [n.name for n in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if module.split(".")[0] in {"lancedb", "aiohttp", "onnxruntime"}
    ]
    assert not top
