"""What an engine beside the rules must offer to read JDs for this stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from jd_assets.contracts import Part, Reading

BOTH: frozenset[Part] = frozenset(("fields", "skills"))


class Reader(Protocol):
    """Reads JDs by other means than rules; `engine` is what the rows it made say."""

    @property
    def engine(self) -> str: ...

    def read(
        self, texts: Mapping[str, str], ds: date, parts: frozenset[Part] = BOTH
    ) -> Mapping[str, Reading]:
        """What it makes of these parts of each text, by JD id. A JD that it could not read is left out,
        never raised for."""
        ...
