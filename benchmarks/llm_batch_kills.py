"""What reaches the batch endpoint when the processes of a night are killed again and again.

    python -m benchmarks.llm_batch_kills [--kills 30] [--jds 40]

Each night is a state database and a fake endpoint of its own. Its processes ask by batch and look after the
batches; each gets SIGKILL at a random moment within half the time that a night takes undisturbed, and the
next goes on, until one comes to the end. There are nights until `kills` processes have died. A batch that may
have been submitted is waited for LISTED seconds instead of minutes, as the fake lists it at once. The kills
at each single step are a test, jd_assets_tests/llm/test_batch_kills.py.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jd_assets.llm import batch
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, POSTING
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.killing import FORK, night

LISTED = 1.0
LOOKS = 2  # times that a batch is in progress when it is looked at


def main() -> None:
    options = _options()
    moments = random.Random(options.seed)
    texts = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(options.jds)}
    killed: Counter[str] = Counter()
    nights = 0
    with tempfile.TemporaryDirectory() as folder:
        whole, _ = _night(f"sqlite:///{Path(folder) / 'first.sqlite'}", texts, None)
        while sum(killed.values()) < options.kills:
            url = f"sqlite:///{Path(folder) / f'{nights}.sqlite'}"
            _, died = _night(url, texts, lambda: moments.uniform(0, whole / 2))
            killed += died
            nights += 1
    print(f"{nights} nights of {options.jds} questions, {whole:.1f} s undisturbed")
    print(f"SIGKILLs: {sum(killed.values())}")
    for stands, number in sorted(killed.items()):
        print(f"  when the batch was {stands}: {number}")
    print("every night: one batch made, each question worked on once and in the ledger once, no claim left")


def _night(
    url: str, texts: dict[str, str], patience: Callable[[], float] | None
) -> tuple[float, Counter[str]]:
    """Seconds of its last process, and how the batch stood when the others were killed, each after `patience`
    seconds.

    Raises:
        AssertionError: a question is lost, or was worked on twice.
    """
    died: Counter[str] = Counter()
    with FakeOpenAI() as server:
        server.batches.looks = LOOKS
        while True:
            ours, theirs = FORK.Pipe()
            process = FORK.Process(target=_process, args=(theirs, server.url, url, texts))
            process.start()
            assert ours.recv() == "begun"
            begun = time.perf_counter()
            if patience is None or ours.poll(patience()):
                break
            process.kill()
            process.join()
            died[_stands(url)] += 1
        read = ours.recv()
        seconds = time.perf_counter() - begun
        process.join()
        asked = Counter(server.batches.asked)
        batches = len(server.batches.batches)
    ledger = State(url).ledger
    rows = ledger.attempts(DAY)
    assert read == len(texts) == len(asked), "nothing is lost"
    assert set(asked.values()) == {1}, "nothing is asked twice"
    assert batches == len(ledger.batches.all()) == 1, "no batch is made twice"
    assert Counter(r["status"] for r in rows) == {"ok": len(texts)}, "each answer is written down once"
    assert ledger.claims() == [], "no claim is left"
    assert ledger.spent_on(datetime.now(UTC).date()) == sum(r["cost_nano_usd"] for r in rows)
    return seconds, died


def _process(conversation: Any, *arguments: Any) -> None:
    batch._LISTED_WITHIN = timedelta(seconds=LISTED)
    conversation.send("begun")
    night(conversation, *arguments)


def _stands(url: str) -> str:
    there = State(url).ledger.batches.all()
    return there[0].stands if there else "not opened"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--jds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
