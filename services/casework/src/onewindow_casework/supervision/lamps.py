"""The lamps of this moment, by the district's settings and its calendar."""

from datetime import date

from sqlalchemy import ColumnElement, and_

from onewindow_casework.clocks.queries import is_over
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_casework.supervision import rules
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit

_LAMP_DAYS = "lamp_days"


def lamp_days(unit: Unit) -> rules.LampDays:
    """Return up to which last day each lamp is lit now; found out once in a transaction."""
    found = unit.session.info.get(_LAMP_DAYS)
    if not isinstance(found, rules.LampDays):
        settings = settings_of(unit)
        found = rules.lamp_days(
            work_calendar(unit.session),
            unit.today,
            closed=is_over(unit, unit.today),
            orange_days=settings.lamp_orange_days,
            yellow_days=settings.lamp_yellow_days,
        )
        unit.session.info[_LAMP_DAYS] = found
    return found


def of_day(unit: Unit, due_on: date | None) -> Lamp | None:
    """Return the lamp of a last day, none where there is no such day."""
    return None if due_on is None else rules.lamp(due_on, lamp_days(unit))


def of_case(unit: Unit, case: CaseFile) -> Lamp | None:
    """Return the lamp of a case's promised day; none is lit once the case has ended."""
    return of_day(unit, case.promised_due_on if case.open else None)


def lit(unit: Unit, which: Lamp) -> ColumnElement[bool]:
    """Select the open cases whose lamp is lit: a range of their promised days."""
    after, until = rules.lit_between(which, lamp_days(unit))
    due = CaseFile.promised_due_on
    return and_(CaseFile.open, due > after, due <= until)
