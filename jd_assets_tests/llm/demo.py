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

from jd_assets.llm.prices import NANO, Usage, price_of
from jd_assets.settings import Settings
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
        sent = []
        for time in ("first", "second"):
            print(f"-- the {time} time", flush=True)
            for command in (["run"], ["costs", "--by", "stage"], ["costs", "--by", "day"]):
                print(f"$ jd-assets {' '.join(command)}", flush=True)
                subprocess.run([sys.executable, "-m", "jd_assets", *command], env=environment, check=True)
            sent.append(len(server.received) - sum(sent))
            print(f"requests that reached the endpoint the {time} time: {sent[-1]}\n", flush=True)


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
