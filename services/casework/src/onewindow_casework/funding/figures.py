"""What the money did in a period: figures K6, K7 and AD4, and work against money."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.funding import queries, rules
from onewindow_casework.funding.models import FundPosting, Instalment
from onewindow_casework.lists.models import ListEntry, ListVersion
from onewindow_casework.lists.queries import lasting
from onewindow_casework.orders.queries import work_done
from onewindow_shared.contracts.common import Page, area_prefix
from onewindow_shared.contracts.funding import FundFigures, FundSource, Movement, SourceFigures, WorkAndMoney
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.query import expect_period
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit

BY_AREA = Keyset((Area.code,))


def figures(unit: Unit, district: str, first: date, last: date) -> FundFigures:
    """Return the figures of a district; AD4 as it stands now."""
    expect_period(first, last)
    if not unit.actor.scope.covers(district):
        raise NotFound
    sources = by_source(unit, district, first, last)
    moved = _moved(unit, district, first, last)
    to_fund, funded = items_funded(unit)(district, unit.today)
    on_account = sum(source.on_account for source in sources)
    return FundFigures(
        area=district,
        period_from=first,
        period_to=last,
        sources=sources,
        received=sum(source.received for source in sources),
        on_account=on_account,
        budgeted=moved.get(Movement.BUDGET, 0),
        paid=moved.get(Movement.TRANSFER, 0) - moved.get(Movement.RETURN, 0),
        items_to_fund=to_fund,
        items_funded=funded,
    )


def by_source(unit: Unit, district: str, first: date, last: date) -> list[SourceFigures]:
    """Return what a district received from each of the six sources, and how much of it was booked."""
    query = (
        select(FundPosting.source, FundPosting.movement, func.sum(FundPosting.fen))
        .where(
            FundPosting.district == district,
            FundPosting.movement.in_((Movement.BUDGET, Movement.BYPASS)),
            FundPosting.day.between(first, last),
        )
        .group_by(FundPosting.source, FundPosting.movement)
    )
    found = {(source, movement): int(fen) for source, movement, fen in unit.session.execute(query)}
    return [
        SourceFigures(
            source=source,
            received=sum(found.get((source, one), 0) for one in (Movement.BUDGET, Movement.BYPASS)),
            on_account=found.get((source, Movement.BUDGET), 0),
        )
        for source in FundSource
    ]


def _moved(unit: Unit, district: str, first: date, last: date) -> dict[str, int]:
    query = (
        select(FundPosting.movement, func.sum(FundPosting.fen))
        .where(FundPosting.district == district, FundPosting.day.between(first, last))
        .group_by(FundPosting.movement)
    )
    return {movement: int(fen) for movement, fen in unit.session.execute(query)}


def items_funded(unit: Unit) -> Callable[[str, date], tuple[int, int]]:
    """Read the admitted work that needs money; return what counts a district's on the lists of a day.

    And, of these, how many are without a late transfer (rules C5, AD4).
    """
    lasts = lasting().with_only_columns(ListVersion.id).order_by(None)
    listed = (
        select(WorkItem.district, WorkItem.code, WorkItem.off_from, func.min(ListVersion.effective_from))
        .join(ListEntry, ListEntry.item_id == WorkItem.id)
        .join(ListVersion, ListVersion.id == ListEntry.list_id)
        .where(ListVersion.id.in_(lasts), WorkItem.matter_class.in_(rules.PAID_CLASSES))
        .group_by(WorkItem.id)
    )
    of_late = (Instalment.item, Instalment.late_since, Instalment.paid_on)
    items = unit.session.execute(listed).all()
    late = unit.session.execute(select(*of_late).where(Instalment.late_since.is_not(None)).distinct()).all()

    def of(district: str, day: date) -> tuple[int, int]:
        asked = {
            code
            for where, code, off_from, since in items
            if where == district and since <= day and (off_from is None or day < off_from)
        }
        waiting = {
            item
            for item, since, paid_on in late
            if since and since <= day and (paid_on is None or day < paid_on)
        }
        return len(asked), len(asked - waiting)

    return of


def work_and_money(unit: Unit, wanted: Wanted, code: str, first: date, last: date) -> Page[WorkAndMoney]:
    """Return, by community, the work completed for an item in a period against its money."""
    expect_period(first, last)
    item = queries.work_item(unit, code)
    done = work_done(unit, code, first, last)
    paid = queries.transferred_to(unit, code, (first, last))
    owed = queries.due_to(unit, code, (first, last))
    reach = area_prefix(unit.actor.scope.area or item.district)
    query = select(Area).where(
        Area.code.in_(queries.communities_of(unit, item)),
        Area.code.startswith(reach, autoescape=True),
    )

    def show(area: Area) -> WorkAndMoney:
        orders, minutes, cases = done.get(area.code, (0, 0, 0))
        return WorkAndMoney(
            item=code,
            community=area.code,
            orders=orders,
            minutes=minutes,
            cases=cases,
            transferred=paid.get(area.code, 0),
            due=owed.get(area.code, 0),
        )

    return page(unit, query, BY_AREA, wanted, bound=f"work {code} {first} {last} {reach}", show=show)
