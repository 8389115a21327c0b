"""Volunteers in numbers: matching among many, certificates in a batch, a rush for few places.

    PYTHONPATH=tools:tests python bench/crowds.py [--many 20000] [--few 1000] [--batch 100] [--clients 60]
        [--places 10] [--rounds 9] [--only sqlite] [--rush]

One volunteer signs up, serves and is confirmed; the others are copies in bulk. Matching is asked for as a use
case among few and among many, in turn; then a batch certifies `--batch` of them, and `--clients` phones ask
for `--places` places of one shift, all at once: no place may be given twice. What the rush takes is told
beside what it takes when as many phones merely look at the activity.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.volunteers import Availability, ServiceCategory
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.scope import place
from onewindow_volunteers.app import SERVICE
from onewindow_volunteers.needs import service as needs
from testkit import databases
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api, running
from volunteers.conftest import REGISTER
from volunteers.crowd import MARK, crowd
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import BASE
from volunteers.test_batches import begun, followed
from volunteers.test_certificates import confirmed
from volunteers.test_needs import TOLD, need

SKILLS = ("急救", "理发", "家电维修", "心理疏导", "法律", "手语")
RNG = random.Random(1)


def vary(n: int) -> dict[str, Any]:
    """Let copies live in three communities, with times, wishes and skills of their own."""
    return {
        **place((XIAN, KAIYUAN, DONGSHAN)[n % 3]),
        "availability": RNG.sample([*Availability], 2),
        "categories": RNG.sample([*ServiceCategory], 3),
        "skills": RNG.sample(SKILLS, 2),
    }


def seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def opened(stack: ExitStack, backend: str, size: int, folder: Path, **change: Any) -> tuple[Api, Helper]:
    """Open the service with a volunteer who has served, and so many copies."""
    name = f"onewindow_bench_volunteers_{size}"
    url = f"sqlite:///{folder}/{name}"
    if backend == "postgresql":
        url = databases.create_postgres(name)
        stack.callback(databases.drop_postgres, name)
    migrate("volunteers", url)
    api = stack.enter_context(running(SERVICE, url))
    api.receive(*REGISTER, source="casework")
    helper = Helper.registered(api, 1, consent=TOLD)
    confirmed(Organiser(api), helper)
    copy = partial(crowd, volunteer_no=helper.record["volunteer_no"], size=size, **change)

    def fill(connection: Connection) -> None:
        copy(connection)
        connection.execute(text("ANALYZE"))

    with_connection(url, fill)
    return api, helper


def matching(backend: str, few: int, many: int, rounds: int, folder: Path) -> None:
    with ExitStack() as stack:
        found: dict[int, tuple[Api, int]] = {}
        for size in (few, many):
            api, _ = opened(stack, backend, size, folder, vary=vary)
            found[size] = api, need(api, skill="急救")["need_id"]
        taken: dict[int, list[float]] = {few: [], many: []}
        for _ in range(rounds):
            for size, (api, need_id) in found.items():
                taken[size].append(seconds(partial(api.system, needs.match, need_id)))
        medians = {size: 1000 * statistics.median(times) for size, times in taken.items()}
        told = ", ".join(f"{size}: {ms:.0f} ms" for size, ms in medians.items())
        ratio = medians[many] / medians[few]
        print(
            f"{backend:10} matching          {told}, ratio {ratio:.1f},"
            f" worst of many {1000 * max(taken[many]):.0f} ms"
        )


def batch(backend: str, size: int, folder: Path) -> None:
    with ExitStack() as stack:
        api, _ = opened(stack, backend, size - 1, folder)
        organiser = Organiser(api)
        made = begun(organiser)

        def through() -> None:
            while followed(organiser, made)["status"] == "running":
                api.tick()

        whole = seconds(through)
        assert followed(organiser, made)["certified"] == size
        print(f"{backend:10} certificates      {size} in {whole:.1f} s, {1000 * whole / size:.1f} ms each")


def signing_up(backend: str, clients: int, places: int, folder: Path) -> None:
    with ExitStack() as stack:
        api, _ = opened(stack, backend, clients, folder)
        activity = Organiser(api).published(shifts=[shift(days=9, capacity=places)])
        at = activity["shifts"][0]
        body = {"role_id": at["roles"][0]["role_id"], "wait": False}
        path = f"{BASE}/shifts/{at['shift_id']}/signups"

        def join(subject: str) -> tuple[int, float]:
            headers = api.people.headers(Role.VOLUNTEER, subject=subject)
            key = {"Idempotency-Key": f"join-{subject}"}
            return asked(api, "POST", path, json=body, headers={**headers, **key})

        def look(_: str) -> tuple[int, float]:
            return asked(api, "GET", f"{BASE}/activities/{activity['activity_id']}")

        looked, _ = rush(look, clients)
        whole, told = rush(join, clients)
        codes = [code for code, _ in told]
        assert codes.count(201) == places, codes
        assert codes.count(409) == clients - places, codes
        taken = api.client.get(f"{BASE}/activities/{activity['activity_id']}").json()
        assert taken["shifts"][0]["roles"][0]["taken"] == places
        times = sorted(1000 * seconds for _, seconds in told)
        print(
            f"{backend:10} {clients} for {places} places  {whole:.1f} s in all, median"
            f" {times[len(times) // 2]:.0f} ms, p99 {times[-1 - len(times) // 100]:.0f} ms, none too many;"
            f" as many looking {looked:.1f} s, ratio {whole / looked:.2f}"
        )


def asked(api: Api, method: str, path: str, **request: Any) -> tuple[int, float]:
    """Return the status of an answer, and the seconds that it took."""
    started = time.perf_counter()
    answer = api.client.request(method, path, **request)
    return answer.status_code, time.perf_counter() - started


def rush(act: Callable[[str], tuple[int, float]], clients: int) -> tuple[float, list[tuple[int, float]]]:
    """Have everybody do something at once; return the seconds of all, and what each was answered."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as together:
        told = list(together.map(act, [f"{MARK}{n}" for n in range(1, clients + 1)]))
    return time.perf_counter() - started, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name, default in (("few", 1000), ("many", 20_000), ("batch", 100), ("clients", 60), ("places", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--rush", action="store_true", help="the rush for places alone")
    wanted = parser.parse_args()
    for backend in [wanted.only] if wanted.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="onewindow-bench-") as home:
            if not wanted.rush:
                matching(backend, wanted.few, wanted.many, wanted.rounds, Path(home))
                batch(backend, wanted.batch, Path(home))
            signing_up(backend, wanted.clients, wanted.places, Path(home))


if __name__ == "__main__":
    main()
