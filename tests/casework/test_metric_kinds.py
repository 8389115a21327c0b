"""Figures by kind, reason, source and department, and what of money and training is known on a day."""

from typing import Any

import pytest

from casework.dispatching import Desk
from casework.office import BASE, DEPARTMENT, Office, furnished, open_office
from casework.purse import Purse
from casework.test_certificates import apply, issued
from casework.test_values import must_enter, value
from conftest import FreshDatabase
from onewindow_casework.metrics.queries import recount
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.rollups import fold, rebuild
from testkit.api import KAIYUAN, XIAN, environment

PERIOD = "from=2026-11-01&to=2026-12-31"
Apart = dict[str, dict[str, int | None]]


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


def apart(office: Office, by: str, area: str = "330902", who: Role = Role.DISTRICT_ADMIN) -> Apart:
    """Return what is told of each part, and is not 0."""
    headers = office.api.people.headers(who, "330902")
    parts = office.read(f"metrics/areas/{area}/parts?by={by}&{PERIOD}", headers)["parts"]
    return {part["key"]: {one: n for one, n in part["figures"].items() if n} for part in parts}


def names(office: Office, by: str) -> dict[str, str | None]:
    parts = office.read(f"metrics/areas/330902/parts?by={by}&{PERIOD}", office.admin)["parts"]
    return {part["key"]: part["name"] for part in parts}


def told(office: Office) -> list[Any]:
    """Return all figures but of lists, which are put in by hand, past their counter."""
    whole = {metric: n for metric, n in office.figures().items() if not metric.startswith("lists.")}
    return [whole, *(apart(office, by) for by in ("kind", "department", "item"))]


def refused_and_barred(desk: Desk) -> None:
    desk.office.api.tick()
    desk.refused("NO_FUNDS")
    desk.send(role="main")
    desk.posted(desk.admin, "budgets", fen=300_000, source="donations", department=DEPARTMENT)
    desk.posted(desk.admin, "bypasses", fen=50_000, source="donations")
    desk.go_to(2026, 12, 7, 9, 0)
    desk.office.api.tick()


def test_refused_work_and_money_are_told_by_reason_source_and_department(desk: Desk) -> None:
    refused_and_barred(desk)
    by_kind, by_department = (apart(desk.office, by) for by in ("kind", "department"))
    assert by_kind == {
        "NO_FUNDS": {Metric.ORDERS_REFUSED: 1},
        "MAIN_BODY": {Metric.ORDERS_BARRED: 1},
        "fee_with_task": {Metric.FUND_RECEIVED: 400_000, Metric.FUND_BUDGETED: 400_000},
        "donations": {Metric.FUND_RECEIVED: 350_000, Metric.FUND_BUDGETED: 300_000},
    }
    assert by_department == {
        DEPARTMENT: {Metric.ORDERS_REFUSED: 1, Metric.ORDERS_BARRED: 1, Metric.TRANSFERS_LATE: 1}
    }
    assert apart(desk.office, "kind", XIAN) == {}, "what a district has, no area below it has"
    assert apart(desk.office, "kind", who=Role.SERVICE_CLIENT) == by_kind, "these are no people"
    before = told(desk.office)
    desk.office.api.system(lambda unit: fold(unit.session))
    assert told(desk.office) == before
    desk.office.api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert told(desk.office) == before


def test_parts_have_the_names_of_what_their_codes_stand_for(desk: Desk) -> None:
    office, cell = desk.office, f"{XIAN}001"
    refused_and_barred(desk)
    office.closed(grid=cell, category="social_service")
    office.api.system(seed)
    body = {"code": cell, "name": "第一网格"}
    drawn = office.api.client.post(
        f"{BASE}/grids", json=body, headers=office.admin | {"Idempotency-Key": "the-first-cell"}
    )
    assert drawn.status_code == 201, drawn.text
    kinds = names(office, "kind")
    assert (kinds["NO_FUNDS"], kinds["donations"]) == ("没有经费", "社会各界捐助资金")
    assert names(office, "grid") == {cell: "第一网格"}
    assert names(office, "category") == {"social_service": "社会服务"}
    assert names(office, "department")[DEPARTMENT]
    assert names(office, "officer") == {"agent.xian": "陈师傅"}


def test_certificates_are_told_by_kind_and_few_are_withheld(office: Office) -> None:
    office.api.system(seed)
    apply(office, office.clerk, kind="cert-no-criminal-record")
    kind = office.read(f"certificates/{issued(office)}", office.manager)["kind"]
    assert apart(office, "kind", XIAN) == {
        kind: {Metric.CERTIFICATES_ISSUED: 1},
        "cert-no-criminal-record": {Metric.CERTIFICATES_REFUSED: 1},
    }
    assert apart(office, "kind", XIAN, Role.SERVICE_CLIENT) == {}
    assert apart(office, "item") == {}, "a kind is no item"
    assert "犯罪" in (names(office, "kind")["cert-no-criminal-record"] or "")


def test_counters_from_before_are_told_by_reason_and_source(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("casework", furnished)
    with open_office(url) as office:
        desk = Desk(office)
        desk.active()
        refused_and_barred(desk)
        office.api.system(lambda unit: fold(unit.session))
        before = told(office)
        for name, setting in environment(office.api.runtime.settings).items():
            monkeypatch.setenv(name, setting)
    migrate("casework", url, down_to="0043_staff_messages")
    migrate("casework", url)
    with open_office(url) as office:
        office.go_to(2026, 12, 7, 9)
        assert told(office) == before


def test_listed_work_has_its_money_while_no_transfer_of_it_is_late(purse: Purse) -> None:
    def found(day: str, area: str = "330902") -> tuple[int | None, int | None]:
        figures = purse.office.read(f"metrics/areas/{area}?to={day}", purse.admin)["figures"]
        return figures.get(Metric.ITEMS_TO_FUND), figures.get(Metric.ITEMS_FUNDED)

    assert found("2026-11-23") == (0, 0)
    purse.active()
    purse.item("i-own", matter_class="autonomy")
    purse.publish("i-1", "i-own")
    purse.office.api.tick()
    purse.go_to(2026, 12, 8, 1, 0)
    purse.office.api.tick()
    assert [found(day) for day in ("2026-11-22", "2026-11-23", "2026-12-06", "2026-12-07", "2026-12-08")] == [
        *((0, 0), (1, 1), (1, 1), (1, 0), (1, 0))
    ]
    assert found("2026-12-08", XIAN) == (None, None)
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    assert [found(day) for day in ("2026-12-07", "2026-12-08")] == [(1, 0), (1, 1)]


def test_staff_are_trained_where_each_had_the_hours_of_the_norm(office: Office) -> None:
    def trained(day: str, area: str = "330902") -> tuple[int, int]:
        figures = office.read(f"metrics/areas/{area}?from=2026-01-01&to={day}", office.admin)["figures"]
        return figures[Metric.STAFF_TRAINED], figures[Metric.STAFF_TRAINING_KNOWN]

    must_enter(office, value("staff", "6"), value("training_hours", "20", "2026-11-10"))
    must_enter(office, value("staff", "4"), value("training_hours", "19.5", "2026-11-10"), at=KAIYUAN)
    assert trained("2026-11-23") == (0, 0), "no norm asks for any"
    office.api.system(seed)
    assert [trained(day) for day in ("2026-11-09", "2026-11-10")] == [(0, 0), (6, 10)]
    assert (trained("2026-11-23", XIAN), trained("2026-11-23", KAIYUAN)) == ((6, 6), (0, 4))
