"""Tracking with number and code, without signing in."""

from typing import Any

import pytest

from intake.window import NO_PAPERS, Answer, Somebody, nobody, person
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import case_number
from testkit.api import KAIYUAN, Api

TRIES = 10
TOLERANT = "edu-enrolment-guchen"


def track(api: Api, number: str, code: str) -> Answer:
    return nobody(api).post(f"tracking/{number}", {"code": code})


def test_whoever_holds_the_receipt_sees_where_the_case_stands(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS, accept=True)
    answer = track(api, case["case_no"], case["tracking_code"])
    seen = answer.json()
    assert (seen["status"], seen["status_label"], seen["due_on"]) == ("accepted", "已受理", case["due_on"])
    assert [(entry["step"], entry["label"]) for entry in seen["timeline"]] == [
        ("received", "收件"),
        ("accepted", "受理"),
    ]
    assert seen["applicant"] == "王*芳"
    assert answer.headers["cache-control"] == "no-store"
    for secret in ("王桂芳", person(1)["mobile"], "clerk.xian", person(1)["id_document"]["number"]):
        assert secret not in answer.text


def test_number_and_code_may_be_typed_as_people_type(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    number, code = case["case_no"], case["tracking_code"]
    assert track(api, f"{number[:12]} {number[12:]}", f"{code[:4].lower()}-{code[4:]}").status_code == 200


def test_a_wrong_number_and_a_wrong_code_are_the_same_answer(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    other = clerk.posted()
    answers = [
        track(api, case["case_no"], "ACDEFGHJ"),
        track(api, case["case_no"], other["tracking_code"]),
        track(api, "3309020020012026112399999" + "0", case["tracking_code"]),
        track(api, "nonsense", case["tracking_code"]),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_codes_cannot_be_tried_without_end(api: Api, clerk: Somebody) -> None:
    case, other = clerk.posted(), clerk.posted()
    for _ in range(TRIES):
        assert track(api, case["case_no"], "ACDEFGHJ").status_code == 404
    refused = track(api, case["case_no"], case["tracking_code"])
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 901
    assert track(api, other["case_no"], other["tracking_code"]).status_code == 200
    api.clock.pass_(minutes=16)
    assert track(api, case["case_no"], case["tracking_code"]).status_code == 200


def test_a_number_that_was_never_given_out_is_guarded_alike(api: Api, clerk: Somebody) -> None:
    unknown = case_number(KAIYUAN, api.clock().date(), 77777)
    for _ in range(TRIES):
        assert track(api, unknown, "ACDEFGHJ").status_code == 404
    assert track(api, unknown, "ACDEFGHJ").status_code == 429


def test_a_code_is_a_short_text(api: Api, clerk: Somebody, subtests: pytest.Subtests) -> None:
    number = clerk.posted()["case_no"]
    bodies: list[Any] = [{}, {"code": "x" * 65}, {"code": 1}, {"code": "A", "more": 1}, [], None]
    for body in bodies:
        with subtests.test(body=body):
            assert nobody(api).post(f"tracking/{number}", body).status_code == 422


def test_the_applicant_follows_the_handling(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS, accept=True)
    number = case["case_no"]
    later = api.clock()

    def told(step: str, status: CaseStatus, hours: int, **more: object) -> CaseProgressed:
        api.clock.now = later
        api.clock.pass_(hours=hours)
        return CaseProgressed.model_validate(
            {"case_no": number, "status": status, "step": step, "at": api.clock(), **more}
        )

    opened = told("opened", CaseStatus.ACCEPTED, 1, due_on="2026-12-20", provisional=True)
    started = told("started", CaseStatus.HANDLING, 2)
    decided = told("decided", CaseStatus.DECIDED, 3)
    novelty = told("blessed", CaseStatus.DECIDED, 4)
    api.receive(opened, decided, source="casework")
    api.receive(started, novelty, source="casework")
    seen = track(api, number, case["tracking_code"]).json()
    assert (seen["status"], seen["due_on"], seen["provisional"]) == ("decided", "2026-12-20", True)
    steps = [(entry["step"], entry["label"]) for entry in seen["timeline"]]
    assert steps[2:] == [
        ("opened", "转入办理"),
        ("started", "开始办理"),
        ("decided", "作出决定"),
        ("blessed", "办理进展"),
    ]
    closed = told("closed", CaseStatus.CLOSED, 5)
    api.receive(closed, source="casework")
    assert clerk.case(case)["ended_on"] == "2026-11-23"
    assert clerk.case(case)["version"] > case["version"]


def test_events_are_ordered_by_casework_s_count_not_by_its_clocks(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS, accept=True)
    told = {"case_no": case["case_no"], "due_on": "2026-12-20"}
    started = told | {"status": "handling", "step": "started", "at": "2026-11-23T03:00:05Z", "version": 2}
    decided = told | {"status": "decided", "step": "decided", "at": "2026-11-23T03:00:00Z", "version": 3}
    for event in (started, decided, started):
        api.receive(CaseProgressed.model_validate(event), source="casework")
    assert track(api, case["case_no"], case["tracking_code"]).json()["status"] == "decided"


def test_the_deadline_for_corrections_is_shown(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    notice = {"defects": [{"problem": "王桂芳的申请表未签名"}], "deadline": "2026-12-04"}
    clerk.moved(case, "corrections", notice)
    answer = track(api, case["case_no"], case["tracking_code"])
    assert answer.json()["correction_due_at"] == "2026-12-04T09:00:00Z"
    awaited = answer.json()["awaited"]
    assert (awaited["party"], awaited["what"]) == ("applicant", "补正材料")
    assert {paper["until"] for paper in awaited["papers"]} == {"2026-12-04T09:00:00Z"}
    assert len(awaited["papers"]) == len(clerk.papers())
    assert "王桂芳" not in answer.text


def test_a_resident_is_told_what_is_awaited_until_when_and_whom_to_call(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    seen = track(api, case["case_no"], case["tracking_code"]).json()
    awaited = seen["awaited"]
    assert (awaited["party"], awaited["of"]) == ("office", "西安社区窗口")
    assert awaited["limit"]["ends_at"] == case["notice_due_at"]
    assert awaited["limit"]["told"].endswith("到2026年11月30日17时00分止。")
    told = [(day["day"], day["number"], day["told"]) for day in awaited["limit"]["days"]]
    assert told[0] == ("2026-11-23", None, "当日不计，次日起算")
    assert told[5:] == [
        ("2026-11-28", None, "周末，不计"),
        ("2026-11-29", None, "周末，不计"),
        ("2026-11-30", 5, "第5个工作日"),
    ]
    assert seen["timeline"][0]["told"] == "窗口已收到您的申请，并出具收件凭证。"
    assert seen["contact"] == {"office": "西安社区", "phone": "12345"}
    clerk.moved(case, "withdrawal", {})
    assert track(api, case["case_no"], case["tracking_code"]).json()["awaited"] is None


def test_papers_that_come_later_are_awaited_each_by_its_day(api: Api, clerk: Somebody) -> None:
    papers = [paper for paper in clerk.papers(TOLERANT) if paper["code"] not in {"m4", "m6"}]
    case = clerk.posted(item=TOLERANT, materials=papers)
    deferred = [{"material": "m4", "due_on": "2026-11-28"}, {"material": "m6", "due_on": "2026-12-02"}]
    promise = {"signed_by": "applicant", "signed_how": "by_hand"}
    form = {"deferred": deferred, "promise": promise, "no_discredit_record": True}
    tolerated = clerk.moved(case, "tolerant-acceptance", form)

    def seen() -> dict[str, Any]:
        found: dict[str, Any] = track(api, case["case_no"], case["tracking_code"]).json()
        return found

    first = seen()
    assert first["supplement_due_at"] == "2026-11-30T09:00:00Z"
    assert [paper["until"] for paper in first["awaited"]["papers"]] == [
        "2026-11-30T09:00:00Z",
        "2026-12-02T09:00:00Z",
    ]
    assert "逾期未补交的，撤销受理。" in first["awaited"]["why"]
    days = first["awaited"]["limit"]["days"]
    assert [(day["day"], day["counted"]) for day in days] == [
        ("2026-11-28", False),
        ("2026-11-29", False),
        ("2026-11-30", True),
    ]
    brought = {"materials": [{"code": code, "received": True} for code in ("m4", "m6")]}
    clerk.moved(tolerated, "supplement", brought)
    later = seen()
    assert (later["status"], later["supplement_due_at"]) == ("handling", None)
    assert later["awaited"]["limit"]["ends_at"] == "2026-12-14T09:00:00Z"
