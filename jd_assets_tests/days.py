"""Landing days for tests of the whole: small, and each version of a day tells itself apart."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from jd_assets.settings import Settings

JOBS = (
    ("Java Developer", "Develop microservices in Java and Spring Boot", "Tune the JVM of the services",
     "Java, Spring Framework, SQL and PostgreSQL"),
    ("Staff Nurse", "Give medication to patients as prescribed", "Dress wounds and look for infection",
     "Wound care, patient assessment and medication administration"),
    ("Sales Executive", "Generate leads by cold calling", "Negotiate prices and close deals every month",
     "Lead generation, cold calling and negotiation"),
    ("Data Analyst", "Build dashboards in Power BI", "Clean and analyse data with SQL",
     "SQL, Power BI and data analysis"),
    ("Business Analyst", "Gather requirements from stakeholders",
     "Map business processes and write user stories", "Requirements gathering"),
)  # fmt: skip


def jd_text(version: str, number: int) -> str:
    """A JD that reads as one, and holds its version and number."""
    title, first, second, skills = JOBS[number % len(JOBS)]
    return (
        f"{title}\n"
        f"Company: Example Works {version} {number}\n"
        "Location: Pune\n\n"
        "Responsibilities\n"
        f"- {first} for product {number} of release {version}.\n"
        f"- {second}.\n\n"
        "Requirements\n"
        "- 2-4 years of experience\n"
        f"- {skills}\n"
        "- Bachelor's degree\n"
    )


def land(settings: Settings, day: date, version: str, jds: int) -> Path:
    """Makes a version of a day's landing folder, replacing the one that is there."""
    folder = settings.landing_dir / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": f"{version}-{i}", "text": jd_text(version, i)}) for i in range(jds)]
    path = folder / "jds.jsonl"
    temporary = folder / ".jds.tmp"
    temporary.write_text("\n".join(lines) + "\n")
    temporary.replace(path)
    return path
