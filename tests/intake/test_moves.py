"""From receipt to acceptance, refusal or withdrawal."""

from intake.window import ITEM, NO_PAPERS, Somebody, form, on, shipped, somebody, wrong_fields
from onewindow_intake.seed import load
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.catalogue import SpecialProcedure
from onewindow_shared.contracts.events import CaseAccepted
from testkit.api import XIAN, Api

BLURRED = {"defects": [{"material": "m1", "problem": "复印件不清晰"}], "deadline": "2026-12-04"}


def test_a_complete_case_is_accepted_today(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    api.clock.pass_(days=1)
    accepted = clerk.moved(case, "acceptance")
    assert (accepted["status"], accepted["version"]) == ("accepted", 2)
    assert accepted["accepted_on"] == "2026-11-24"
    assert accepted["due_on"] is not None
    told = api.sent(CaseAccepted)[-1]
    assert (told.case_no, told.extension_days) == (case["case_no"], 15)
    assert clerk.steps(case) == ["received", "accepted"]


def test_a_case_with_gaps_is_not_accepted_and_every_gap_is_named(clerk: Somebody) -> None:
    missing = {f"materials.{paper['code']}" for paper in clerk.papers()}
    case = clerk.posted()
    assert wrong_fields(clerk.move(case, "acceptance")) == missing
    assert clerk.case(case)["status"] == "received"


def test_casework_is_told_which_special_procedures_the_item_knows(api: Api, clerk: Somebody) -> None:
    item = shipped()[ITEM]
    api.system(load, [item.model_copy(update={"special_procedures": [SpecialProcedure.APPRAISAL]})])
    at_once = clerk.posted(accept=True, materials=clerk.papers())
    later = clerk.posted(serial=2, materials=clerk.papers())
    clerk.moved(later, "acceptance")
    told = {event.case_no: event.special_procedures for event in api.sent(CaseAccepted)}
    assert [told[case["case_no"]] for case in (at_once, later)] == [["appraisal"]] * 2


def test_papers_are_completed_on_the_spot(clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers(without="m1"))
    paper = {"code": "m1", "received": True, "originals": 1, "remark": "原件已核"}
    completed = clerk.moved(case, "materials", {"materials": [paper]})
    (seen,) = [material for material in completed["materials"] if material["code"] == "m1"]
    assert (seen["received"], seen["pieces"]["originals"], seen["remark"]) == (True, 1, "原件已核")
    assert seen["received_at"] == "2026-11-23T01:30:00Z"
    assert completed["status"] == "received"
    assert clerk.moved(completed, "acceptance")["status"] == "accepted"


def test_papers_that_the_item_does_not_know_are_named(clerk: Somebody) -> None:
    case = clerk.posted()
    papers = [{"code": "m1", "received": True}, {"code": "m99", "received": True}]
    assert wrong_fields(clerk.move(case, "materials", {"materials": papers})) == {"materials.1.code"}


def test_one_notice_lists_everything_and_can_be_read_again(clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    defects = [*BLURRED["defects"], {"problem": "申请表未签名"}]
    waiting = clerk.moved(case, "corrections", {**BLURRED, "defects": defects})
    assert (waiting["status"], waiting["correction_due_at"]) == ("correction", "2026-12-04T09:00:00Z")
    notice = clerk.get(f"cases/{case['case_no']}/issued-documents/correction_notice").json()
    assert [defect["problem"] for defect in notice["defects"]] == ["复印件不清晰", "申请表未签名"]
    assert notice["defects"][0]["name"]
    assert (notice["deadline"], notice["issued_by"]) == ("2026-12-04", "clerk.xian")


def test_a_second_notice_is_refused(clerk: Somebody) -> None:
    waiting = clerk.moved(clerk.posted(), "corrections", BLURRED)
    again = clerk.move(waiting, "corrections", BLURRED)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:onewindow:problem:second-notice"


def test_a_deadline_is_neither_too_short_nor_beyond_reason(clerk: Somebody) -> None:
    case = clerk.posted()
    for deadline in ("2026-11-27", "2026-11-01", "0001-01-01", "9999-12-31"):
        notice = {**BLURRED, "deadline": deadline}
        assert wrong_fields(clerk.move(case, "corrections", notice)) == {"deadline"}
    unknown = {"defects": [{"material": "m99", "problem": "?"}], "deadline": "2026-11-01"}
    assert wrong_fields(clerk.move(case, "corrections", unknown)) == {"deadline", "defects.0.material"}


def test_a_deadline_on_a_holiday_ends_on_the_next_working_day(clerk: Somebody) -> None:
    waiting = clerk.moved(clerk.posted(), "corrections", {**BLURRED, "deadline": "2026-12-05"})
    assert waiting["correction_due_at"] == "2026-12-07T09:00:00Z"


def test_a_defective_paper_has_to_come_again_and_the_limits_run_from_the_day_it_came(
    api: Api, clerk: Somebody
) -> None:
    case = clerk.posted(materials=clerk.papers())
    waiting = clerk.moved(case, "corrections", BLURRED)
    assert wrong_fields(clerk.move(waiting, "acceptance")) == {"materials.m1"}
    api.clock.pass_(days=2)
    corrected = clerk.moved(waiting, "materials", {"materials": [{"code": "m1", "received": True}]})
    assert corrected["status"] == "correction"
    api.clock.pass_(days=2)
    accepted = clerk.moved(corrected, "acceptance")
    assert accepted["accepted_on"] == "2026-11-25"
    assert api.sent(CaseAccepted)[-1].accepted_on == on("2026-11-25").date()
    assert clerk.steps(case) == ["received", "correction", "materials", "accepted"]


def test_a_matter_of_another_body_is_refused_with_its_name(clerk: Somebody) -> None:
    case = clerk.posted()
    refusal = {"ground": "not_competent", "reason": "户籍事项由公安机关办理"}
    assert wrong_fields(clerk.move(case, "refusal", refusal)) == {"competent_body"}
    ended = clerk.moved(case, "refusal", {**refusal, "competent_body": "公安定海区分局"})
    assert (ended["status"], ended["ended_on"]) == ("not_accepted", "2026-11-23")
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/non_acceptance").json()
    assert (document["competent_body"], document["issued_by"]) == ("公安定海区分局", "clerk.xian")
    assert "行政复议" in document["remedies"]


def test_wrong_papers_are_a_ground_only_after_the_notice(clerk: Somebody) -> None:
    wrong = {"ground": "not_conforming", "reason": "补正后仍不符合", "unmet": BLURRED["defects"]}
    case = clerk.posted()
    assert wrong_fields(clerk.move(case, "refusal", wrong)) == {"ground"}
    waiting = clerk.moved(case, "corrections", BLURRED)
    unneeded = {"ground": "not_required", "reason": "不需要办理"}
    assert wrong_fields(clerk.move(waiting, "refusal", unneeded)) == {"ground"}
    assert wrong_fields(clerk.move(waiting, "refusal", wrong)) == {"ground"}
    still = {"materials": [{"code": "m1", "received": False, "remark": "仍不清晰"}]}
    brought = clerk.moved(waiting, "materials", {"materials": [{"code": "m1", "received": True}]})
    looked_at = clerk.moved(brought, "materials", still)
    assert clerk.moved(looked_at, "refusal", wrong)["status"] == "not_accepted"


def test_the_first_officer_who_deals_with_a_case_from_home_answers_for_it(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian.2")
    case = resident.posted(channel="web")
    brought = resident.moved(case, "materials", {"materials": [{"code": "m1", "received": True}]})
    assert brought["first_contact_officer"] is None
    told = clerk.moved(brought, "corrections", BLURRED)
    seen = colleague.moved(told, "materials", {"materials": clerk.papers()})
    accepted = colleague.moved(seen, "acceptance")
    assert {accepted["first_contact_officer"], accepted["responsible_officer"]} == {"clerk.xian"}
    assert api.sent(CaseAccepted)[-1].first_contact_officer == "clerk.xian"


def test_the_applicant_takes_a_case_back(resident: Somebody) -> None:
    case = resident.posted(channel="web")
    assert resident.moved(case, "withdrawal", {"reason": "不办了"})["status"] == "withdrawn"


def test_an_accepted_case_is_no_longer_moved_here(clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS, accept=True)
    moves = {
        "acceptance": None,
        "withdrawal": {},
        "corrections": BLURRED | {"defects": [{"problem": "?"}]},
        "refusal": {"ground": "not_required", "reason": "不需要"},
        "materials": {"materials": [{"code": "m1", "received": True}]},
    }
    for move, body in moves.items():
        answer = clerk.move(case, move, body)
        assert answer.status_code == 409, move
        assert answer.json()["type"] == "urn:onewindow:problem:move-refused"
        assert answer.json()["state"] == "accepted"
        elsewhere = f"/api/casework/v1/cases/{case['case_no']}/withdrawal"
        assert (elsewhere in answer.json()["detail"]) == (move == "withdrawal")


def test_of_two_clerks_who_decide_one_wins_and_the_other_sees_how_it_stands(
    api: Api, clerk: Somebody
) -> None:
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian.2")
    case = clerk.posted(item=NO_PAPERS)
    clerk.moved(case, "acceptance")
    late = colleague.move(case, "refusal", {"ground": "not_required", "reason": "不需要办理"})
    assert late.status_code == 412
    assert (late.json()["current"]["status"], late.json()["current"]["version"]) == ("accepted", 2)
    assert "王桂芳" not in late.text


def test_a_move_says_which_version_it_saw(clerk: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS)
    assert clerk.post(f"cases/{case['case_no']}/acceptance").status_code == 428
    answer = clerk.move(case, "acceptance")
    assert answer.headers["etag"] == '"2"'


def test_a_case_says_what_can_be_done_with_it(api: Api, clerk: Somebody, resident: Somebody) -> None:
    case = clerk.posted(item=NO_PAPERS)
    path = f"cases/{case['case_no']}/actions"
    routed = ["correct_on_spot", "accept", "request_correction", "refuse_acceptance", "withdraw"]
    assert clerk.get(path).json()["actions"] == routed
    clerk.moved(case, "corrections", BLURRED | {"defects": [{"problem": "?"}]})
    assert "correct_on_spot" in clerk.get(path).json()["actions"]
    assert somebody(api, Role.AUDITOR, "330902").get(path).json()["actions"] == []
    own = resident.posted(channel="web")
    actions = resident.get(f"cases/{own['case_no']}/actions").json()["actions"]
    assert actions == ["correct_on_spot", "withdraw"]


def test_whoever_may_not_accept_cannot_decide(api: Api, clerk: Somebody) -> None:
    agent = somebody(api, Role.AGENT_OFFICER, XIAN)
    case = clerk.posted(item=NO_PAPERS)
    assert agent.move(case, "acceptance").status_code == 403
    assert agent.move(case, "refusal", {"ground": "not_required", "reason": "不需要"}).status_code == 403


def test_the_receipt_says_what_was_handed_in_and_becomes_the_proof_of_acceptance(clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers(without="m1"))
    path = f"cases/{case['case_no']}/issued-documents/receipt"
    receipt = clerk.get(path).json()
    assert (receipt["kind"], receipt["office"], receipt["tracking_code"]) == (
        "receipt",
        "西安社区",
        case["tracking_code"],
    )
    assert len(receipt["missing"]) == 1
    assert len(receipt["handed_in"]) == len(clerk.papers()) - 1
    completed = clerk.moved(case, "materials", {"materials": [{"code": "m1", "received": True}]})
    clerk.moved(completed, "acceptance")
    proof = clerk.get(path.replace("receipt", "acceptance")).json()
    assert (proof["kind"], proof["missing"], proof["accepted_on"]) == ("acceptance", [], "2026-11-23")


def test_documents_that_were_never_written_are_not_found(clerk: Somebody) -> None:
    case = clerk.posted()
    assert clerk.get(f"cases/{case['case_no']}/issued-documents/correction_notice").status_code == 404
    assert clerk.get(f"cases/{case['case_no']}/issued-documents/non_acceptance").status_code == 404


def test_a_number_that_was_never_given_out_is_told_apart_from_a_mistyped_one(clerk: Somebody) -> None:
    number = clerk.posted()["case_no"]
    assert clerk.get(f"cases/{number[:-2]}{(int(number[-2]) + 1) % 10}{number[-1]}").status_code == 422


def test_a_case_stays_with_the_version_of_its_item(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    item = shipped()[ITEM]
    api.system(load, [item.model_copy(update={"materials": [], "promised_days": 1})])
    assert clerk.case(case)["item_version"] == 1
    assert clerk.case(case)["materials"]
    assert clerk.apply(form(NO_PAPERS)).status_code == 201
