"""Libraries made of O*NET tables: tiny tables in both of its layouts."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.check import check
from jd_assets.library.compile import compile_release
from jd_assets.library.format import Role, Skill
from jd_assets.library.load import Library, content_hash, load_library
from jd_assets.library.onet import OnetError, import_onet
from jd_assets.library.onet.phrases import kra_phrase, owned_phrase
from jd_assets.library.resolve import resolve
from jd_assets.library.titles import title_key
from jd_assets.models.embedder import MiniLmEmbedder

OCCUPATIONS = [
    ("45-1010.00", "Beekeepers", "Keep bees and harvest honey. Sell honey and wax. Repair hives."),
    ("45-1010.01", "Queen Bee Breeders", "Breed queens for other beekeepers."),
    ("15-9010.00", "Hive Software Developers", "Develop software for the monitoring of hives."),
    ("45-1099.00", "Insect Keepers, All Other", "All insect keepers not listed separately."),
    ("99-0001.00", "Beekeepers", "Keep bees on ships."),
]
TITLES = [
    ("45-1010.00", "Apiarist", ""),
    ("45-1010.00", "Senior Apiarist", ""),
    ("45-1010.00", "Honey Production Manager (HPM)", "HPM"),
    ("45-1010.00", "Bee Specialist", "n/a"),
    ("45-1010.01", "Bee Specialist", ""),
    ("15-9010.00", "", ""),
]
TASKS = [
    ("45-1010.00", "Inspect hives for mites, using a magnifying glass."),
    ("45-1010.00", "Feed, move, or split colonies to keep them strong."),
    ("45-1010.00", "Sell honey."),
    ("45-1010.01", "Inspect hives for mites to choose breeding stock."),
    ("45-1010.01", "Inspect hives for mites in spring."),
    ("15-9010.00", "Write code that reads the sensors of a hive and route alarms to the keeper."),
    ("77-0000.00", "Haunt houses."),
]
TECHNOLOGIES = [
    ("45-1010.00", "Microsoft Excel", "43232110", "Spreadsheet software", "Y", "Y"),
    ("45-1010.00", "Hive Tracks", "43232306", "Data base user interface and query software", "N", "N"),
    ("45-1010.00", "HiveTracks", "43232306", "Data base user interface and query software", "N", "N"),
    ("45-1010.01", "Hivetracks", "43232306", "Data base user interface and query software", "N", "N"),
    ("45-1010.01", "HiveTracks", "43232306", "Data base user interface and query software", "N", "N"),
    ("15-9010.00", "Go", "43232402", "Development environment software", "Y", "N"),
    (
        "15-9010.00",
        "Extensible markup language XML",
        "43232402",
        "Development environment software",
        "N",
        "Y",
    ),
    (
        "15-9010.00",
        "Bee movement analysis BMA software",
        "43232605",
        "Analytical or scientific software",
        "N",
        "N",
    ),
    ("15-9010.00", "TensorFlow", "43232605", "Analytical or scientific software", "Y", "N"),
    ("15-9010.00", "Route software", "43232504", "Route navigation software", "N", "N"),
    ("15-9010.00", "---", "43232605", "Analytical or scientific software", "N", "N"),
    ("15-9010.00", "Microsoft Excel", "43232110", "Spreadsheet software", "Y", "N"),
    *(
        ("15-9010.00", f"Microsoft {name}", "43232104", "Word processing software", "N", "N")
        for name in ("Word", "Hivepad", "Combwriter", "Waxnotes")
    ),
]
CODE = "O*NET-SOC Code"
TABLES: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "Occupation Data": ((CODE, "Title", "Description"), list(OCCUPATIONS)),
    "Alternate Titles": ((CODE, "Alternate Title", "Short Title"), list(TITLES)),
    "Task Statements": ((CODE, "Task"), list(TASKS)),
    "Technology Skills": (
        (CODE, "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"),
        list(TECHNOLOGIES),
    ),
}


def write_tables(folder: Path, tabs: bool = False, without: str = "") -> Path:
    """The tiny tables as CSV files with a Title column, or tab-separated as O*NET's own download."""
    folder.mkdir(parents=True)
    titles = {code: title for code, title, _ in OCCUPATIONS}
    for name, (columns, rows) in TABLES.items():
        columns = tuple(c for c in columns if c != without)
        if tabs:
            lines = ["\t".join(columns), *("\t".join(row) for row in rows)]
            (folder / f"{name}.txt").write_bytes("\r\n".join(lines).encode())
            continue
        with (folder / f"{name.lower().replace(' ', '_')}.csv").open("w", newline="") as handle:
            writer = csv.writer(handle)
            repeat = "Title" not in columns
            writer.writerow([columns[0], "Title", *columns[1:]] if repeat else columns)
            writer.writerows([r[0], titles.get(r[0], ""), *r[1:]] if repeat else r for r in rows)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("onet")
    import_onet(write_tables(base / "onet_40_1"), base / "library")
    return base / "library"


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return load_library(folder)


@pytest.fixture(scope="module")
def roles(library: Library) -> dict[str, Role]:
    return {role.slug: role for source in library.roles for role in source.content.roles}


@pytest.fixture(scope="module")
def skills(library: Library) -> dict[str, Skill]:
    return {skill.name: skill for source in library.skills for skill in source.content.skills}


def test_both_layouts_give_the_same_library(folder: Path, tmp_path: Path) -> None:
    import_onet(write_tables(tmp_path / "db_40_1_text", tabs=True), tmp_path / "library")
    assert content_hash(tmp_path / "library") == content_hash(folder)


def test_the_made_library_compiles(library: Library, embedder: MiniLmEmbedder) -> None:
    release = compile_release(library, embedder)
    assert len(release.roles) == 5
    assert release.attribution is not None
    assert "O*NET 40.1 Database" in release.attribution
    assert "U.S. Department of Labor" in release.attribution
    assert "was modified" in release.attribution
    assert "CC BY 4.0" in release.attribution


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    report = import_onet(write_tables(tmp_path / "tables"), tmp_path / "library")
    assert report.skipped == {
        "alternate_titles: empty": 1,
        "task_statements: occupation unknown": 1,
        "technology_skills: no name": 1,
    }
    assert (report.roles, report.skills, report.kras) == (5, 11, 8)
    assert report.collisions == 3


def test_occupations_become_roles(roles: dict[str, Role], library: Library) -> None:
    keeper = roles["beekeepers"]
    assert (keeper.id, keeper.name) == (45101000, "Beekeepers")
    assert keeper.archetype == "Keep bees and harvest honey. Sell honey and wax."
    assert keeper.aliases == ["Beekeeper", "Apiarist", "Honey Production Manager", "HPM", "Bee Specialist"]
    assert roles["queen-bee-breeders"].parent == "beekeepers"
    assert keeper.parent is None
    assert roles["beekeepers-99-0001-00"].id == 99000100
    domains = {source.name: source.content.domain for source in library.roles}
    assert domains == {
        "roles/computer_and_mathematical.yaml": "Computer and Mathematical",
        "roles/farming_fishing_and_forestry.yaml": "Farming, Fishing, and Forestry",
        "roles/group_99.yaml": "Group 99",
    }


def test_titles_of_several_occupations_are_collisions(library: Library, roles: dict[str, Role]) -> None:
    listed = {t: slugs for source in library.roles for t, slugs in source.content.collisions.items()}
    assert listed == {
        "Bee Specialist": ["beekeepers", "queen-bee-breeders"],
        "Beekeepers": ["beekeepers", "beekeepers-99-0001-00"],
        "Beekeeper": ["beekeepers", "beekeepers-99-0001-00"],
    }
    held = Counter(key for r in roles.values() for key in {title_key(t) for t in (r.name, *r.aliases)})
    assert {key for key, count in held.items() if count > 1} == {title_key(t) for t in listed}


def test_tasks_become_kras(roles: dict[str, Role]) -> None:
    assert [(k.kra, k.says) for k in roles["beekeepers"].kras] == [
        ("inspect hives for mites", ["Inspect hives for mites, using a magnifying glass."]),
        ("feed move or split colonies", ["Feed, move, or split colonies to keep them strong."]),
        ("sell honey as beekeepers", ["Sell honey."]),
    ]
    assert [k.kra for k in roles["queen-bee-breeders"].kras] == [
        "inspect hives for mites",
        "inspect hives for mites in spring",
    ]
    assert [k.says for k in roles["insect-keepers-all-other"].kras] == [
        ["All insect keepers not listed separately."]
    ]


def test_duties_that_many_occupations_share_say_whose_they_are(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    kinds = ("Physics", "Law", "History", "Music", "Nursing", "Welding")
    duties = ("Prepare and deliver lectures.", "Grade the papers of students.", "Keep attendance records.")
    codes = {f"25-10{n}0.00": kind for n, kind in enumerate(kinds, 1)}
    tables = write_tables(tmp_path / "tables", tabs=True)
    for name, rows in (
        ("Occupation Data", [(c, f"{k} Teachers, Postsecondary", f"Teach {k}.") for c, k in codes.items()]),
        ("Task Statements", [(c, duty) for c in codes for duty in duties]),
    ):  # fmt: skip
        with (tables / f"{name}.txt").open("a") as handle:
            handle.writelines("\r\n" + "\t".join(row) for row in rows)
    import_onet(tables, tmp_path / "library")
    library = load_library(tmp_path / "library")
    teacher = next(
        r for s in library.roles for r in s.content.roles if r.slug == "law-teachers-postsecondary"
    )
    assert [k.kra for k in teacher.kras] == [
        "prepare and deliver lectures as law teachers",
        "grade papers of students as law teachers",
        "keep attendance records as law teachers",
    ]
    assert [k.says for k in teacher.kras] == [[d] for d in duties]
    assert not [p for p in check(library, embedder).errors if "teachers" in p.what]


def test_technologies_become_skills_with_their_flags(skills: dict[str, Skill]) -> None:
    assert sorted(skills) == [
        "Bee movement analysis BMA software", "Extensible markup language XML", "Go", "HiveTracks",
        "Microsoft Combwriter", "Microsoft Excel", "Microsoft Hivepad", "Microsoft Waxnotes",
        "Microsoft Word", "Route software", "TensorFlow",
    ]  # fmt: skip
    volatility = {name: skill.volatility for name, skill in skills.items() if skill.volatility}
    assert volatility == {
        "Microsoft Excel": "VOLATILE", "Go": "EVOLVING", "Extensible markup language XML": "EVOLVING",
        "TensorFlow": "EVOLVING",
    }  # fmt: skip
    assert skills["TensorFlow"].ai == "framework"


def test_short_names_are_aliases_and_ordinary_words_are_guarded(skills: dict[str, Skill]) -> None:
    aliases = {name: skill.aliases for name, skill in skills.items()}
    assert aliases["Extensible markup language XML"] == ["XML", "Extensible markup language"]
    assert aliases["Bee movement analysis BMA software"] == [
        "Bee movement analysis BMA", "BMA", "Bee movement analysis",
    ]  # fmt: skip
    assert aliases["Microsoft Word"] == ["MS Word", "Word"]
    assert aliases["Microsoft Hivepad"] == ["MS Hivepad", "Hivepad"]
    assert aliases["Route software"] == []
    guarded = {name: s.ambiguous.surfaces for name, s in skills.items() if s.ambiguous}
    assert guarded == {"Go": ["Go"], "Microsoft Word": ["Word"], "Microsoft Excel": ["Excel"]}
    word = skills["Microsoft Word"].ambiguous
    assert word is not None
    assert {"microsoft", "processing", "Excel"} <= set(word.context)


def test_primary_skills_are_those_in_demand_then_hot_then_rare(roles: dict[str, Role]) -> None:
    developer = roles["hive-software-developers"]
    assert developer.skills.primary[:5] == [
        "Extensible markup language XML", "Go", "TensorFlow", "Microsoft Excel",
        "Bee movement analysis BMA software",
    ]  # fmt: skip
    assert len(developer.skills.primary) == 10
    assert developer.dimensions["Route navigation software"] == ["Route software"]
    assert roles["beekeepers"].skills.primary == ["Microsoft Excel", "HiveTracks"]


def test_an_occupation_without_technologies_borrows_from_its_group(roles: dict[str, Role]) -> None:
    other = roles["insect-keepers-all-other"]
    assert other.skills.primary == ["Microsoft Excel", "HiveTracks"]
    assert other.baseline.tech_stack_maturity.level == "Non Digital"
    assert other.baseline.ai_index.reason == "O*NET names no technology for it."


def test_baselines_say_what_the_tables_know(roles: dict[str, Role]) -> None:
    baseline = roles["hive-software-developers"].baseline
    assert (baseline.ai_index.index, baseline.ai_index.reason) == (
        1.5, "O*NET names AI technology for it: TensorFlow.",
    )  # fmt: skip
    assert (baseline.tech_stack_maturity.level, baseline.tech_stack_maturity.sentence) == (
        "Modern",
        "Works with word processing software, analytical or scientific software, development environment "
        "software.",
    )
    assert baseline.nature_of_work.label == "Computer and Mathematical work"
    assert baseline.nature_of_work.sentence == "Develop software for the monitoring of hives."


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("Task", "column 'Task' is missing; it has O*NET-SOC Code, Title"),
        ("Commodity Code", "column 'Commodity Code' is missing"),
    ],
)
def test_a_missing_column_is_told_with_its_file(tmp_path: Path, without: str, message: str) -> None:
    tables = write_tables(tmp_path / "tables", without=without)
    with pytest.raises(OnetError, match=r"(task_statements|technology_skills)\.csv: ") as caught:
        import_onet(tables, tmp_path / "library")
    assert message in str(caught.value)
    assert not (tmp_path / "library").exists()


def test_folders_that_cannot_be_used_are_told(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(OnetError, match=r"has no occupation_data\.csv or 'Occupation Data'\.txt"):
        import_onet(tmp_path, tmp_path / "library")
    tables = write_tables(tmp_path / "tables")
    with pytest.raises(OnetError, match="holds something already"):
        import_onet(tables, folder)
    (tables / "technology_skills.csv").write_text(",".join(("Title", *TABLES["Technology Skills"][0])) + "\n")
    with pytest.raises(OnetError, match="no technology is left"):
        import_onet(tables, tmp_path / "library")


def test_broken_cells_do_no_harm(tmp_path: Path) -> None:
    tables = write_tables(tmp_path / "tables", tabs=True)
    with (tables / "Alternate Titles.txt").open("ab") as handle:
        handle.write(b'\r\n45-1010.00\tCaf\xe9 \x00 "Keeper\t\r\n45-1010.00\r\n45-1010.00\t' + b"x" * 300)
    report = import_onet(tables, tmp_path / "library")
    assert report.skipped["alternate_titles: too long"] == 1
    library = load_library(tmp_path / "library")
    aliases = next(r for s in library.roles for r in s.content.roles if r.id == 45101000).aliases
    assert 'Café "Keeper' in aliases
    assert resolve(library).problems == ()


@pytest.mark.parametrize(
    ("task", "phrase"),
    [
        ("Solder loose connections, using soldering iron.", "solder loose connections"),
        ("Fit, wrap, staple, or glue the wax to frames.", "fit wrap staple or glue wax"),
        ("Read current literature, talk with colleagues.", "read current literature"),
        ("Maintain the SQL databases of the company.", "maintain SQL databases of company"),
        ("Conduct research along with others on mites.", "conduct research along with others"),
        ("Teach.", "teach as bee teachers"),
    ],
)  # fmt: skip
def test_phrases(task: str, phrase: str) -> None:
    assert kra_phrase(task, (), "Bee Teachers") == phrase


def test_a_phrase_that_is_taken_is_lengthened() -> None:
    task = "Advise groups on issues related to prevention of disease in bees."
    taken: list[str] = []
    while phrase := kra_phrase(task, taken, "Advisers"):
        taken.append(phrase)
    assert taken == [
        "advise groups on issues",
        "advise groups on issues related to prevention",
        "advise related to prevention of disease in bees",
    ]


@given(st.text(max_size=200), st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_a_phrase_has_three_to_eight_words_of_its_own(task: str, title: str, taken: list[str]) -> None:
    phrase = kra_phrase(task, taken, title)
    assert phrase is not None
    assert 3 <= len(phrase.split()) <= 8
    assert phrase not in taken


@pytest.mark.parametrize(
    ("phrase", "title", "owned"),
    [
        ("work", "Managers, All Other", "work as managers"),
        ("advise students on academic and vocational curricula", "Physics Teachers, Postsecondary",
         "advise students on academic as physics teachers"),
        ("clean tools", "Setters, Operators, and Tenders", "clean tools as setters"),
    ],
)  # fmt: skip
def test_owned_phrases(phrase: str, title: str, owned: str) -> None:
    assert owned_phrase(phrase, title) == owned
