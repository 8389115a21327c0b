"""Tracking with number and code, without signing in."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from intake.window import NO_PAPERS, Answer, Somebody, joined, nobody, person, somebody
from onewindow_intake.tracking.queries import STEPS
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.guesses import Guard, TooManyCodes, Try, count_wrong_code
from onewindow_shared.plumbing.problems import BadCursor
from testkit.api import KAIYUAN, XIAN, Api

TRIES = 10
TOLERANT = "edu-enrolment-guchen"


def track(api: Api, number: str, code: str, cursor: str | None = None) -> Answer:
    before = {} if cursor is None else {"cursor": cursor}
    return nobody(api).post(f"tracking/{number}", {"code": code, **before})


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


def test_no_more_codes_are_tried_at_once_than_one_after_the_other(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    with ThreadPoolExecutor(12) as pool:
        wrong = pool.map(lambda _: track(api, case["case_no"], "ACDEFGHJ").status_code, range(3 * TRIES))
    assert Counter(wrong) == {404: TRIES, 429: 2 * TRIES}
    assert track(api, case["case_no"], case["tracking_code"]).status_code == 429


def test_wrong_codes_at_several_replicas_are_no_more_than_borne(api: Api, clerk: Somebody) -> None:
    """Each replica looked before the other had counted: what is too many is told as such all the same."""
    tried, guard = (
        Try("case", clerk.posted()["case_no"], "203.0.113.7"),
        Guard(1, 100, 100, timedelta(hours=1)),
    )
    api.system(count_wrong_code, tried, guard)
    with pytest.raises(TooManyCodes):
        api.system(count_wrong_code, tried, guard)


def test_who_stands_for_an_ended_community_is_named(api: Api, clerk: Somebody) -> None:
    before, after = clerk.posted(item=NO_PAPERS, accept=True), clerk.posted(item=NO_PAPERS)
    api.receive(joined(XIAN, KAIYUAN, date(2026, 11, 22)), source="casework")
    seen = track(api, before["case_no"], before["tracking_code"]).json()
    assert seen["contact"]["office"] == "开源社区"
    heir = somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan")
    heir.moved(after, "acceptance")
    papers = {
        kind: heir.get(f"cases/{after['case_no']}/issued-documents/{kind}").json()["window"]
        for kind in ("receipt", "acceptance")
    }
    assert papers == {"receipt": "西安社区", "acceptance": "开源社区"}


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
    bodies += [{"code": "A", "cursor": "x" * 513}, {"code": "A", "cursor": 1}]
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


def long_case(api: Api, clerk: Somebody, steps: int) -> dict[str, Any]:
    """A case with so many steps, of which the last happen at the same moment."""
    case = clerk.posted(item=NO_PAPERS, accept=True)
    at = api.clock() + timedelta(hours=1)
    told = {"case_no": case["case_no"], "status": "handling", "step": "step_done", "at": at}
    api.receive(*(CaseProgressed.model_validate(told) for _ in range(steps - 2)), source="casework")
    return case


@pytest.mark.database
def test_a_long_history_is_shown_from_its_end_page_by_page(api: Api, clerk: Somebody) -> None:
    case = long_case(api, clerk, 2 * STEPS + 1)
    number, code = case["case_no"], case["tracking_code"]
    latest = track(api, number, code).json()
    before = track(api, number, code, latest["earlier"]).json()
    first = track(api, number, code, before["earlier"]).json()
    assert [len(page["timeline"]) for page in (latest, before, first)] == [STEPS, STEPS, 1]
    told = [step["step"] for page in (first, before, latest) for step in page["timeline"]]
    assert told == ["received", "accepted", *["step_done"] * (2 * STEPS - 1)]
    assert first["earlier"] is None
    assert {**first, "timeline": [], "earlier": None} == {**latest, "timeline": [], "earlier": None}


def test_what_happens_meanwhile_moves_no_earlier_page(api: Api, clerk: Somebody) -> None:
    case = long_case(api, clerk, STEPS + 1)
    number, code = case["case_no"], case["tracking_code"]
    earlier = track(api, number, code).json()["earlier"]
    later = {"status": "decided", "step": "decided", "at": api.clock() + timedelta(hours=2)}
    api.receive(CaseProgressed.model_validate({"case_no": number, **later}), source="casework")
    assert [step["step"] for step in track(api, number, code, earlier).json()["timeline"]] == ["received"]


def test_a_history_that_is_just_one_page_has_no_earlier_one(api: Api, clerk: Somebody) -> None:
    case = long_case(api, clerk, STEPS)
    seen = track(api, case["case_no"], case["tracking_code"]).json()
    assert (len(seen["timeline"]), seen["earlier"]) == (STEPS, None)


def test_an_earlier_page_needs_the_code_again_and_wrong_ones_are_counted(api: Api, clerk: Somebody) -> None:
    case = long_case(api, clerk, STEPS + 1)
    number, code = case["case_no"], case["tracking_code"]
    earlier = track(api, number, code).json()["earlier"]
    assert nobody(api).post(f"tracking/{number}", {"cursor": earlier}).status_code == 422
    for _ in range(TRIES):
        assert track(api, number, "ACDEFGHJ", earlier).status_code == 404
    assert track(api, number, code, earlier).status_code == 429


def test_a_page_of_another_case_or_list_is_refused_and_says_nothing_of_a_wrong_code(
    api: Api, clerk: Somebody
) -> None:
    case, other = long_case(api, clerk, STEPS + 1), clerk.posted()
    earlier = track(api, case["case_no"], case["tracking_code"]).json()["earlier"]
    listed = clerk.get(f"cases/{case['case_no']}/timeline?limit=1").json()["next"]
    for cursor in (earlier, listed, "", "AAAA", "é", "\x00"):
        refused = track(api, other["case_no"], other["tracking_code"], cursor)
        assert (refused.status_code, refused.json()["type"]) == (422, BadCursor.type)
        assert track(api, other["case_no"], "ACDEFGHJ", cursor).status_code == 404


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
    assert awaited["lines"] == [
        {"line": 1, "told": "《补正材料一次性告知书》第1项", "until": "2026-12-04T09:00:00Z"}
    ]


def test_tracking_awaits_a_line_of_the_notice_until_it_is_declared_or_met(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    def awaits() -> tuple[str, list[int]]:
        told = track(api, posted["case_no"], posted["tracking_code"]).json()["awaited"]
        return told["party"], [line["line"] for line in told["lines"]]

    posted = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(posted, "materials", {"materials": clerk.papers()})
    notice = {"defects": [{"problem": "申请表未签名"}], "deadline": "2026-12-04"}
    case = clerk.moved(seen, "corrections", notice)
    assert awaits() == ("applicant", [1])
    case = resident.moved(case, "materials", {"lines": [{"line": 1, "met": True}]})
    assert awaits() == ("office", [])
    last = track(api, posted["case_no"], posted["tracking_code"]).json()["timeline"][-1]
    assert (last["step"], last["label"]) == ("lines_met", "补正告知书所列事项")
    assert last["told"] == "您对《补正材料一次性告知书》中材料以外的事项作了补正。"
    case = clerk.moved(case, "materials", {"lines": [{"line": 1, "met": False}]})
    assert awaits() == ("applicant", [1])


def test_who_applied_online_is_told_of_one_working_day_and_then_of_the_legal_five(api: Api) -> None:
    case = somebody(api, Role.RESIDENT, subject="r-1").posted(channel="web")

    def limit() -> tuple[int, str]:
        told = track(api, case["case_no"], case["tracking_code"]).json()["awaited"]["limit"]
        return told["working_days"], told["ends_at"]

    assert limit() == (1, "2026-11-24T09:00:00Z")
    api.clock.pass_(days=2)
    assert limit() == (5, "2026-11-30T09:00:00Z")


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
