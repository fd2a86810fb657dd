"""What a model costs a JD, by engine: `python -m benchmarks.llm_cost --jds FILE [--count 100]`.

FILE has a JD with its "text" a line. Nothing is sent. The requests are those that the engine sends, and the
answers what the embedded engine reads in the same JDs, in the shape that the model is asked for. Assumed:
- a token is four bytes of request or answer, as the model's tokenizer is not public;
- every JD is answered at the first attempt, without reasoning;
- a cached prefix is schema and prompt where they come to 1,024 tokens, in steps of 128 (OpenAI's rule);
- a batch costs half, and nothing of it is cached.
Prices are those of genai-prices.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jd_assets import contracts as C
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.llm.parse import BOTH, answer_contract, call
from jd_assets.llm.prices import Usage, price_of
from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.requests import RequestMaker
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import Settings, settings
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.stages.parse.frame import parse_record, parsed_row
from jd_assets.stages.parse.llm_merge import readable
from jd_assets.stages.parse.nano import nano_parsed
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.skills.extract import find_skills, posting_of
from jd_assets.stages.skills.found import Found
from jd_assets.stages.unsure import Unsure

BYTES_PER_TOKEN = 4
LEAST_CACHED, STEP = 1024, 128
TARGET_USD, TARGET_BATCH_USD = 0.0006, 0.0003
DAY = date(2026, 3, 2)
DEFAULTS = Settings(_env_file=None)  # type: ignore[call-arg]
_ALLOWED = (*DOMAINS, OTHER)
_NOT_ASKED = frozenset(("JD_type", "role_archetype", "roles_and_responsibilities", "urls", "aliases"))


@dataclass(frozen=True)
class Tokens:
    """Of one call, or of several; `prefix` are those of the input that all calls of its kind begin with."""

    input: int = 0
    prefix: int = 0
    output: int = 0

    def usd(self, *, cached: bool = False) -> float:
        """The price of the call by itself, or behind others of its kind."""
        read = self.prefix // STEP * STEP if cached and self.prefix >= LEAST_CACHED else 0
        price = price_of(DEFAULTS.llm_model, DEFAULTS.llm_base_url)
        return price.nano_usd(Usage(self.input, read, 0, self.output)) / 1e9


def tokens_of(jd: ParsedJd, skills: Sequence[Found], parts: frozenset[C.Part]) -> Tokens:
    """What it takes to ask for these parts of a JD, if the answer is what the embedded engine read."""
    if not parts:
        return Tokens()
    question = call("jd", readable(jd), DAY, parts)
    body = _maker(parts).body(question, question.max_tokens)
    user = len(json.dumps(question.user, ensure_ascii=False).encode())
    answer = json.dumps(_answer(jd, skills, parts), ensure_ascii=False, separators=(",", ":"))
    return Tokens(_tokens(len(body)), _tokens(len(body) - user), _tokens(len(answer.encode())))


def main() -> None:
    options = _options()
    with options.jds.open(encoding="utf-8") as lines:
        read = (parse_record({"text": json.loads(line)["text"]}) for line in lines if line.strip())
        jds = [
            jd for jd, _ in zip((jd for jd in read if not jd.rejection), range(options.count), strict=False)
        ]
    release = ensure_release(SHIPPED, settings().releases_dir, shipped_embedder())
    skills = list(find_skills([posting_of(jd.text, parsed_row(jd)) for jd in jds], release))
    unsure = Unsure(release).parts({str(n): jd for n, jd in enumerate(jds)})
    characters = sum(len(jd.text) for jd in jds) / len(jds)
    print(f"{len(jds)} JDs of {characters:,.0f} characters in the mean, {DEFAULTS.llm_model}")
    print("| engine | asked | input | of it prefix | output | USD a JD | prefix cached | batch |")
    print("|---|---|---|---|---|---|---|---|")
    verdicts = []
    for name, parts in {
        "openai": [BOTH] * len(jds),
        "hybrid": [unsure[str(n)] for n in range(len(jds))],
    }.items():
        calls = [tokens_of(jd, found, p) for jd, found, p in zip(jds, skills, parts, strict=True)]
        asked = sum(bool(p) for p in parts)
        means = [
            sum(values) / max(asked, 1)
            for values in zip(*((c.input, c.prefix, c.output) for c in calls), strict=True)
        ]
        alone, cached = (sum(c.usd(cached=flag) for c in calls) / len(jds) for flag in (False, True))
        print(
            f"| {name} | {asked / len(jds):.0%} | {means[0]:,.0f} | {means[1]:,.0f} | {means[2]:,.0f} | "
            f"{alone:.6f} | {cached:.6f} | {alone / 2:.6f} |"
        )
        met = alone <= TARGET_USD and alone / 2 <= TARGET_BATCH_USD
        verdicts.append(f"{name} {'meets' if met else 'misses'}")
    print(
        f"the targets of ${TARGET_USD} online and ${TARGET_BATCH_USD} in a batch: {', '.join(verdicts)} them"
    )


@cache
def _maker(parts: frozenset[C.Part]) -> RequestMaker:
    contract = answer_contract(_ALLOWED, parts)
    return RequestMaker(DEFAULTS.llm_model, PROFILES["openai"], contract, DEFAULTS.llm_effort)


def _tokens(size: int) -> int:
    return -(-size // BYTES_PER_TOKEN)


def _answer(jd: ParsedJd, skills: Sequence[Found], parts: frozenset[C.Part]) -> dict[str, Any]:
    """What the embedded engine read, in the shape that a model is asked for."""
    answer: dict[str, Any] = {}
    if "fields" in parts:
        answer |= _asked(nano_parsed(jd).model_dump())
    if "skills" in parts:
        said: dict[str, list[str]] = {"main": [], "plus": [], "soft": []}
        for skill in skills:
            label = "soft" if skill.kind == "soft" else "main" if skill.is_primary else "plus"
            said[label].append(jd.text[skill.start : skill.end])
        answer["skills"] = said
    return answer


def _asked(node: Any) -> Any:
    """A value without what no model is asked for."""
    if isinstance(node, dict):
        return {key: _asked(value) for key, value in node.items() if key not in _NOT_ASKED}
    return [_asked(value) for value in node] if isinstance(node, list) else node


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jds", type=Path, required=True, help="JSONL with a text a line.")
    parser.add_argument("--count", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    main()
