"""A file that is uploaded for a paper hands that paper in; a clerk confirms it where paper is asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.conftest import Open
from intake.test_checklist import SCHOOL, paper, worked
from intake.test_papers import printed, text_of
from intake.uploads import PDF, PHOTO, begun, complete, job, kept, read, send, settings
from intake.window import Somebody, shipped, wrong_fields
from onewindow_intake.seed import load
from onewindow_shared.contracts.intake import MaterialForm
from testkit.api import Api

FILE = {"originals": 0, "copies": 0, "electronic": True}


@pytest.fixture
def api(open_furnished: Open, tmp_path: Path) -> Iterator[Api]:
    """The service with a scanner that knows one virus."""
    script = tmp_path / "scanner.py"
    script.write_text("import sys\nsys.exit(int(b'EICAR' in sys.stdin.buffer.read()))\n")
    command = (sys.executable, str(script))
    with open_furnished(**settings(tmp_path / "documents"), scan_command=command) as api:
        yield api


def state(case: dict[str, Any], code: str) -> tuple[bool, bool, list[str]]:
    found = paper(case, code)
    return found["received"], found["declared"], found["documents"]


def test_what_a_resident_uploads_for_a_paper_is_declared_until_the_clerk_confirms_it(
    resident: Somebody, clerk: Somebody
) -> None:
    case = resident.posted(item=SCHOOL, channel="web")
    document = kept(resident, case, material="m1")["document_id"]
    case = resident.case(case)
    assert state(case, "m1") == (False, True, [document])
    assert paper(case, "m1")["pieces"] == FILE
    assert resident.steps(case)[-1] == "materials"
    assert "materials.m1" in wrong_fields(clerk.move(case, "acceptance"))
    case = worked(clerk, clerk.case(case), "m1", received=True)
    assert state(case, "m1") == (True, False, [document])
    assert (paper(case, "m1")["pieces"], paper(case, "m1")["seen_by"]) == (FILE, "clerk.xian")


def test_the_receipt_tells_what_was_uploaded_or_declared_apart_from_what_is_missing(
    resident: Somebody, clerk: Somebody
) -> None:
    declared = [{"code": code, "received": True} for code in ("m2", "m3")]
    case = resident.posted(item=SCHOOL, channel="web", materials=declared)
    kept(resident, case, material="m1")
    path = f"cases/{case['case_no']}/issued-documents/receipt"
    receipt = resident.get(path).json()
    assert receipt["handed_in"] == []
    assert [one["code"] for one in receipt["unseen"]] == ["m1", "m2", "m3"]
    assert receipt["unseen"][0]["pieces"] == FILE
    paragraph = text_of(printed(resident, case, "receipt")).split("窗口尚未核对的材料")[1]
    assert "电子材料" in paragraph.split("尚未提交的材料")[0]
    case = resident.case(case)
    assert receipt["missing"] == [paper(case, code)["name"] for code in ("m4", "m5", "m6")]
    worked(clerk, case, "m1", received=True)
    seen = clerk.get(path).json()
    assert [one["code"] for one in seen["handed_in"]] == ["m1"]
    assert [one["code"] for one in seen["unseen"]] == ["m2", "m3"]
    assert seen["missing"] == receipt["missing"]


def test_a_clerk_s_scan_is_a_sighting_only_of_what_is_asked_for_as_a_file(api: Api, clerk: Somebody) -> None:
    item = shipped()[SCHOOL]
    by_file = item.materials[1].model_copy(update={"form": MaterialForm.ELECTRONIC})
    api.system(load, [item.model_copy(update={"materials": [item.materials[0], by_file]})])
    case = clerk.posted(item=SCHOOL)
    scan, file = (kept(clerk, case, material=code)["document_id"] for code in ("m1", "m2"))
    case = clerk.case(case)
    assert state(case, "m1") == (False, True, [scan])
    assert state(case, "m2") == (True, False, [file])


def test_a_completion_that_is_sent_again_hands_in_once(clerk: Somebody) -> None:
    case = clerk.posted(item=SCHOOL)
    upload = begun(clerk, case, material="m1")
    send(clerk, upload, PHOTO)
    assert clerk.case(case)["version"] == case["version"], "nothing came yet"
    first = complete(clerk, upload).json()
    after = clerk.case(case)
    assert complete(clerk, upload).json() == first
    assert clerk.case(case) == after
    assert after["version"] == case["version"] + 1
    assert clerk.move(case, "acceptance").status_code == 412, "the case is not what it was"


def test_a_file_of_no_certain_paper_leaves_the_check_list_alone(clerk: Somebody) -> None:
    case = clerk.posted(item=SCHOOL)
    kept(clerk, case)
    assert clerk.case(case)["version"] == case["version"]


def test_a_file_stays_with_its_paper_when_more_is_said_of_it(resident: Somebody, clerk: Somebody) -> None:
    case = resident.posted(item=SCHOOL, channel="web")
    document = kept(resident, case, material="m1")["document_id"]
    case = resident.moved(resident.case(case), "materials", {"materials": [{"code": "m1", "received": True}]})
    assert (state(case, "m1"), paper(case, "m1")["pieces"]) == ((False, True, [document]), FILE)
    case = worked(clerk, clerk.case(case), "m1", originals=1)
    assert state(case, "m1") == (False, False, [document]), "of one original and one copy"
    case = worked(clerk, case, "m1", copies=1)
    second = kept(resident, case, PDF, "b.pdf", material="m1")["document_id"]
    case = clerk.case(case)
    assert state(case, "m1") == (True, False, [document, second])
    assert paper(case, "m1")["pieces"]["originals"] == 1, "what the window saw stays as it is"
    case = worked(clerk, case, "m1", received=False)
    assert state(case, "m1") == (False, False, [])


def test_the_last_file_in_time_is_a_correction_in_time(resident: Somebody, clerk: Somebody) -> None:
    others = [one for one in clerk.papers(SCHOOL) if one["code"] != "m1"]
    case = clerk.case(resident.posted(item=SCHOOL, channel="web", materials=others))
    case = clerk.moved(case, "materials", {"materials": others})
    told = {"defects": [{"material": "m1", "problem": "未提交"}], "deadline": "2026-12-04"}
    case = clerk.moved(case, "corrections", told)
    kept(resident, case, material="m1")
    resident.api.clock.pass_(days=30)
    while resident.api.tick():
        pass
    assert clerk.case(case)["status"] == "correction", "it waits for the window, not for the applicant"


def test_a_file_that_was_to_come_later_comes(clerk: Somebody, resident: Somebody) -> None:
    papers = [one for one in clerk.papers(SCHOOL) if one["code"] != "m4"]
    case = clerk.posted(item=SCHOOL, materials=papers)
    promise = {"signed_by": "applicant", "signed_how": "by_hand"}
    deferred = [{"material": "m4", "due_on": "2026-11-27"}]
    body = {"deferred": deferred, "promise": promise, "no_discredit_record": True}
    case = clerk.moved(case, "tolerant-acceptance", body)
    assert kept(clerk, case, material="m4")["handed_in"] is True
    waiting = clerk.case(case)
    assert (waiting["status"], state(waiting, "m4")[:2]) == ("tolerant_accepted", (False, True))
    assert clerk.steps(case)[-1] == "supplemented"
    assert kept(clerk, case, PDF, "b.pdf", material="m1")["handed_in"] is False
    assert len(paper(clerk.case(case), "m1")["documents"]) == 0, "nobody waits for that one"
    done = clerk.moved(waiting, "supplement", {"materials": [{"code": "m4", "received": True}]})
    assert done["status"] == "handling"


def test_after_acceptance_a_file_is_kept_and_the_list_stays(clerk: Somebody) -> None:
    case = clerk.posted(item=SCHOOL, accept=True, materials=clerk.papers(SCHOOL))
    document = kept(clerk, case, material="m1")
    assert (document["material"], document["handed_in"]) == ("m1", False), "the answer says so"
    (listed,) = clerk.get(f"cases/{case['case_no']}/documents").json()["items"]
    assert listed["handed_in"] is False
    assert clerk.case(case)["version"] == case["version"]


def test_an_infected_file_takes_its_paper_back(api: Api, resident: Somebody, clerk: Somebody) -> None:
    case = resident.posted(item=SCHOOL, channel="web")
    bad = kept(resident, case, PDF + b"EICAR", "b.pdf", material="m1")
    good = kept(resident, case, material="m2")["document_id"]
    both = kept(resident, case, PDF + b"EICAR", "c.pdf", material="m2")["document_id"]
    assert state(clerk.case(case), "m2") == (False, True, [good, both])
    while job(api, "scan"):
        pass
    while api.tick():
        pass
    case = clerk.case(case)
    assert state(case, "m1") == (False, False, [])
    assert state(case, "m2") == (False, True, [good])
    assert clerk.steps(case)[-1] == "file_withheld"
    assert read(clerk, bad).status_code == 409
    again = kept(resident, case, PDF + b"EICAR", "d.pdf", material="m1")
    assert again["scan"] == "infected"
    case = clerk.case(case)
    assert state(case, "m1") == (False, False, []), "the same content is known by now"
    named = {"received": True, "documents": [again["document_id"]]}
    refused = clerk.move(case, "materials", {"materials": [{"code": "m1", **named}]})
    assert wrong_fields(refused) == {"materials.0.documents"}


def test_a_document_that_was_kept_long_enough_leaves_the_list_and_what_was_seen_stays(
    api: Api, clerk: Somebody
) -> None:
    case = clerk.posted(item=SCHOOL)
    kept(clerk, case, material="m1")
    case = worked(clerk, clerk.case(case), "m1", received=True)
    clerk.moved(case, "withdrawal", {"reason": "不办了"})
    api.clock.pass_(days=140)
    while api.tick():
        pass
    assert clerk.get(f"cases/{case['case_no']}/documents").json()["items"] == []
    assert state(clerk.case(case), "m1") == (True, False, [])


NO_M1 = {"defects": [{"material": "m1", "problem": "未提交"}], "deadline": "2026-12-04"}
M1, M2 = ({"materials": [{"code": code, "received": True}]} for code in ("m1", "m2"))
EICAR = PDF + b"EICAR"


def scanned(api: Api) -> None:
    while job(api, "scan"):
        pass
    run_down(api)


def run_down(api: Api) -> None:
    while api.tick():
        pass


def tracked(clerk: Somebody, case: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/intake/v1/tracking/{case['case_no']}"
    told: dict[str, Any] = clerk.api.client.post(path, json={"code": case["tracking_code"]}).json()
    return told


def asked_for_m1(resident: Somebody, clerk: Somebody, *, seen: bool) -> dict[str, Any]:
    """A case that met its notice in time, as the window has seen or not, with a file that is infected."""
    others = [one for one in clerk.papers(SCHOOL) if one["code"] != "m1"]
    posted = resident.posted(item=SCHOOL, channel="web", materials=others)
    case = clerk.moved(clerk.case(posted), "materials", {"materials": others})
    clerk.moved(case, "corrections", NO_M1)
    kept(resident, case, EICAR, "b.pdf", material="m1")
    if seen:
        clerk.moved(clerk.case(case), "materials", M1)
    return posted


@pytest.mark.parametrize("seen", [False, True])
def test_whoever_met_the_notice_has_time_again_when_a_late_verdict_takes_the_file_back(
    api: Api, resident: Somebody, clerk: Somebody, seen: bool
) -> None:
    posted = asked_for_m1(resident, clerk, seen=seen)
    api.clock.pass_(days=15)
    run_down(api)
    scanned(api)
    case = clerk.case(posted)
    assert (case["status"], state(case, "m1")) == ("correction", (False, False, []))
    assert case["correction_due_at"] == "2026-12-15T09:00:00Z", "five working days from today"
    assert clerk.steps(case)[-2:] == ["file_withheld", "time_added"]
    assert tracked(clerk, posted)["awaited"]["papers"][0]["until"] == "2026-12-15T09:00:00Z"
    kept(resident, case, material="m1")
    api.clock.pass_(days=30)
    run_down(api)
    case = clerk.moved(clerk.case(case), "materials", M1)
    assert clerk.moved(case, "acceptance")["accepted_on"] == "2026-12-08"


def test_what_does_not_come_again_in_the_added_time_ends_the_case(
    api: Api, resident: Somebody, clerk: Somebody
) -> None:
    case = asked_for_m1(resident, clerk, seen=True)
    api.clock.pass_(days=15)
    scanned(api)
    api.clock.pass_(days=30)
    run_down(api)
    case = clerk.case(case)
    assert (case["status"], case["ended_on"]) == ("deemed_withdrawn", "2026-12-15")
    told = clerk.get(f"cases/{case['case_no']}/issued-documents/deemed_withdrawal").json()
    assert (told["due_at"], told["missing"]) == ("2026-12-15T09:00:00Z", [paper(case, "m1")["name"]])


def test_a_verdict_that_comes_with_time_enough_moves_no_date(
    api: Api, resident: Somebody, clerk: Somebody
) -> None:
    case = asked_for_m1(resident, clerk, seen=True)
    scanned(api)
    assert clerk.case(case)["correction_due_at"] == "2026-12-04T09:00:00Z"
    assert clerk.steps(case)[-1] == "file_withheld"


def test_a_time_that_was_over_before_the_verdict_is_not_opened_again(
    api: Api, resident: Somebody, clerk: Somebody
) -> None:
    others = [one for one in clerk.papers(SCHOOL) if one["code"] not in {"m1", "m2"}]
    case = resident.posted(item=SCHOOL, channel="web", materials=others)
    case = clerk.moved(clerk.case(case), "materials", {"materials": others})
    clerk.moved(case, "corrections", NO_M1)
    kept(resident, case, EICAR, "b.pdf", material="m1")
    api.clock.pass_(days=15)
    scanned(api)
    assert clerk.case(case)["ended_on"] == "2026-12-04", "m2 never came"


@pytest.fixture
def untold(api: Api, resident: Somebody, clerk: Somebody) -> dict[str, Any]:
    """A case that met its notice while a paper that no notice named was withheld."""
    others = [one for one in clerk.papers(SCHOOL) if one["code"] not in {"m1", "m2"}]
    posted = resident.posted(item=SCHOOL, channel="web", materials=others)
    kept(resident, posted, EICAR, "b.pdf", material="m2")
    seen = [*others, {"code": "m2", "received": True}]
    case = clerk.moved(clerk.case(posted), "materials", {"materials": seen})
    clerk.moved(case, "corrections", NO_M1)
    api.clock.pass_(days=8)
    scanned(api)
    case = clerk.case(case)
    assert state(case, "m2") == (False, False, [])
    clerk.moved(case, "materials", M1)
    return posted


def test_a_withheld_paper_that_no_notice_named_is_awaited_from_the_applicant(
    untold: dict[str, Any], clerk: Somebody
) -> None:
    case = clerk.case(untold)
    awaited = tracked(clerk, untold)["awaited"]
    assert (awaited["party"], awaited["limit"]["ends_at"]) == ("applicant", "2026-12-08T09:00:00Z")
    assert [one["name"] for one in awaited["papers"]] == [paper(case, "m2")["name"]]
    listed = clerk.get("cases", answered=True).json()["items"]
    assert [one["case_no"] for one in listed] == []
    assert wrong_fields(clerk.move(case, "acceptance")) == {"materials.m2"}
    again = clerk.moved(case, "materials", M2)
    assert clerk.moved(again, "acceptance")["accepted_on"] == "2026-12-01"


def test_a_withheld_paper_that_does_not_come_again_ends_the_case_with_the_added_time(
    api: Api, untold: dict[str, Any], clerk: Somebody
) -> None:
    api.clock.pass_(days=30)
    run_down(api)
    case = clerk.case(untold)
    assert (case["status"], case["ended_on"]) == ("deemed_withdrawn", "2026-12-08")


def test_a_withheld_paper_that_is_declared_again_and_is_not_there_is_no_second_demand(
    api: Api, untold: dict[str, Any], clerk: Somebody, resident: Somebody
) -> None:
    resident.moved(resident.case(untold), "materials", M2)
    api.clock.pass_(days=30)
    run_down(api)
    case = clerk.case(untold)
    assert case["status"] == "correction", "it waits for the window"
    clerk.moved(case, "materials", {"materials": [{"code": "m2", "received": False}]})
    run_down(api)
    assert clerk.case(case)["status"] == "deemed_withdrawn"


def tolerated(clerk: Somebody) -> dict[str, Any]:
    """A tolerantly accepted case of which m4 is to come, and m1 is an infected file."""
    papers = [one for one in clerk.papers(SCHOOL) if one["code"] not in {"m1", "m4"}]
    posted = clerk.posted(item=SCHOOL, materials=papers)
    kept(clerk, posted, EICAR, "b.pdf", material="m1")
    seen = clerk.moved(clerk.case(posted), "materials", M1)
    deferred = [{"material": "m4", "due_on": "2026-12-09"}]
    promise = {"signed_by": "applicant", "signed_how": "by_hand"}
    clerk.moved(
        seen,
        "tolerant-acceptance",
        {"deferred": deferred, "promise": promise, "no_discredit_record": True},
    )
    return posted


def test_a_required_paper_that_is_withheld_during_tolerant_acceptance_comes_later_too(
    api: Api, clerk: Somebody
) -> None:
    posted = tolerated(clerk)
    api.clock.pass_(days=1)
    scanned(api)
    case = clerk.case(posted)
    assert case["supplement_due_at"] == "2026-12-01T09:00:00Z", "five working days from today"
    assert clerk.steps(case)[-2:] == ["file_withheld", "time_added"]
    case = clerk.moved(case, "supplement", {"materials": [{"code": "m4", "received": True}]})
    assert case["status"] == "tolerant_accepted", "m1 has not come again"
    assert [one["name"] for one in tracked(clerk, posted)["awaited"]["papers"]] == [paper(case, "m1")["name"]]
    assert kept(clerk, case, material="m1")["handed_in"] is True
    assert clerk.moved(clerk.case(case), "supplement", M1)["status"] == "handling"


def test_a_deferred_paper_that_a_late_verdict_takes_back_has_time_again(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    papers = [one for one in clerk.papers(SCHOOL) if one["code"] != "m4"]
    posted = resident.posted(item=SCHOOL, channel="web", materials=papers)
    seen = clerk.moved(clerk.case(posted), "materials", {"materials": papers})
    deferred = [{"material": "m4", "due_on": "2026-11-27"}]
    promise = {"signed_by": "applicant", "signed_how": "by_hand"}
    body = {"deferred": deferred, "promise": promise, "no_discredit_record": True}
    clerk.moved(seen, "tolerant-acceptance", body)
    kept(resident, posted, EICAR, "b.pdf", material="m4")
    api.clock.pass_(days=7)
    run_down(api)
    scanned(api)
    case = clerk.case(posted)
    assert (case["status"], case["supplement_due_at"]) == ("tolerant_accepted", "2026-12-07T09:00:00Z")
    api.clock.pass_(days=30)
    run_down(api)
    case = clerk.case(posted)
    assert (case["status"], case["ended_on"]) == ("acceptance_revoked", "2026-12-07")
