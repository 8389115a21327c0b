"""The clocks of an application, in working days of the district's calendar."""

from datetime import date, datetime

from sqlalchemy import select

from onewindow_casework.admission.life import record
from onewindow_casework.admission.models import Application, WorkItem
from onewindow_casework.admission.queries import application_of, locked
from onewindow_casework.clocks.queries import ends_at, is_over, last_day
from onewindow_casework.settings import settings_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

DECISION_LATE = "item.decision_late"
"""Timer at the close of business of the last day for a decision."""


def earliest_start(unit: Unit) -> date:
    """Return the day after which work that is applied for today may begin."""
    return last_day(unit, unit.today, settings_of(unit).admission_lead_days).day


def answers_by(unit: Unit) -> date:
    """Return the last day for opinions that are asked for today."""
    return last_day(unit, unit.today, settings_of(unit).admission_opinion_days).day


def start(unit: Unit, item: WorkItem) -> None:
    """Let the time for a decision run from now."""
    application = application_of(unit, item)
    application.submitted_at, application.late = unit.now, False
    _count(unit, application, item)


def _count(unit: Unit, application: Application, item: WorkItem) -> None:
    if application.submitted_at is None:
        return
    handed_in = local_day(application.submitted_at, unit.zone)
    due = last_day(unit, handed_in, settings_of(unit).admission_decision_days)
    application.decide_by, application.provisional = due.day, due.provisional
    unit.set_timer(DECISION_LATE, item.code, ends_at(unit, due.day))


def stop(unit: Unit, item: WorkItem) -> None:
    """End the time for a decision; whether it was late stays written down."""
    application = application_of(unit, item)
    application.submitted_at = application.decide_by = None
    application.late = application.provisional = False
    unit.cancel_timer(DECISION_LATE, item.code)


def on_time(unit: Unit, item: WorkItem) -> bool:
    """Say whether a decision now comes in time."""
    decide_by = application_of(unit, item).decide_by
    return decide_by is None or not is_over(unit, decide_by)


def decision_late(unit: Unit, code: str, due_at: datetime) -> None:
    """Light the lamp of an application whose last day for a decision is over."""
    item = locked(unit, code)
    application = application_of(unit, item)
    if application.decide_by is None or application.late or not is_over(unit, application.decide_by):
        return
    application.late = True
    record(unit, item, "late", note=due_at.date().isoformat())


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again the time for decisions that reach a day from `first` to `last`; return how many moved."""
    moved = 0
    running = (
        select(Application)
        .where(Application.decide_by.is_not(None), Application.decide_by >= first)
        .where(Application.submitted_at.is_not(None))
        .order_by(Application.id)
    )
    for application in unit.session.scalars(running.with_for_update()):
        submitted_at = application.submitted_at
        if submitted_at is None or local_day(submitted_at, unit.zone) > last:
            continue
        item, before = unit.session.get_one(WorkItem, application.item_id), application.decide_by
        _count(unit, application, item)
        if application.decide_by != before:
            application.late = False
            record(unit, item, "due_changed")
            moved += 1
    return moved
