"""Posting cases that are counted for dashboards, beside posting the same without counters.

    PYTHONPATH=tools:tests python bench/counting.py [--rounds 25] [--cases 200] [--clients 32] [--only sqlite]

One process holds the service of intake and its clients, past the gateway and the socket, so that whatever
else a post costs does not hide its counters. In each round, in random order, so many accepted cases are
posted with their deltas, which are then folded to the last, and as many without. A ratio is that of the rates
of one round, folding included, or of the process' CPU. Needs a PostgreSQL server.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import httpx2
from lists import opened

from intake.window import NO_PAPERS, PATH, form
from onewindow_intake.cases import writing
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing import logs
from onewindow_shared.plumbing.rollups import fold
from testkit.api import DONGSHAN, XIAN, Api

SERIALS = count()
AS_OFTEN_AS_ONE_LIKES = {"duplicates_refused": False, "like_duplicates_refused": False}
WITHOUT = mock.patch.object(writing, "_deltas", return_value=[])


class Rate(NamedTuple):
    """Cases a second, and cases a second of CPU."""

    passed: float
    cpu: float


async def posted(api: Api, cases: int, clients: int) -> None:
    """Have clients post so many cases as fast as they are answered."""
    transport = httpx2.ASGITransport(app=api.app)
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN[:6])
    serials = [next(SERIALS) for _ in range(cases)]

    async with httpx2.AsyncClient(transport=transport, base_url="http://bench") as http:

        async def post() -> None:
            while serials:
                serial = serials.pop()
                body = form(NO_PAPERS, (XIAN, DONGSHAN)[serial % 2], serial, accept=True)
                headers = {**clerk, "Idempotency-Key": f"counting-{serial}"}
                answer = await http.post(f"{PATH}/cases", json=body, headers=headers)
                assert answer.status_code == 201, answer.text

        await asyncio.gather(*(post() for _ in range(clients)))


def timed(api: Api, told: argparse.Namespace) -> Rate:
    """Post and fold; return how fast."""
    started, before = time.perf_counter(), time.process_time()
    assert api.client.portal is not None
    api.client.portal.call(posted, api, told.cases, told.clients)
    while api.system(lambda unit: fold(unit.session)):
        pass
    return Rate(told.cases / (time.perf_counter() - started), told.cases / (time.process_time() - before))


def compared(api: Api, told: argparse.Namespace) -> Rate:
    """Return the rates of a round with counters as shares of those without."""
    rates = {}
    for counted in random.sample([True, False], 2):
        with ExitStack() as stack:
            if not counted:
                stack.enter_context(WITHOUT)
            rates[counted] = timed(api, told)
    return Rate(*(with_ / without for with_, without in zip(rates[True], rates[False], strict=True)))


def spread(values: Sequence[float]) -> str:
    """Return median and extremes."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    logs.configure("bench", "ERROR")
    for backend in [told.only] if told.only else ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            api, _ = opened(stack, backend, "onewindow_bench_counting", folder, **AS_OFTEN_AS_ONE_LIKES)
            timed(api, told)
            passed, cpu = zip(*(compared(api, told) for _ in range(told.rounds)), strict=True)
            print(f"{backend:<11} with counters to without: {spread(passed)}, CPU {spread(cpu)}", flush=True)


if __name__ == "__main__":
    main()
