"""A year is counted by community against floor and target; a sample can be drawn again by its seed."""

import io
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind, PopulationsChanged
from onewindow_shared.contracts.volunteer_reports import TargetStanding
from onewindow_volunteers.reports import rules
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, leave
from volunteers.test_certificates import confirmed, issued
from volunteers.test_life import mine
from volunteers.test_records import Day, boss

DAYS = {"first_on": "2026-11-01", "last_on": "2026-12-31"}


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def report(api: Api, area: str = "330902", year: int = 2026) -> dict[str, dict[str, Any]]:
    answer = boss(api, Role.DISTRICT_ADMIN, "330902")("GET", f"reports/areas/{area}/{year}")
    assert answer.status_code == 200, answer.text
    return {one["community"]: one for one in answer.json()["communities"]}


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_floor_and_target_divide_all_rates(registered: int, population: int) -> None:
    found = rules.standing(registered, population, 1, 10)
    percent = 100 * registered / population
    assert found == (
        TargetStanding.TARGET
        if percent >= 10
        else TargetStanding.FLOOR
        if percent >= 1
        else TargetStanding.BELOW_FLOOR
    )
    assert rules.standing(registered, None, 1, 10) == TargetStanding.UNKNOWN


@given(st.text(max_size=9), st.sets(st.integers(1, 10**6), max_size=50), st.integers(1, 60), st.randoms())
def test_a_sample_depends_on_the_seed_and_the_records_alone(
    seed: str, records: set[int], size: int, order: Any
) -> None:
    drawn = rules.sample(seed, sorted(records), size)
    mixed = sorted(records)
    order.shuffle(mixed)
    assert rules.sample(seed, mixed, size) == drawn
    assert len(drawn) == len(set(drawn)) == min(size, len(records))
    assert set(drawn) <= records


def test_a_year_is_counted_by_community(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 221)
    confirmed(organiser, helper, left=180)
    issued(helper)
    api.receive(
        AreaChanged(code=XIAN, name="西安社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=50),
        source="casework",
    )
    found = report(api)
    mine = found[XIAN]
    assert (mine["registered"], mine["registration_rate"], mine["standing"]) == (1, 0.02, "floor")
    assert (mine["records"], mine["minutes"], mine["minutes_per_volunteer"]) == (1, 180, 180)
    assert (mine["active"], mine["certificates"], mine["late_records"]) == (0, 1, 0)
    assert (found[KAIYUAN]["standing"], found[DONGSHAN]["standing"]) == ("below_floor", "unknown")
    assert set(report(api, XIAN)) == {XIAN}
    assert report(api, year=2025)[XIAN]["registered"] == 0
    assert boss(api, Role.DISTRICT_ADMIN, "330902")("GET", "reports/areas/330902/2027").status_code == 404
    elsewhere = boss(api, Role.STREET_SUPERVISOR, "330902003")
    assert elsewhere("GET", "reports/areas/330902/2026").status_code == 404
    sheet = boss(api, Role.DISTRICT_ADMIN, "330902")("GET", "reports/areas/330902/2026?format=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == list(found)
    assert rows[1][3] == 1


def test_a_year_has_the_population_of_its_end(api: Api) -> None:
    def told(code: str, *populations: tuple[date, int | None]) -> None:
        api.receive(PopulationsChanged(code=code, populations=list(populations)), source="casework")

    def of(code: str) -> list[int | None]:
        return [report(api, year=year)[code]["population"] for year in (2024, 2025, 2026)]

    assert of(KAIYUAN) == [None, None, 4865], "what is known is the present one"
    told(KAIYUAN, (date(2025, 6, 30), 4700))
    told(KAIYUAN, (date.min, 4500), (date(2025, 6, 30), 4800), (date(2026, 12, 1), 9000))
    assert of(KAIYUAN) == [4500, 4800, 4800]
    told(XIAN, (date(2024, 1, 1), 3000), (date(2026, 1, 1), None))
    assert of(XIAN) == [3000, 3000, None]
    first, last = date(2026, 11, 24), date(2026, 11, 23)
    kind = AreaKind.RESIDENTS_COMMITTEE
    ended = AreaChanged(
        code=XIAN, name="西安社区", kind=kind, population=None, effective_until=last, heir=KAIYUAN
    )
    api.receive(ended, source="casework")
    api.clock.now = datetime.combine(first, time(2), UTC)
    assert of(KAIYUAN) == [7500, 7800, 4800], "of all that it stands for"


def test_a_dashboard_is_told_of_a_year_in_multiples(api: Api, organiser: Organiser) -> None:
    for serial in range(261, 267):
        helper = Helper.registered(api, serial)
        confirmed(organiser, helper, left=180)
    issued(helper)
    headers = api.people.headers(Role.SERVICE_CLIENT, "330902")
    told = api.client.get(f"{BASE}/reports/areas/330902/2026", headers=headers).json()
    mine = next(one for one in told["communities"] if one["community"] == XIAN)
    assert (told["multiples_of"], mine["registered"], mine["records"], mine["minutes"]) == (5, 5, 5, 900)
    assert (mine["active"], mine["certificates"], mine["late_records"]) == (0, None, 0)
    assert report(api)[XIAN]["minutes"] == 6 * 180


def test_who_gave_enough_hours_is_active(open_service: Any) -> None:
    with open_service(active_hours=3) as api:
        organiser = Organiser(api)
        confirmed(organiser, Helper.registered(api, 231), left=180)
        confirmed(organiser, Helper.registered(api, 232), left=179)
        mine = report(api)[XIAN]
        assert (mine["registered"], mine["active"], mine["active_rate"]) == (2, 1, 0.5)


def test_who_is_active_is_told_as_it_was_then_and_wherever_they_served(open_service: Any) -> None:
    with open_service(active_hours=5) as api:
        helper = Helper.registered(api, 233)
        for area in (XIAN, DONGSHAN):
            confirmed(Organiser(api, area), helper, left=180)
        street = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
        assert {one["community"]: one["active"] for one in of(street, XIAN[:9])}[XIAN] == 1
        api.clock.pass_(days=60)
        leave(api, helper.citizen, mine(api, helper.citizen).json())
        assert report(api)[XIAN]["active"] == 1, "who left since was active that year"


def of(who: Any, area: str) -> Any:
    return who("GET", f"reports/areas/{area}/2026").json()["communities"]


def test_a_sample_is_drawn_once_and_can_be_drawn_again(api: Api, organiser: Organiser) -> None:
    records = [confirmed(organiser, Helper.registered(api, n))["record_id"] for n in range(241, 247)]
    pending = Day(organiser, Helper.registered(api, 251), days=20).served()
    street = boss(api, Role.STREET_SUPERVISOR, "330902002")
    body = {"area": XIAN, **DAYS, "size": 3}
    check = street("POST", "spot-checks", body, **{"Idempotency-Key": "first-sample"})
    assert check.status_code == 201, check.text
    told = check.json()
    assert (told["drawn_from"], told["size"]) == (6, 3)
    listed = street("GET", f"spot-checks/{told['check_no']}/records").json()["items"]
    drawn = [one["record_id"] for one in listed]
    assert drawn == sorted(rules.sample(told["seed"], records, 3))
    assert pending["record_id"] not in drawn
    again = street("POST", "spot-checks", body, **{"Idempotency-Key": "first-sample"})
    assert again.json()["seed"] == told["seed"]
    api.clock.pass_(seconds=1)
    other = street("POST", "spot-checks", body, **{"Idempotency-Key": "second-sample"})
    assert other.json()["seed"] != told["seed"]
    assert len(street("GET", "spot-checks").json()["items"]) == 2
    away = boss(api, Role.STREET_SUPERVISOR, "330902003")
    assert away("POST", "spot-checks", body, **{"Idempotency-Key": "not-mine-at-all"}).status_code == 404
    assert away("GET", f"spot-checks/{told['check_no']}/records").status_code == 404
    assert organiser.ask("GET", "spot-checks").status_code == 403
    auditor = boss(api, Role.AUDITOR, "330902")
    assert len(auditor("GET", f"spot-checks/{told['check_no']}/records").json()["items"]) == 3
    assert auditor("POST", "spot-checks", body, **{"Idempotency-Key": "auditors-look"}).status_code == 403
    for department, status in (("civil_affairs", 200), ("health", 403)):
        headers = api.people.headers(Role.DEPARTMENT_OFFICER, "330902", department=department)
        path = f"{BASE}/spot-checks/{told['check_no']}/records"
        assert api.client.get(path, headers=headers).status_code == status
