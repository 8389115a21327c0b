"""What a dashboard sees of the running suite: within a second, in parts that add up, whatever was killed."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from town import CASEWORK, INTAKE, Person, Town, application, eventually, person
from watch import Watch
from watching import Session

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, XIYUAN, ITEM = "330902002001", "330902003008", "soc-temporary-shenyang"
FIGURES = "/api/metrics/v1/areas/330902"
TOOLS = Path(__file__).resolve().parents[2] / "tools"


def post(clerk: Person, town: Town, serial: int, community: str = XIAN) -> None:
    form = {**application(town.item(ITEM), community, person(serial)), "accept": True}
    answer = clerk.create(f"{INTAKE}/cases", form)
    assert answer.status_code == 201, answer.text


def numerators(indicators: list[dict[str, Any]]) -> dict[str, int | None]:
    return {one["id"]: one["numerator"] for one in indicators}


def received_of(figures: dict[str, Any]) -> int:
    found = numerators(figures["indicators"])["S1.received"]
    assert found is not None
    return found


def of_all(who: Person, path: str = FIGURES) -> dict[str, Any]:
    """Return figures that no service was too busy for to answer in time."""
    return eventually(lambda: who.read(path), lambda told: not told["missing"])


def received(who: Person) -> int:
    return received_of(of_all(who))


def in_parts(who: Person, by: str) -> dict[str, int | None]:
    parts = of_all(who, f"{FIGURES}/parts?by={by}")["parts"]
    return {part["key"]: numerators(part["indicators"])["S1.received"] for part in parts}


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_a_dashboard_follows_what_happens(town: Town) -> None:
    clerk, auditor = town.staff("clerk.xian"), town.staff("auditor.dinghai")
    token = {"Authorization": f"Bearer {auditor.token}"}
    with (
        httpx2.Client(base_url=town.suite.url, trust_env=False, timeout=30) as client,
        client.stream("GET", f"{FIGURES}/changes", headers=token) as stream,
    ):
        told = events(stream.iter_lines())
        before = numerators(next(told)["indicators"])["S1.received"]
        post(clerk, town, 601)
        posted = time.monotonic()
        after = next(one for one in told if numerators(one["indicators"])["S1.received"] != before)
        assert numerators(after["indicators"])["S1.received"] == (before or 0) + 1
        assert time.monotonic() - posted < 15


def test_a_stream_ends_with_the_gateway_and_goes_on_without_a_gap(town: Town) -> None:
    clerk, auditor = town.staff("clerk.xian"), town.staff("auditor.dinghai")
    token = {"Authorization": f"Bearer {auditor.token}"}
    suite, guide = town.suite, town.item(ITEM)
    with (
        httpx2.Client(base_url=suite.url, trust_env=False, timeout=30) as client,
        httpx2.Client(base_url=suite.address("intake"), trust_env=False, timeout=30) as past,
    ):
        with client.stream("GET", f"{FIGURES}/changes", headers=token) as stream:
            lines = stream.iter_lines()
            last = next(line for line in lines if line.startswith("id: ")).removeprefix("id: ")
            before = received_of(next(events(lines)))
            started = time.monotonic()
            suite.stop("gateway")
            assert time.monotonic() - started < 5, "nothing holds up a stop"
            assert not [line for line in lines if line.startswith("data: ")]
        form = {**application(guide, XIAN, person(640)), "accept": True}
        assert Person(past, clerk.token).create(f"{INTAKE}/cases", form).status_code == 201
        suite.start("gateway")
        suite.wait_ready(["gateway"])
        again = {**token, "Last-Event-ID": last}
        with client.stream("GET", f"{FIGURES}/changes", headers=again) as stream:
            assert received_of(next(events(stream.iter_lines()))) == before + 1


def test_parts_add_up_and_a_dashboard_client_is_told_of_no_few(town: Town) -> None:
    clerk, auditor = town.staff("clerk.xian"), town.staff("auditor.dinghai")
    other = town.staff("clerk.xiyuan")
    for serial in range(602, 608):
        post(clerk, town, serial)
    post(other, town, 609, XIYUAN)
    whole = eventually(lambda: received(auditor), lambda n: n >= 7)
    for by in ("day", "month", "street", "community", "item", "category", "department", "channel"):
        assert sum(n or 0 for n in in_parts(auditor, by).values()) == whole, by
    dashboard = town.staff("client.dashboard")
    told = in_parts(dashboard, "community")
    exact = in_parts(auditor, "community")
    assert (told[XIYUAN], exact[XIYUAN]) == (None, 1)
    assert told[XIAN] == (exact[XIAN] or 0) // 5 * 5 > 0
    behind = dashboard.read(f"{INTAKE}/metrics/areas/{XIYUAN}")
    assert (behind["figures"]["cases.received"], behind["multiples_of"]) == (None, 5)


def test_a_case_is_counted_in_its_grid_cell_by_all_services(town: Town) -> None:
    clerk, admin = town.staff("clerk.xian"), town.staff("admin.dinghai")
    cell = admin.made(f"{CASEWORK}/grids", {"code": f"{XIAN}001", "name": "第一网格"})["code"]
    form = {**application(town.item(ITEM), XIAN, person(611)), "accept": True, "grid": cell}
    form |= {"agency_requested": True}
    case = eventually(lambda: clerk.create(f"{INTAKE}/cases", form), lambda told: told.status_code == 201)
    assert clerk.read(f"{INTAKE}/cases/{case.json()['case_no']}")["grid"] == cell

    def counted() -> dict[str, int | None]:
        parts = admin.read(f"{FIGURES}/parts?by=grid")["parts"]
        told = {part["key"]: numerators(part["indicators"]) for part in parts}.get(cell, {})
        return {id_: told.get(id_) for id_ in ("S1.accepted", "S9")}

    eventually(counted, lambda told: told == {"S1.accepted": 1, "S9": 1})


def test_counters_survive_kills_and_a_recount(town: Town) -> None:
    clerk, auditor = town.staff("clerk.xian"), town.staff("auditor.dinghai")
    for serial in range(620, 626):
        post(clerk, town, serial)
        if serial % 2:
            town.suite.kill("intake")
            town.suite.start("intake")
            town.suite.wait_ready(["intake"])
    before = of_all(auditor)["indicators"], in_parts(auditor, "channel")
    assert town.command("intake", "metrics", "rebuild") == {"rebuilt": True}
    eventually(
        lambda: (of_all(auditor)["indicators"], in_parts(auditor, "channel")),
        lambda after: after == before,
    )


def test_a_service_that_is_down_costs_its_own_figures_alone(town: Town) -> None:
    auditor = town.staff("auditor.dinghai")
    town.suite.stop("casework")
    try:
        found = eventually(lambda: auditor.read(FIGURES), lambda said: said["missing"] == ["casework"])
        told = numerators(found["indicators"])
        assert (told["S1.closed"], told["S1.received"] is None) == (None, False)
    finally:
        town.suite.start("casework")
        town.suite.wait_ready(["casework"])


def watched(town: Town, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(TOOLS / "watch.py"),
        "--url",
        town.suite.url,
        "--home",
        str(town.suite.home),
    ]
    environment = {"COLUMNS": "200", "PYTHONPATH": str(TOOLS)}
    return subprocess.run(
        [*command, "--looks", "3", "--seconds", "0.2", *options],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_the_terminal_shows_the_district(town: Town) -> None:
    shown = eventually(lambda: watched(town, "--formulas"), lambda shown: "missing: none" in shown.stdout)
    assert shown.returncode == 0, shown.stderr
    closed_in_time = next(line for line in shown.stdout.splitlines() if "按时办结率" in line)
    assert "100%" in closed_in_time
    assert "承诺期限内办结数" in closed_in_time
    assert "昌国街道" in shown.stdout


def test_the_terminal_shows_a_community(town: Town) -> None:
    shown = watched(town, "--area", XIAN)
    assert shown.returncode == 0, shown.stderr
    assert XIAN in shown.stdout
    assert "收件数" in shown.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--area", "330902999"), "No figures of the area 330902999"),
        (("--area", "here"), "area_code"),
        (("--user", "nobody"), "nobody cannot sign in"),
        (("--user", "officer.health"), "officer.health may not read these figures"),
        (("--url", "http://127.0.0.1:1"), "the gateway does not answer"),
        (("--home", "/nowhere"), "No suite has run on /nowhere"),
    ],
)
def test_a_watch_that_is_refused_says_why_in_a_line(town: Town, options: tuple[str, ...], said: str) -> None:
    ended = watched(town, *options)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_watch_goes_on_after_the_gateway_was_away(town: Town) -> None:
    suite = town.suite
    with httpx2.Client(base_url=suite.url, trust_env=False, timeout=30) as client:
        watch = Watch(Session(client, "client.dashboard", town.password), "330902")
        watch.look()
        suite.stop("gateway")
        watch.look()
        assert "the gateway does not answer" in watch.foot().plain
        assert watch.whole.said["area"] == "330902"
        suite.start("gateway")
        suite.wait_ready(["gateway"])
        watch.look()
        assert "unchanged" in watch.foot().plain
        assert watch.whole.asked == 2


def test_prometheus_signs_in_and_collects(town: Town) -> None:
    with httpx2.Client(base_url=town.suite.url, trust_env=False) as client:
        form = {"grant_type": "password", "username": "client.dashboard", "password": town.password}
        signed = client.post("/auth/token", data=form, auth=("prometheus", "unused"))
        token = {"Authorization": f"Bearer {signed.json()['access_token']}"}
        collected = client.get(f"{FIGURES}/prometheus", headers=token)
    assert 'onewindow_indicator{area="330902",id="S1.received",part="numerator"}' in collected.text
