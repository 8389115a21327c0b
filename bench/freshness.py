"""How soon the window obeys lists that were just published.

    PYTHONPATH=tools:tests python bench/freshness.py [--rounds 25] [--only sqlite]

Two suites run, one on SQLite (synchronous=FULL) and one on PostgreSQL. In each round, in random order, a
certificate is put on the list of what committees do not issue and the next version of the lists is published
through the gateway; then it is set aside again and another version is published. Printed are the milliseconds
from the answer to the publication until a clerk's route check, asked again and again through the gateway,
obeys; seen late by at most one question. Needs a PostgreSQL server.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from embedded import Suite
from embedded_environment import SERVICES
from testkit import databases
from town import CASEWORK, INTAKE, UNLIMITED, Person, Town

ADMISSION = f"{CASEWORK}/admission"
XIAN = "330902002001"
PATIENCE = 30.0
BASIS = {"document": "定海区便民办法", "quote": "养犬登记由公安机关办理"}


def opened(stack: ExitStack, folder: Path, backend: str, name: str = "freshness", **told: str) -> Town:
    """Start the demo district on a database called after the measurement, with further settings."""
    database = "sqlite"
    if backend == "postgresql":
        for service in SERVICES:
            database = databases.create_postgres(f"onewindow_{name}_{service}")
            stack.callback(databases.drop_postgres, f"onewindow_{name}_{service}")
        database = f"{database.rpartition('_')[0]}_{{service}}"
    home = folder / backend
    settings = UNLIMITED | {"ONEWINDOW_LOG_LEVEL": "ERROR"} | told
    suite = stack.enter_context(Suite(home, database=database, base_port=0, settings=settings))
    return Town.open(suite, home / "codes")


def obeyed(clerk: Person, wording: str, *, allowed: bool) -> float:
    """Return how many milliseconds pass until the route check says so."""
    published = time.monotonic()
    asked = {"community": XIAN, "certificate": wording}
    while clerk.ask("POST", f"{INTAKE}/route-checks", asked).json()["allowed"] is not allowed:
        assert time.monotonic() < published + PATIENCE
        Event().wait(0.002)
    return (time.monotonic() - published) * 1000


def published_twice(town: Town, serial: int) -> Iterator[float]:
    """Put a certificate on the lists and take it off again."""
    admin, clerk = town.staff("admin.dinghai"), town.staff("clerk.xian")
    today = admin.read(f"{ADMISSION}/lists/330902/1")["effective_from"]
    version = {"title": "定海区社区工作事项清单", "effective_from": today}
    new = {"code": f"cert-fresh-{serial}", "name": f"第{serial}种饲养证明", "kind": "certificate"}
    told = {"matter_class": "not_issued", "basis": [BASIS], "instead": "公安机关"}
    matter = admin.made(f"{ADMISSION}/matters", new | told)
    admin.made(f"{ADMISSION}/lists", version)
    yield obeyed(clerk, new["name"], allowed=False)
    path = f"{ADMISSION}/matters/330902/{matter['code']}"
    aside = admin.ask("PUT", path, {"basis": BASIS}, If_Match=f'"{matter["version"]}"')
    assert aside.status_code == 200, aside.text
    admin.made(f"{ADMISSION}/lists", version)
    yield obeyed(clerk, new["name"], allowed=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    backends = [told.only] if told.only else ["sqlite", "postgresql"]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        towns = {backend: opened(stack, folder, backend) for backend in backends}
        times: dict[str, list[float]] = {backend: [] for backend in backends}
        for serial in range(told.rounds):
            for backend in random.sample(backends, len(backends)):
                times[backend] += published_twice(towns[backend], serial)
    for backend, took in times.items():
        ranked = sorted(took)
        p99 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
        late = sum(one > 1000 for one in took)
        print(
            f"{backend:<11} median {statistics.median(took):6.0f} ms  p99 {p99:6.0f} ms"
            f"  worst {ranked[-1]:6.0f} ms  after a second {late} of {len(took)}"
        )


if __name__ == "__main__":
    main()
