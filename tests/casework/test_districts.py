"""The register and the calendar: loaded once, imported by notice, told to the other services."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from casework.office import BASE, HOLIDAYS_2027, Office, notice
from conftest import FreshDatabase
from onewindow_casework import __main__, commands, settings
from onewindow_casework.app import SERVICE
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, CalendarChanged, DepartmentChanged
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.published_years import available_years
from testkit.api import environment, running, settings_for


def test_loading_the_district_twice_tells_it_once(fresh_database: FreshDatabase) -> None:
    with running(SERVICE, fresh_database("casework")) as api:
        api.system(seed)
        areas, years = len(api.sent(AreaChanged)), len(api.sent(CalendarChanged))
        (civil_affairs,) = [told for told in api.sent(DepartmentChanged) if told.code == "civil_affairs"]
        assert (civil_affairs.district, civil_affairs.name) == ("330902", "定海区民政局")
        departments = len(api.sent(DepartmentChanged))
        assert areas == len(AreaChanged.subscribers) * (1 + 4 + 59)
        assert years == len(CalendarChanged.subscribers) * len(available_years())
        api.system(seed)
        assert (len(api.sent(AreaChanged)), len(api.sent(CalendarChanged))) == (areas, years)
        assert len(api.sent(DepartmentChanged)) == departments
        admin = api.people.headers(Role.DISTRICT_ADMIN, "330902")
        found = api.client.get("/api/casework/v1/communities?limit=200", headers=admin).json()["items"]
        assert {
            "code": "330902002007",
            "name": "开源社区居委会",
            "kind": "residents_committee",
        }.items() <= next(here for here in found if here["code"] == "330902002007").items()
        departments = api.client.get("/api/casework/v1/departments", headers=admin).json()["items"]
        assert "civil_affairs" in {department["code"] for department in departments}


def test_a_district_of_ones_own_is_loaded_and_changes_are_told(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "district.yaml"

    def write(population: int) -> None:
        street = {"code": "110101001", "name": "东华门街道", "communities": []}
        district = {"code": "110101", "name": "东城区", "population_2020": population}
        file.write_text(json.dumps({"district": district, "streets": [street], "departments": []}))

    with running(SERVICE, fresh_database("casework"), district_file=file) as api:
        write(708_829)
        api.system(seed)
        write(708_830)
        api.system(seed)
        told = [area.population for area in api.sent(AreaChanged) if area.code == "110101"]
        assert told == [708_829] * 3 + [708_830] * 3
        assert {area.revision for area in api.sent(AreaChanged) if area.code == "110101"} == {1, 2}


PUTUO = {
    "district": {"code": "330903", "name": "普陀区", "population_2020": 380_000},
    "streets": [],
    "departments": [{"code": "civil_affairs", "name_zh": "普陀区民政局", "name_en": "Putuo Civil Affairs"}],
}
BUDGET = {"fen": 100, "source": "fee_with_task", "department": "education", "document_no": "财〔2026〕1号"}


def test_loading_a_second_district_changes_nothing_of_the_first(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    url, file = fresh_database("casework"), tmp_path / "district.yaml"
    file.write_text(json.dumps(PUTUO))

    def of_dinghai(office: Office) -> list[Any]:
        paper = office.get("admission/lists/330902/1/paper", {})
        assert paper.status_code == 200
        return [office.read("departments?limit=200", office.admin), paper.content]

    with running(SERVICE, url) as api:
        api.system(seed)
        before = of_dinghai(Office(api))
    with running(SERVICE, url, district_file=file) as api:
        api.system(seed)
        office = Office(api)
        assert of_dinghai(office) == before
        putuo = api.people.headers(Role.DISTRICT_ADMIN, "330903")
        (own,) = office.read("departments", putuo)["items"]
        assert (own["district"], own["name"]) == ("330903", "普陀区民政局")
        answers = [
            api.client.post(
                f"{BASE}/admission/funding/budgets",
                json=BUDGET,
                headers=who | {"Idempotency-Key": "a-budget-for-education"},
            )
            for who in (office.admin, putuo)
        ]
        assert [answer.status_code for answer in answers] == [201, 422]
        assert answers[1].json()["errors"][0]["loc"] == ["body", "department"]


def test_departments_that_were_one_register_are_given_to_every_district(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    url, file = fresh_database("casework"), tmp_path / "district.yaml"
    file.write_text(json.dumps(PUTUO))
    with running(SERVICE, url) as api:
        api.system(seed)
        before = Office(api).read("departments?limit=200", Office(api).admin)
    migrate("casework", url, down_to="0018_cases_owed")
    migrate("casework", url)
    with running(SERVICE, url, district_file=file) as api:
        assert Office(api).read("departments?limit=200", Office(api).admin) == before
        api.system(seed)
    migrate("casework", url, down_to="0018_cases_owed")
    migrate("casework", url)
    with running(SERVICE, url, district_file=file) as api:
        api.system(seed)
        putuo = api.people.headers(Role.DISTRICT_ADMIN, "330903")
        names = [one["name"] for one in Office(api).read("departments?limit=200", putuo)["items"]]
        assert len(names) == len(before["items"])
        assert "普陀区民政局" in names


WAITING = text("SELECT count(*) FROM outbox WHERE type = 'department.changed.v1'")


def test_intake_is_told_of_departments_that_were_there_before(fresh_database: FreshDatabase) -> None:
    url = fresh_database("casework")
    with running(SERVICE, url) as api:
        api.system(seed)
        told = {(one.district, one.code, one.name) for one in api.sent(DepartmentChanged)}
    migrate("casework", url, down_to="0020_custody")
    waiting: list[Any] = []
    with_connection(url, lambda connection: waiting.append(connection.scalar(WAITING)))
    assert waiting == [0]
    migrate("casework", url)
    with running(SERVICE, url) as api:
        assert {(one.district, one.code, one.name) for one in api.sent(DepartmentChanged)} == told


def test_the_communities_of_a_street_are_listed_page_by_page(office: Office) -> None:
    first = office.read("communities?limit=1", office.clerk)
    assert (first["items"][0]["street_name"], first["items"][0]["population"]) == ("昌国街道", None)
    rest = office.read(f"communities?limit=5&cursor={first['next']}", office.clerk)
    assert [here["code"] for here in rest["items"]] == ["330902002007", "330902003005"]
    street = office.read("communities?street=330902003", office.clerk)
    assert [here["name"] for here in street["items"]] == ["东山社区居委会"]


def test_a_published_and_an_estimated_year_are_told_apart(office: Office) -> None:
    known, estimated = (office.read(f"calendar/{year}", office.clerk) for year in (2026, 2027))
    assert (known["published"], known["revision"], known["notice"]) == (True, 1, "国办发明电")
    assert known["status"] == "published"
    assert {"day": "2026-10-10", "kind": "makeup", "name": "国庆节"} in known["days"]
    assert (estimated["published"], estimated["revision"], estimated["notice"]) == (False, 0, None)
    assert estimated["status"] == "provisional"
    assert [day["day"] for day in estimated["days"]][:2] == ["2027-01-01", "2027-05-01"]
    tag = office.get("calendar/2026", office.clerk).headers["etag"]
    assert office.get("calendar/2026", office.clerk, If_None_Match=tag).status_code == 304


def test_an_imported_year_replaces_what_was_there(office: Office) -> None:
    imported = office.import_year(2027, HOLIDAYS_2027).json()
    assert (imported["published"], imported["notice"]) == (True, "国办发明电〔2026〕1号")
    again = office.import_year(2027, HOLIDAYS_2027[:1]).json()
    assert again["status"] == "corrected"
    assert (again["revision"], [day["day"] for day in again["days"]]) == (2, ["2027-01-01"])
    last = office.api.sent(CalendarChanged)[-1]
    assert (last.days[0][1], last.revision) == ("holiday", 2)


def test_of_two_who_import_a_year_the_second_sees_what_the_first_did(office: Office) -> None:
    first = office.import_year(2027, HOLIDAYS_2027, seen='"0"')
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    late = office.import_year(2027, HOLIDAYS_2027[:1], seen='"0"')
    assert (late.status_code, late.json()["current"]["revision"]) == (412, 1)
    assert len(office.read("calendar/2027", office.clerk)["days"]) == len(HOLIDAYS_2027)
    assert office.import_year(2027, HOLIDAYS_2027, seen="any").status_code == 428


def test_a_notice_of_another_name_is_another_revision(office: Office) -> None:
    office.import_year(2027, HOLIDAYS_2027)
    renamed = notice(HOLIDAYS_2027) | {"notice": "国办发明电〔2026〕2号"}
    path, headers = "/api/casework/v1/calendar/2027", office.admin | {"If-Match": '"1"'}
    assert office.api.client.put(path, json=renamed, headers=headers).headers["etag"] == '"2"'


def test_a_notice_may_move_the_last_days_of_the_year_before_and_they_stay_moved(office: Office) -> None:
    moved = {"day": "2026-12-31", "kind": "holiday", "name": "元旦"}
    assert office.import_year(2027, [moved, *HOLIDAYS_2027]).status_code == 200
    assert moved in office.read("calendar/2026", office.clerk)["days"]
    assert moved not in office.read("calendar/2027", office.clerk)["days"]
    national_day = {"day": "2026-10-01", "kind": "holiday", "name": "国庆节"}
    assert office.import_year(2026, [national_day]).json()["days"] == [national_day, moved]
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    assert moved not in office.read("calendar/2026", office.clerk)["days"]
    told = {event.year: len(event.days) for event in office.api.sent(CalendarChanged)}
    assert told == {2025: told[2025], 2026: 1, 2027: len(HOLIDAYS_2027)}
    revisions = [office.read(f"calendar/{year}", office.clerk)["revision"] for year in (2026, 2027)]
    assert revisions == [4, 1]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([{"day": "2028-01-01", "kind": "holiday", "name": "元旦"}], ["body", "days", "0", "day"]),
        ([{"day": "2027-01-04", "kind": "makeup", "name": "元旦"}], ["body", "days", "0", "kind"]),
        ([], ["body", "days"]),
        ([{"day": "2027-02-30", "kind": "holiday", "name": "春节"}], ["body", "days", 0, "day"]),
    ],
)
def test_a_notice_that_cannot_be_is_named_and_changes_nothing(
    office: Office, days: list[dict[str, str]], field: list[Any]
) -> None:
    response = office.import_year(2027, days)
    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == field
    assert office.read("calendar/2027", office.clerk)["published"] is False


def test_only_the_district_imports_years(office: Office) -> None:
    client = office.api.client
    for who in (office.clerk, office.manager, office.officer, office.resident):
        response = client.put(
            "/api/casework/v1/calendar/2027", json=notice(HOLIDAYS_2027), headers=who | {"If-Match": '"0"'}
        )
        assert response.status_code == 403


@pytest.fixture
def shell(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run a command of the service with a file of this content."""
    for name, value in environment(settings_for(SERVICE, fresh_database("casework"))).items():
        monkeypatch.setenv(name, value)

    def run(content: str) -> Any:
        file = tmp_path / "year.json"
        file.write_text(content, encoding="utf-8")
        return CliRunner().invoke(__main__.main, ["calendar", "import", str(file)])

    return run


def test_a_year_is_imported_by_command_from_the_file_of_holiday_cn(shell: Any) -> None:
    days = [
        {"name": day["name"], "date": day["day"], "isOffDay": day["kind"] == "holiday"}
        for day in HOLIDAYS_2027
    ]
    done = shell(json.dumps({"$schema": "x", "year": 2027, "papers": ["https://gov.cn"], "days": days}))
    assert (done.exit_code, done.output) == (0, "2027: revision 1, 4 days\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"year": 2027, "papers": [], "days": []}', "not known"),
        ("[", "neither YAML nor JSON"),
        ('{"year": 2027, "notice": "x", "days": [{"day": "soon"}]}', "days.0.day"),
        (json.dumps({"year": 2027, **notice([HOLIDAYS_2027[3]])}), "not known yet"),
        (
            '{"year": 20270, "notice": "x", "days": [{"day": "2027-01-01", "kind": "holiday", "name": "x"}]}',
            "2999",
        ),
    ],
)
def test_a_file_that_is_no_notice_is_refused_with_its_reason(shell: Any, content: str, said: str) -> None:
    done = shell(content)
    assert done.exit_code == 1
    assert said in done.output


def test_settings_have_the_defaults_that_the_rules_name() -> None:
    fields = settings.Settings.model_fields
    assert (fields["close_of_business_hour"].default, fields["review_window_days"].default) == (17, 5)
    assert commands.calendar.info.help
