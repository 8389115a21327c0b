"""That a delay arose, or turned out to be none."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select

from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.clocks.recounting import Recount, Slice, done_with, next_of
from onewindow_casework.delays.models import Delay
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_shared.plumbing.bulk import insert_new, table_of
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

DELAYS = table_of(Delay)


def arose(unit: Unit, cases: Iterable[CaseFile]) -> None:
    """Write down that cases were open when their promised day was over: a reason is owed for each, once."""
    hold_calendar(unit)
    calendar, days = work_calendar(unit.session), settings_of(unit).delay_reason_days
    rows = [
        {
            "case_id": case.id,
            **place(case.community),
            "department": case.department,
            "applicant_subject": case.applicant_subject,
            "item_code": case.item_code,
            "promised_on": case.promised_due_on,
            "reason_by": calendar.due(case.promised_due_on, days).day,
        }
        for case in cases
    ]
    insert_new(unit.session.connection(), DELAYS, rows, DELAYS.c.id)


def lifted(unit: Unit, case: CaseFile, promised_on: date) -> None:
    """Forget a delay of a day that is not the promised one any more; the audit keeps that it was there."""
    unit.session.flush()
    unit.session.execute(delete(Delay).where(Delay.case_id == case.id, Delay.promised_on == promised_on))
    detail = {"promised_on": promised_on.isoformat()}
    unit.audit("delay.lifted", "case", case.case_no, area=case.community, detail=detail)


def _count_slice(unit: Unit, first: date, _last: date, after: int) -> Slice:
    """Count again by when reasons are owed that nobody has stated."""
    owed = select(Delay).where(Delay.kind.is_(None), Delay.reason_by >= first)
    found = next_of(unit, owed, Delay.id, after)
    calendar, days = work_calendar(unit.session), settings_of(unit).delay_reason_days
    moved = sum(_told_anew(unit, one, calendar.due(one.promised_on, days).day) for one in found)
    return done_with(moved, [one.id for one in found])


def _told_anew(unit: Unit, delay: Delay, reason_by: date) -> bool:
    if reason_by == delay.reason_by:
        return False
    detail = {"before": delay.reason_by.isoformat(), "after": reason_by.isoformat()}
    delay.reason_by = reason_by
    unit.audit("delay.reason_by_changed", "case", delay.case.case_no, area=delay.community, detail=detail)
    return True


REASONS = Recount("delays.recount", _count_slice)
