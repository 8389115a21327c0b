"""The receipt of a case as PDF, from asking for it until it is there, through the gateway.

    python bench/papers.py [--cases 30]

A suite runs on SQLite. Each case is posted, and its receipt is printed for the first time and once more,
beside a read of the case itself. Printed are the medians, what nine in ten take at most, and the very first
receipt, for which the writer of papers starts.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from embedded import Suite
from town import INTAKE, UNLIMITED, Person, Town, application, person

ITEM, XIAN = "soc-subsistence-national", "330902002001"


def milliseconds(ask: Callable[[], Any]) -> float:
    """Return how long an answer takes that must be good."""
    started = time.perf_counter()
    answer = ask()
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - started) * 1000


def one_case(clerk: Person, form: dict[str, Any]) -> tuple[float, float, float]:
    """Post a case; return how long its receipt takes, the same once more, and the case itself."""
    path = f"{INTAKE}/cases/{clerk.made(f'{INTAKE}/cases', form)['case_no']}"
    paper = f"{path}/papers/receipt"
    first, again = (milliseconds(lambda: clerk.get(paper)) for _ in range(2))
    return first, again, milliseconds(lambda: clerk.get(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=30)
    told = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    with (
        Suite(home, base_port=0, settings=UNLIMITED) as suite,
        closing(Town.open(suite, home / "codes")) as town,
    ):
        clerk, item = town.staff("clerk.xian"), town.item(ITEM)
        start, *_ = one_case(clerk, application(item, XIAN, person(0)))
        found = [one_case(clerk, application(item, XIAN, person(n))) for n in range(1, told.cases + 1)]
    print(f"the very first receipt {start:.0f} ms")
    for name, times in zip(("receipt", "again", "the case"), zip(*found, strict=True), strict=True):
        most = statistics.quantiles(times, n=10)[-1]
        print(f"{name:10} median {statistics.median(times):.0f} ms, nine in ten within {most:.0f} ms")


if __name__ == "__main__":
    main()
