"""Figures taken apart and beside those of earlier periods."""

import asyncio
import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from python_calamine import CalamineWorkbook

from gateway.behind import Behind, standing_behind
from gateway.conftest import Open
from onewindow_gateway.metrics.definitions import COUNTED
from onewindow_gateway.metrics.stream import events
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.indicators import AreaMetrics, Indicator
from testkit.api import MONDAY, XIAN, Api

DINGHAI = "330902"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def district(open_gateway: Open, behind: Behind) -> Iterator[Api]:
    with open_gateway(metrics_budget_seconds=0.2) as api, standing_behind(api, behind):
        yield api


def ask(api: Api, path: str, role: Role = Role.AUDITOR, /, **more: Any) -> httpx2.Response:
    headers = api.people.headers(role, DINGHAI)
    return api.client.get(f"/api/metrics/v1/areas/{path}", headers=headers, params=more)


def parts(answer: httpx2.Response, indicator: str) -> dict[str, tuple[int | None, int | None]]:
    assert answer.status_code == 200, answer.text
    return {
        part["key"]: (one["numerator"], one["denominator"])
        for part in answer.json()["parts"]
        for one in part["indicators"]
        if one["id"] == indicator
    }


def test_a_chart_asks_for_the_indicators_that_it_draws(district: Api) -> None:
    path = f"{DINGHAI}/parts"
    few, whole = (ask(district, path, by="channel", **only) for only in ({"only": ["S2", "V1"]}, {}))
    assert parts(few, "S2") == parts(whole, "S2") != {}
    told = {one["id"] for part in few.json()["parts"] for one in part["indicators"]}
    assert (told, len(few.content) < len(whole.content)) == ({"S2"}, True)
    assert few.headers["etag"] != whole.headers["etag"]
    refused = ask(district, path, by="channel", only="S99")
    assert (refused.status_code, "S99" in refused.text) == (422, True)
    assert refused.json()["errors"][0]["loc"] == ["query", "only"]


def test_parts_of_all_services_become_indicators(district: Api) -> None:
    answer = ask(district, f"{DINGHAI}/parts", by="channel")
    assert parts(answer, "S1.received") == {"phone": (17, None), "web": (3, None), "window": (100, None)}
    assert parts(answer, "S2") == {"phone": (0, 10), "web": (0, 0), "window": (66, 70)}
    assert parts(answer, "V1") == {}, "volunteers have no channel"


def test_parts_keep_the_name_that_a_service_knows(district: Api, behind: Behind) -> None:
    behind.names["casework"] = {"window": "窗口"}
    told = {
        one["key"]: one["name"] for one in ask(district, f"{DINGHAI}/parts", by="channel").json()["parts"]
    }
    assert (told["window"], told["phone"]) == ("窗口", None)


def test_a_service_that_is_not_needed_is_not_missed(district: Api, behind: Behind) -> None:
    behind.down.add("volunteers")
    for by in ("officer", "item"):
        assert ask(district, f"{DINGHAI}/parts", by=by).json()["missing"] == [], by
    assert ask(district, f"{DINGHAI}/parts", by="month").json()["missing"] == ["volunteers"]


def test_a_missing_service_costs_its_own_indicators_alone(district: Api, behind: Behind) -> None:
    behind.down.add("casework")
    answer = ask(district, f"{DINGHAI}/parts", by="channel")
    assert answer.json()["missing"] == ["casework"]
    assert parts(answer, "S2")["window"] == (None, None)
    assert parts(answer, "S1.received")["window"] == (100, None)


def test_what_a_service_withholds_is_shown_as_withheld(district: Api, behind: Behind) -> None:
    behind.multiples_of = 5
    behind.figures["intake"] = {"cases.received": None, "cases.accepted": 0}
    behind.figures["casework"] = {"cases.closed": 80, "cases.closed_on_time": None}
    answer = ask(district, XIAN, Role.SERVICE_CLIENT).json()
    seen = {
        one["id"]: (one["numerator"], one["denominator"], one["ratio"], one["withheld"])
        for one in answer["indicators"]
    }
    assert answer["multiples_of"] == 5
    assert seen["S1.received"] == (None, None, None, True)
    assert seen["S1.accepted"] == (0, None, None, False)
    assert seen["S2"] == (None, 80, None, True)


def test_what_a_service_does_not_list_may_be_few(district: Api, behind: Behind) -> None:
    behind.parts["casework"] = {"web": {"cases.closed": 70}}
    assert parts(ask(district, f"{DINGHAI}/parts", by="channel"), "S7")["window"] == (0, 0)
    behind.multiples_of = 5
    answer = ask(district, f"{DINGHAI}/parts", Role.SERVICE_CLIENT, by="channel")
    assert parts(answer, "S1.closed") == {"phone": (None, None), "web": (70, None), "window": (None, None)}
    (window,) = (part for part in answer.json()["parts"] if part["key"] == "window")
    assert {one["id"] for one in window["indicators"] if one["withheld"]} >= {"S1.closed", "S2"}


def test_what_only_a_district_has_is_unknown_of_a_part_below_it(district: Api, behind: Behind) -> None:
    behind.parts["casework"] = {}
    of_street, of_whole = (ask(district, f"{area}/parts", by="department") for area in (XIAN[:9], DINGHAI))
    assert parts(of_street, "S1.closed") == parts(of_whole, "S1.closed")
    assert set(parts(of_street, "AD2.barred").values()) == {(None, None)}
    assert set(parts(of_whole, "AD2.barred").values()) == {(0, None)}


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (f"{DINGHAI}/parts", {}),
        (f"{DINGHAI}/parts", {"by": "moon"}),
        (f"{XIAN}/parts", {"by": "street"}),
        (f"{XIAN}/parts", {"by": "community"}),
        ("330902002/parts", {"by": "street"}),
        (f"{DINGHAI}/parts", {"by": "day", "from": "2024-01-01"}),
        (f"{DINGHAI}/parts", {"by": "day", "from": "2026-12-01", "to": "2026-11-01"}),
        (DINGHAI, {"compare": "yesterday"}),
    ],
)
def test_what_cannot_be_taken_apart_so_is_refused(
    district: Api, behind: Behind, path: str, more: dict[str, Any]
) -> None:
    assert ask(district, path, **more).status_code == 422
    assert behind.asked == []


def test_nobody_sees_parts_beyond_their_area(district: Api, behind: Behind) -> None:
    assert ask(district, "330903/parts", by="channel").status_code == 404
    assert behind.asked == []


@pytest.mark.parametrize(("path", "more"), [("parts", {}), ("sheet", {"format": "csv"})])
def test_officers_figures_are_for_who_may_see_the_cases(
    district: Api, behind: Behind, path: str, more: dict[str, str]
) -> None:
    refused = ask(district, f"{DINGHAI}/{path}", Role.SERVICE_CLIENT, by="officer", **more)
    assert (refused.status_code, behind.asked) == (403, [])
    assert ask(district, f"{DINGHAI}/{path}", by="officer", **more).status_code == 200
    again = ask(district, f"{DINGHAI}/{path}", Role.SERVICE_CLIENT, by="officer", **more)
    assert again.status_code == 403, "nor what is kept"


def test_workers_are_judged_by_reviews_limits_and_contacts(district: Api, behind: Behind) -> None:
    behind.parts["intake"] = {"agent.xian": {"contacts.taken": 4, "contacts.settled": 3}}
    behind.parts["casework"] = {
        "agent.xian": {
            "cases.closed": 10,
            "cases.closed_on_time": 9,
            "reviews.rated": 10,
            "reviews.satisfied": 8,
            "reviews.level_5": 2,
        }
    }
    (part,) = ask(district, f"{DINGHAI}/parts", by="officer").json()["parts"]
    ratios = {one["id"]: one["ratio"] for one in part["indicators"]}
    assert (ratios["R1"], ratios["R2.5"], ratios["S2"], ratios["S10"]) == (0.8, 0.2, 0.9, 0.75)
    assert ratios["E2"] == pytest.approx(0.6 * 0.8 + 0.2 * 0.9 + 0.2 * 0.75)


def test_figures_stand_beside_those_of_earlier_periods(district: Api, behind: Behind) -> None:
    body = ask(
        district, DINGHAI, **{"compare": ["previous", "year_ago"], "from": "2026-11-01", "to": "2026-11-10"}
    )
    compared = {one["before"]: one for one in body.json()["compared"]}
    assert {name: (one["period_from"], one["period_to"]) for name, one in compared.items()} == {
        "previous": ("2026-10-01", "2026-10-10"),
        "year_ago": ("2025-11-01", "2025-11-10"),
    }
    assert compared["previous"]["indicators"] == body.json()["indicators"]
    assert len(behind.asked) == 9


# --- taken away, collected, followed


def test_figures_are_taken_away_as_a_table(district: Api) -> None:
    answer = ask(district, f"{DINGHAI}/sheet", format="csv")
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="figures-330902-2026-11-01-2026-11-23.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = {row["指标编号"]: row for row in rows}
    assert (found["S2"]["分子"], found["S2"]["分母"], found["S2"]["比值"]) == ("76", "80", "0.95")
    assert all(row["来源"] for row in rows)
    apart = ask(district, f"{DINGHAI}/sheet", format="xlsx", by="channel")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(apart.content)).get_sheet_by_index(0)
    assert {row[0] for row in sheet.to_python()[1:]} == {"phone", "web", "window"}
    assert ask(district, f"{DINGHAI}/sheet", format="pdf").status_code == 422


def test_a_table_says_what_is_withheld(district: Api, behind: Behind) -> None:
    behind.parts["intake"] = {"window": {"cases.received": 100}, "phone": {"cases.received": None}}
    answer = ask(district, f"{DINGHAI}/sheet", Role.SERVICE_CLIENT, format="csv", by="channel")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = {row["分项"]: (row["分子"], row["不予显示"]) for row in rows if row["指标编号"] == "S1.received"}
    assert told == {"phone": ("", "是"), "window": ("100", "")}


def test_a_table_says_how_exact_each_row_is(district: Api, behind: Behind) -> None:
    behind.multiples_of, behind.reviews_multiples_of = 5, {"casework": 3}
    units = {row["指标编号"]: row["约数单位"] for row in _rows(district, Role.SERVICE_CLIENT)}
    assert {id_: units[id_] for id_ in ("S1.received", "R1", "E1", "K1")} == {
        "S1.received": "5",
        "R1": "5",
        "E1": "5",
        "K1": "",
    }
    behind.multiples_of = None
    units = {row["指标编号"]: row["约数单位"] for row in _rows(district)}
    assert {id_: units[id_] for id_ in ("S1.received", "R1", "K1")} == {
        "S1.received": "",
        "R1": "3",
        "K1": "",
    }


def _rows(district: Api, role: Role = Role.AUDITOR) -> list[dict[str, str]]:
    answer = ask(district, f"{DINGHAI}/sheet", role, format="csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_table_says_which_service_is_missing_and_when_it_is_of(district: Api, behind: Behind) -> None:
    behind.down.add("casework")
    answer = ask(district, f"{DINGHAI}/sheet", format="csv")
    rows = {row["指标编号"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    missing = {id_: rows[id_]["未应答的服务"] for id_ in ("S1.received", "S2", "E2", "V1")}
    assert missing == {"S1.received": "", "S2": "casework", "E2": "casework", "V1": ""}
    assert {row["数据截至"] for row in rows.values()} == {"2026-11-23 09:29:00"}
    behind.down.update(BEHIND)
    empty = ask(district, f"{DINGHAI}/sheet", format="csv", by="item")
    (row,) = csv.DictReader(io.StringIO(empty.content.decode("utf-8-sig")))
    assert row["未应答的服务"] == "casework, intake"


def test_prometheus_collects_what_is_known(district: Api, behind: Behind) -> None:
    behind.down.add("volunteers")
    answer = ask(district, f"{DINGHAI}/prometheus")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'onewindow_indicator{area="330902",id="S2",part="denominator"} 80' in lines
    assert 'onewindow_indicator_ratio{area="330902",id="S2"} 0.95' in lines
    assert 'onewindow_service_missing{area="330902",service="volunteers"} 1' in lines
    assert not [line for line in lines if 'id="V2"' in line]
    samples = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r'\w+{(\w+="[^"]*",?)+} -?[0-9.e+]+', line) for line in samples)


async def test_changes_are_told_once_until_there_is_nothing_to_look_at() -> None:
    first, second = (
        AreaMetrics(
            area=DINGHAI,
            period_from=date.fromisoformat("2026-11-01"),
            period_to=date.fromisoformat("2026-11-02"),
            indicators=[Indicator(id="S1.received", numerator=n, denominator=None, ratio=None)],
            missing=[],
            as_of=MONDAY,
        )
        for n in (1, 2)
    )
    looks: Iterator[AreaMetrics | None] = iter([first, first, second, second, None])

    async def look() -> AreaMetrics | None:
        return next(looks)

    def tag_of(found: AreaMetrics) -> str:
        return str(found.indicators[0].numerator)

    stopping = asyncio.Event()
    told = [piece.decode() async for piece in events(look, tag_of, None, 1e-3, 1, stopping)]
    assert [re.findall(r"id: (\d)", piece) for piece in told] == [[], ["1"], ["2"]]
    assert json.loads(told[1].partition("data: ")[2])["indicators"][0]["numerator"] == 1
    looks = iter([first, None])
    assert [piece async for piece in events(look, tag_of, "1", 0, 1, stopping)] == [b"retry: 2000\n\n"]
    looks = iter([first, second])
    lasted = [piece async for piece in events(look, tag_of, None, 0, 0, stopping)]
    assert len(lasted) == 2, "it lasted long enough"
    looks = iter([first, second])
    stopping.set()
    stopped = [piece async for piece in events(look, tag_of, None, 60, 600, stopping)]
    assert len(stopped) == 2, "nobody waits for it"


def test_the_dashboard_for_grafana_shows_indicators_that_there_are() -> None:
    text = (ROOT / "deploy" / "grafana" / "district.json").read_text(encoding="utf-8")
    queries = [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    shown = {found for query in queries for found in re.findall(r'id="([^"]+)"', query)}
    assert shown <= {one.id for one in COUNTED}
    assert len(shown) > 8


def test_the_ninth_decile_of_days_and_the_indices_come_with_the_others(
    open_gateway: Open, behind: Behind
) -> None:
    behind.figures["casework"] = {
        "cases.handled": 10,
        "cases.handling_days": 47,
        "cases.closed": 10,
        "cases.closed_on_time": 8,
        "reviews.rated": 10,
        "reviews.satisfied": 9,
    }
    behind.percentiles["casework"] = {"cases.handled": {"90": 4}}
    weights = {"R1": 0.6, "S2": 0.4}
    with open_gateway(worker_index=weights) as api, standing_behind(api, behind):
        answer = ask(api, DINGHAI)
        found = {one["id"]: one for one in answer.json()["indicators"]}
        told = api.client.get(
            "/api/metrics/v1/definitions", headers=api.people.headers(Role.AUDITOR, DINGHAI)
        )
    assert (found["S12"]["ratio"], found["S12.p90"]["numerator"], found["S12.p90"]["denominator"]) == (
        4.7,
        4,
        10,
    )
    assert found["E2"]["ratio"] == pytest.approx(0.6 * 0.9 + 0.4 * 0.8)
    assert (found["E1"]["ratio"], found["E1"]["weighed"]) == (
        pytest.approx((0.5 * 0.9 + 0.3 * 0.8) / 0.8, abs=1e-6),
        ["R1", "S2"],
    ), "nothing was to be disclosed"
    defined = {one["id"]: one for one in told.json()["definitions"]}
    assert defined["E2"]["weights"] == weights
    assert (defined["S2"]["is_share"], defined["S12"]["is_share"]) == (True, False)


def test_an_index_is_withheld_with_what_it_is_weighed_from(open_gateway: Open, behind: Behind) -> None:
    behind.figures["casework"] = {
        "reviews.rated": 5,
        "reviews.satisfied": None,
        "cases.closed": 10,
        "cases.closed_on_time": 10,
    }
    with open_gateway(worker_index={"R1": 0.6, "S2": 0.4}) as api, standing_behind(api, behind):
        answer = ask(api, XIAN, Role.SERVICE_CLIENT).json()
    found = {one["id"]: (one["ratio"], one["withheld"]) for one in answer["indicators"]}
    assert (found["R1"], found["S2"], found["E2"]) == ((None, True), (1.0, False), (None, True))


@pytest.mark.parametrize(
    "weights",
    [
        {"community_index": {"R1": 0.3, "S2": 0.3}},
        {"community_index": {"S2": 1.0}},
        {"worker_index": {"R1": 0.5, "S2": 0.5}},
        {"worker_index": {"R1": 0.6, "S1.received": 0.1}},
        {"community_index": {"R1": 0.6, "S2": -0.1}},
    ],
)
def test_satisfaction_weighs_most(open_gateway: Open, weights: dict[str, Any]) -> None:
    with pytest.raises(ValidationError), open_gateway(**weights):
        pass
