"""`jd-assets library`: what an admin reads at the terminal and a pipe gets."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from jd_assets import library_cli
from jd_assets import terminal as terminal_module
from jd_assets.library.release import Release
from jd_assets.settings import Settings
from jd_assets_tests.library.editing import edit, mini_copy
from jd_assets_tests.library.test_onet import write_tables

SOFTWARE, ROLES = "skills/software.yaml", "roles/all.yaml"


class Terminal:
    """The commands over one library; each call gives what a pipe would get."""

    def __init__(self, library: Path) -> None:
        self.library = library

    def __call__(self, *words: str, fails: bool = False) -> Result:
        result = CliRunner().invoke(library_cli.library_app, list(words))
        assert result.exit_code == int(fails), result.output
        return result


@pytest.fixture
def run(tmp_path: Path, releases_dir: Path, mini: Release, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    library = mini_copy(tmp_path / "library")
    (tmp_path / "releases").symlink_to(releases_dir, target_is_directory=True)
    use = Settings(data_dir=tmp_path, library=library, _env_file=None)  # type: ignore[call-arg]
    monkeypatch.setattr(library_cli, "settings", lambda: use)
    return Terminal(library)


def test_check_tells_counts_and_passes_with_warnings(run: Terminal) -> None:
    lines = run("check").stdout.splitlines()
    assert lines[:2] == ["domain\troles\ttitles\tKRAs\tskills", "Everything\t6\t14\t18\t18"]
    assert "People\t9\t11\t9" in lines
    assert any(line.startswith("warning roles/all.yaml:4: backend-engineer has 2 titles") for line in lines)
    assert lines[-1] == f"{run.library}: 6 roles, 23 skills, 0 errors, 11 warnings"


def test_check_fails_on_an_error(run: Terminal) -> None:
    edit(run.library, SOFTWARE, "surfaces: [Go]", "surfaces: [Gopher]")
    shown = run("check", fails=True).stdout
    assert (
        "error skills/software.yaml:12: 'Go': ambiguous surface 'Gopher' is none of its spellings; "
        "add it to the aliases, or drop it\n" in shown
    )


def test_check_of_files_that_cannot_be_read(run: Terminal) -> None:
    edit(run.library, ROLES, "index: 0.5", "index: 9")
    result = run("check", fails=True)
    assert (
        "error roles/all.yaml:59: roles.3.baseline.ai_index.index: Input should be less than" in result.stdout
    )
    assert "1 errors in" in result.stderr


def test_show_a_role_whole(run: Terminal) -> None:
    shown = run("show", "Sr. Java Engineer").stdout
    assert shown.splitlines()[1:6] == [
        "Java Backend Developer (java-backend-developer, 2)",
        "  Builds services in Java.",
        "  domain: Everything",
        "  parent: backend-engineer",
        "  aliases: Java Developer, Java Engineer",
    ]
    assert "  jvm performance tuning\n    Profile and tune JVM memory and garbage collection.\n" in shown
    assert "  primary: Java, Spring\n  secondary: SQL\n" in shown
    assert "  inherited: REST APIs, PostgreSQL, Node.js, Go\n" in shown
    assert "  Databases: SQL, PostgreSQL\n" in shown
    assert "  AI index 1.5: Assistants are common.\n" in shown
    assert "  children: java-backend-developer\n" in run("show", "backend-engineer").stdout


def test_show_a_skill_with_what_uses_it(run: Terminal) -> None:
    edit(run.library, SOFTWARE, "- name: Spring\n", "- name: Spring\n    formerly: [spring-framework]\n")
    shown = run("show", "spring-framework").stdout
    assert shown.splitlines()[1:] == [
        "Spring (spring)",
        "  Software / general, hard skill",
        "  FRAMEWORK, volatility EVOLVING, lifespan MEDIUM, versions MAJOR",
        "  aliases: Spring Framework",
        "  formerly: spring-framework",
        "  only in context: Spring",
        "  context: java, boot, framework",
        "  requires: Java",
        "  primary for: Java Backend Developer",
    ]


def test_show_suggests_what_was_meant(run: Terminal) -> None:
    result = run("show", "Postgrsql", fails=True)
    assert result.stdout == ""
    assert result.stderr.startswith("error: 'Postgrsql' is no role or skill; do you mean PostgreSQL")
    assert run("show", "@@@", fails=True).stderr == "error: '@@@' is no role or skill\n"


def test_lists_with_filters_and_counts(run: Terminal) -> None:
    result = run("list", "roles", "--in", "every", "--like", "analyst")
    assert result.stdout.splitlines() == [
        "slug\tname\tdomain\ttitles\tKRAs\tskills",
        "data-analyst\tData Analyst\tEverything\t2\t3\t4",
        "business-analyst\tBusiness Analyst\tEverything\t2\t3\t3",
    ]
    assert result.stderr == "2 of 6 roles\n"
    skills = run("list", "skills", "--in", "software", "--like", "sql").stdout.splitlines()
    assert skills[1:] == ["sql\tSQL\tSoftware\thard\t1\t4", "postgresql\tPostgreSQL\tSoftware\thard\t2\t1"]
    assert run("list", "skills", "--like", "nothing").stdout.count("\n") == 1


def test_releases_are_listed_and_compared(run: Terminal, mini: Release) -> None:
    listed = run("list", "releases").stdout.splitlines()
    assert [line for line in listed if line.endswith("in use")] == [
        f"{mini.release}\t{mini.compiled_at}\t6\t23\tin use"
    ]
    assert run("diff", mini.release[:8], str(run.library)).stdout == "no difference\n"
    edit(run.library, SOFTWARE, "{name: C++, nature", "{name: C++, aliases: [CPP], nature")
    edit(run.library, "dimensions.yaml", "[Patient Care]", "[Patient Care, Surgery]")
    assert run("diff", mini.release, str(run.library)).stdout.splitlines() == [
        "skills: 1 changed", "~ c-plus-plus (C++)", "    + alias CPP", "dimensions: 1 added", "+ Surgery",
    ]  # fmt: skip
    assert "no folder is named so" in run("diff", "zzz", mini.release, fails=True).stderr


def test_a_library_made_of_onet_tables_can_be_looked_at(
    run: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "onet"
    made = run("import-onet", str(write_tables(tmp_path / "db_40_1")), "--out", str(out))
    assert made.stdout.startswith(f"{out}: 5 roles, ")
    assert "left out, task_statements: occupation unknown: 1\n" in made.stdout
    use = Settings(data_dir=tmp_path, library=out, _env_file=None)  # type: ignore[call-arg]
    monkeypatch.setattr(library_cli, "settings", lambda: use)
    assert "Beekeeper" in run("show", "beekeepers").stdout
    assert "holds something already" in run(
        "import-onet", str(tmp_path / "db_40_1"), "--out", str(out), fails=True
    ).stderr.replace("\n", " ")


@pytest.mark.parametrize(
    "words", [["check"], ["show", "analyst"], ["list", "roles"], ["list", "skills"], ["list", "releases"]]
)
def test_a_terminal_of_80_columns_gets_lines_that_fit(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=80, color_system=None, highlight=False)
    monkeypatch.setattr(terminal_module, "console", terminal)
    run(*words)
    lines = screen.getvalue().splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert not any("\t" in line for line in lines)


def test_schemas_are_written_into_the_library(run: Terminal) -> None:
    written = [Path(line) for line in run("schema").stdout.splitlines()]
    assert [p.parent for p in written] == [run.library / "schema"] * 3
    assert all(json.loads(p.read_text())["type"] == "object" for p in written)
