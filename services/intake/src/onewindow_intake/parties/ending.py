"""What ends with a letter of entrustment or with a minor's majority: what the acting account reaches."""

from datetime import datetime

from sqlalchemy import update

from onewindow_intake.cases import people
from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.models import APPLICANT, Case
from onewindow_intake.cases.rows import ENTRUSTMENT_ENDS, GUARDIANSHIP_ENDS
from onewindow_intake.custody.models import Paper
from onewindow_intake.parties.rules import entrusted_until, of_age_at
from onewindow_shared.contracts.events import AccountEnded
from onewindow_shared.contracts.parties import EntrustmentIn
from onewindow_shared.plumbing.unit import Unit

ENDED = {ENTRUSTMENT_ENDS: "case.entrustment_ended", GUARDIANSHIP_ENDS: "case.guardianship_ended"}
"""How the audit names each end."""


def entrustment_ends(unit: Unit, case_no: str, due_at: datetime) -> None:
    """Timer: the letter is over, and its bearer's account reaches the case no longer (民法典 art. 173)."""
    case = cases.of(unit.session, case_no, to_move=True)
    until = entrusted_until(EntrustmentIn.model_validate(case.entrustment), unit.zone)
    _end(unit, case, ENTRUSTMENT_ENDS, until)


def guardianship_ends(unit: Unit, case_no: str, due_at: datetime) -> None:
    """Timer: the minor is of age, and the guardian's account reaches the case no longer (民法典 art. 17)."""
    case = cases.of(unit.session, case_no, to_move=True)
    applicant = people.opened(unit.vault, case.applicant_sealed, APPLICANT)
    until = of_age_at(people.document_of(applicant), unit.zone)
    if until is not None:
        _end(unit, case, GUARDIANSHIP_ENDS, until)


def _end(unit: Unit, case: Case, timer: str, until: datetime) -> None:
    if unit.now < until:
        unit.set_timer(timer, case.case_no, until)
        return
    if case.applicant_subject is not None:
        case.applicant_subject = None
        originals = update(Paper).where(Paper.case_no == case.case_no)
        unit.session.execute(originals.values(applicant_subject=None))
        unit.audit(ENDED[timer], "case", case.case_no, area=case.community)
    if case.accepted_at is not None:
        unit.publish(AccountEnded(case_no=case.case_no))
