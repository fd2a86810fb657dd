"""What stands around a title: the record's fields, header lines, labels in tables, one-line postings."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse.header import header_parts, without_address
from jd_assets_tests.stages.parse.reading import company, read, title


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        ("Kiln Hand (Evenings)", "Kiln Hand (Evenings)"),
        ("TGT Geography", "TGT Geography"),
        ("Rider - Cargo Bike (Electric)", "Rider - Cargo Bike (Electric)"),
        ("Glaze Chemist (2-4 years)", "Glaze Chemist"),
        ("Glaze Chemist (Remote - EU)", "Glaze Chemist"),
        ("Store Keeper cum Driver required for pottery, Khurja", "Store Keeper cum Driver"),
    ],
)
def test_the_records_title_wins(hint: str, value: str) -> None:
    assert title(read(f"{hint}\n\nStudio Manager wanted as well. We make pots.", title=hint)) == value


def test_the_records_fields_are_found_in_another_case_and_spelt_as_there() -> None:
    jd = read(
        "GLAZE  CHEMIST\nORRIN POTTERIES\nWE MAKE POTS.", title="Glaze Chemist", company="Orrin Potteries"
    )
    assert (title(jd), company(jd), jd.dropped) == ("Glaze Chemist", "ORRIN POTTERIES", 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("# Harbour Story Guide\n\nTern Museum, Whitby", "Harbour Story Guide"),
        ("Tern Foundry \u00b7 Leeds \u00b7 On-site\nPattern Maker's Assistant", "Pattern Maker's Assistant"),
        ("Engagement of Records Officer on contract", "Records Officer"),
        ("Shop Manager, Orrin Tea & Cake, Leeds. \u00a327k plus bonus.", "Shop Manager"),
        ("Night Porter (Hotel) is needed for our inn.", "Night Porter (Hotel)"),
    ],
)
def test_titles_of_headlines(text: str, value: str) -> None:
    assert title(read(text)) == value


@pytest.mark.parametrize(
    ("lines", "name", "cities"),
    [
        ("Orrin Kilns LLP - New York, NY", "Orrin Kilns LLP", ["New York"]),
        ("Orrin Kilns \u00b7 Edinburgh \u00b7 Hybrid, two days in the office", "Orrin Kilns", ["Edinburgh"]),
        ("> **Orrin Kilns** \u00b7 Mumbai (BKC) \u00b7 3-6 years", "Orrin Kilns", ["Mumbai"]),
        ("Orrin Kiln Engineers - Kuwait City - KWD 600 to 800", "Orrin Kiln Engineers", ["Kuwait City"]),
        ("The Orrin Bay Resort, Dona Paula, Goa", "The Orrin Bay Resort", []),
        ("Orrin Kiln Works, near Stroud, Gloucestershire", "Orrin Kiln Works", ["Stroud"]),
        ("Orrin Kiln Works \u2022 Auburn Hills, Michigan", "Orrin Kiln Works", ["Auburn Hills"]),
        ("Orrin Valley District Council\nGrade 4 | 37 hours | Hybrid", "Orrin Valley District Council", []),
        ("Employer | Orrin Cooperative\nLocation | Seattle, WA (onsite; shifts)", "Orrin Cooperative",
         ["Seattle"]),
        ("Company-Orrin Kilns\nJob Location-Lucknow", "Orrin Kilns", ["Lucknow"]),
        ("Company: Orrin Kilns, Hazel Nagar Sector 4, Kolkata", "Orrin Kilns", ["Kolkata"]),
        ("M/s Orrin Kiln Works, Plot 9, Abu Dhabi", "Orrin Kiln Works", ["Abu Dhabi"]),
        ("Client: Orrin Mutual (via Sedge Staffing)\nLocation: Leeds", "Orrin Mutual", ["Leeds"]),
        ("Lower Market, Leeds", None, ["Leeds"]),
        ("Oak Room | Shop | Recipes | Work with us", None, []),
    ],
)  # fmt: skip
def test_header_lines(lines: str, name: str | None, cities: list[str]) -> None:
    jd = read(f"Kiln Operator\n{lines}")
    assert (company(jd), jd.cities) == (name, cities)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hiring for a Kiln Specialist at Orrin Potteries, Pune.", "Orrin Potteries"),
        ("Orrin Potteries publishes a yearly book of glazes.", "Orrin Potteries"),
        ("Orrin Potteries - the town's oldest maker of tiles.", "Orrin Potteries"),
        ("A maker in Qatar, Orrin Al Shams Ceramics WLL, is looking for you.", "Orrin Al Shams Ceramics WLL"),
        ("One client of Sedge Staffing is looking for you. Sedge Staffing is a leading firm.", None),
        ("- Promote Glaze sells the new range to schools", None),
    ],
)
def test_companies_in_prose(text: str, name: str | None) -> None:
    assert company(read(f"Kiln Specialist\n\n{text}")) == name


def test_an_agencys_unnamed_client_is_no_company() -> None:
    assert (
        company(read("Kiln Operator\nClient of Sedge Staffing", company="Client of Sedge Staffing")) is None
    )


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Van Driver (Delivery Van)", []),
        ("Kiln Operator\n\nWe are 30 people with a registered office in Utrecht.", []),
        ("Kiln Operator for a tile factory in Sharjah.", ["Sharjah"]),
        ("Kiln Operator\nPlace of posting | Bhubaneswar, with tours to villages", ["Bhubaneswar"]),
        ("Kiln Operator\nCambridge, Massachusetts | Full time", ["Cambridge"]),
    ],
)
def test_cities(text: str, cities: list[str]) -> None:
    assert read(text).cities == cities


def test_a_town_takes_the_state_behind_it() -> None:
    place = read("Kiln Operator\nOrrin Kilns \u00b7 Cambridge, Massachusetts \u00b7 On-site").locations[0]
    assert (place.state, place.country) == ("Massachusetts", "United States")


def test_parts_of_a_header() -> None:
    view = (
        "Kiln Operator\nOrrin Kilns - Leeds, Holbeck | Hybrid\n\nAbout us\nOrrin Kilns - York | fires bricks"
    )
    found = [(part.kind, view[part.start : part.end], part.line) for part in header_parts(view)]
    assert found == [
        ("title", "Kiln Operator", 0),
        ("name", "Orrin Kilns", 1),
        ("place", "Leeds", 1),
        ("fact", "Hybrid", 1),
    ]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Tern Foods, Dock Road, Kochi", "Tern Foods"),
        ("Tern Foods, Inc., Boston, MA", "Tern Foods, Inc."),
        ("Tern, Gull and Heron", "Tern, Gull and Heron"),
    ],
)
def test_names_without_their_address(name: str, bare: str) -> None:
    assert name[slice(*without_address(name, 0, len(name)))] == bare
