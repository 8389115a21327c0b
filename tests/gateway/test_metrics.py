"""The district's figures, merged from those of the services."""

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gateway.behind import Behind, standing_behind
from gateway.conftest import Open
from onewindow_gateway.metrics.definitions import COUNTED
from onewindow_gateway.metrics.rules import merge
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.contracts.metrics import OF_DISTRICTS, OWNERS, Metric, ServiceFigures, default_period
from testkit.api import MONDAY, XIAN, Api

CHANGGUO, DINGHAI = "330902002", "330902"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def district(open_gateway: Open, behind: Behind) -> Iterator[Api]:
    with open_gateway(metrics_budget_seconds=0.2) as api, standing_behind(api, behind):
        yield api


def ask(api: Api, area: str = CHANGGUO, mine: str = DINGHAI, **more: Any) -> httpx2.Response:
    headers = api.people.headers(Role.AUDITOR, mine) | more.pop("headers", {})
    return api.client.get(f"/api/metrics/v1/areas/{area}", headers=headers, params=more or None)


EVERY_INDICATOR = "S1 S2 S3 S4 S5 S6 S7 S8 S9 S1 R1 R2 R3 R4 R5 R6 AD K1 K2 K3 K4 K8 K. K5 K6 K7 P1 V1 V2 V3 V4 V5 V6 V7 V9 V1 E1 E2"
"""Their families in order; S1 are S1 and S10 to S12, V1 also V10."""
SLOW = 5


def indicators(answer: httpx2.Response) -> dict[str, tuple[int | None, int | None, float | None]]:
    assert answer.status_code == 200, answer.text
    return {
        one["id"]: (one["numerator"], one["denominator"], one["ratio"]) for one in answer.json()["indicators"]
    }


def test_figures_of_all_services_become_indicators(district: Api) -> None:
    found = indicators(ask(district))
    assert {id_: told for id_, told in found.items() if any(told)} == {
        "S1.received": (120, None, None),
        "S1.accepted": (100, None, None),
        "S1.closed": (80, None, None),
        "S2": (76, 80, 0.95),
        "S3": (3, None, None),
        **dict.fromkeys(("S2.law", "S7"), (0, 80, 0.0)),
        "S9": (0, 100, 0.0),
        "R1": (49, 50, 0.98),
        **{f"R2.{level}": (0, 50, 0.0) for level in range(1, 6)},
        "V1": (397, 39644, 0.010014),
        **dict.fromkeys(("V2", "V3", "V5.each"), (0, 397, 0.0)),
        "E1": (None, None, 0.96875),
        "E2": (None, None, 0.9725),
    }
    assert (found["S10"], found["S5"]) == ((0, 0, None), (0, None, None))
    assert ask(district).json()["missing"] == []


def test_everything_before_the_oldest_answer_is_counted(district: Api) -> None:
    assert ask(district).json()["as_of"] == "2026-11-23T01:29:00Z"


def test_services_are_asked_with_the_callers_own_token_and_request_id(district: Api, behind: Behind) -> None:
    ask(district, headers={"X-Request-ID": "desk-0001"})
    sent = {(request.headers["authorization"], request.headers["x-request-id"]) for request in behind.asked}
    assert sent == {(f"Bearer auditor-{DINGHAI}-none", "desk-0001")}
    assert [request.url.host for request in behind.asked] == [f"{name}.test" for name in BEHIND]


@pytest.mark.parametrize("trouble", ["slow", "down", "garbled"])
def test_a_service_in_trouble_costs_its_own_indicators_alone(
    district: Api, behind: Behind, trouble: str
) -> None:
    if trouble == "slow":
        behind.wait["casework"] = SLOW
    else:
        getattr(behind, trouble).add("casework")
    answer = ask(district)
    assert answer.elapsed.total_seconds() < SLOW
    found = indicators(answer)
    assert answer.json()["missing"] == ["casework"]
    assert found["S2"] == found["R1"] == (None, None, None)
    assert found["S1.received"] == (120, None, None)
    assert found["V1"] == (397, 39644, 0.010014)


def test_with_no_service_at_all_there_is_still_an_answer(district: Api, behind: Behind) -> None:
    behind.down.update(BEHIND)
    answer = ask(district)
    assert answer.json()["missing"] == sorted(BEHIND)
    assert set(indicators(answer).values()) == {(None, None, None)}
    assert (answer.json()["as_of"], answer.json()["multiples_of"]) == (None, None)
    headers = district.people.headers(Role.SERVICE_CLIENT, DINGHAI)
    coarse = district.client.get(f"/api/metrics/v1/areas/{DINGHAI}", headers=headers).json()
    assert (coarse["as_of"], coarse["multiples_of"]) == (None, 5)


def test_the_period_is_this_month_unless_asked_for_another(district: Api) -> None:
    body = ask(district).json()
    assert (body["period_from"], body["period_to"]) == ("2026-11-01", "2026-11-23")
    body = ask(district, **{"from": "2026-01-01", "to": "2026-06-30"}).json()
    assert (body["period_from"], body["period_to"]) == ("2026-01-01", "2026-06-30")


def test_today_is_the_districts_day(district: Api) -> None:
    district.clock.now = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)
    assert ask(district).json()["period_to"] == "2026-12-01"


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "2026-12-01"},
        {"from": "9999-12-31"},
        {"to": "tomorrow"},
        {"from": "2026-02-02", "to": "2026-02-01"},
    ],
)
def test_an_impossible_period_is_refused(district: Api, behind: Behind, wrong: dict[str, str]) -> None:
    assert ask(district, **wrong).status_code == 422
    assert behind.asked == []


@pytest.mark.parametrize(
    ("area", "mine", "status"),
    [
        (DINGHAI, DINGHAI, 200),
        (XIAN, DINGHAI, 200),
        (XIAN, XIAN, 200),
        (CHANGGUO, XIAN, 404),
        ("330902003", CHANGGUO, 404),
        ("330903", DINGHAI, 404),
        ("33090", DINGHAI, 422),
        ("3309020020", DINGHAI, 422),
        ("DROP", DINGHAI, 422),
    ],
)
def test_nobody_sees_figures_beyond_their_area(
    district: Api, behind: Behind, area: str, mine: str, status: int
) -> None:
    assert ask(district, area, mine).status_code == status
    assert bool(behind.asked) == (status == 200)


def test_a_padded_code_names_the_same_area(district: Api) -> None:
    assert ask(district, "330902002000").json()["area"] == CHANGGUO


def test_an_area_that_is_not_in_the_register_is_not_found(district: Api) -> None:
    known = AreaChanged(code=CHANGGUO, name="昌国街道", kind=AreaKind.STREET, population=39644)
    district.receive(known, source="casework")
    assert ask(district, CHANGGUO).status_code == 200
    assert ask(district, "330902099").status_code == 404


def test_residents_read_no_figures(district: Api) -> None:
    headers = district.people.headers(Role.RESIDENT)
    assert district.client.get(f"/api/metrics/v1/areas/{DINGHAI}", headers=headers).status_code == 403
    assert district.client.get(f"/api/metrics/v1/areas/{DINGHAI}").status_code == 401


def test_a_dashboard_that_has_the_figures_gets_304(open_gateway: Open, behind: Behind) -> None:
    with open_gateway(metrics_cache_seconds=0) as api, standing_behind(api, behind):
        first = ask(api)
        again = ask(api, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        behind.figures["intake"] = {"cases.received": 121}
        assert ask(api, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_many_dashboards_cost_one_look_up(open_gateway: Open, behind: Behind) -> None:
    behind.wait = dict.fromkeys(BEHIND, 0.1)
    with open_gateway() as api, standing_behind(api, behind):
        headers = api.people.headers(Role.AUDITOR, DINGHAI)
        transport = httpx2.ASGITransport(app=api.app)

        async def together() -> set[str]:
            async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
                asked = [client.get(f"/api/metrics/v1/areas/{XIAN}", headers=headers) for _ in range(20)]
                return {answer.text for answer in await asyncio.gather(*asked)}

        assert api.client.portal is not None
        assert len(api.client.portal.call(together)) == 1
        assert len(behind.asked) == len(BEHIND)


def test_what_one_scope_was_told_is_not_told_to_another(district: Api, behind: Behind) -> None:
    ask(district, XIAN, DINGHAI)
    ask(district, XIAN, CHANGGUO)
    assert len(behind.asked) == 2 * len(BEHIND)


def test_what_exact_readers_were_told_is_not_told_to_others(district: Api, behind: Behind) -> None:
    roles = {one: district.people.headers(one, DINGHAI) for one in (Role.AUDITOR, Role.SERVICE_CLIENT)}
    path = f"/api/metrics/v1/areas/{XIAN}"
    for headers in (*roles.values(), *roles.values()):
        behind.multiples_of = 5 if headers is roles[Role.SERVICE_CLIENT] else None
        said = district.client.get(path, headers=headers).json()
        assert said["multiples_of"] == behind.multiples_of
        apart = district.client.get(f"{path}/parts?by=channel", headers=headers).json()
        assert apart["multiples_of"] == behind.multiples_of


def test_reviews_are_told_in_multiples_to_everybody(district: Api, behind: Behind) -> None:
    behind.reviews_multiples_of = {"casework": 5}
    behind.parts["casework"] = {"window": {"cases.closed": 9}, "i-1": {"reviews.rated": None}}
    paths = ("", "/parts?by=item", "/parts?by=channel")
    whole, by_item, by_channel = (ask(district, f"{XIAN}{path}").json() for path in paths)
    for answer in (whole, by_item, by_channel):
        assert (answer["multiples_of"], answer["reviews_multiples_of"]) == (None, 5)
    assert {one["id"]: one for one in part_of(by_item, "i-1")}["R1"]["withheld"]
    assert not {"R1", "R2.1", "R3", "R6", "E1"} & {one["id"] for one in part_of(by_channel, "window")}
    sheet = ask(district, f"{XIAN}/sheet?format=csv").content.decode("utf-8-sig")
    units = {row["指标编号"]: row["约数单位"] for row in csv.DictReader(io.StringIO(sheet))}
    assert (units["R3"], units["E2"], units["S2"]) == ("5", "5", "")


def part_of(answer: Any, key: str) -> list[dict[str, Any]]:
    return next(part["indicators"] for part in answer["parts"] if part["key"] == key)


def norm(code: str, measure: str, unit: str, lower: str | None, upper: str | None = None) -> dict[str, Any]:
    told = {"code": code, "name": code, "measure": measure, "lower": lower, "upper": upper, "unit": unit}
    return told | {"binding": "local", "document": f"定政发〔2026〕{code}"}


def test_figures_are_held_against_the_norms_that_the_district_holds(district: Api, behind: Behind) -> None:
    behind.figures["casework"] = {"values.facility_area_by_100": 3500, "values.facility_households": 100}
    behind.norms = [
        norm("3号", "facility_area_per_100_households", "㎡/百户", "40"),
        norm("4号", "training_hours", "小时", "24"),
        norm("5号", "fund_per_community", "元/年", "30000"),
        norm("6号", "households_per_staff", "户/名", None, "600"),
        norm("7号", "households_per_staff", "户/名", None, "700"),
    ]
    found = {one["id"]: one for one in ask(district).json()["indicators"]}
    aims = {
        id_: [(aim["least"], aim["most"], aim["document"]) for aim in one["aims"]]
        for id_, one in found.items()
        if one["aims"] is not None
    }
    assert aims == {
        "K1": [(40.0, None, "定政发〔2026〕3号")],
        "K2": [],
        "K3.households": [(None, 700.0, "定政发〔2026〕7号"), (None, 600.0, "定政发〔2026〕6号")],
        "K3.workers": [],
        "K4": [(1.0, None, "定政发〔2026〕4号")],
        "K8": [],
        "K5": [(3_000_000.0, None, "定政发〔2026〕5号")],
    }
    assert (found["K1"]["ratio"], found["K4"]["aims"][0]["lower"]) == (35, "24")
    sheet = ask(district, f"{CHANGGUO}/sheet", format="csv").content.decode("utf-8-sig")
    targets = {row["指标编号"]: row["目标"] for row in csv.DictReader(io.StringIO(sheet))}
    assert targets["K1"] == "≥40 ㎡/百户（定政发〔2026〕3号）"
    assert targets["K2"] == "按本区所持标准，随数值列出"


def test_definitions_are_published_as_data(api: Api) -> None:
    answer = api.client.get("/api/metrics/v1/definitions")
    found = {one["id"]: one for one in answer.json()["definitions"]}
    families = [id_[:2] for id_ in found]
    assert [family for family, _ in groupby(families)] == EVERY_INDICATOR.split()
    assert found["V1"]["denominator_is_population"] is True
    assert [aim["least"] for aim in found["V1"]["aims"]] == [0.01, 0.1]
    assert all(text in found["V1"]["target"] for text in ("1%", "10%"))
    assert found["S2"]["formula"] == "承诺期限内办结数（至最后一日下班） ÷ 办结数（重新办理的除外）"
    assert found["E2"]["formula_en"].startswith("(0.6×R1 + 0.2×S2 + 0.2×S10) ÷")
    assert found["S12.p90"]["formula"].endswith("中 90% 不超过的受理至决定工作日数")
    counted = {one["metric"] for one in answer.json()["counters"]}
    assert counted == set(Metric)
    assert {one["numerator"] for one in found.values()} - {None} <= counted
    for one in found.values():
        assert bool(one["target"]) == bool(one["target_en"]), one["id"]
        assert bool(one["target"]) == bool(one["aims"]) or one["measure"], one["id"]
        assert not re.search("[a-z]{3,}", re.sub(r"[a-z]+_[a-z_]+", "", one["formula"])), "in Chinese"
    assert all(one["source"] for one in found.values())
    tag = {"If-None-Match": answer.headers["etag"]}
    assert api.client.get("/api/metrics/v1/definitions", headers=tag).status_code == 304


def test_every_indicator_has_its_group_on_the_wall(api: Api) -> None:
    source = (ROOT / "services/gateway/web/src/wall/figures.ts").read_text(encoding="utf-8")
    grouped = re.findall(r'"([A-Z]+)"', "".join(re.findall(r"begins: \[([^]]+)\]", source)))
    found = api.client.get("/api/metrics/v1/definitions").json()["definitions"]
    assert sorted(grouped) == sorted({re.split("[^A-Z]", one["id"])[0] for one in found})


# --- rules


def test_every_counter_has_an_owner() -> None:
    assert set(OWNERS) == set(Metric)
    assert set(OWNERS.values()) == set(BEHIND)


def test_definitions_are_told_apart() -> None:
    assert len({definition.id for definition in COUNTED}) == len(COUNTED)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, (date(2026, 11, 1), date(2026, 11, 23))),
        (None, date(2026, 2, 10), (date(2026, 2, 1), date(2026, 2, 10))),
        (date(2026, 10, 5), None, (date(2026, 10, 5), date(2026, 11, 23))),
    ],
)
def test_a_period_is_completed(first: date | None, last: date | None, expected: tuple[date, date]) -> None:
    assert default_period(first, last, date(2026, 11, 23)) == expected


def test_nothing_closed_is_no_rate() -> None:
    first = date(2026, 11, 1)
    none = {
        service: ServiceFigures(
            area=XIAN,
            period_from=first,
            period_to=first,
            figures={one: 0 for one, owner in OWNERS.items() if owner == service and one not in OF_DISTRICTS},
            population=None,
            as_of=MONDAY,
        )
        for service in BEHIND
    }
    merged = merge(COUNTED, XIAN, (first, first), none, None)
    found = {one.id: (one.numerator, one.denominator, one.ratio) for one in merged.indicators}
    assert found["S2"] == (0, 0, None)
    assert found["V1"] == (0, None, None)
    assert found["AD1.autonomy"] == (None, None, None), "lists are of a district"
