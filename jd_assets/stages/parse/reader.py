"""What an engine beside the rules must offer to read JDs for this stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from jd_assets.contracts import Part, Reading
from jd_assets.stages.parse.parsed import ParsedJd

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


class Doubt(Protocol):
    """Says what the rules may have read wrongly."""

    def parts(self, rules: Mapping[str, ParsedJd]) -> Mapping[str, frozenset[Part]]:
        """The parts that a reader is to read, by JD id: of each JD, none where the rules are sure."""
        ...
