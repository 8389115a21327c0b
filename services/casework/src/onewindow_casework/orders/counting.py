"""Counting the figures of orders and refusals again from their tables."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from onewindow_casework.orders.models import BarredOrder, Order, Refusal
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.orders import CUT_SHORT, RefusalStatus
from onewindow_shared.plumbing.rollups import Facets
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

AT_ONCE = 5000


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, Facets | str, str, int]]:
    """Yield metric, day, facets or the item alone, community and change of everything that was counted."""
    query = select(Order).where(Order.status.not_in(CUT_SHORT)).execution_options(yield_per=AT_ONCE)
    for order in unit.session.scalars(query):
        yield Metric.ORDERS_SENT, local_day(order.sent_at, unit.zone), order.item, order.community, 1
        if order.confirmed_on is not None:
            yield Metric.ORDERS_COMPLETED, order.confirmed_on, order.item, order.community, 1
    for barred in unit.session.scalars(select(BarredOrder).execution_options(yield_per=AT_ONCE)):
        by = Facets(barred.reason, department=barred.department)
        yield Metric.ORDERS_BARRED, barred.tried_on, by, barred.district, 1
    refused = select(Refusal).where(Refusal.status != RefusalStatus.OVERRULED)
    for refusal in unit.session.scalars(refused.execution_options(yield_per=AT_ONCE)):
        by = Facets(refusal.reason, department=refusal.department)
        yield Metric.ORDERS_REFUSED, refusal.refused_on, by, refusal.district, 1
