"""Whether a committee issues a certificate on a day is said by the lists of that day, and by nothing else."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casework.hall import Hall
from casework.office import BASE, Office
from casework.test_certificate_rules import ALLOWED, MIXED, REFUSED, UNKNOWN
from casework.test_certificates import FACTS, applied, apply, step
from casework.test_lists import set_aside
from casework.test_matters import PET_CERTIFICATE, added
from conftest import FreshDatabase
from onewindow_casework.certificates import service
from onewindow_intake.app import SERVICE as INTAKE
from onewindow_intake.routing import queries
from onewindow_intake.routing.rules import of_certificate
from onewindow_shared.contracts.certificates import CheckIn, Verdict
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.routing import RouteFault
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api, running

PETS = PET_CERTIFICATE["name"]
ALLOWING = PET_CERTIFICATE | {"matter_class": "autonomy"}
BASIS = {"document": "定海区便民办法", "quote": "健在证明暂由居民委员会出具"}
IN_THIRTY_DAYS = "2026-12-23"
OWN_WORK: dict[str, Any] = {
    "name": "楼道公共空间使用证明",
    "kind": "certificate",
    "content": "居民申请使用楼道公共空间，由居民委员会证明",
    "role": "main",
    "actions": [],
    "areas": [XIAN],
    "last_day": None,
    "money": {"fen": 0, "unit": "community", "period": "once"},
}
FAULTS = {
    Verdict.MAY_ISSUE: None,
    Verdict.NOT_ISSUED: RouteFault.NOT_ISSUED,
    Verdict.UNKNOWN: RouteFault.NOT_LISTED,
}
WORDINGS = [
    *(several[0] for several in (*REFUSED.values(), *ALLOWED.values())),
    *UNKNOWN[:3],
    *MIXED,
    PETS,
    OWN_WORK["name"],
]


@pytest.fixture
def hall(office: Office) -> Hall:
    hall = Hall(office)
    hall.put_up_lists()
    return hall


@pytest.fixture
def window(fresh_database: FreshDatabase) -> Iterator[Api]:
    """Intake, which hears of the lists by events."""
    with running(INTAKE, fresh_database("intake")) as api:
        yield api


def verdict(hall: Hall, wording: str, community: str = XIAN) -> str:
    asked = {"community": community, "wording": wording}
    answer = hall.office.api.client.post(f"{BASE}/certificates/checks", json=asked)
    return str(answer.json()["verdict"])


def test_what_was_added_is_issued_from_the_day_of_the_version_that_has_it(hall: Hall) -> None:
    added(hall, ALLOWING)
    assert verdict(hall, PETS) == "unknown"
    assert apply(hall.office, hall.office.clerk, kind="cert-pet").status_code == 422
    hall.published(IN_THIRTY_DAYS)
    assert verdict(hall, PETS) == "unknown"
    hall.go_to(date.fromisoformat(IN_THIRTY_DAYS))
    assert verdict(hall, PETS) == "may_issue"
    assert apply(hall.office, hall.office.clerk, kind="cert-pet").status_code == 201


def test_what_is_set_aside_is_so_from_the_day_of_the_version_without_it(hall: Hall) -> None:
    set_aside(hall, "cert-alive", BASIS, seen=1)
    assert verdict(hall, "健在证明") == "not_issued"
    hall.published(IN_THIRTY_DAYS)
    assert verdict(hall, "健在证明") == "not_issued"
    hall.go_to(date.fromisoformat(IN_THIRTY_DAYS))
    assert verdict(hall, "健在证明") == "unknown"


def test_what_is_admitted_as_the_community_s_own_work_is_issued_where_it_is_listed(hall: Hall) -> None:
    code = hall.approved("autonomy", **OWN_WORK)
    hall.published()
    assert verdict(hall, OWN_WORK["name"]) == "unknown", "its period has not begun"
    hall.go_to(date(2027, 3, 1))
    assert verdict(hall, OWN_WORK["name"]) == "may_issue"
    assert verdict(hall, OWN_WORK["name"], KAIYUAN) == "unknown"
    number = applied(hall.office, kind=code)
    assert step(hall.office, hall.office.clerk, number, "verification", FACTS).status_code == 200
    assert step(hall.office, hall.office.manager, number, "issue").json()["status"] == "issued"


def test_what_left_the_lists_since_the_application_is_not_issued(hall: Hall) -> None:
    number = applied(hall.office)
    assert step(hall.office, hall.office.clerk, number, "verification", FACTS).status_code == 200
    set_aside(hall, "cert-residence", BASIS, seen=1)
    hall.published()
    refused = step(hall.office, hall.office.manager, number, "issue")
    assert (refused.status_code, refused.json()["title"]) == (409, "Not issued today")
    refusal = {"reason": "已不在清单内", "basis": "本区清单"}
    assert step(hall.office, hall.office.manager, number, "refusal", refusal).status_code == 200


def test_the_window_answers_as_the_certificate_desk_does_on_every_day_and_for_every_wording(
    hall: Hall, window: Api
) -> None:
    def same_answers() -> None:
        window.receive(*hall.office.api.sent(ListedMatterChanged), source="casework")
        for community in (XIAN, KAIYUAN):
            desk = hall.office.api.system(at_the_desk, community)
            assert window.system(at_the_window, community, hall.office.api.clock().date()) == desk

    same_answers()
    added(hall, ALLOWING)
    set_aside(hall, "cert-alive", BASIS, seen=1)
    hall.approved("autonomy", **OWN_WORK)
    same_answers()
    hall.published(IN_THIRTY_DAYS)
    same_answers()
    for day in (date(2026, 12, 23), date(2027, 3, 1)):
        hall.go_to(day)
        same_answers()
    assert verdict(hall, PETS) == "may_issue"


def at_the_desk(unit: Unit, community: str) -> dict[str, RouteFault | None]:
    return {
        wording: FAULTS[service.check(unit, CheckIn(community=community, wording=wording)).verdict]
        for wording in WORDINGS
    }


def at_the_window(unit: Unit, community: str, day: date) -> dict[str, RouteFault | None]:
    copy = queries.matters(unit, unit.today)
    barred = {wording: of_certificate(wording, copy, community, day) for wording in WORDINGS}
    return {wording: None if one is None else one.fault for wording, one in barred.items()}
