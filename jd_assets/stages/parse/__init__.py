"""Reading JDs by rules: segments with offsets, fields with the words that say so."""

from jd_assets.stages.parse.frame import parse
from jd_assets.stages.parse.identity import run_id
from jd_assets.stages.parse.parsed import ParsedJd, parse_text
from jd_assets.stages.parse.segments import Segment, segment

__all__ = ["ParsedJd", "Segment", "parse", "parse_text", "run_id", "segment"]
