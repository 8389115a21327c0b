"""Cases whose officer has left, or works elsewhere now: nobody could go on with them."""

from datetime import datetime

from sqlalchemy import select, tuple_

from onewindow_casework.assignment import charge, queries
from onewindow_casework.assignment.known import cannot_serve
from onewindow_casework.assignment.models import Absence
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.rules import ASSIGNABLE
from onewindow_casework.officers.service import WORKS_ELSEWHERE
from onewindow_shared.plumbing.unit import Unit

AT_ONCE = 100
"""Cases of one officer that are looked after in a transaction."""


def look_after(unit: Unit, subject: str, _due_at: datetime) -> None:
    """Give the cases of an officer that they cannot handle any more to somebody else, or back to the pool."""
    theirs = (CaseFile.open, CaseFile.handler == subject, CaseFile.status.in_(ASSIGNABLE))
    office = (CaseFile.community, CaseFile.department)
    offices = unit.session.execute(select(*office).where(*theirs).distinct()).all()
    lost = [
        (area, department) for area, department in offices if cannot_serve(unit, subject, area, department)
    ]
    query = select(CaseFile).where(*theirs, tuple_(*office).in_(lost)).order_by(CaseFile.id).limit(AT_ONCE)
    cases = unit.session.scalars(query.with_for_update()).all()
    for case in cases:
        charge.put_back(unit, case)
        charge.by_rule(unit, case)
    if len(cases) == AT_ONCE:
        unit.set_timer(WORKS_ELSEWHERE, subject, unit.now)
    _stands_in_no_more(unit, subject)


def _stands_in_no_more(unit: Unit, subject: str) -> None:
    """Have those answer themselves for whom an officer stood in that cannot work there any more."""
    queries.hold_absences(unit, {subject})
    query = select(Absence).where(
        Absence.substitute == subject, Absence.last >= unit.today, ~Absence.cancelled
    )
    for one in unit.session.scalars(query.order_by(Absence.id).with_for_update()).all():
        entry = queries.listed(unit, one.subject)
        if entry is not None and cannot_serve(unit, subject, entry.community, entry.department):
            one.substitute, one.substitute_name, one.version = None, None, one.version + 1
            detail = {"absence": one.id, "substitute": subject}
            unit.audit("absence.substitute_left", "officer", one.subject, area=entry.community, detail=detail)
    queries.absences_changed(unit)
