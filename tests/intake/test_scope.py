"""Nobody sees or touches a case of another area, by any route, list, search or guess."""

import pytest

from intake.window import ITEM, NO_PAPERS, Somebody, form, person, somebody
from onewindow_shared.contracts.access import Role
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api

READS = ("", "/actions", "/timeline", "/issued-documents", "/issued-documents/receipt")
MOVES = {
    "acceptance": None,
    "withdrawal": {},
    "materials": {"materials": [{"code": "m1", "received": True}]},
    "corrections": {"defects": [{"problem": "?"}], "deadline": "2026-12-04"},
    "refusal": {"ground": "not_required", "reason": "不需要"},
    "disclosure": {"reason": "核对身份"},
}


def numbers(who: Somebody, **query: object) -> list[str]:
    """Read every page of the list."""
    found: list[str] = []
    page: dict[str, object] = {"limit": 2}
    while True:
        answer = who.get("cases", **page, **query).json()
        found += [row["case_no"] for row in answer["items"]]
        if answer["next"] is None:
            return found
        page["cursor"] = answer["next"]


def test_a_stranger_reaches_a_case_by_no_route(
    api: Api, clerk: Somebody, neighbour: Somebody, subtests: pytest.Subtests
) -> None:
    case = clerk.posted(item=NO_PAPERS)
    strangers = {
        "clerk of another community": neighbour,
        "supervisor of another street": somebody(api, Role.STREET_SUPERVISOR, "330902003"),
        "admin of another district": somebody(api, Role.DISTRICT_ADMIN, "330903"),
        "officer of another department": somebody(
            api, Role.DEPARTMENT_OFFICER, "330902", department="health"
        ),
        "another resident": somebody(api, Role.RESIDENT, subject="r-2"),
        "a clerk without area": somebody(api, Role.WINDOW_CLERK, None),
    }
    for name, stranger in strangers.items():
        with subtests.test(name):
            for tail in READS:
                assert stranger.get(f"cases/{case['case_no']}{tail}").status_code == 404
            for move, body in MOVES.items():
                assert stranger.move(case, move, body).status_code in {403, 404}
            assert case["case_no"] not in numbers(stranger)
            assert (
                stranger.post("cases/lookup", {"id_document": person(1)["id_document"]}).json()["items"] == []
            )
    assert clerk.case(case)["version"] == 1


def test_everyone_sees_the_cases_of_their_own_area_and_no_other(api: Api, clerk: Somebody) -> None:
    clerk.posted(item=NO_PAPERS)
    seen = {
        area: {number[:12] for number in numbers(somebody(api, Role.AUDITOR, area))}
        for area in ("330902", "330902002", "330902003", XIAN)
    }
    assert seen == {
        "330902": {XIAN, KAIYUAN, DONGSHAN},
        "330902002": {XIAN, KAIYUAN},
        "330902003": {DONGSHAN},
        XIAN: {XIAN},
    }


def test_an_officer_sees_the_cases_of_the_own_department(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(item=ITEM)
    other = clerk.posted(item=NO_PAPERS)
    officer = somebody(api, Role.DEPARTMENT_OFFICER, "330902", department="civil_affairs")
    assert case["case_no"] in numbers(officer)
    assert other["case_no"] not in numbers(officer)


def test_the_list_is_newest_first_and_filtered(clerk: Somebody) -> None:
    old = clerk.posted(channel="phone", received_at="2026-11-20T10:00:00+08:00")
    new = clerk.posted(item=NO_PAPERS, accept=True, first_contact_officer="agent.xian")
    listed = numbers(clerk)
    assert listed[0] == new["case_no"]
    assert listed.index(old["case_no"]) == len(listed) - 1
    assert numbers(clerk, channel="phone") == [old["case_no"]]
    assert numbers(clerk, received_to="2026-11-20") == [old["case_no"]]
    assert old["case_no"] not in numbers(clerk, received_from="2026-11-21")
    assert numbers(clerk, item=NO_PAPERS) == [new["case_no"]]
    assert numbers(clerk, category="mediation_arbitration") == [new["case_no"]]
    assert numbers(clerk, first_contact_officer="agent.xian") == [new["case_no"]]
    assert new["case_no"] in numbers(clerk, status="accepted")
    assert numbers(clerk, community=KAIYUAN) == []


def test_a_cursor_fits_the_list_it_was_made_for(clerk: Somebody) -> None:
    for _ in range(3):
        clerk.posted()
    cursor = clerk.get("cases", limit=1).json()["next"]
    assert clerk.get("cases", limit=1, cursor=cursor, channel="web").status_code == 422
    assert clerk.get("cases", cursor="nonsense").status_code == 422


def test_a_list_shows_masked_names_only(clerk: Somebody) -> None:
    clerk.posted()
    text = clerk.get("cases").text
    assert "王*芳" in text
    for secret in ("王桂芳", person(1)["id_document"]["number"][-6:], person(1)["mobile"]):
        assert secret not in text


def test_somebody_who_lost_the_receipt_is_found_by_the_document(clerk: Somebody, neighbour: Somebody) -> None:
    one = clerk.posted(serial=77)
    other = clerk.posted(serial=77, item=NO_PAPERS)
    neighbour.posted(serial=77, community=KAIYUAN)
    found = clerk.post("cases/lookup", {"id_document": person(77)["id_document"]}).json()
    assert [row["case_no"] for row in found["items"]] == [other["case_no"], one["case_no"]]


def test_an_unchanged_case_is_not_sent_again(clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS)
    path = f"/api/intake/v1/cases/{case['case_no']}"
    headers = {**clerk.headers, "If-None-Match": '"1"'}
    assert clerk.api.client.get(path, headers=headers).status_code == 304
    clerk.moved(case, "acceptance")
    assert clerk.api.client.get(path, headers=headers).status_code == 200
    assert clerk.apply(form()).status_code == 201
