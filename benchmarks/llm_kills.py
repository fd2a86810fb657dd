"""What reaches the endpoint when the process that asks is killed again and again.

    python -m benchmarks.llm_kills [--jds 300] [--kills 30] [--latency 0.2] [--in-flight 8]

A process asks all questions and gets SIGKILL at a random moment; the next one goes on with the same state
database, until one comes to the end. A request that is on its way at a kill may have been charged, and is
sent once more; nothing else is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import SecretStr

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.parse import LlmParser
from jd_assets.llm.prices import NANO, ModelPrice, dollars, price_of
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import MODEL, POSTING
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

DAY = date(2026, 3, 2)
PRICE = ModelPrice(input=Decimal("0.20"), cached_input=Decimal("0.02"), output=Decimal("0.50"))


def main() -> None:
    options = _options()
    moments = random.Random(options.seed)
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload(["jd_assets.llm.parse", "jd_assets_tests.llm.conftest", "openai"])
    texts = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(options.jds)}
    with FakeOpenAI(latency=options.latency) as server, tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'state.sqlite'}"
        kills = read = 0
        while not read:
            ours, theirs = fork.Pipe()
            before = len(server.bytes_received)
            process = fork.Process(target=_ask, args=(theirs, server.url, url, texts, options.in_flight))
            process.start()
            while len(server.bytes_received) == before and process.is_alive():
                time.sleep(0.002)
            if kills < options.kills:
                time.sleep(moments.uniform(0, 1.5 * options.latency))
                process.kill()
                process.join()
                kills += 1
            else:
                read = ours.recv()
                process.join()
        sent = Counter(server.bytes_received)
        rows = State(url).ledger.attempts(DAY)
    again = sum(sent.values()) - len(sent)
    interrupted = sum(r["status"] == "interrupted" for r in rows)
    known = sum(r["cost_nano_usd"] for r in rows)
    for name, value in (
        ("questions", options.jds),
        ("SIGKILLs", kills),
        ("answers in the end", read),
        ("requests that reached the endpoint", sum(sent.values())),
        ("of these distinct", len(sent)),
        ("sent once more, as a kill met them on their way", again),
        ("most that can be, there or back and not yet written down", 2 * kills * options.in_flight),
        ("on their way or about to leave, in the ledger as interrupted", interrupted),
        ("answers in the ledger", sum(r["status"] == "ok" for r in rows)),
        ("USD known to be paid", dollars(known)),
        ("USD that budgets count", dollars(sum(r["counted_nano_usd"] for r in rows))),
    ):
        print(f"{name:62} {value}")
    assert read == options.jds == len(sent), "nothing is lost"
    assert again <= min(interrupted, 2 * kills * options.in_flight), "nothing else is sent twice"


def _ask(conversation: Connection, endpoint: str, url: str, texts: dict[str, str], in_flight: int) -> None:
    client = LlmClient(
        State(url).ledger, endpoint, SecretStr(KEY), MODEL,
        price=price_of(MODEL, endpoint, {MODEL: PRICE}), budget=Budget(Purse("run", 100 * NANO)),
        concurrency=in_flight,
    )  # fmt: skip
    conversation.send(len(LlmParser(client, domains=(*DOMAINS, OTHER)).read(texts, DAY)))
    client.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jds", type=int, default=300)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--in-flight", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
