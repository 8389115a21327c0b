"""Last days of applications for certificates, in working days of the district's calendar."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.certificates.models import Certificate
from onewindow_casework.certificates.rules import OPEN
from onewindow_casework.clocks.queries import last_day
from onewindow_casework.settings import settings_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due, local_day


def due(unit: Unit, applied_on: date, *, complex_: bool) -> Due:
    """Return the last day for a certificate; a simple one is issued the day it is applied for."""
    return last_day(unit, applied_on, settings_of(unit).certificate_days if complex_ else 0)


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again the days of open applications that reach a day from `first` to `last`.

    Returns how many moved.
    """
    waiting = select(Certificate).where(Certificate.status.in_(OPEN), Certificate.due_on >= first)
    moved = 0
    for one in unit.session.scalars(waiting.order_by(Certificate.id).with_for_update()):
        applied_on = local_day(one.applied_at, unit.zone)
        counted = due(unit, applied_on, complex_=one.complex)
        if applied_on <= last and counted != Due(one.due_on, one.provisional):
            one.due_on, one.provisional = counted.day, counted.provisional
            one.version += 1
            detail = {"due_on": counted.day.isoformat()}
            unit.audit(
                "certificate.due_changed",
                *("certificate", one.certificate_no),
                area=one.community,
                detail=detail,
            )
            moved += 1
    return moved
