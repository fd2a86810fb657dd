"""The sample days with a language model behind them, and what it costs: `make demo-llm`.

    python -m jd_assets_tests.llm.demo [FOLDER]

The model is the tests' stand-in on loopback, which answers by simple rules, at OpenAI's listed prices for the
default model. The commands are the ones that you would type, run twice in a data folder of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from jd_assets.llm.prices import NANO, Usage, dollars, price_of
from jd_assets.settings import Settings
from jd_assets.storage.state import State
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

ROOT = Path(__file__).resolve().parent.parent.parent
LISTED_AT = "https://api.openai.com/v1"
_SAMPLE, _MILLION = 1_000, 1_000_000  # tokens; a million in one call would be of the dearer, long kind


def main(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "data" / "landing", folder / "landing")
    model = Settings.model_fields["llm_model"].default
    prices = folder / "prices.yaml"
    prices.write_text(listed_price(model), encoding="utf-8")
    with FakeOpenAI(models=(model,)) as server:
        environment = os.environ | {
            "DAGSTER_HOME": str(folder / "dagster_home"),
            "JD_DATA_DIR": str(folder),
            "JD_ENGINE": "openai",
            "JD_LLM_BASE_URL": server.url,
            "JD_LLM_API_KEY": KEY,
            "JD_LLM_PRICES": str(prices),
        }
        print(
            f"A stand-in for a model listens at {server.url} and answers by simple rules.\n"
            f"It is paid what OpenAI lists for {model}. All data is in {folder}.\n"
        )
        ledger = State(f"sqlite:///{folder / 'state' / 'state.sqlite'}").ledger
        asked, paid = 0, 0
        for time in ("first", "second"):
            print(f"-- The sample days for the {time} time", flush=True)
            for command in (["run"], ["costs", "--by", "stage"]):
                print(f"$ jd-assets {' '.join(command)}", flush=True)
                subprocess.run([sys.executable, "-m", "jd_assets", *command], env=environment, check=True)
            days = ledger.costs("day")
            total = sum(day.cost_nano_usd for day in days)
            print(
                f"This time {len(server.received) - asked} requests reached the endpoint, for "
                f"${dollars(total - paid)}.\n",
                flush=True,
            )
            asked, paid = len(server.received), total
        print("$ jd-assets costs --by day", flush=True)
        subprocess.run(
            [sys.executable, "-m", "jd_assets", "costs", "--by", "day"], env=environment, check=True
        )
        print("These are the costs of both times: the second had each answer from the ledger.")


def listed_price(model: str) -> str:
    """The model's price at OpenAI as a file for JD_LLM_PRICES, as no list knows an endpoint on loopback."""
    price = price_of(model, LISTED_AT)
    dollars = {
        name: price.nano_usd(usage) * (_MILLION // _SAMPLE) / NANO
        for name, usage in (
            ("input", Usage(input_tokens=_SAMPLE)),
            ("cached_input", Usage(input_tokens=_SAMPLE, cached_input_tokens=_SAMPLE)),
            ("output", Usage(output_tokens=_SAMPLE)),
        )
    }
    return f"{model}: {{{', '.join(f'{name}: {usd}' for name, usd in dollars.items())}}}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "demo-llm")
