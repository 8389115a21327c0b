"""Whose account reaches a file."""

from casework.office import Office
from onewindow_shared.contracts.events import AccountEnded


def test_an_account_that_acts_for_nobody_any_more_reaches_the_file_no_longer(office: Office) -> None:
    case_no, other = office.accepted(applicant_subject="r-1"), office.accepted(applicant_subject="r-1")
    assert office.read(f"cases/{case_no}", office.resident)["case_no"] == case_no
    office.api.receive(AccountEnded(case_no=case_no), source="intake")
    assert office.get(f"cases/{case_no}", office.resident).status_code == 404
    assert office.read(f"cases/{other}", office.resident)["case_no"] == other
    assert office.case(case_no)["case_no"] == case_no
