"""Dashboards that poll the district's figures through the gateway.

    PYTHONPATH=tools:tests python bench/dashboards.py [--rounds 5] [--seconds 3] [--crowd 200] [--only sqlite]

Per database one suite runs. First `wrk` polls the district's figures with the tag that it knows (304), and a
plain uvicorn that answers as many static bytes as the figures have, in random order; a ratio is that of the
rates of one round, or of the servers' CPU per request. Then cases are posted one by one, and the milliseconds
are taken from the answer until the figures, asked again and again, tell of it. At last a crowd of dashboards
on one account asks every second, each with its own tag, while two windows post so many cases a second; of a
suite with the limits as they are shipped. Needs `wrk` and a
PostgreSQL server.
"""

import argparse
import asyncio
import json
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2
from freshness import opened

from gateway import cpu_seconds
from onewindow_gateway.settings import Settings
from town import INTAKE, Person, Town, application, person

FIGURES = "/api/metrics/v1/areas/330902"
XIAN, XIYUAN, ITEM = "330902002001", "330902003008", "soc-temporary-shenyang"
STATIC = """
import sys
BODY = b"x" * int(sys.argv[2])
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    headers = [(b"content-length", sys.argv[2].encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})
import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False, lifespan="off")
"""
WRK = """
wrk.headers["Authorization"] = "Bearer {token}"
wrk.headers["If-None-Match"] = '{tag}'
"""
COUNTED = {"ONEWINDOW_LIMIT_POLLS": "1000000000"}
"""A limit that is counted and never reached: `wrk` polls on one account as fast as it can."""
LIMITED = {
    f"ONEWINDOW_LIMIT_{name}": str(Settings.model_fields[f"limit_{name.lower()}"].default)
    for name in ("ACCOUNT", "POLLS", "CLIENT", "AUTH")
}
"""The limits as they are shipped."""
PATIENCE = 30.0


class Server(NamedTuple):
    """Something that `wrk` polls; `pid` is the process whose CPU counts."""

    address: str
    pid: int


class Rate(NamedTuple):
    """What one run of `wrk` came to: requests a second, and CPU of the server per request in microseconds."""

    requests: float
    cpu: float


@contextmanager
def static(size: int) -> Iterator[Server]:
    """Run a plain uvicorn that answers so many bytes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", STATIC, str(port), str(size)])
    address = f"http://127.0.0.1:{port}/"
    try:
        httpx2.Client(transport=httpx2.HTTPTransport(retries=8), trust_env=False).get(address)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait()


def wrk(server: Server, script: Path, told: argparse.Namespace) -> Rate:
    """Poll a server for some seconds."""
    command = ["wrk", "-t1", "-c16", f"-d{told.seconds}s", "-s", str(script), server.address]
    before = cpu_seconds(server.pid)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu = cpu_seconds(server.pid) - before
    found = re.search(r"([0-9]+) requests in .*Requests/sec:\s+([0-9.]+)", done.stdout, re.DOTALL)
    assert found, done.stdout
    return Rate(float(found[2]), cpu / int(found[1]) * 1e6)


def polled(town: Town, folder: Path, told: argparse.Namespace) -> list[Rate]:
    """Return what polls that are answered 304 come to, round by round, as shares of what static bytes do."""
    dashboard = town.staff("client.dashboard")
    answer = dashboard.get(FIGURES)
    script = folder / "poll.lua"
    script.write_text(WRK.format(token=dashboard.token, tag=answer.headers["etag"]), encoding="utf-8")
    ratios = []
    with static(len(answer.content)) as plain:
        gateway = Server(town.suite.url + FIGURES, town.suite.pid("gateway"))
        for _ in range(told.rounds):
            rates = {server: wrk(server, script, told) for server in random.sample([plain, gateway], 2)}
            pairs = zip(rates[gateway], rates[plain], strict=True)
            ratios.append(Rate(*(polls / bytes_ for polls, bytes_ in pairs)))
    assert dashboard.get(FIGURES, If_None_Match=answer.headers["etag"]).status_code == 304
    return ratios


def spread(values: Sequence[float]) -> str:
    """Return median and extremes."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def received(who: Person) -> int:
    """Return how many cases the district is told to have received."""
    found = {one["id"]: one["numerator"] for one in who.read(FIGURES)["indicators"]}
    return int(found["S1.received"])


def fresh(town: Town, times: int) -> list[float]:
    """Return after how many milliseconds the figures tell of a case."""
    clerk, auditor = town.staff("clerk.xian"), town.staff("auditor.dinghai")
    guide, found = town.item(ITEM), []
    for serial in range(times):
        before = received(auditor)
        Event().wait(random.random())
        clerk.made(f"{INTAKE}/cases", application(guide, XIAN, person(serial)))
        posted = time.monotonic()
        while received(auditor) == before:
            assert time.monotonic() < posted + PATIENCE
            Event().wait(0.01)
        found.append((time.monotonic() - posted) * 1000)
    return found


@dataclass
class Crowd:
    """What happened to many dashboards at once."""

    waited: list[float] = field(default_factory=list)
    answers: Counter[int | str] = field(default_factory=Counter)
    posted: Counter[int | str] = field(default_factory=Counter)


async def every(seconds: float, until: float, act: Callable[[], Awaitable[None]]) -> None:
    """Act every so many seconds, counted from the beginning; late ones follow at once."""
    following = time.monotonic() + random.random() * seconds
    while following < until:
        await asyncio.sleep(max(0, following - time.monotonic()))
        await act()
        following += seconds


class Line:
    """One connection that asks again and again; a library's client would take more CPU than the server."""

    def __init__(self, address: str, token: str, counted: Counter[int | str]) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname, parts.port)
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._counted = counted

    async def ask(self, line: str, fields: str, body: bytes = b"") -> dict[bytes, bytes]:
        """Count the status of an answer, or the error that came instead; return the answer's headers."""
        try:
            status, headers = await self._answer(
                f"{line} HTTP/1.1\r\n{self._head}{fields}\r\n".encode() + body
            )
        except (OSError, EOFError) as error:
            self._counted[type(error).__name__] += 1
            self._streams = None
            return {}
        self._counted[status] += 1
        return headers

    async def _answer(self, request: bytes) -> tuple[int, dict[bytes, bytes]]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._server)
        reader, writer = self._streams
        writer.write(request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).rstrip().split(b"\r\n")
        pairs = (line.partition(b": ") for line in lines)
        headers = {name: value for name, _, value in pairs}
        await reader.readexactly(int(headers.get(b"content-length", 0)))
        return int(first.split()[1]), headers


async def crowded(town: Town, told: argparse.Namespace) -> Crowd:
    """Have a crowd of dashboards poll while clerks post."""
    found = Crowd()
    dashboard, guide = town.staff("client.dashboard").token, town.item(ITEM)
    windows = [
        (town.staff(clerk).token, json.dumps(application(guide, community, person(7))).encode())
        for clerk, community in (("clerk.xian", XIAN), ("clerk.xiyuan", XIYUAN))
    ]

    def polling() -> Callable[[], Awaitable[None]]:
        line, tag = Line(town.suite.url, dashboard, found.answers), ""

        async def poll() -> None:
            nonlocal tag
            begun = time.monotonic()
            headers = await line.ask(f"GET {FIGURES}", f"If-None-Match: {tag}\r\n")
            found.waited.append((time.monotonic() - begun) * 1000)
            tag = headers.get(b"etag", b"").decode()

        return poll

    def posting(serial: int) -> Callable[[], Awaitable[None]]:
        clerk, form = windows[serial % len(windows)]
        line = Line(town.suite.url, clerk, found.posted)

        async def post() -> None:
            fields = f"Content-Type: application/json\r\nContent-Length: {len(form)}\r\n"
            await line.ask(f"POST {INTAKE}/cases", f"{fields}Idempotency-Key: {uuid.uuid4()}\r\n", form)

        return post

    until = time.monotonic() + told.lasting
    acts = [*(polling() for _ in range(told.crowd)), *(posting(serial) for serial in range(told.posts))]
    await asyncio.gather(*(every(1.0, until, act) for act in acts))
    return found


def at(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def suite_of(backend: str, limits: Mapping[str, str]) -> Iterator[tuple[Town, Path]]:
    """Run a suite with these limits; return it with its folder."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield opened(stack, folder, backend, "dashboards", **limits), folder


def measure(backend: str, told: argparse.Namespace) -> None:
    """Measure all three on one database."""
    with suite_of(backend, COUNTED) as (town, folder):
        ratios = polled(town, folder, told)
        rates, cpu = (spread(values) for values in zip(*ratios, strict=True))
        print(f"{backend:<11} 304 through the gateway to static bytes: {rates}, CPU {cpu}", flush=True)
        waits = fresh(town, told.times)
        print(f"{backend:<11} a figure tells of a case after {statistics.median(waits):.0f} ms", flush=True)
    with suite_of(backend, LIMITED) as (town, _):
        crowd = asyncio.run(crowded(town, told))
        line = f"{told.crowd} dashboards, {told.posts} cases/s: p50 {at(crowd.waited, 0.5):.0f} ms, "
        line += (
            f"p99 {at(crowd.waited, 0.99):.0f} ms, polled {dict(crowd.answers)}, posted {dict(crowd.posted)}"
        )
        print(f"{backend:<11} {line}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--times", type=int, default=25)
    parser.add_argument("--crowd", type=int, default=200)
    parser.add_argument("--posts", type=int, default=50)
    parser.add_argument("--lasting", type=int, default=20)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    for backend in [told.only] if told.only else ["sqlite", "postgresql"]:
        measure(backend, told)


if __name__ == "__main__":
    main()
