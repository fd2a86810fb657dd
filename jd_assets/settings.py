"""Settings: every value that an operator may set, read from `JD_` environment variables or `.env`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from jd_assets.library.load import SHIPPED, Sources

_CHECKOUT = Path(__file__).resolve().parent.parent


def _default_data_dir() -> Path:
    """`data/` of the checkout that this package is run from, else of the working directory."""
    home = _CHECKOUT if (_CHECKOUT / "workspace.yaml").exists() else Path.cwd()
    return home / "data"


Profile = Literal["openai", "vllm", "ollama", "llamacpp"]
Stage = Literal["parse", "embedding", "decision", "adjudication", "enrichment", "planner"]


class StageModel(BaseModel):
    """What one stage asks in place of the engine's model; what is unset stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    profile: Profile | None = None
    effort: str | None = None


class Settings(BaseSettings):
    """One instance per process; see docs/operating.md for the same list with examples."""

    model_config = SettingsConfigDict(
        env_prefix="JD_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default_factory=_default_data_dir, description="Where all data lives.")
    engine: Literal["embedded", "openai", "hybrid"] = Field("embedded", description="What reads JDs.")
    embedder: Literal["embedded", "openai"] = Field(
        "embedded", description="What embeds duties: the shipped model, or the endpoint."
    )
    embedding_model: str = Field("text-embedding-3-small", description="Model of the openai embedder.")
    llm_model: str = Field("gpt-6-luna", description="Model that the openai engine asks.")
    llm_base_url: str = Field("https://api.openai.com/v1", description="OpenAI-compatible endpoint.")
    llm_api_key: SecretStr | None = Field(None, description="Its key; any word for one that needs none.")
    llm_profile: Profile = Field("openai", description="What kind of server it is.")
    llm_effort: str | None = Field("none", description="Reasoning effort; empty leaves it to the server.")
    llm_stages: dict[Stage, StageModel] = Field(
        default_factory=dict, description="Another model, endpoint or effort for a stage, as JSON."
    )
    llm_budget_usd: float = Field(5.0, ge=0, description="The most that one run may spend on models.")
    llm_stage_budgets_usd: dict[Stage, float] = Field(
        default_factory=dict, description="The most that one stage of a run may spend, as JSON."
    )
    llm_day_budget_usd: float = Field(
        20.0, ge=0, description="The most that all runs together may spend in a calendar day (UTC)."
    )
    llm_when_down: Literal["fall_back", "fail"] = Field(
        "fall_back",
        description="What becomes of JDs that no model answers for: the embedded engine reads them, duties "
        "stay without vectors until the next run, or their partition fails.",
    )
    llm_requests_per_minute: float | None = Field(None, gt=0, description="Else learned from the endpoint.")
    llm_tokens_per_minute: float | None = Field(None, gt=0, description="Else learned from the endpoint.")
    llm_concurrency: int = Field(16, gt=0, le=256, description="Model calls in flight at a time.")
    llm_batch: bool = Field(
        False, description="Whether days are asked through the endpoint's batches, later and for less."
    )
    llm_prices: Path | None = Field(None, description="YAML of model prices that go before the listed ones.")
    first_day: str = Field("2023-01-01", pattern=r"^\d{4}-\d{2}-\d{2}$", description="First partition.")
    timezone: str = Field("Asia/Kolkata", description="Time zone of the schedule and of a day's end.")
    library: Path | None = Field(None, description="Library folder to use in place of the shipped one.")
    state_url: str | None = Field(None, description="SQLAlchemy URL; SQLite under data_dir if unset.")
    web_token: SecretStr | None = Field(
        None, description="What whoever writes over HTTP must know; unset: no decision can be recorded."
    )
    web_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost", "[::1]"), description="Host names that the web app answers to."
    )
    web_address: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^\s()<>]+[^\s()<>/]$",
        description="Where people reach the web app; Dagster's run summaries link there.",
    )
    web_seconds: float = Field(
        20.0, gt=0, description="How long a request's body, and then its answer, may take, in seconds."
    )
    web_upload_bytes: int = Field(100_000_000, gt=0, description="The largest file that may be uploaded.")
    web_upload_seconds: float = Field(
        600.0, gt=0, description="How long an upload may take in all, in seconds."
    )
    web_head_seconds: float = Field(10.0, gt=0, description="How long a request's head may take, in seconds.")
    web_take_seconds: float = Field(
        60.0, gt=0, description="How long a client may take to read an answer, in seconds."
    )
    web_connections: int = Field(512, gt=0, description="Open connections; over it, the slowest make room.")
    web_posts_per_minute: int = Field(
        300, gt=0, description="POSTs that one address may send at once, and regains in a minute."
    )
    web_reads_per_minute: int = Field(6000, gt=0, description="The same of all other requests.")
    web_proxies: tuple[str, ...] = Field(
        (), description="Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed."
    )
    catch_up_days: int = Field(28, ge=0, description="How far back the schedule looks for missed days.")

    max_row_bytes: int = Field(2_000_000, gt=0, description="A longer row of a file is quarantined.")
    max_file_bytes: int = Field(20_000_000, gt=0, description="A longer file that is one JD is quarantined.")
    max_text_characters: int = Field(200_000, gt=0, description="A longer text is quarantined.")
    title_fields: tuple[str, ...] = ("title", "job_title", "jobtitle", "position", "designation", "role")
    company_fields: tuple[str, ...] = ("company", "company_name", "employer", "organization", "organisation")
    location_fields: tuple[str, ...] = ("location", "job_location", "city", "place", "locations")
    id_fields: tuple[str, ...] = ("id", "job_id", "jd_id", "external_id", "req_id", "requisition_id")
    source_fields: tuple[str, ...] = ("source", "source_url", "url", "link", "job_url")
    text_fields: tuple[str, ...] = (
        "text", "description", "job_description", "jd", "jd_text", "details", "body", "content",
    )  # fmt: skip

    @property
    def asks_models(self) -> bool:
        """Whether a run may send anything to an endpoint."""
        return any(self.asks(stage) for stage in get_args(Stage))

    def asks(self, stage: str) -> bool:
        """Whether a run may send this stage's questions to an endpoint."""
        return (self.embedder if stage == "embedding" else self.engine) != "embedded"

    @property
    def landing_dir(self) -> Path:
        return self.data_dir / "landing"

    @property
    def warehouse_dir(self) -> Path:
        return self.data_dir / "warehouse"

    @property
    def vectors_dir(self) -> Path:
        return self.data_dir / "vectors"

    @property
    def state_dir(self) -> Path:
        return self.data_dir / "state"

    @property
    def dagster_home(self) -> Path:
        return self.data_dir / "dagster_home"

    @property
    def releases_dir(self) -> Path:
        return self.data_dir / "releases"

    @property
    def learned_dir(self) -> Path:
        return self.data_dir / "library"

    @property
    def library_sources(self) -> Sources:
        """The library in use: its folder, and what it learned."""
        return Sources(self.library or SHIPPED, self.learned_dir)

    @property
    def analyst_db(self) -> Path:
        return self.data_dir / "jd.duckdb"

    @property
    def state_database_url(self) -> str:
        return self.state_url or f"sqlite:///{self.state_dir / 'state.sqlite'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
