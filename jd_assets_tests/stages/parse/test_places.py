"""Towns: small ones, those of addresses, and those of an employer whose posting tells no other place."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import gazetteer
from jd_assets_tests.stages.parse.reading import read


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Location: Chorley", ["Chorley"]),
        ("Location: Hebden Bridge, West Yorkshire", ["Hebden Bridge"]),
        ("Location details\n- Georgetown, Texas", ["Georgetown"]),
        ("Office Address: New Road, Pokhara-8", ["Pokhara"]),
        ("Location: Canada : Ontario : Toronto", ["Toronto"]),
        ("Location: Whitefield, Bangalore", ["Bangalore"]),
        ("Location: Head Office, Lancashire", []),
        ("Location: Dona Paula, Goa", []),
        ("Haifa, Haifa District, Israel \u00b7 2 days ago", ["Haifa"]),
    ],
)
def test_fields(text: str, cities: list[str]) -> None:
    assert read(f"Lens Grinder\n{text}\n\nWe grind lenses.").cities == cities


@pytest.mark.parametrize(
    ("sentence", "cities"),
    [
        ("The mill, located in Newsome, Huddersfield, is open all year.", ["Huddersfield"]),
        ("Our workshop is situated in the historic town of Chorley.", ["Chorley"]),
        ("Orrin is a lens studio based in Porto and Leiden.", ["Porto", "Leiden"]),
        ("We need a grinder for our law firm in Derby.", ["Derby"]),
        ("We need a grinder for our busy Leeds client.", ["Leeds"]),
        ("The town of Westford seeks a grinder.", ["Westford"]),
        ("Orrin is a college located north of Dallas in Sherman, Texas.", ["Sherman"]),
        ("Orrin is a mill for glass in Macon, Georgia.", ["Macon"]),
        ("A lens agency in Neuss is looking for a grinder.", ["Neuss"]),
        ("Orrin, a union in the New York City area, seeks a grinder.", ["New York City"]),
        ("The post is for a centre located at the Tern Campus of Orrin University, Enugu.", ["Enugu"]),
        ("You teach at the college, based at its Main Campus in Thika.", ["Thika"]),
        ("Grinder wanted for a 6-month contract in Manchester.", ["Manchester"]),
        ("The City of Los Angeles Fair Chance Ordinance holds.", []),
        ("Orrin makes lenses and is based in Porto.\n\nThis is a fully remote role.", []),
        ("We are 30 people with a registered office in Utrecht.", []),
        ("Orrin has its headquarters based in Barcelona, Spain.", []),
        ("We sell to clients based in Toulouse.", []),
        ("We are the largest lens company in Asia.", []),
        ("Ask for the grinder at the Alexandra Hospital.", []),
        ("You join our team at the Alexandra Hospital.", []),
        ("Residents in Salem, Marlow, Kells and Tern counties may apply.", []),
    ],
)
def test_sentences(sentence: str, cities: list[str]) -> None:
    assert read(f"Lens Grinder\n\n{sentence}").cities == cities


@pytest.mark.parametrize(
    ("address", "cities"),
    [
        ("9 Mill Road, Orrinville, IA 52101", ["Orrinville"]),
        ("9 Mill Road\nOrrinville, Iowa  52101-0379", ["Orrinville"]),
        ("9 Mill Road | New York, NY | 10036", ["New York"]),
        ("9 Mill Road, Orrinville, IA", ["Orrinville"]),
        ("Call the desk in Salisbury, MD, US", ["Salisbury"]),
        ("9 Mill Lane, Cambridge CB2 3RH", ["Cambridge"]),
        ("9 Mill Lane, Redditch, Worcestershire, B98 7UB", ["Redditch"]),
        ("9 Mill Lane, Guelph, ON N1G 2W1", ["Guelph"]),
        ("9 Mill Lane, Kolkata- 700090", ["Kolkata"]),
        ("Mill Lane 9, 69120 Heidelberg", ["Heidelberg"]),
        ("We handle 50000 orders a year. A licence is kept in Boston, MA.", []),
    ],
)
def test_addresses(address: str, cities: list[str]) -> None:
    assert read(f"Lens Grinder\n\nWe grind lenses.\n\nWrite to us:\n{address}").cities == cities


@pytest.mark.parametrize(
    ("employer", "cities"),
    [
        ("Princeton University", ["Princeton"]),
        ("University of Sheffield", ["Sheffield"]),
        ("University of Texas at Austin", ["Austin"]),
        ("Chorley Borough Council", ["Chorley"]),
        ("Leeds Teaching Hospitals NHS Trust", ["Leeds"]),
        ("Village of Orrin Falls", ["Orrin Falls"]),
        ("Orrin le Marsh Parish Council", ["Orrin le Marsh"]),
        ("City of Hope", []),
        ("Orrin Hospitals Chennai", ["Chennai"]),
        ("Wells Fargo", []),
        ("University of Washington", []),
        ("Columbia University", []),
        ("Boston Lens Group", []),
        ("Kent County Council", []),
    ],
)
def test_employers_names(employer: str, cities: list[str]) -> None:
    jd = read(f"Lens Grinder\nCompany: {employer}\n\nWe grind lenses.", company=employer)
    assert jd.company is not None
    assert jd.cities == cities


def test_small_towns_are_known_only_where_a_town_is_meant() -> None:
    assert gazetteer.city("Heckmondwike", sure=True) is None
    town = gazetteer.town("Heckmondwike")
    assert town is not None
    assert town.code == "GB"
    assert gazetteer.town("Asia") is None
    assert gazetteer.is_place("Chorley, Lancashire")
    assert not gazetteer.is_place("Chorley")
    known = gazetteer.city_in_state("New York", "NY")
    assert known is not None
    assert known.name == "New York City"
