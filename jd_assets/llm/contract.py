"""Parts of the contracts, as the shapes that a model is asked for."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, create_model

from jd_assets.contracts import Contract


def part_of(model: type[BaseModel], *fields: str, **narrower: Any) -> type[BaseModel]:
    """The contract with these fields only, all of them required; `narrower` are types of some of them."""
    wanted: dict[str, Any] = {
        field: (narrower.get(field, model.model_fields[field].annotation), ...) for field in fields
    }
    return create_model(model.__name__, __base__=Contract, **wanted)
