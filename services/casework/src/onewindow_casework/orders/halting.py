"""Halting what runs when the lists do not have its item any more: nothing new starts, nothing goes on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from onewindow_casework.lists.queries import standing
from onewindow_casework.orders import life
from onewindow_casework.orders.models import Order
from onewindow_casework.orders.rules import HALTED
from onewindow_shared.contracts.admission import Standing
from onewindow_shared.contracts.orders import RUNNING, UNREPORTED, OrderAction
from onewindow_shared.plumbing.unit import Unit

REVIEW = "orders.review"
"""Timer of a district, set by whoever changes its lists: all running orders are looked at, slice by slice."""
SLICE = 100
"""Orders that one such timer looks at, in a transaction of its own."""
WATCH = "order.watch"
"""Timer of a running order at the beginning of each day: periods end without anybody's doing."""


def watch(unit: Unit, order: Order) -> None:
    """Have a running order looked at tomorrow."""
    tomorrow = unit.today + timedelta(days=1)
    unit.set_timer(
        WATCH, str(order.id), datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=unit.zone)
    )


def look_again(unit: Unit, order_id: str, due_at: datetime) -> None:
    """Halt an order whose item may not be asked any more; look again tomorrow if it may."""
    order = unit.session.scalar(select(Order).where(Order.id == int(order_id)).with_for_update())
    if order is not None and order.status in RUNNING:
        _halt(unit, [order])
        if order.status in RUNNING:
            watch(unit, order)


def review(unit: Unit, key: str, due_at: datetime) -> None:
    """Halt the next running orders of a district whose item may not be asked any more.

    The key is the district, and after a colon the last order of the slice before. Orders that are sent
    meanwhile are judged by the lists as they are now.
    """
    district, _, after = key.partition(":")
    running = select(Order).where(Order.district == district, Order.status.in_(RUNNING))
    next_ones = running.where(Order.id > int(after or 0)).order_by(Order.id).limit(SLICE)
    orders = unit.session.scalars(next_ones.with_for_update()).all()
    if len(orders) == SLICE:
        unit.set_timer(REVIEW, f"{district}:{orders[-1].id}", unit.now)
    _halt(unit, orders)


def _halt(unit: Unit, orders: Iterable[Order]) -> None:
    found: dict[tuple[str, str], Standing] = {}
    for order in orders:
        if order.status not in UNREPORTED:
            continue
        what = order.item, order.community
        if what not in found:
            found[what] = standing(unit, *what, unit.today)[0]
        if found[what] is not Standing.LISTED:
            life.move(
                unit,
                order,
                OrderAction.HALT,
                by_system=True,
                note=found[what],
                reason=HALTED[found[what]],
            )
