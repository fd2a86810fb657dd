"""What a model call costs, in nano-dollars (billionths of a US dollar)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

NANO = 1_000_000_000
"""Nano-dollars in a US dollar."""
_MILLION = 1_000_000
SET_BY_OPERATOR = "set by the operator"


def dollars(nano_usd: int) -> str:
    """An amount in dollars, exact: no nano-dollar is rounded away."""
    return f"{nano_usd // NANO}.{nano_usd % NANO:09d}"


class UnknownPrice(LookupError):
    """Nobody has said what a model costs at an endpoint, so it is not called."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; the cached and the written ones are among `input_tokens`."""

    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0


class ModelPrice(BaseModel):
    """A price that the operator set, in US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Decimal = Field(ge=0)
    cached_input: Decimal | None = Field(None, ge=0, description="The same as `input` if unset.")
    output: Decimal = Field(ge=0)
    batch: Decimal = Field(Decimal(1), ge=0, le=1, description="Share of it that a call in a batch costs.")

    def usd(self, usage: Usage) -> Decimal:
        cached = self.input if self.cached_input is None else self.cached_input
        fresh = usage.input_tokens - usage.cached_input_tokens
        total = fresh * self.input + usage.cached_input_tokens * cached + usage.output_tokens * self.output
        return total / _MILLION


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one model at one endpoint, and who says so."""

    model: str
    source: str
    usd: Callable[[Usage], Decimal]

    def nano_usd(self, usage: Usage) -> int:
        """The price of a call, rounded up to a whole nano-dollar."""
        return int((self.usd(usage) * NANO).to_integral_value(ROUND_CEILING))

    def most_nano_usd(self, request_bytes: int, output_tokens: int) -> int:
        """What a call can cost at most: a token of the request is at least one byte of it, and each may
        be written to the endpoint's cache at its price."""
        plain = Usage(input_tokens=request_bytes, output_tokens=output_tokens)
        written = Usage(
            input_tokens=request_bytes, cache_write_tokens=request_bytes, output_tokens=output_tokens
        )
        return max(self.nano_usd(plain), self.nano_usd(written))


def price_of(
    model: str, endpoint: str, overrides: Mapping[str, ModelPrice] | None = None, *, batch: bool = False
) -> Price:
    """The operator's price of the model, else the listed one of the endpoint's provider; where no batch price
    is known, a call in a batch costs as much as any.

    Raises:
        UnknownPrice: neither is known.
    """
    override = (overrides or {}).get(model)
    if override is not None:
        share = override.batch if batch else Decimal(1)
        return Price(model, SET_BY_OPERATOR, lambda usage: override.usd(usage) * share)
    return _listed(model, endpoint, {"processing": "batch"} if batch else {})


def load_overrides(path: Path) -> dict[str, ModelPrice]:
    """The operator's prices from a YAML file of `model: {input, cached_input, output}`, in US dollars per
    million tokens.

    Raises:
        OSError: the file can't be read.
        ValueError: it is no such table; the message names the model and the field.
    """
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is no YAML: {error}") from error
    return TypeAdapter(dict[str, ModelPrice]).validate_python(table or {})


def _listed(model: str, endpoint: str, processing: Mapping[str, str]) -> Price:
    # Its price list takes 0.2 s to load, which a run without a model should not pay.
    import genai_prices

    def usd(usage: Usage) -> Decimal:
        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens,
            cache_read_tokens=usage.cached_input_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            output_tokens=usage.output_tokens,
        )
        total: Decimal = genai_prices.calc_price(
            counted, model, provider_api_url=endpoint, price_context=processing
        ).total_price
        return total

    try:
        usd(Usage(input_tokens=1, output_tokens=1))
    except LookupError:
        known = False
    else:
        known = True
    if not known:
        raise UnknownPrice(
            f"no price is listed for {model} at {endpoint}; set one in the file that JD_LLM_PRICES names"
        )
    return Price(model, f"genai-prices {genai_prices.__version__}", usd)
