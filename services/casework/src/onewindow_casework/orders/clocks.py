"""Last days of orders and of objections, in working days of the district's calendar."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.clocks.queries import ends_at, last_day
from onewindow_casework.orders import life
from onewindow_casework.orders.models import Order, Refusal
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.orders import RUNNING, RefusalStatus
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due, local_day

OBJECTION_OVER = "refusal.objection_over"
"""Timer at the close of business of the last day for an objection."""


def order_due(unit: Unit) -> Due:
    """Return the last day of an order that is sent today and names none."""
    return _order_due(unit, unit.today)


def _order_due(unit: Unit, sent_on: date) -> Due:
    return last_day(unit, sent_on, settings_of(unit).order_days)


def objection_due(unit: Unit) -> Due:
    """Return the last day for an objection to a refusal of today."""
    return _objection_due(unit, unit.today)


def _objection_due(unit: Unit, refused_on: date) -> Due:
    return last_day(unit, refused_on, settings_of(unit).objection_days)


def watch_objection(unit: Unit, refusal: Refusal) -> None:
    """Have a refusal stand once nobody can object to it any more."""
    unit.set_timer(OBJECTION_OVER, str(refusal.id), ends_at(unit, refusal.object_by))


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again the days of running orders and open refusals that reach a day from `first` to `last`.

    Returns how many moved. A day that the sender named stays: only provisional ones of orders were counted.
    """
    return _recount_orders(unit, first, last) + _recount_refusals(unit, first, last)


def _recount_orders(unit: Unit, first: date, last: date) -> int:
    running = (
        select(Order)
        .where(Order.status.in_(RUNNING), Order.provisional, Order.due_on >= first)
        .order_by(Order.id)
        .with_for_update()
    )
    moved = 0
    for order in unit.session.scalars(running):
        sent_on = local_day(order.sent_at, unit.zone)
        due = _order_due(unit, sent_on)
        if sent_on <= last and due != Due(order.due_on, order.provisional):
            order.due_on, order.provisional = due.day, due.provisional
            life.record(unit, order, "due_changed", note=due.day.isoformat())
            moved += 1
    return moved


def _recount_refusals(unit: Unit, first: date, last: date) -> int:
    open_ = (
        select(Refusal)
        .where(Refusal.status == RefusalStatus.OPEN, Refusal.object_by >= first, Refusal.refused_on <= last)
        .order_by(Refusal.id)
        .with_for_update()
    )
    moved = 0
    for refusal in unit.session.scalars(open_):
        due = _objection_due(unit, refusal.refused_on)
        if due != Due(refusal.object_by, refusal.provisional):
            refusal.object_by, refusal.provisional = due.day, due.provisional
            refusal.version += 1
            watch_objection(unit, refusal)
            life.audit_refusal(unit, refusal, "due_changed")
            moved += 1
    return moved
