"""What ends with the letter of an entrusted person: their account reaches the case no longer."""

from datetime import datetime

from sqlalchemy import update

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.rows import ENTRUSTMENT_ENDS
from onewindow_intake.custody.models import Paper
from onewindow_intake.parties.rules import entrusted_until
from onewindow_shared.contracts.parties import EntrustmentIn
from onewindow_shared.plumbing.unit import Unit


def entrustment_ends(unit: Unit, case_no: str, due_at: datetime) -> None:
    """Timer: the letter is over, and its bearer's account reaches the case no longer (民法典 art. 173)."""
    case = cases.of(unit.session, case_no, to_move=True)
    until = entrusted_until(EntrustmentIn.model_validate(case.entrustment), unit.zone)
    if unit.now < until:
        unit.set_timer(ENTRUSTMENT_ENDS, case_no, until)
        return
    case.applicant_subject = None
    unit.session.execute(update(Paper).where(Paper.case_no == case_no).values(applicant_subject=None))
    unit.audit("case.entrustment_ended", "case", case_no, area=case.community)
