"""What becomes of a JD whose model call goes wrong, and what is paid: `python -m benchmarks.llm_faults`.

The engine's own client asks the tests' endpoint on loopback, which misbehaves on command; pauses pass at
once. A lost answer has an unknown cost: budgets count it at the most that it may be.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pydantic import SecretStr

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.prices import price_of
from jd_assets.stages.parse.frame import parse
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, DOLLAR, MODEL, PRICES, Time, parser_of, spent_by
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI
from jd_assets_tests.llm.test_faults import MATRIX, RAW, Fault


def main() -> None:
    print("| fault | the JD | requests | calls paid | may have been charged |")
    print("|---|---|---|---|---|")
    lost = 0
    faults = MATRIX | {"no answer in time, then well": Fault(("slow",), "openai", ("failed", "ok"), 1)}
    for name, fault in faults.items():
        row, kept = _tried(fault)
        lost += not kept
        print(f"| {name} | {row} |")
    print(f"\n{len(faults)} cases, {lost} JDs lost")


def _tried(fault: Fault) -> tuple[str, bool]:
    """What came of the fault, as cells of the table, and whether the JD is there."""
    with tempfile.TemporaryDirectory() as folder, FakeOpenAI(fault.first, always=fault.always) as server:
        state = State(f"sqlite:///{Path(folder) / 'state.sqlite'}")
        time = Time()
        client = LlmClient(
            state.ledger, server.url, SecretStr(KEY), MODEL,
            price=price_of(MODEL, server.url, PRICES), budget=Budget(Purse("run", DOLLAR)), concurrency=1,
            sleep=time.sleep, clock=time.clock, timeout=0.5,
        )  # fmt: skip
        reader = parser_of(client)
        try:
            frame = parse(RAW, DAY, reader)
        finally:
            client.close()
        attempts = state.ledger.attempts(DAY)
    paid = sum(a["cost_nano_usd"] for a in attempts)
    engine = frame["engine"].to_list()
    reason = "".join(f" ({why})" for why in reader.unread.values())
    jd = "read by the model" if engine == ["openai"] else f"read by the embedded engine{reason}"
    unknown = (spent_by(client) - paid) / 1e9
    cells = [jd, str(len(server.received)), str(sum(a["cost_nano_usd"] > 0 for a in attempts)),
             f"${unknown:.6f}" if unknown else "nothing"]  # fmt: skip
    return " | ".join(cells), frame["title"].to_list() == ["Backend Engineer"]


if __name__ == "__main__":
    main()
