"""Figures taken apart and beside those of earlier periods, and what is withheld of few people."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gateway.behind import Behind, standing_behind
from gateway.conftest import Open
from onewindow_gateway.metrics.definitions import DEFINITIONS
from onewindow_gateway.metrics.periods import earlier
from onewindow_gateway.metrics.rules import withhold
from onewindow_gateway.metrics.stream import events
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metric_parts import MOST_SPANS, By, spans_of
from onewindow_shared.contracts.metrics import AreaMetrics, Before, Indicator
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


def test_parts_of_all_services_become_indicators(district: Api) -> None:
    answer = ask(district, f"{DINGHAI}/parts", by="channel")
    assert parts(answer, "S1.received") == {"phone": (17, None), "web": (3, None), "window": (100, None)}
    assert parts(answer, "S2") == {"phone": (0, 10), "web": (0, 0), "window": (66, 70)}
    assert parts(answer, "V1") == {}, "volunteers have no channel"


def test_a_missing_service_costs_its_own_indicators_alone(district: Api, behind: Behind) -> None:
    behind.down.add("casework")
    answer = ask(district, f"{DINGHAI}/parts", by="channel")
    assert answer.json()["missing"] == ["casework"]
    assert parts(answer, "S2")["window"] == (None, None)
    assert parts(answer, "S1.received")["window"] == (100, None)


def test_a_dashboard_is_not_told_of_few_people_nor_of_the_rest(district: Api) -> None:
    answer = ask(district, f"{DINGHAI}/parts", Role.SERVICE_CLIENT, by="channel")
    assert parts(answer, "S1.received") == {
        "phone": (None, None),
        "web": (None, None),
        "window": (100, None),
    }
    assert [one["withheld"] for part in answer.json()["parts"] for one in part["indicators"]].count(True) > 0


def test_a_dashboard_is_not_told_of_few_people_of_a_community(district: Api, behind: Behind) -> None:
    behind.figures["intake"] = {"cases.received": 4, "cases.accepted": 0}
    seen = {
        one["id"]: (one["numerator"], one["withheld"])
        for one in ask(district, XIAN, Role.SERVICE_CLIENT).json()["indicators"]
    }
    assert (seen["S1.received"], seen["S1.accepted"]) == ((None, True), (0, False))
    whole = {one["id"]: one["numerator"] for one in ask(district, XIAN).json()["indicators"]}
    assert whole["S1.received"] == 4


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


def test_a_table_withholds_what_the_page_withholds(district: Api) -> None:
    answer = ask(district, f"{DINGHAI}/sheet", Role.SERVICE_CLIENT, format="csv", by="channel")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = {row["分项"]: (row["分子"], row["不予显示"]) for row in rows if row["指标编号"] == "S1.received"}
    assert told == {"phone": ("", "是"), "web": ("", "是"), "window": ("100", "")}


def test_prometheus_collects_what_is_known(district: Api, behind: Behind) -> None:
    behind.down.add("volunteers")
    answer = ask(district, f"{DINGHAI}/prometheus")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert 'onewindow_indicator{area="330902",id="S2",part="denominator"} 80' in lines
    assert 'onewindow_indicator_ratio{area="330902",id="S2"} 0.95' in lines
    assert 'onewindow_service_missing{area="330902",service="volunteers"} 1' in lines
    assert not [line for line in lines if 'id="V1"' in line]
    samples = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r'\w+{(\w+="[^"]*",?)+} -?[0-9.e+]+', line) for line in samples)


async def test_changes_are_told_once_until_there_is_nothing_to_look_at() -> None:
    first, second = (
        AreaMetrics(
            area=DINGHAI,
            period_from=day("2026-11-01"),
            period_to=day("2026-11-02"),
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

    told = [piece.decode() async for piece in events(look, tag_of, None, 1e-3, 1)]
    assert [re.findall(r"id: (\d)", piece) for piece in told] == [[], ["1"], ["2"]]
    assert json.loads(told[1].partition("data: ")[2])["indicators"][0]["numerator"] == 1
    looks = iter([first, None])
    assert [piece async for piece in events(look, tag_of, "1", 0, 1)] == [b"retry: 2000\n\n"]
    looks = iter([first, second])
    assert len([piece async for piece in events(look, tag_of, None, 0, 0)]) == 2, "it lasted long enough"


def test_the_dashboard_for_grafana_shows_indicators_that_there_are() -> None:
    text = (ROOT / "deploy" / "grafana" / "district.json").read_text(encoding="utf-8")
    queries = [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    shown = {found for query in queries for found in re.findall(r'id="([^"]+)"', query)}
    assert shown <= {one.id for one in DEFINITIONS}
    assert len(shown) > 8


# --- rules


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "previous", "year_ago"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ("2026-02-01", "2026-02-28", ("2026-01-01", "2026-01-31"), ("2025-02-01", "2025-02-28")),
        ("2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        ("2026-05-04", "2026-05-10", ("2026-04-27", "2026-05-03"), ("2025-05-04", "2025-05-10")),
        ("2024-02-29", "2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_earlier_periods(first: str, last: str, previous: tuple[str, str], year_ago: tuple[str, str]) -> None:
    period = (day(first), day(last))
    assert earlier(period, Before.PREVIOUS) == tuple(map(day, previous))
    assert earlier(period, Before.YEAR_AGO) == tuple(map(day, year_ago))


@given(st.dates(), st.integers(0, 2000))
def test_an_earlier_period_ends_before_the_present_one_begins(first: date, length: int) -> None:
    if (date.max - first).days < length:
        return
    period = (first, first + timedelta(days=length))
    before = earlier(period, Before.PREVIOUS)
    assert before is None or before[0] <= before[1] < first


@given(st.sampled_from([By.DAY, By.WEEK, By.MONTH, By.YEAR]), st.dates(), st.integers(0, 900))
def test_spans_cover_a_period_without_gap(by: By, first: date, length: int) -> None:
    last = first + timedelta(days=min(length, (date.max - first).days))
    spans = spans_of(by, first, last)
    assert spans == sorted(set(spans))
    assert len(spans) <= MOST_SPANS + 1
    if len(spans) <= MOST_SPANS:
        touched = {by.begins(first + timedelta(days=n)) for n in range((last - first).days + 1)}
        assert set(spans) == touched


received = st.builds(
    lambda n: Indicator(id="S1.received", numerator=n, denominator=None, ratio=None), st.integers(0, 30)
)


@given(st.lists(received, min_size=1, max_size=6), st.integers(1, 10))
def test_withheld_numbers_are_small_or_hide_one(column: list[Indicator], below: int) -> None:
    told = [row[0] for row in withhold([[one] for one in column], below)]
    numbers = [one.numerator or 0 for one in column]
    hidden = [n for n, one in zip(numbers, told, strict=True) if one.withheld]
    assert all(not 0 < (one.numerator or 0) < below for one in told if not one.withheld)
    if hidden and any(n and n not in hidden for n in numbers):
        assert len(hidden) > 1, "a single one could be told from the sum"


def test_what_counts_no_people_is_not_withheld() -> None:
    few = Indicator(id="AD1.autonomy", numerator=2, denominator=None, ratio=None)
    assert withhold([[few]], 5) == [[few]]
