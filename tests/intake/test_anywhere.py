"""What one community takes in for another: both see their part, each does its own, nobody else anything."""

import csv
import io
from typing import Any

import pytest

from intake.window import INSTANT, ITEM, NO_PAPERS, Somebody, form, joined, person, somebody, wrong_fields
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.plumbing.sheets import BOM
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api

ANYWHERE = (ITEM, INSTANT)


@pytest.fixture
def far(api: Api) -> Somebody:
    """The clerk of a community of another street, whose authority decides."""
    return somebody(api, Role.WINDOW_CLERK, DONGSHAN, subject="clerk.dongshan")


@pytest.fixture(autouse=True)
def _taken_in_anywhere(api: Api) -> None:
    """Have some items taken in at any window, from the next day on."""
    admin = somebody(api, Role.DISTRICT_ADMIN, XIAN[:6])
    for item in ANYWHERE:
        guide = admin.get(f"items/{item}").json()
        content = {key: guide[key] for key in ItemContent.model_fields} | {"anywhere": True}
        made = admin.post(f"items/{item}/versions", content, **{"Idempotency-Key": f"anywhere-{item}"}).json()
        publication = f"items/{item}/versions/{made['number']}/publication"
        answer = admin.post(publication, {}, **{"If-Match": f'"{made["version"]}"'})
        assert answer.status_code == 200, answer.text
    api.clock.pass_(days=1)


def taken_in(clerk: Somebody, item: str = ITEM, **more: Any) -> dict[str, Any]:
    return clerk.posted(item=item, community=DONGSHAN, accepting_community=XIAN, serial=77, **more)


def listed(who: Somebody, **query: Any) -> set[str]:
    return {row["case_no"] for row in who.get("cases", limit=100, **query).json()["items"]}


def test_the_case_says_who_accepts_who_decides_and_who_hands_back(clerk: Somebody, far: Somebody) -> None:
    case = clerk.case(taken_in(clerk))
    assert case["case_no"].startswith(DONGSHAN)
    assert case["shares"] == {"accepts": XIAN, "decides": DONGSHAN, "hands_back": XIAN}
    there = far.case(taken_in(clerk, result_at=DONGSHAN))
    assert there["shares"]["hands_back"] == DONGSHAN
    assert clerk.case(clerk.posted())["shares"] is None


def test_both_see_it_before_and_after_it_is_accepted_and_nobody_else(
    api: Api, clerk: Somebody, far: Somebody, neighbour: Somebody
) -> None:
    case = taken_in(clerk, materials=clerk.papers())
    accepted = clerk.moved(case, "acceptance")
    assert api.sent(CaseAccepted)[-1].community == DONGSHAN
    for who in (clerk, far, somebody(api, Role.STREET_SUPERVISOR, XIAN[:9])):
        assert who.case(case)["version"] == accepted["version"]
        assert who.steps(case) == ["received", "accepted"]
        assert who.get(f"cases/{case['case_no']}/issued-documents/acceptance").status_code == 200
    officer = somebody(api, Role.DEPARTMENT_OFFICER, XIAN[:9], department="civil_affairs")
    for stranger in (neighbour, officer, somebody(api, Role.STREET_SUPERVISOR, "330902004")):
        assert stranger.get(f"cases/{case['case_no']}").status_code == 404
        assert case["case_no"] not in listed(stranger) | listed(stranger, taken_in=True)


def test_lists_counts_and_look_ups_show_each_their_part(clerk: Somebody, far: Somebody) -> None:
    number = taken_in(clerk)["case_no"]
    assert number in listed(clerk, mine=True) & listed(clerk, taken_in=True) & listed(far)
    assert number in listed(clerk, taken_in=True, q="最低生活保障") & listed(
        clerk, taken_in=True, sort="notice"
    )
    assert number not in listed(clerk) | listed(far, taken_in=True) | listed(far, mine=True)
    view = {"name": "代收件", "filter": {"taken_in": True}}
    assert clerk.post("views", view, **{"Idempotency-Key": "view-0001"}).status_code == 201
    assert clerk.get("views").json()["items"][0]["cases"]["count"] == 1
    whose = {"id_document": person(77)["id_document"]}
    for who in (clerk, far):
        assert [row["case_no"] for row in who.post("cases/lookup", whose).json()["items"]] == [number]


def test_the_window_accepts_on_behalf_and_leaves_refusals_and_decisions_to_the_authority(
    clerk: Somebody, far: Somebody
) -> None:
    case = taken_in(clerk, INSTANT)
    possible = set(clerk.get(f"cases/{case['case_no']}/actions").json()["actions"])
    at_home = set(far.get(f"cases/{case['case_no']}/actions").json()["actions"])
    assert at_home - possible == {"refuse_acceptance", "decide_at_once"}
    case = clerk.moved(case, "materials", {"materials": clerk.papers(INSTANT)})
    refusal = {"ground": "not_required", "reason": "不需要"}
    assert clerk.move(case, "refusal", refusal).status_code == 409
    assert clerk.move(case, "instant-decision", {"outcome": "grant"}).status_code == 409
    decided = {"materials": clerk.papers(INSTANT), "decide": {"outcome": "grant"}}
    there = form(INSTANT, DONGSHAN, 78, accepting_community=XIAN, **decided)
    assert wrong_fields(clerk.apply(there)) == {"decide"}
    assert far.moved(case, "instant-decision", {"outcome": "grant"})["status"] == "closed"


def test_originals_stay_with_the_window_that_took_them_and_its_colleagues_take_over(
    api: Api, clerk: Somebody, far: Somebody, neighbour: Somebody
) -> None:
    case = taken_in(clerk)
    path = f"cases/{case['case_no']}"
    paper = {"material": "m1", "count": 1, "place": "西安社区窗口 1号柜"}
    assert clerk.post(f"{path}/originals", paper, **{"Idempotency-Key": "paper-0001"}).status_code == 201
    for who, seen in ((clerk, 1), (far, 1), (neighbour, 0)):
        assert len(who.get("custody/originals").json()["items"]) == seen
        assert len(who.get("custody/originals", area=XIAN).json()["items"]) == seen
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian.2")
    offer = {"taker": "clerk.xian.2"}
    made = clerk.post(f"{path}/handoffs", offer, **{"Idempotency-Key": "offer-0001"}).json()
    settled = f"{path}/handoffs/{made['handoff_id']}/acceptance"
    assert colleague.post(settled, **{"If-Match": '"1"'}).status_code == 200
    assert far.case(case)["responsible_officer"] == "clerk.xian.2"


@pytest.mark.parametrize("hands_back", [XIAN, DONGSHAN])
@pytest.mark.parametrize("heir", [KAIYUAN, DONGSHAN])
def test_a_draft_that_says_who_hands_back_goes_on_with_the_heir(
    api: Api, clerk: Somebody, far: Somebody, neighbour: Somebody, heir: str, hands_back: str
) -> None:
    begun = {name: value for name, value in form(ITEM, result_at=hands_back).items() if name != "community"}
    body = {"community": DONGSHAN, "accepting_community": XIAN, "content": begun}
    draft = clerk.post("drafts", body, **{"Idempotency-Key": "draft-0001"}).json()
    assert draft["wrong"] == []
    api.receive(joined(XIAN, heir, api.clock.now.date()), source="casework")
    api.clock.pass_(days=1)
    whose = neighbour if heir == KAIYUAN else far
    resumed = whose.post(f"drafts/{draft['draft_id']}/resumption").json()
    assert resumed["wrong"] == []
    assert resumed["accepting_community"] == (KAIYUAN if heir == KAIYUAN else None)
    assert resumed["content"]["result_at"] == (heir if hands_back == XIAN else DONGSHAN)


def test_originals_lie_with_the_heir_of_the_community_that_took_them(
    api: Api, clerk: Somebody, far: Somebody, neighbour: Somebody
) -> None:
    """Its own, and those that it took in for others; the code that ended means its heir."""
    both = [taken_in(clerk), clerk.posted(serial=79)]
    paper = {"material": "m1", "count": 1, "place": "西安社区窗口 1号柜"}
    for case in both:
        key = {"Idempotency-Key": f"paper-{case['case_no'][-8:]}"}
        assert clerk.post(f"cases/{case['case_no']}/originals", paper, **key).status_code == 201
    api.receive(joined(XIAN, KAIYUAN, api.clock.now.date()), source="casework")
    api.clock.pass_(days=1)

    def kept(who: Somebody, **area: str) -> list[str]:
        listed = who.get("custody/originals", **area)
        return [one["case_no"] for one in listed.json()["items"]]

    everything = [case["case_no"] for case in both]
    for area in ({}, {"area": KAIYUAN}, {"area": XIAN}, {"area": XIAN[:9]}):
        assert kept(neighbour, **area) == everything
    assert kept(far, area=KAIYUAN) == everything[:1]
    assert kept(neighbour, area=DONGSHAN) == everything[:1]


def test_a_draft_for_another_community_lies_at_the_window_that_takes_it_in(
    api: Api, clerk: Somebody, far: Somebody, neighbour: Somebody
) -> None:
    content = {name: value for name, value in form(ITEM).items() if name != "community"}
    body = {"community": DONGSHAN, "accepting_community": XIAN, "content": content}
    for who in (far, neighbour):
        assert who.post("drafts", body, **{"Idempotency-Key": "draft-0001"}).status_code == 403
    draft = clerk.post("drafts", body, **{"Idempotency-Key": "draft-0001"}).json()
    assert draft["wrong"] == []
    path = f"drafts/{draft['draft_id']}"
    assert far.post(f"{path}/resumption").status_code == 404
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian.2")
    (listed_,) = colleague.get("drafts").json()["items"]
    opened = colleague.post(f"{path}/resumption").json()
    for seen in (listed_, opened):
        assert (seen["community"], seen["accepting_community"]) == (DONGSHAN, XIAN)
    case = colleague.post(f"{path}/submission", **{"If-Match": '"1"'}).json()
    assert far.case(case)["shares"] == {"accepts": XIAN, "decides": DONGSHAN, "hands_back": XIAN}
    twice = {**body, "content": {**content, "accepting_community": XIAN}}
    wrong = clerk.post("drafts", twice, **{"Idempotency-Key": "draft-0002"}).json()["wrong"]
    assert [fault["field"] for fault in wrong] == ["accepting_community"]


def test_a_draft_of_two_communities_that_became_one_is_plainly_the_heirs(
    api: Api, clerk: Somebody, far: Somebody
) -> None:
    content = {name: value for name, value in form(ITEM).items() if name != "community"}
    body = {"community": DONGSHAN, "accepting_community": XIAN, "content": content}
    draft = clerk.post("drafts", body, **{"Idempotency-Key": "draft-0003"}).json()
    api.receive(joined(XIAN, DONGSHAN, api.clock.now.date()), source="casework")
    api.clock.pass_(days=1)
    path = f"drafts/{draft['draft_id']}"
    opened = far.post(f"{path}/resumption").json()
    assert (opened["community"], opened["accepting_community"], opened["wrong"]) == (DONGSHAN, None, [])
    case = far.post(f"{path}/submission", **{"If-Match": f'"{draft["version"]}"'}).json()
    assert (far.case(case)["community"], far.case(case)["shares"]) == (DONGSHAN, None)


def test_a_table_says_who_took_a_case_in(clerk: Somebody, far: Somebody) -> None:
    taken_in(clerk)
    far.posted(community=DONGSHAN, serial=78)
    answer = far.post("cases/export", {"reason": "季度工作汇报"})
    head, *rows = csv.reader(io.StringIO(answer.content.decode().removeprefix(BOM), newline=""))
    assert {row[head.index("代收社区代码")] for row in rows} == {XIAN, ""}


def test_only_a_window_of_ones_own_takes_in_and_only_what_may_be(
    clerk: Somebody, neighbour: Somebody, resident: Somebody
) -> None:
    asked: dict[str, Any] = {"community": DONGSHAN, "accepting_community": XIAN}
    assert neighbour.apply(form(**asked)).status_code == 403
    assert wrong_fields(clerk.apply(form(NO_PAPERS, **asked))) == {"accepting_community"}
    assert wrong_fields(clerk.apply(form(community=XIAN, accepting_community=XIAN))) == {
        "accepting_community"
    }
    unknown: dict[str, Any] = {**asked, "accepting_community": "330902002999"}
    assert wrong_fields(clerk.apply(form(**unknown))) == {"accepting_community"}
    assert wrong_fields(clerk.apply(form(**asked, result_at=KAIYUAN))) == {"result_at"}
    assert wrong_fields(resident.apply(form(**asked, channel="web"))) == {"accepting_community"}
