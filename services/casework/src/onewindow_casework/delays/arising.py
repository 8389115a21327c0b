"""That a delay arose, or turned out to be none."""

from datetime import date

from sqlalchemy import delete

from onewindow_casework.clocks.queries import last_day
from onewindow_casework.delays.models import Delay
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_shared.plumbing.unit import Unit


def arose(unit: Unit, case: CaseFile, promised_on: date) -> None:
    """Write down that a case was open when its promised day was over: a reason is owed."""
    unit.session.add(
        Delay(
            case_id=case.id,
            community=case.community,
            street=case.street,
            district=case.district,
            department=case.department,
            applicant_subject=case.applicant_subject,
            item_code=case.item_code,
            promised_on=promised_on,
            reason_by=last_day(unit, promised_on, settings_of(unit).delay_reason_days).day,
        )
    )


def lifted(unit: Unit, case: CaseFile, promised_on: date) -> None:
    """Forget a delay of a day that is not the promised one any more; the audit keeps that it was there."""
    unit.session.flush()
    unit.session.execute(delete(Delay).where(Delay.case_id == case.id, Delay.promised_on == promised_on))
    detail = {"promised_on": promised_on.isoformat()}
    unit.audit("delay.lifted", "case", case.case_no, area=case.community, detail=detail)
