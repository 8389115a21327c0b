"""Cases that are taken back, and who may do it for whom."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from casework.office import Office
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.plumbing.audit import AuditRecord


def test_a_resident_takes_their_own_case_back_before_it_is_decided(office: Office) -> None:
    mine, decided = office.started(applicant_subject="r-1"), office.decided(applicant_subject="r-1")
    taken = office.must(office.resident, "withdrawal", mine, {"reason": "已在别处办理"})
    assert taken["status"] == "withdrawn"
    assert office.do(office.resident, "withdrawal", decided, {}).status_code == 409
    entry = office.read(f"cases/{mine}/timeline", office.resident)["items"][-1]
    assert (entry["step"], entry["by"], entry["note"]) == ("withdrawn", "applicant", "已在别处办理")
    assert office.figures() == {}


LETTER = {"scope": ["submit", "withdraw"], "begins_on": "2026-11-01", "ends_on": "2026-11-30"}


@pytest.mark.parametrize(
    ("letter", "day"),
    [
        (None, 23),
        (LETTER | {"scope": ["submit"]}, 23),
        (LETTER | {"begins_on": "2026-11-24"}, 23),
        (LETTER | {"ends_on": "2026-11-29"}, 30),
    ],
)
def test_nobody_is_taken_for_an_agent_whom_the_letter_does_not_allow_it(
    office: Office, letter: Any, day: int
) -> None:
    case_no = office.accepted(entrustment=letter)
    office.go_to(2026, 11, day, 2)
    refused = office.do(office.clerk, "withdrawal", case_no, {"acting": "agent"})
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "acting"])
    assert office.must(office.clerk, "withdrawal", case_no, {"acting": "applicant"})["status"] == "withdrawn"


def test_whoever_applied_as_an_agent_takes_the_case_back_as_one_and_the_slip_says_why(office: Office) -> None:
    case_no = office.accepted(entrustment=LETTER, posted_as="agent", applicant_subject="r-1")
    other = office.do(office.resident, "withdrawal", case_no, {"acting": "applicant"})
    assert other.status_code == 422
    assert office.get(f"cases/{case_no}/papers/withdrawal", office.resident).status_code == 404
    office.must(office.resident, "withdrawal", case_no, {"reason": "王桂芳改在省城办理"})
    assert office.api.sent(CaseProgressed)[-1].acting == "agent"
    slip = office.get(f"cases/{case_no}/papers/withdrawal", office.resident).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(slip)).pages).replace("\n", "")
    assert [word for word in ("受托人", "改在省城办理", "撤回申请回执") if word not in text] == []


def test_taking_back_is_offered_to_whoever_acts_for_another_while_the_letter_allows_it(
    office: Office,
) -> None:
    case_no = office.accepted(entrustment=LETTER, posted_as="agent", applicant_subject="r-1")
    submitting = LETTER | {"scope": ["submit"]}
    other = office.accepted(entrustment=submitting, posted_as="agent", applicant_subject="r-1")

    def offered(case_no: str) -> bool:
        return "withdrawal" in office.read(f"cases/{case_no}/actions", office.resident)["actions"]

    assert (offered(case_no), offered(other)) == (True, False)
    office.go_to(2026, 12, 1, 2)
    assert offered(case_no) is False


def test_a_case_taken_back_says_who_asked_for_it(office: Office) -> None:
    for body, asked in (({"acting": "agent"}, "agent"), ({}, "applicant")):
        case_no = office.accepted(entrustment=LETTER)
        office.must(office.clerk, "withdrawal", case_no, body)
        assert office.api.sent(CaseProgressed)[-1].acting == asked
        query = select(AuditRecord).where(
            AuditRecord.action == "case.withdrawn", AuditRecord.entity_id == case_no
        )
        written = office.api.system(lambda unit, query=query: unit.session.scalar(query))
        assert written.detail["acting"] == asked
