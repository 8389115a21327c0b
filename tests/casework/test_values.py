"""What the register says of areas: dated, with its source and its history, and what changes make of it."""

from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Connection, delete

from casework.office import BASE, Headers, Office, furnished, open_office
from casework.test_areas import NEW, change, decide, merged
from conftest import FreshDatabase
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, PopulationsChanged
from onewindow_shared.contracts.register import UNITS, ValueKind
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.outbox import OutboxRecord
from testkit.api import DONGSHAN, KAIYUAN, XIAN, environment


def value(
    kind: str, written: str | None, valid_from: str | None = "2026-01-01", **more: Any
) -> dict[str, Any]:
    unit = UNITS[ValueKind(kind)]
    told = {"kind": kind, "value": written, "unit": unit, "valid_from": valid_from, "source": "年报"}
    return told | more


def enter(office: Office, body: dict[str, Any], at: str = XIAN, who: Headers | None = None) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/areas/{at}/values",
        json=body,
        headers=(who or office.admin) | {"Idempotency-Key": f"a-value-{next(office.serials)}"},
    )
    return response


def must_enter(office: Office, *bodies: dict[str, Any], at: str = XIAN) -> None:
    for body in bodies:
        response = enter(office, body, at)
        assert response.status_code == 201, response.text


def known(office: Office, at: str = XIAN, as_of: str | None = None) -> dict[str, str]:
    found = office.read(f"areas/{at}/profile" + (f"?as_of={as_of}" if as_of else ""), {})
    return {one["kind"]: one["value"] for one in found["values"]}


def populations(office: Office, code: str) -> list[int | None]:
    return [one.population for one in office.api.sent(AreaChanged) if one.code == code][::3]


def test_a_value_holds_from_its_day_and_is_read_as_of_any(office: Office) -> None:
    must_enter(
        office,
        value("households", "1800", None),
        value("households", "1851", "2025-01-01"),
        value("households", "1900", "2027-01-01"),
        value("service_hours", "1-5  08:30-11:30 14:00-17:00;6 09:00-11:30"),
    )
    assert known(office, as_of="2020-06-30") == {"households": "1800"}
    hours = "1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30"
    assert known(office) == {"households": "1851", "service_hours": hours}
    assert known(office, as_of="2027-01-01")["households"] == "1900"


def test_a_correction_holds_and_what_it_corrects_is_kept(office: Office) -> None:
    must_enter(office, value("staff", "6"), value("staff", "7"), value("facility_area", "120.50"))
    assert known(office) == {"staff": "7", "facility_area": "120.5"}
    listed = office.read(f"areas/{XIAN}/values?kind=staff", office.manager)["items"]
    assert [(one["value"], one["unit"], one["source"]) for one in listed] == [
        ("7", "名", "年报"),
        ("6", "名", "年报"),
    ]
    assert listed[0]["entered_by"] == "district_admin-330902-none"
    must_enter(office, value("staff", None, "2026-11-01"))
    assert "staff" not in known(office)
    assert known(office, as_of="2026-10-31")["staff"] == "7"


def _forgotten(connection: Connection) -> None:
    connection.execute(delete(table_of(OutboxRecord)))


def test_populations_from_before_are_told(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("casework", furnished)
    with open_office(url) as office:
        must_enter(office, value("population", "5000"), value("population", "5100", "2026-06-30"))
        must_enter(office, value("population", None, "2027-06-30"), value("staff", "6"))
        must_enter(office, value("population", "4900"))
        told = office.api.sent(PopulationsChanged)[-1]
        assert [n for _, n in told.populations] == [4900, 5100, None]
        for name, setting in environment(office.api.runtime.settings).items():
            monkeypatch.setenv(name, setting)
    migrate("casework", url, down_to="0044_counted_by_reason")
    with_connection(url, _forgotten)
    migrate("casework", url)
    with open_office(url) as office:
        again = {event.code: event for event in office.api.sent(PopulationsChanged)}
        assert (again[XIAN], again["330902"].populations) == (told, [(date.min, 500030)])


def test_a_population_is_told_to_the_others_on_its_day(office: Office) -> None:
    must_enter(office, value("population", "5100", "2026-06-30"))
    assert populations(office, XIAN)[-1] == 5100
    must_enter(office, value("population", "5200", "2026-12-01"), value("population", "4900", "2020-12-31"))
    told = office.api.sent(PopulationsChanged)[-1]
    days = (date(2020, 12, 31), date(2026, 6, 30), date(2026, 12, 1))
    assert (told.code, told.populations) == (XIAN, list(zip(days, (4900, 5100, 5200), strict=True)))
    assert populations(office, XIAN)[-1] == 5100
    office.api.clock.pass_(days=20)
    office.api.quiet()
    assert populations(office, XIAN)[-1] == 5200
    assert office.read(f"areas/{XIAN}", {})["population"] == 5200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (value("households", "12.5"), "value"),
        (value("households", "-3"), "value"),
        (value("facility_area", "1e3"), "value"),
        (value("facility_area", "12.345"), "value"),
        (value("service_hours", "5-1 08:00-12:00"), "value"),
        (value("service_hours", "1-5 12:00-08:00"), "value"),
        (value("service_hours", "1-5 08:00-25:00"), "value"),
        (value("service_hours", "1-5"), "value"),
        (value("facility_area", "3", unit="亩"), "unit"),
        (value("centre_area", "300"), "kind"),
        (value("staff", "3", source=" "), "source"),
    ],
)
def test_what_is_no_value_of_its_kind_is_named(office: Office, body: dict[str, Any], field: str) -> None:
    response = enter(office, body)
    assert response.status_code == 422
    assert [one["loc"][1] for one in response.json()["errors"]] == [field]


def test_who_tells_what_of_whom(office: Office) -> None:
    manager = office.manager
    assert enter(office, value("staff", "6"), who=manager).status_code == 201
    told = enter(office, value("population", "9000"), who=manager)
    assert told.json()["errors"][0]["detail"] == "this is told by the district"
    assert enter(office, value("staff", "6"), KAIYUAN, manager).status_code == 404
    assert office.get(f"areas/{KAIYUAN}/values", manager).status_code == 404
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert enter(office, value("staff", "6"), who=elsewhere).status_code == 404
    for who in (office.clerk, office.officer, office.resident, office.agent):
        assert enter(office, value("staff", "6"), who=who).status_code == 403


def test_a_merge_adds_up_what_both_know(office: Office) -> None:
    must_enter(office, value("staff", "6"), value("facility_area", "120.5"), value("population", "5000"))
    must_enter(office, value("staff", "7"), value("households", "1851"), at=KAIYUAN)
    must_enter(office, value("service_hours", "1-5 08:30-17:00"), value("population", "4865"), at=KAIYUAN)
    merged(office, days=3)
    assert known(office, KAIYUAN)["staff"] == "7"
    office.api.clock.pass_(days=9)
    office.api.quiet()
    assert known(office, KAIYUAN) == {
        "staff": "13",
        "service_hours": "1-5 08:30-17:00",
        "population": "9865",
    }, "what one of the two did not know nobody knows of both"
    assert populations(office, KAIYUAN)[-1] == 9865
    (entry,) = office.read(f"areas/{KAIYUAN}/values?kind=staff&limit=1", office.admin)["items"]
    assert (entry["source"], entry["valid_from"]) == ("定政发〔2026〕12号", "2026-11-26")
    ended = office.get(f"areas/{XIAN}/profile", {})
    assert ended.status_code == 404
    assert KAIYUAN in ended.json()["detail"]
    assert known(office, XIAN, "2026-11-25")["staff"] == "6"


def test_what_is_left_after_a_split_is_counted_again(office: Office) -> None:
    must_enter(office, value("households", "1851"), value("service_hours", "1-5 08:30-17:00"), at=KAIYUAN)
    body = change(
        office, "split", {KAIYUAN: KAIYUAN}, KAIYUAN, {"code": NEW, "name": "新园社区", "population": 900}
    )
    assert decide(office, body).status_code == 201
    assert known(office, KAIYUAN) == {"service_hours": "1-5 08:30-17:00"}
    assert known(office, NEW) == {"population": "900"}
    assert populations(office, KAIYUAN)[-1] is None
    assert populations(office, NEW)[-1] == 900


def test_a_community_that_gets_another_code_keeps_what_it_has(office: Office) -> None:
    must_enter(office, value("staff", "6"), value("service_hours", "1-5 08:30-17:00"), at=DONGSHAN)
    after = {"code": NEW, "name": "东山社区"}
    assert decide(office, change(office, "transfer", {DONGSHAN: NEW}, after)).status_code == 201
    assert known(office, NEW) == {"staff": "6", "service_hours": "1-5 08:30-17:00"}


def test_the_shipped_figures_are_dated_and_undo_nothing(office: Office) -> None:
    office.api.system(seed)
    assert known(office, "330902002", "2008-01-01") == {"population": "39644", "households": "12005"}
    assert "households" not in known(office, "330902002", "2007-12-30")
    must_enter(office, value("households", "1999", None), at=KAIYUAN)
    before = office.read(f"areas/{KAIYUAN}/values", office.admin)
    office.api.system(seed)
    assert office.read(f"areas/{KAIYUAN}/values", office.admin) == before
