"""Communities are merged, renamed and moved: who works where, what is reached, what is counted and told."""

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from casework.office import BASE, Office
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged
from onewindow_shared.contracts.metrics import Metric
from testkit.api import DONGSHAN, KAIYUAN, XIAN

NEW = "330902002020"


def change(office: Office, kind: str, before: dict[str, str], *after: Any, days: int = 0) -> dict[str, Any]:
    today = office.api.clock().astimezone(office.api.runtime.settings.zone).date()
    return {
        "kind": kind,
        "effective_on": str(today + timedelta(days=days)),
        "document_no": "定政发〔2026〕12号",
        "basis": "区人民政府决定",
        "predecessors": [{"code": code, "heir": heir} for code, heir in before.items()],
        "successors": [one if isinstance(one, dict) else {"code": one} for one in after],
    }


def decide(office: Office, body: dict[str, Any], who: Any = None) -> Response:
    key = {"Idempotency-Key": f"change-{next(office.serials)}"}
    answer: Response = office.api.client.post(
        f"{BASE}/area-changes", json=body, headers=(who or office.admin) | key
    )
    return answer


def merged(office: Office, days: int = 0) -> Any:
    """西安 becomes part of 开源."""
    body = change(office, "merge", {XIAN: KAIYUAN, KAIYUAN: KAIYUAN}, KAIYUAN, days=days)
    answer = decide(office, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def at(office: Office, community: str) -> Any:
    return office.api.people.headers(Role.AGENT_OFFICER, community)


def test_a_case_of_a_community_that_ended_is_its_heirs(office: Office) -> None:
    case_no = office.accepted()
    assert office.get(f"cases/{case_no}", at(office, KAIYUAN)).status_code == 404
    merged(office, days=1)
    assert office.get(f"cases/{case_no}", at(office, KAIYUAN)).status_code == 404, "until the day"
    office.api.clock.pass_(days=1)
    for community in (KAIYUAN, XIAN):
        assert office.get(f"cases/{case_no}", at(office, community)).status_code == 200, community
    assert office.get(f"cases/{case_no}", at(office, DONGSHAN)).status_code == 404
    office.must(at(office, KAIYUAN), "claim", case_no)
    later = office.accepted(community=KAIYUAN)
    assert office.get(f"cases/{later}", at(office, XIAN)).status_code == 200, "they work for the heir"


def test_figures_follow_and_sums_stay(office: Office) -> None:
    office.closed()
    before = office.figures()
    assert office.figures(XIAN)[Metric.CASES_CLOSED] == 1
    merged(office)
    assert office.figures() == before
    assert office.figures("330902002") == before
    assert office.figures(KAIYUAN)[Metric.CASES_CLOSED] == 1
    told = office.get(f"metrics/areas/{XIAN}", office.admin)
    assert told.status_code == 404
    assert KAIYUAN in told.json()["detail"]
    heir = office.read(f"metrics/areas/{KAIYUAN}", office.admin)["figures"]
    assert heir["cases.closed"] == 1


def test_nothing_new_is_written_for_a_community_that_ended(office: Office) -> None:
    merged(office)
    asked = {"community": XIAN, "wording": "无犯罪记录证明"}
    answer = office.api.client.post(f"{BASE}/certificates/checks", json=asked, headers=office.admin)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["loc"] == ["body", "community"]
    assert fault["detail"].endswith(f"{KAIYUAN} stands for it")
    codes = [one["code"] for one in office.read("communities?limit=200", {})["items"]]
    assert KAIYUAN in codes
    assert XIAN not in codes


def test_an_area_shows_what_it_came_from_and_what_it_became(office: Office) -> None:
    decided = merged(office)
    old, heir = (office.read(f"areas/{code}", {}) for code in (XIAN, KAIYUAN))
    assert (old["heir"], old["effective_until"], old["successors"]) == (KAIYUAN, "2026-11-22", [KAIYUAN])
    assert (heir["heir"], heir["effective_until"], heir["predecessors"]) == (KAIYUAN, None, [XIAN])
    assert office.read("area-changes", office.admin)["items"] == [decided]


def test_the_others_are_told_of_new_areas_before_they_are_sent_to_them(office: Office) -> None:
    body = change(office, "merge", {XIAN: NEW, KAIYUAN: NEW}, {"code": NEW, "name": "西源社区"}, days=7)
    assert decide(office, body).status_code == 201
    told = [one for one in office.api.sent(AreaChanged) if one.code in {XIAN, KAIYUAN, NEW}]
    last = [(one.code, str(one.effective_from), str(one.effective_until), one.heir) for one in told][-9::3]
    assert last == [
        (NEW, "2026-11-30", "None", None),
        (XIAN, "None", "2026-11-29", NEW),
        (KAIYUAN, "None", "2026-11-29", NEW),
    ]


def test_a_name_changes_on_its_day_however_late_the_clock_comes_to_it(office: Office) -> None:
    body = change(office, "rename", {XIAN: XIAN}, {"code": XIAN, "name": "新安社区"}, days=2)
    assert decide(office, body).status_code == 201
    office.api.quiet()
    assert office.read(f"areas/{XIAN}", {})["name"] == "西安社区居委会"
    office.api.clock.pass_(days=9)
    office.api.quiet()
    assert office.read(f"areas/{XIAN}", {})["name"] == "新安社区"
    office.api.system(seed)
    assert office.read(f"areas/{XIAN}", {})["name"] == "新安社区", "no file undoes what was decided"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DISTRICT_ADMIN])
def test_only_the_district_decides(office: Office, role: Role) -> None:
    body = change(office, "merge", {XIAN: KAIYUAN, KAIYUAN: KAIYUAN}, KAIYUAN)
    who = office.api.people.headers(role, "330902", department="civil_affairs")
    assert decide(office, body, who).status_code == 403


def test_another_district_decides_nothing_here(office: Office) -> None:
    body = change(office, "merge", {XIAN: KAIYUAN, KAIYUAN: KAIYUAN}, KAIYUAN)
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert decide(office, body, elsewhere).json()["errors"][0]["detail"] == "outside your district"
    assert office.read(f"areas/{XIAN}", {})["effective_until"] is None


def test_every_wrong_part_is_named(office: Office) -> None:
    body = change(office, "merge", {XIAN: DONGSHAN, KAIYUAN: DONGSHAN}, DONGSHAN, days=-40)
    fields = {".".join(map(str, one["loc"])) for one in decide(office, body).json()["errors"]}
    assert fields == {"body.effective_on", "body.successors.0.code", "body.successors.0.name"}


def taken_back(office: Office, no: int, who: Any = None) -> Response:
    body = {"document_no": "定政发〔2026〕19号", "reason": "方案重新研究"}
    key = {"Idempotency-Key": f"taken-back-{next(office.serials)}"}
    answer: Response = office.api.client.post(
        f"{BASE}/area-changes/{no}/taking-back", json=body, headers=(who or office.admin) | key
    )
    return answer


def renewed(office: Office, days: int) -> Response:
    """Both communities become a new one."""
    body = change(office, "merge", {XIAN: NEW, KAIYUAN: NEW}, {"code": NEW, "name": "西源社区"}, days=days)
    return decide(office, body)


def test_a_decision_taken_back_before_its_day_changes_nothing(office: Office) -> None:
    case_no = office.accepted()
    before = [office.read(f"areas/{code}", {}) for code in (XIAN, KAIYUAN)]
    decided = renewed(office, days=7).json()
    done = taken_back(office, decided["no"])
    assert done.status_code == 201, done.text
    assert done.json()["taken_back"]["document_no"] == "定政发〔2026〕19号"
    assert [office.read(f"areas/{code}", {}) for code in (XIAN, KAIYUAN)] == before
    office.api.clock.pass_(days=9)
    office.api.quiet()
    assert [office.read(f"areas/{code}", {}) for code in (XIAN, KAIYUAN)] == before
    assert office.get(f"cases/{case_no}", at(office, XIAN)).status_code == 200
    assert office.get(f"cases/{case_no}", at(office, KAIYUAN)).status_code == 404
    codes = [one["code"] for one in office.read("communities?limit=200", {})["items"]]
    assert NEW not in codes
    assert office.get(f"areas/{NEW}", {}).status_code == 404
    told = [one for one in office.api.sent(AreaChanged) if one.code == XIAN]
    assert (told[-1].effective_until, told[-1].heir) == (None, None)


def test_what_was_taken_back_is_decided_again_for_another_day(office: Office) -> None:
    first = renewed(office, days=7).json()
    assert taken_back(office, first["no"]).status_code == 201
    again = renewed(office, days=9)
    assert again.status_code == 201, again.text
    office.api.clock.pass_(days=9)
    office.api.quiet()
    assert office.read(f"areas/{XIAN}", {})["heir"] == NEW
    assert office.read(f"areas/{NEW}", {})["name"] == "西源社区"
    assert [one["taken_back"] is None for one in office.read("area-changes", office.admin)["items"]] == [
        True,
        False,
    ]


def test_what_took_effect_or_is_built_on_is_not_taken_back(office: Office) -> None:
    now = merged(office)
    assert taken_back(office, now["no"]).status_code == 409
    later = decide(
        office, change(office, "rename", {DONGSHAN: DONGSHAN}, {"code": DONGSHAN, "name": "新山"}, days=5)
    )
    built = decide(
        office, change(office, "rename", {DONGSHAN: DONGSHAN}, {"code": DONGSHAN, "name": "旧山"}, days=9)
    )
    first, second = later.json()["no"], built.json()["no"]
    assert f"decision {second}" in taken_back(office, first).json()["detail"]
    assert taken_back(office, second).status_code == 201
    assert taken_back(office, first).status_code == 201
    assert taken_back(office, first).status_code == 409
    office.api.clock.pass_(days=20)
    office.api.quiet()
    assert office.read(f"areas/{DONGSHAN}", {})["name"] == "东山社区居委会"
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert taken_back(office, first, elsewhere).status_code == 404
    assert taken_back(office, 4711).status_code == 404
