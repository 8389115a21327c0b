"""Whoever was asked first answers for a case until the next one has accepted it (首问负责)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.window import Answer, Somebody, form, somebody, wrong_fields
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.contracts.handoffs import HandOffState, may_settle
from onewindow_shared.plumbing.rollups import fold, rebuild
from testkit.api import KAIYUAN, XIAN, Api
from testkit.databases import everything

Case = dict[str, Any]


@pytest.fixture
def agent(api: Api) -> Somebody:
    """The agent officer of Xi'an."""
    return somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")


def offer(giver: Somebody, case: Case, taker: str = "agent.xian", key: str = "offer-0001") -> Answer:
    body = {"taker": taker, "note": "材料已核对"}
    return giver.post(f"cases/{case['case_no']}/handoffs", body, **{"Idempotency-Key": key})


def settle(who: Somebody, made: Case, how: str, body: Any = None) -> Answer:
    path = f"cases/{made['case_no']}/handoffs/{made['handoff_id']}/{how}"
    return who.post(path, body, **{"If-Match": f'"{made["version"]}"'})


def responsible(who: Somebody, case: Case) -> str:
    found: str = who.case(case)["responsible_officer"]
    return found


def test_the_giver_stays_responsible_until_the_taker_accepts(clerk: Somebody, agent: Somebody) -> None:
    case = clerk.posted()
    assert responsible(clerk, case) == "clerk.xian"
    made = offer(clerk, case)
    assert made.status_code == 201, made.text
    assert responsible(clerk, case) == "clerk.xian"
    assert [one["case_no"] for one in agent.get("handoffs").json()["items"]] == [case["case_no"]]
    taken = settle(agent, made.json(), "acceptance")
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    shown = clerk.case(case)
    assert (shown["first_contact_officer"], shown["responsible_officer"]) == ("clerk.xian", "agent.xian")
    assert clerk.steps(case)[-1] == "handed_over"
    listed = clerk.get("cases", responsible_officer="agent.xian").json()["items"]
    assert [row["case_no"] for row in listed] == [case["case_no"]]
    assert agent.get("handoffs").json()["items"] == []


def test_a_bounce_has_a_reason_is_counted_and_leaves_the_giver_responsible(
    api: Api, clerk: Somebody, agent: Somebody
) -> None:
    case = clerk.posted()
    made = offer(clerk, case).json()
    assert settle(agent, made, "bounce", {"reason": "不"}).status_code == 422
    bounced = settle(agent, made, "bounce", {"reason": "不在我的服务片区"}).json()
    assert (bounced["state"], bounced["reason"]) == ("bounced", "不在我的服务片区")
    assert responsible(clerk, case) == "clerk.xian"
    again = offer(clerk, case, key="offer-0002").json()
    assert settle(agent, again, "acceptance").status_code == 200
    states = [one["state"] for one in clerk.get(f"cases/{case['case_no']}/handoffs").json()["items"]]
    assert states == ["bounced", "accepted"]
    path = f"metrics/areas/{XIAN}"
    before = clerk.get(path).json()["figures"]
    assert before["handoffs.bounced"] == 1
    api.system(lambda unit: fold(unit.session))
    api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert clerk.get(path).json()["figures"] == before


def test_a_case_has_one_open_offer(clerk: Somebody, agent: Somebody) -> None:
    case = clerk.posted()
    made = offer(clerk, case).json()
    second = offer(clerk, case, taker="somebody.else", key="offer-0002")
    assert (second.status_code, second.json()["type"]) == (409, "urn:onewindow:problem:already-offered")
    assert settle(clerk, made, "withdrawal").json()["state"] == "withdrawn"
    assert offer(clerk, case, taker="somebody.else", key="offer-0003").status_code == 201


def test_two_offers_at_once_and_one_wins(clerk: Somebody) -> None:
    case = clerk.posted()
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: offer(clerk, case, taker=f"agent.{n}", key=f"race-000{n}"), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_accepted_and_withdrawn_at_once_and_one_wins(clerk: Somebody, agent: Somebody) -> None:
    case = clerk.posted()
    made = offer(clerk, case).json()
    sides = [(agent, "acceptance"), (clerk, "withdrawal")] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda side: settle(side[0], made, side[1]), sides))
    (won,) = [answer.json()["state"] for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} == {200, 412}
    assert responsible(clerk, case) == ("agent.xian" if won == "accepted" else "clerk.xian")


def test_only_the_responsible_officer_offers_and_only_the_two_settle(
    api: Api, clerk: Somebody, agent: Somebody, neighbour: Somebody, resident: Somebody
) -> None:
    case = clerk.posted()
    assert offer(agent, case, taker="clerk.xian").status_code == 403
    assert offer(neighbour, case).status_code == 404
    assert offer(resident, case).status_code == 403
    assert offer(clerk, case, taker="clerk.xian").status_code == 422
    made = offer(clerk, case).json()
    assert settle(clerk, made, "acceptance").status_code == 403
    assert settle(agent, made, "withdrawal").status_code == 403
    assert settle(neighbour, made, "acceptance").status_code == 404
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    assert settle(colleague, made, "acceptance").status_code == 403


def test_an_answered_offer_is_not_answered_again(clerk: Somebody, agent: Somebody) -> None:
    made = offer(clerk, clerk.posted()).json()
    settled = settle(agent, made, "acceptance").json()
    assert settle(agent, made, "acceptance").status_code == 412
    assert settle(agent, settled, "bounce", {"reason": "现在不行"}).status_code == 409


def test_a_case_from_home_is_offered_by_whoever_finds_it(
    clerk: Somebody, resident: Somebody, agent: Somebody
) -> None:
    case = resident.posted(channel="web")
    assert clerk.case(case)["responsible_officer"] is None
    made = offer(clerk, case).json()
    assert settle(agent, made, "acceptance").status_code == 200
    assert responsible(clerk, case) == "agent.xian"


def test_an_offer_made_while_nobody_answered_ends_when_a_colleague_takes_charge(
    api: Api, clerk: Somebody, resident: Somebody, agent: Somebody
) -> None:
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    claimed, worked = (resident.posted(channel="web", serial=serial) for serial in (60, 61))
    offers = [offer(clerk, case, key=f"offer-{case['case_no']}").json() for case in (claimed, worked)]
    colleague.moved(claimed, "claim")
    colleague.moved(worked, "materials", {"materials": colleague.papers()})
    for case, made in zip((claimed, worked), offers, strict=True):
        assert settle(agent, made, "acceptance").status_code == 412
        assert responsible(clerk, case) == "clerk.two"
        assert offer(colleague, case, key=f"again-{case['case_no']}").status_code == 201


def test_whoever_takes_charge_goes_on_offering_what_they_offered(
    clerk: Somebody, resident: Somebody, agent: Somebody
) -> None:
    case = resident.posted(channel="web")
    made = offer(clerk, case).json()
    clerk.moved(case, "claim")
    assert settle(agent, made, "acceptance").status_code == 200
    assert responsible(clerk, case) == "agent.xian"


def test_a_case_that_has_ended_is_neither_offered_nor_taken_over(clerk: Somebody, agent: Somebody) -> None:
    case = clerk.posted()
    made = offer(clerk, case).json()
    ended = clerk.moved(case, "withdrawal", {})
    refused = settle(agent, made, "acceptance")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:onewindow:problem:move-refused")
    assert settle(agent, made, "bounce", {"reason": "本件已经撤回"}).status_code == 200
    again = offer(clerk, ended, key="offer-0002")
    assert (again.status_code, again.json()["type"]) == (409, "urn:onewindow:problem:move-refused")


def test_assigned_and_bounced_at_once_both_are_answered(api: Api, clerk: Somebody, agent: Somebody) -> None:
    manager = somebody(api, Role.COMMUNITY_MANAGER, XIAN, subject="manager.xian")
    why = {"officer": "clerk.two", "reason": "请假三周"}
    for serial in range(70, 76):
        case = clerk.posted(serial=serial)
        made = offer(clerk, case, key=f"offer-{serial:04d}").json()
        with ThreadPoolExecutor(2) as pool:
            bounced = pool.submit(settle, agent, made, "bounce", {"reason": "不在我的服务片区"})
            assigned = pool.submit(manager.move, case, "assignment", why)
        assert bounced.result().status_code in {200, 412}, bounced.result().text
        assert assigned.result().status_code == 200, assigned.result().text


def test_offers_of_other_areas_are_not_seen(api: Api, clerk: Somebody) -> None:
    offer(clerk, clerk.posted(), taker="clerk.kaiyuan")
    assert (
        somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan").get("handoffs").json()["items"]
        == []
    )


officers = st.sampled_from(["a", "b", "c"])


@given(officers, officers, st.sampled_from(HandOffState), officers)
def test_nobody_settles_an_offer_of_two_others(
    giver: str, taker: str, end: HandOffState, subject: str
) -> None:
    if may_settle(giver, taker, end, subject):
        assert end is not HandOffState.OFFERED
        assert subject == (giver if end is HandOffState.WITHDRAWN else taker)


def told_of(api: Api, subject: str, role: Role = Role.AGENT_OFFICER, area: str = XIAN, **more: Any) -> None:
    said = {"department": None, "active": True, **more}
    api.receive(OfficerChanged(subject=subject, roles=[role], area=area, **said), source="gateway")


def test_a_case_is_offered_only_to_an_officer_who_can_answer_for_it(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    assert offer(clerk, case, "somebody.else", key="offer-0000").status_code == 201
    made = clerk.get(f"cases/{case['case_no']}/handoffs").json()["items"][0]
    assert settle(clerk, made, "withdrawal").status_code == 200
    told_of(api, "agent.xian")
    told_of(api, "agent.kaiyuan", area=KAIYUAN)
    told_of(api, "gone.xian", active=False)
    told_of(api, "auditor", role=Role.AUDITOR, area="330902")
    told_of(api, "other", role=Role.DEPARTMENT_OFFICER, area="330902", department="education")
    told_of(api, "officer", role=Role.DEPARTMENT_OFFICER, area="330902", department="civil_affairs")
    for n, taker in enumerate(("nobody", "agent.kaiyuan", "gone.xian", "auditor", "other"), start=1):
        assert wrong_fields(offer(clerk, case, taker, key=f"offer-000{n}")) == {"taker"}
    made = offer(clerk, case, key="offer-0006").json()
    assert settle(clerk, made, "withdrawal").status_code == 200
    assert offer(clerk, case, "officer", key="offer-0007").status_code == 201
    told_of(api, "agent.xian", active=False)
    assert wrong_fields(offer(clerk, clerk.posted(), key="offer-0008")) == {"taker"}


def test_only_an_officer_who_can_answer_for_a_case_is_made_its_first_contact(
    api: Api, clerk: Somebody
) -> None:
    told_of(api, "agent.xian")
    told_of(api, "agent.kaiyuan", area=KAIYUAN)
    told_of(api, "gone.xian", active=False)
    for named in ("nobody.at.all", "agent.kaiyuan", "gone.xian"):
        assert wrong_fields(clerk.apply(form(first_contact_officer=named))) == {"first_contact_officer"}
    assert responsible(clerk, clerk.posted(first_contact_officer="agent.xian")) == "agent.xian"
    assert responsible(clerk, clerk.posted(first_contact_officer="clerk.xian")) == "clerk.xian"


def test_somebody_in_charge_makes_another_answer_for_an_absent_officer(
    api: Api, clerk: Somebody, agent: Somebody
) -> None:
    told_of(api, "clerk.xian", role=Role.WINDOW_CLERK)
    told_of(api, "clerk.two", role=Role.WINDOW_CLERK)
    case = clerk.posted()
    offer(clerk, case)
    manager = somebody(api, Role.COMMUNITY_MANAGER, XIAN, subject="manager.xian")
    why = {"officer": "clerk.two", "reason": "陈志强请假三周"}
    assert agent.move(case, "assignment", why).status_code == 403
    elsewhere = somebody(api, Role.COMMUNITY_MANAGER, KAIYUAN)
    assert elsewhere.move(case, "assignment", why).status_code == 404
    assert wrong_fields(manager.move(case, "assignment", {**why, "officer": "nobody"})) == {"officer"}
    assert wrong_fields(manager.move(case, "assignment", {**why, "officer": "clerk.xian"})) == {"officer"}
    assigned = manager.moved(case, "assignment", why)
    assert (assigned["first_contact_officer"], assigned["responsible_officer"]) == ("clerk.xian", "clerk.two")
    assert agent.get("handoffs").json()["items"] == []
    assert clerk.steps(case) == ["received", "reassigned"]
    url = api.runtime.settings.database_url.get_secret_value()
    assert why["reason"] not in everything(url)
    ended = clerk.moved(assigned, "withdrawal", {})
    assert manager.move(ended, "assignment", {**why, "officer": "clerk.xian"}).status_code == 409


def test_a_case_from_home_is_listed_as_nobodys_until_an_officer_takes_it(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    def waiting() -> tuple[str, int, list[str]]:
        first = clerk.get("views/standard").json()["views"][0]
        rows = clerk.get("cases", nobody=True).json()["items"]
        return first["view"], first["cases"]["count"], [row["case_no"] for row in rows]

    clerk.posted()
    home, other = (resident.posted(channel="web", serial=n) for n in (50, 51))
    assert waiting() == ("nobody_yet", 2, [other["case_no"], home["case_no"]])
    assert resident.move(home, "claim").status_code == 403
    taken = clerk.moved(home, "claim")
    assert (taken["first_contact_officer"], taken["responsible_officer"]) == ("clerk.xian", "clerk.xian")
    again = clerk.move(taken, "claim")
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "answered-for")
    assert again.json()["current"] == taken
    assert waiting() == ("nobody_yet", 1, [other["case_no"]])
    api.clock.pass_(days=10)
    api.tick()
    assert clerk.case(other)["status"] == "accepted"
    assert waiting() == ("nobody_yet", 1, [other["case_no"]])
    clerk.moved(clerk.case(other), "claim")
    assert waiting() == ("nobody_yet", 0, [])
