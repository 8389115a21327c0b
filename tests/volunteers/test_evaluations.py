"""How well a volunteer served is said once by each side; staff scan who comes (民政部令第67号 arts. 7, 10)."""

from typing import Any

import pytest
from httpx2 import Response

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.rollups import fold, rebuild
from onewindow_volunteers.metrics.queries import recount
from onewindow_volunteers.records.rules import told_of
from testkit.api import KAIYUAN, XIAN, Api, environment
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, wrong_fields
from volunteers.test_certificates import confirmed
from volunteers.test_erasure import erase
from volunteers.test_exports import own_file
from volunteers.test_needs import TOLD, accepted, by_resident, helped, went
from volunteers.test_organisations import founded
from volunteers.test_records import Day, boss, move
from volunteers.test_stars import create

WORDS = "耐心细致，老人很满意"


def rated(who: Any, record: dict[str, Any], key: str = "first-evaluation", **said: Any) -> Response:
    path, body = f"records/{record['record_id']}/evaluations", {"stars": 5, "words": WORDS, **said}
    answer: Response = who("POST", path, body, **{"Idempotency-Key": key})
    return answer


def read(who: Any, record: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who("GET", f"records/{record['record_id']}/evaluations").json()["items"]
    return found


def test_the_organisation_says_once_how_well_a_service_was_done(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 301)
    waits = Day(organiser, helper).served()
    assert rated(organiser.ask, waits).status_code == 409, "it is not confirmed yet"
    record = confirmed(organiser, helper)
    assert wrong_fields(rated(organiser.ask, record, "too-many-stars", stars=6)) == {"stars"}
    assert rated(boss(api, Role.COMMUNITY_MANAGER, KAIYUAN), record).status_code == 404
    assert rated(helper.ask, record).status_code == 403, "nobody rates themselves"
    told = rated(organiser.ask, record, "an-evaluation")
    assert (told.status_code, told.json()["late"]) == (201, False)
    again = rated(organiser.ask, record, "second-evaluation", stars=1)
    assert again.json()["type"].endswith("evaluated-already")
    assert read(helper.ask, record) == [told.json()]
    assert [one["words"] for one in own_file(helper)["evaluations.json"]] == [WORDS]
    assert erase(api, helper).status_code == 200
    assert [one["words"] for one in read(organiser.ask, record)] == [None]


def test_an_evaluation_after_the_limit_is_shown_late(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 302)
    record = confirmed(organiser, helper)
    api.clock.pass_(days=30)
    assert rated(organiser.ask, record).json()["late"]


def figures(api: Api) -> dict[str, int]:
    who = boss(api, Role.DISTRICT_ADMIN, "330902")
    told: dict[str, int] = who("GET", "metrics/areas/330902?from=2026-11-01&to=2026-12-31").json()["figures"]
    return {one: told[f"records.{one}"] for one in ("ended", "confirmed", "in_time", "evaluated_in_time")}


def test_a_service_is_recorded_in_time_with_its_evaluation(open_service: Any) -> None:
    with open_service() as api:
        organiser, helpers = Organiser(api), [Helper.registered(api, 304 + n) for n in range(3)]
        first, second, third = (confirmed(organiser, helper) for helper in helpers)
        rated(organiser.ask, first, "evaluation-in-time")
        rated(organiser.ask, second, "evaluation-in-time-2")
        assert figures(api) == {"ended": 3, "confirmed": 3, "in_time": 3, "evaluated_in_time": 2}
        move(helpers[1].ask, second, "dispute", {"minutes": 90, "evidence": "只服务了一半时间"})
        assert figures(api) == {"ended": 3, "confirmed": 2, "in_time": 2, "evaluated_in_time": 1}
        api.clock.pass_(days=30)
        rated(organiser.ask, third, "evaluation-too-late")
        before = figures(api)
        assert before == {"ended": 3, "confirmed": 2, "in_time": 2, "evaluated_in_time": 1}
        api.system(lambda unit: rebuild(unit.session, recount(unit)))
        assert figures(api) == before


def test_evaluations_from_before_are_counted(open_service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_service() as api:
        organiser = Organiser(api)
        records = [confirmed(organiser, Helper.registered(api, 310 + n)) for n in range(3)]
        rated(organiser.ask, records[0], "evaluation-in-time")
        api.clock.pass_(days=30)
        rated(organiser.ask, records[1], "evaluation-too-late")
        api.system(lambda unit: fold(unit.session))
        before = figures(api)
        assert before["evaluated_in_time"] == 1
        url = api.runtime.settings.database_url.get_secret_value()
        for name, setting in environment(api.runtime.settings).items():
            monkeypatch.setenv(name, setting)
    migrate("volunteers", url, down_to="0034_grids_counted")
    migrate("volunteers", url)
    with open_service() as api:
        api.clock.pass_(days=30)
        assert figures(api) == before


def test_a_resident_says_by_the_code_how_well_the_help_was(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 303, consent=TOLD)
    told = accepted(organiser, helper)

    def says(code: str | None = None) -> Response:
        body = {"need_id": told["need_id"], "code": code or told["code"], "stars": 4, "words": WORDS}
        return api.client.post(f"{BASE}/needs/evaluations", json=body)

    assert says().status_code == 409, "nobody was helped yet"
    told = went(helper.ask, told, "completion", helped(api))
    assert by_resident(api, told, "confirmations").status_code == 200
    assert says("AAAAAAAA").status_code == 404
    answer = says()
    assert (answer.status_code, answer.json()["by"]) == (200, "resident"), answer.text
    assert says().json()["type"].endswith("evaluated-already")
    (record,) = helper.ask("GET", "records").json()["items"]
    assert [one["stars"] for one in read(helper.ask, record)] == [4]


def scanned(day: Day, code: str, organiser: Organiser | None = None) -> Response:
    path = f"shifts/{day.activity['shifts'][0]['shift_id']}/scans"
    return (organiser or day.organiser).ask("POST", path, {"code": code})


def own_code(day: Day) -> str:
    answer = day.helper.ask("GET", f"signups/{day.place['signup_id']}/code")
    assert answer.status_code == 200, answer.text
    code: str = answer.json()["code"]
    return code


def test_staff_scan_who_comes_and_who_leaves(api: Api) -> None:
    organiser = Organiser(api)
    day = Day(organiser, Helper.registered(api, 304))
    other = Day(organiser, Helper.registered(api, 305))
    day.at(-120)
    assert scanned(day, own_code(day)).json()["type"].endswith("not-the-time")
    day.at(0)
    code = own_code(day)
    assert scanned(day, day.code()).status_code == 409, "the code of the place names nobody"
    assert scanned(other, code).status_code == 409, "of another shift"
    assert scanned(day, code, Organiser(api, KAIYUAN)).status_code == 404
    came = scanned(day, code).json()
    assert (came["status"], came["came_proof"]) == ("checked_in", "scanned")
    assert scanned(day, code).json()["status"] == "checked_in", "scanned twice by mistake"
    day.at(170)
    assert scanned(day, code).status_code == 409, "it has changed since"
    left = scanned(day, own_code(day)).json()
    assert (left["status"], left["minutes"], left["left_proof"]) == ("pending", 170, "scanned")
    assert scanned(day, own_code(day)).json()["version"] == left["version"]


@pytest.mark.parametrize(
    ("code", "found"),
    [("OW.7.1.AAAA", 7), ("OW.x.1.A", None), ("", None), ("OW.²0.1.A", None), ("OW.7", None)],
)
def test_a_code_tells_whose_it_says_to_be(code: str, found: int | None) -> None:
    assert told_of(code) == found


def test_what_was_read_without_network_shows_when_it_was_told(api: Api) -> None:
    day = Day(Organiser(api), Helper.registered(api, 306))
    day.at(0)
    read_at, code = api.clock().isoformat(), day.code()
    day.at(60)
    record = day.check("in", code=code, read_at=read_at).json()
    assert record["came_told_at"] > record["came_at"]
    assert record["left_told_at"] is None


def test_whoever_looks_after_a_team_hears_that_it_lost_its_leader(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 307)
    team = founded(organiser)
    assert create(helper.ask, f"organisations/{team['organisation_id']}/members", None).status_code == 201
    path, body = f"organisations/{team['organisation_id']}", {"volunteer_no": helper.record["volunteer_no"]}
    seen = {"If-Match": f'"{team["version"]}"'}
    assert organiser.ask("POST", f"{path}/leader", body, **seen).status_code == 200
    assert helper.ask("POST", f"{path}/departure").status_code == 200
    notices = boss(api, Role.COMMUNITY_MANAGER, XIAN)("GET", "organisation-notices").json()["items"]
    assert [(one["kind"], one["paper_id"]) for one in notices] == [("leaderless", None)]
