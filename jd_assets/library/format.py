"""The library's files as a person edits them: roles, skills and dimensions, one pydantic model each.

The JSON Schemas that editors use are made from these models, and the loader validates with them, so a
field of the library is described here and nowhere else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Nature(StrEnum):
    """What kind of thing a skill is."""

    LANGUAGE = "LANGUAGE"  # programming, query and markup languages
    FRAMEWORK = "FRAMEWORK"  # code that calls yours
    LIBRARY = "LIBRARY"  # code that you call
    TOOL = "TOOL"  # a program that a person runs
    PLATFORM = "PLATFORM"  # a product or service that others build or run on
    STANDARD = "STANDARD"  # protocols, formats, codes of practice with a text
    REGULATION = "REGULATION"  # laws, statutory rules
    METHOD = "METHOD"  # named ways of working: Scrum, Six Sigma, A/B testing
    PRACTICE = "PRACTICE"  # something that one does: code review, payroll processing
    CONCEPT = "CONCEPT"  # something that one understands: data structures
    DOMAIN = "DOMAIN"  # a field or an industry: retail banking
    EQUIPMENT = "EQUIPMENT"  # machines and instruments
    HUMAN_LANGUAGE = "HUMAN_LANGUAGE"
    BEHAVIOR = "BEHAVIOR"  # soft skills


class Volatility(StrEnum):
    """How fast what one must know about it changes."""

    STABLE = "STABLE"
    EVOLVING = "EVOLVING"
    VOLATILE = "VOLATILE"


class Lifespan(StrEnum):
    """How long the skill is likely to be asked for."""

    EVERGREEN = "EVERGREEN"  # over 20 years
    LONG = "LONG"  # 10 to 20 years
    MEDIUM = "MEDIUM"  # 5 to 10 years
    SHORT = "SHORT"  # under 5 years


class Versions(StrEnum):
    """How its versions are told apart, and so what is cut from a mention of it."""

    UNVERSIONED = "UNVERSIONED"
    MAJOR = "MAJOR"  # Python 3, Angular 17
    RELEASE = "RELEASE"  # dated or named releases: AutoCAD 2024, Ubuntu 22.04
    EDITION = "EDITION"  # editions of a standard: ISO 9001:2015
    CONTINUOUS = "CONTINUOUS"  # hosted products that change without a version


class SkillKind(StrEnum):
    HARD = "hard"
    SOFT = "soft"


class AiClass(StrEnum):
    """The class of an AI skill in the AI index's vocabulary."""

    ASSISTANT = "assistant"  # Copilot, ChatGPT: AI used as it is
    FRAMEWORK = "framework"  # LangChain, PyTorch: what AI is built with
    MODEL = "model"  # models and concepts: transformers, RAG


class Maturity(StrEnum):
    """The levels of tech stack maturity, from no software to AI at the core."""

    NON_DIGITAL = "Non Digital"
    OFFICE_TOOLS = "Office Tools"
    LEGACY = "Legacy"
    ESTABLISHED = "Established"
    MODERN = "Modern"
    MODERN_CLOUD_NATIVE = "Modern Cloud Native"
    AI_NATIVE = "AI Native"


class FileModel(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, use_enum_values=False)


class Ambiguous(FileModel):
    """Spellings of a skill that are ordinary words too, and what makes them the skill."""

    surfaces: list[Text] = Field(min_length=1, description="Spellings that count only in context.")
    context: list[Text] = Field(
        min_length=3, description="Words of which one, near by, makes the spelling this skill."
    )


class Related(FileModel):
    """Links to other skills, by name."""

    parent: Text | None = Field(None, description="The wider skill that this one is a part of.")
    requires: list[Text] = Field(default_factory=list, description="Skills it can't be used without.")
    alternatives: list[Text] = Field(default_factory=list, description="Skills that do the same job.")


class SkillTraits(FileModel):
    """What a skills file may set for all its skills at once, and a skill for itself."""

    sub_category: Text | None = None
    nature: Nature | None = None
    volatility: Volatility | None = None
    lifespan: Lifespan | None = None
    versions: Versions | None = None
    kind: SkillKind | None = None


class Skill(SkillTraits):
    """A skill as a file gives it; what is unset comes from the file's defaults."""

    name: Text
    slug: Slug | None = Field(None, description="Made from the name where it isn't given.")
    aliases: list[Text] = Field(default_factory=list)
    ai: AiClass | None = None
    ambiguous: Ambiguous | None = None
    related: Related = Field(default_factory=Related)
    formerly: list[Slug] = Field(default_factory=list, description="Old slugs that still resolve.")
    retired: bool = False


class SkillDefaults(FileModel):
    """The traits of a file's skills unless a skill says otherwise."""

    sub_category: Text
    nature: Nature
    volatility: Volatility
    lifespan: Lifespan
    versions: Versions
    kind: SkillKind = SkillKind.HARD


class SkillFile(FileModel):
    """One category of skills."""

    category: Text
    defaults: SkillDefaults
    skills: list[Skill] = Field(min_length=1)


class Kra(FileModel):
    """A key responsibility area: a short name and the duty as postings word it; all are embedded."""

    kra: Text = Field(description="3 to 8 words.")
    says: list[Text] = Field(min_length=1, max_length=2, description="Full sentences of a posting.")


class RoleSkills(FileModel):
    primary: list[Text] = Field(min_length=1)
    secondary: list[Text] = Field(default_factory=list)


class AiBaseline(FileModel):
    index: float = Field(ge=0, le=5, description="0 no AI use, 5 wholly dependent on AI.")
    reason: Text


class MaturityBaseline(FileModel):
    level: Maturity
    sentence: Text


class NatureBaseline(FileModel):
    label: Text = Field(description="2 to 5 words.")
    sentence: Text


class Baseline(FileModel):
    """What is said of a posting of this role that says too little itself."""

    ai_index: AiBaseline
    tech_stack_maturity: MaturityBaseline
    nature_of_work: NatureBaseline


class Role(FileModel):
    id: int = Field(gt=0)
    slug: Slug
    name: Text
    parent: Slug | None = None
    archetype: Text = Field(description="One or two sentences: what this role is for.")
    aliases: list[Text] = Field(default_factory=list, description="Titles, without seniority words.")
    kras: list[Kra] = Field(min_length=1)
    skills: RoleSkills
    dimensions: dict[Text, list[Text]] = Field(description="Dimension name to names of skills.")
    baseline: Baseline
    formerly: list[Slug] = Field(default_factory=list, description="Old slugs that still resolve.")
    retired: bool = False


class RoleFile(FileModel):
    """One domain of roles."""

    domain: Text
    domain_aliases: list[Text] = Field(default_factory=list)
    collisions: dict[Text, list[Slug]] = Field(
        default_factory=dict, description="Titles that are known to name several roles."
    )
    roles: list[Role] = Field(min_length=1)


class DimensionGroup(FileModel):
    group: Text
    dimensions: list[Text] = Field(min_length=1)


class DimensionFile(FileModel):
    groups: list[DimensionGroup] = Field(min_length=1)


class NewSkill(Skill):
    """A skill that review added; traits that it lacks are those of its category's file."""

    category: Text = Field(description="A category that a file of skills has.")


class RoleAdditions(FileModel):
    """What review added to a role."""

    aliases: list[Text] = Field(default_factory=list)
    kras: list[Kra] = Field(default_factory=list)
    primary: list[Text] = Field(default_factory=list)
    secondary: list[Text] = Field(default_factory=list)


class NewRole(Role):
    """A role that review added."""

    domain: Text = Field(description="A domain that a file of roles has.")


class Additions(FileModel):
    """What approved review decisions add to a library: one file beside it, in this order."""

    skills: list[NewSkill] = Field(default_factory=list)
    skill_aliases: dict[Text, list[Text]] = Field(default_factory=dict, description="By name of the skill.")
    roles: dict[Slug, RoleAdditions] = Field(default_factory=dict)
    new_roles: list[NewRole] = Field(default_factory=list)
    collisions: dict[Text, list[Slug]] = Field(
        default_factory=dict, description="Titles that were found to name several roles."
    )
