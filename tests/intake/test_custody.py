"""Originals are kept by somebody, somewhere, until they are returned; nothing in their chain is rewritten."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from intake.test_papers import check, printed, sheet_of, text_of
from intake.window import Answer, Somebody, somebody, wrong_fields
from onewindow_intake.custody import rules
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.custody import CustodyAct, CustodyStepIn
from onewindow_shared.contracts.events import CaseAccepted, OfficerChanged, OriginalsKept
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api

Found = dict[str, Any]
CUPBOARD = "西安社区窗口 2号柜"
BACK = {"act": "returned", "returned_to": "王桂芳", "signature": "本人签收"}
_keys = itertools.count(1)


def take(clerk: Somebody, case: Found, **change: Any) -> Found:
    body = {"material": "m1", "place": CUPBOARD, "note": "原件两页", **change}
    answer = clerk.post(
        f"cases/{case['case_no']}/originals", body, **{"Idempotency-Key": f"take-{next(_keys):06d}"}
    )
    assert answer.status_code == 201, answer.text
    found: Found = answer.json()
    return found


def follow(who: Somebody, original: Found, body: Found) -> Answer:
    path = f"cases/{original['case_no']}/originals/{original['original_id']}/steps"
    return who.post(path, body, **{"If-Match": f'"{original["version"]}"'})


def test_an_original_is_followed_from_the_window_back_to_its_owner(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    taken = take(clerk, case, count=2)
    assert (taken["place"], taken["holder"], taken["returned"]) == (CUPBOARD, "clerk.xian", False)
    assert clerk.case(case)["originals_held"] == 2
    moved = follow(clerk, taken, {"act": "moved", "place": "档案室"}).json()
    assert (moved["place"], moved["holder"]) == ("档案室", "clerk.xian")
    handed = {"act": "handed_over", "place": "代办点", "holder": "agent.xian"}
    there = follow(clerk, moved, handed).json()
    assert (there["place"], there["holder"]) == ("代办点", "agent.xian")
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")
    again = follow(agent, there, {"act": "handed_over", "place": CUPBOARD, "holder": "clerk.xian"}).json()
    back = follow(clerk, again, BACK).json()
    assert (back["place"], back["holder"], back["returned"]) == (None, None, True)
    acts = ["taken", "moved", "handed_over", "handed_over", "returned"]
    assert [step["act"] for step in back["steps"]] == acts
    assert (back["steps"][-1]["returned_to"], back["steps"][-1]["signed"]) == ("王*芳", True)
    assert not back["steps"][0]["signed"]
    assert follow(clerk, back, BACK).status_code == 409
    assert clerk.case(case)["originals_held"] == 0
    assert clerk.steps(case) == ["received", "original_taken", "original_returned"]


def test_who_signed_for_an_original_is_read_for_a_reason(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    original = take(clerk, clerk.posted())
    answer = follow(clerk, original, {**BACK, "signature": "王桂芳 13800138000"})
    assert "王桂芳" not in answer.text
    path = f"cases/{original['case_no']}/originals/{original['original_id']}/disclosure"
    shown = clerk.post(path, {"reason": "核对领取人"})
    assert (shown.json()["returned_to"], shown.json()["signature"]) == ("王桂芳", "王桂芳 13800138000")
    assert shown.headers["cache-control"] == "no-store"
    assert neighbour.post(path, {"reason": "核对领取人"}).status_code == 404
    assert clerk.post(path, {"reason": "看"}).status_code == 422

    def disclosed(unit: Unit) -> list[tuple[str, str | None]]:
        found = select(AuditRecord).where(AuditRecord.action == "original.disclosed")
        return [(record.entity_id, record.reason(unit.vault)) for record in unit.session.scalars(found)]

    assert api.system(disclosed) == [(original["case_no"], "核对领取人")]


def test_casework_is_told_what_is_still_kept_of_an_accepted_case(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    taken = take(clerk, case, count=2)
    assert api.sent(OriginalsKept) == []
    clerk.moved(clerk.case(case), "acceptance", {})
    (accepted,) = (event for event in api.sent(CaseAccepted) if event.case_no == case["case_no"])
    assert accepted.originals_held == 2
    follow(clerk, taken, BACK)
    take(clerk, case)
    assert [(event.case_no, event.held) for event in api.sent(OriginalsKept)] == [
        (case["case_no"], 0),
        (case["case_no"], 1),
    ]


def test_what_was_handed_over_is_returned_by_whoever_holds_it(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    lying = take(clerk, case)
    handed = {"act": "handed_over", "place": "代办点", "holder": "agent.xian"}
    there = follow(clerk, take(clerk, case), handed).json()
    refused = follow(clerk, there, BACK)
    assert (refused.status_code, refused.json()["holder"]) == (409, "agent.xian")
    to_herself = {"act": "handed_over", "place": CUPBOARD, "holder": "clerk.xian"}
    assert follow(clerk, there, to_herself).json()["holder"] == "agent.xian"
    assert clerk.case(case)["originals_held"] == 2
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")
    assert follow(agent, there, BACK).json()["returned"] is True
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    assert follow(colleague, lying, BACK).json()["returned"] is True


def test_an_original_is_handed_to_an_officer_of_the_office_and_freed_from_one_who_has_gone(
    api: Api, clerk: Somebody
) -> None:
    told_of(api, "agent.xian", Role.AGENT_OFFICER)
    told_of(api, "clerk.xian", Role.WINDOW_CLERK)
    taken = take(clerk, clerk.posted())
    handed = {"act": "handed_over", "place": "代办点", "holder": "agent.xian"}
    assert wrong_fields(follow(clerk, taken, {**handed, "holder": "nobody"})) == {"holder"}
    there = follow(clerk, taken, handed).json()
    assert follow(clerk, there, BACK).status_code == 409
    told_of(api, "agent.xian", Role.AGENT_OFFICER, active=False)
    assert follow(clerk, there, BACK).json()["returned"] is True


def told_of(api: Api, subject: str, role: Role, **change: Any) -> None:
    told = {"area": XIAN, "department": None, "active": True, **change}
    api.receive(OfficerChanged(subject=subject, roles=[role], **told), source="gateway")


def test_an_original_that_an_officer_decides_by_comes_back_to_the_window(api: Api, clerk: Somebody) -> None:
    told_of(api, "clerk.xian", Role.WINDOW_CLERK)
    told_of(api, "officer.civil", Role.DEPARTMENT_OFFICER, area="330902", department="civil_affairs")
    told_of(api, "head.xian", Role.COMMUNITY_MANAGER)
    officer = somebody(
        api, Role.DEPARTMENT_OFFICER, "330902", department="civil_affairs", subject="officer.civil"
    )
    case = clerk.posted()
    taken = take(clerk, case)
    to_the_office = {"act": "handed_over", "place": "民政局"}
    assert wrong_fields(follow(clerk, taken, {**to_the_office, "holder": "head.xian"})) == {"holder"}
    there = follow(clerk, taken, {**to_the_office, "holder": "officer.civil"}).json()
    listed = officer.get("custody/originals").json()["items"]
    assert [one["original_id"] for one in listed] == [taken["original_id"]]
    moved = follow(officer, there, {"act": "moved", "place": "民政局 档案柜"}).json()
    home = {"act": "handed_over", "place": CUPBOARD, "holder": "clerk.xian"}
    back = follow(clerk, follow(officer, moved, home).json(), BACK).json()
    assert back["returned"] is True
    assert clerk.case(case)["originals_held"] == 0


def assigned(who: Somebody, original: Found, holder: str) -> Answer:
    path = f"cases/{original['case_no']}/originals/{original['original_id']}/assignment"
    body = {"holder": holder, "place": CUPBOARD, "reason": "持有人住院，由窗口代为保管"}
    return who.post(path, body, **{"If-Match": f'"{original["version"]}"'})


def test_a_head_frees_an_original_from_a_holder_who_is_away(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    told_of(api, "clerk.xian", Role.WINDOW_CLERK)
    told_of(api, "agent.xian", Role.AGENT_OFFICER)
    head = somebody(api, Role.COMMUNITY_MANAGER, XIAN, subject="head.xian")
    taken = take(clerk, clerk.posted())
    handed = {"act": "handed_over", "place": "代办点", "holder": "agent.xian"}
    there = follow(clerk, taken, handed).json()
    assert assigned(clerk, there, "clerk.xian").status_code == 403
    elsewhere = somebody(api, Role.COMMUNITY_MANAGER, KAIYUAN, subject="head.kaiyuan")
    assert assigned(elsewhere, there, "clerk.xian").status_code == 404
    assert wrong_fields(assigned(head, there, "agent.xian")) == {"holder"}
    assert wrong_fields(assigned(head, there, "nobody")) == {"holder"}
    assert assigned(head, taken, "clerk.xian").status_code == 412
    answer = assigned(head, there, "clerk.xian")
    now = answer.json()
    assert (now["holder"], now["place"], now["steps"][-1]["by"]) == ("clerk.xian", CUPBOARD, "head.xian")
    assert "住院" not in answer.text
    assert follow(clerk, now, BACK).json()["returned"] is True
    assert assigned(head, {**now, "version": now["version"] + 1}, "agent.xian").status_code == 409

    def kept(unit: Unit) -> list[tuple[object, str | None]]:
        found = select(AuditRecord).where(AuditRecord.action == "original.entrusted")
        return [(record.detail["from"], record.reason(unit.vault)) for record in unit.session.scalars(found)]

    assert api.system(kept) == [("agent.xian", "持有人住院，由窗口代为保管")]


def test_a_window_lists_what_it_still_keeps(api: Api, clerk: Somebody, neighbour: Somebody) -> None:
    case = clerk.posted()
    kept, returned = take(clerk, case), take(clerk, case)
    assert follow(clerk, returned, BACK).status_code == 200
    listed = clerk.get("custody/originals", area=XIAN).json()["items"]
    assert [one["original_id"] for one in listed] == [kept["original_id"]]
    assert neighbour.get("custody/originals").json()["items"] == []
    assert neighbour.get(f"cases/{case['case_no']}/originals").status_code == 404
    assert follow(neighbour, kept, BACK).status_code == 404
    officer = somebody(api, Role.DEPARTMENT_OFFICER, "330902", department="education")
    assert officer.get("custody/originals").json()["items"] == []


def test_the_slip_names_every_original_and_what_went_back(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    path = f"cases/{case['case_no']}"
    assert clerk.get(f"{path}/custody-slip").status_code == 404
    take(clerk, case, count=2)
    returned = take(clerk, case)
    first = text_of(printed(clerk, case, "custody_slip"))
    for words in ("材料原件收存凭证", "尚在收存", "3份", "2份", "原件两页", "收存中"):
        assert words in first
    assert CUPBOARD not in first
    number = sheet_of(api, f"{case['case_no']}-YJ2")
    moved = follow(clerk, returned, {"act": "moved", "place": "档案室"}).json()
    places = [line["place"] for line in clerk.get(f"{path}/custody-slip").json()["lines"]]
    assert places == [CUPBOARD, "档案室"]
    printed(clerk, case, "custody_slip")
    assert check(api, number).json()["standing"] == "genuine"
    follow(clerk, moved, BACK)
    assert check(api, number).json()["standing"] == "replaced"
    slip = clerk.get(f"{path}/custody-slip").json()
    assert slip == clerk.get(f"{path}/issued-documents/custody_slip").json()
    assert (slip["office"], slip["applicant"], slip["held"]) == ("西安社区", "王*芳", 2)
    assert [(line["count"], line["returned_to"]) for line in slip["lines"]] == [(2, None), (1, "王*芳")]
    assert "王*芳签收" in text_of(printed(clerk, case, "custody_slip"))
    assert check(api, number).json()["standing"] == "replaced"


def test_the_owner_sees_where_the_papers_are(resident: Somebody, clerk: Somebody) -> None:
    case = resident.posted(channel="web")
    take(clerk, case)
    (mine,) = resident.get(f"cases/{case['case_no']}/originals").json()["items"]
    assert mine["place"] == CUPBOARD
    assert resident.get("custody/originals").status_code == 403


@pytest.mark.parametrize("body", [
    {"act": "moved"},
    {"act": "handed_over", "place": "档案室"},
    {"act": "returned"},
    {"act": "taken", "place": "档案室"},
    {**BACK, "place": "档案室"},
])  # fmt: skip
def test_a_link_says_what_its_act_needs_and_nothing_else(clerk: Somebody, body: Found) -> None:
    assert follow(clerk, take(clerk, clerk.posted()), body).status_code == 422


def test_only_papers_of_the_item_are_taken(clerk: Somebody, neighbour: Somebody) -> None:
    case = clerk.posted()
    body = {"material": "nonsense", "place": CUPBOARD}
    path = f"cases/{case['case_no']}/originals"
    assert clerk.post(path, body, **{"Idempotency-Key": "nonsense-1"}).status_code == 422
    assert neighbour.post(path, body, **{"Idempotency-Key": "nonsense-2"}).status_code == 404


def test_returned_twice_at_once_it_is_returned_once(clerk: Somebody) -> None:
    case = clerk.posted()
    taken = take(clerk, case)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: follow(clerk, taken, BACK), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    assert clerk.case(case)["originals_held"] == 0


def test_taken_by_two_at_once_both_are_counted(api: Api) -> None:
    clerks = [somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject=f"clerk.{n}") for n in range(6)]
    case = clerks[0].posted(community=KAIYUAN)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda clerk: take(clerk, case), clerks))
    assert clerks[0].case(case)["originals_held"] == 6


texts = st.none() | st.just("x")


@given(
    st.sampled_from([CustodyAct.MOVED, CustodyAct.HANDED_OVER, CustodyAct.RETURNED]),
    texts,
    texts,
    texts,
    texts,
)
def test_a_good_link_leaves_an_original_with_somebody_or_returned(
    act: Any, place: str | None, holder: str | None, returned_to: str | None, signature: str | None
) -> None:
    form = CustodyStepIn(act=act, place=place, holder=holder, returned_to=returned_to, signature=signature)
    if not rules.faults(form):
        after = rules.following("before", form)
        assert (after["holder"] is None) == (act is CustodyAct.RETURNED) == (returned_to is not None)
        assert (after["place"] is None) == (act is CustodyAct.RETURNED)
