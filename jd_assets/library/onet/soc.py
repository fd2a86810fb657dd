"""Names that O*NET's tables leave out: major groups of occupations, classes of commodities."""

MAJOR_GROUPS = {
    "11": "Management",
    "13": "Business and Financial Operations",
    "15": "Computer and Mathematical",
    "17": "Architecture and Engineering",
    "19": "Life, Physical, and Social Science",
    "21": "Community and Social Service",
    "23": "Legal",
    "25": "Educational Instruction and Library",
    "27": "Arts, Design, Entertainment, Sports, and Media",
    "29": "Healthcare Practitioners and Technical",
    "31": "Healthcare Support",
    "33": "Protective Service",
    "35": "Food Preparation and Serving",
    "37": "Building and Grounds Cleaning and Maintenance",
    "39": "Personal Care and Service",
    "41": "Sales",
    "43": "Office and Administrative Support",
    "45": "Farming, Fishing, and Forestry",
    "47": "Construction and Extraction",
    "49": "Installation, Maintenance, and Repair",
    "51": "Production",
    "53": "Transportation and Material Moving",
    "55": "Military Specific",
}
"""Major groups of the 2018 Standard Occupational Classification, by the first two digits of a code."""

COMMODITY_CLASSES = {
    "432315": "Business function specific software",
    "432316": "Finance, accounting and enterprise resource planning software",
    "432320": "Game and entertainment software",
    "432321": "Content authoring and editing software",
    "432322": "Content management software",
    "432323": "Data management and query software",
    "432324": "Development software",
    "432325": "Educational and reference software",
    "432326": "Industry specific software",
    "432327": "Network applications software",
    "432328": "Network management software",
    "432329": "Networking software",
    "432330": "Operating environment software",
    "432332": "Security and protection software",
    "432334": "Utility and device driver software",
    "432335": "Information exchange software",
    "432336": "Electrical equipment software",
    "432337": "System management software",
}
"""Classes of the United Nations Standard Products and Services Code, by the first six digits of a code."""


def major_group(occupation: str) -> str:
    """Name of an occupation code's major group; the digits where the classification has none."""
    return MAJOR_GROUPS.get(occupation[:2], f"Group {occupation[:2]}")


def commodity_class(commodity: str) -> str:
    """Name of a commodity code's class; the digits where the code is unknown."""
    return COMMODITY_CLASSES.get(commodity[:6], f"Class {commodity[:6] or 'unknown'}")
