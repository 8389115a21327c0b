"""Counting the figures of the money again from the ledger and the instalments."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select

from onewindow_casework.funding.models import FundPosting, Instalment
from onewindow_shared.contracts.funding import Movement
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import Facets
from onewindow_shared.plumbing.unit import Unit

AT_ONCE = 5000
COUNTED: Mapping[Movement, tuple[Metric, ...]] = {
    Movement.BUDGET: (Metric.FUND_RECEIVED, Metric.FUND_BUDGETED),
    Movement.BYPASS: (Metric.FUND_RECEIVED,),
    Movement.TRANSFER: (Metric.FUND_PAID,),
    Movement.RETURN: (Metric.FUND_PAID,),
}
"""Which figures a movement changes; what comes back from a community was not paid."""


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, Facets | str, str, int]]:
    """Yield metric, day, facets or the kind alone, community and change of everything that was counted."""
    moved = select(FundPosting).where(FundPosting.movement.in_(COUNTED))
    for posting in unit.session.scalars(moved.execution_options(yield_per=AT_ONCE)):
        yield from counted(posting)
    late = select(Instalment).where(Instalment.late_since.is_not(None))
    for one in unit.session.scalars(late.execution_options(yield_per=AT_ONCE)):
        if one.late_since is not None:
            yield Metric.TRANSFERS_LATE, one.late_since, Facets(department=one.department), one.community, 1
        if one.paid_on is not None:
            yield Metric.TRANSFERS_LATE, one.paid_on, Facets(department=one.department), one.community, -1


def counted(posting: FundPosting) -> Iterator[tuple[Metric, date, str, str, int]]:
    """Yield what a posting counts."""
    movement = Movement(posting.movement)
    sign = -1 if movement is Movement.RETURN else 1
    for metric in COUNTED.get(movement, ()):
        of = posting.item if metric is Metric.FUND_PAID else posting.source
        yield metric, posting.day, of or "", posting.community, sign * posting.fen
