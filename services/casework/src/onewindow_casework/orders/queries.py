"""Finding orders, refused dispatches and refusals, and showing them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, case, func, select

from onewindow_casework.narrowing import Filters, narrowed
from onewindow_casework.orders import rules
from onewindow_casework.orders.models import BarredOrder, Order, OrderStep, Refusal
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.admission import AssistingAction, Basis, CommunityRole, MatterKind
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.orders import (
    RUNNING,
    Bar,
    BarredOut,
    CompletionIn,
    OrderOut,
    OrderRow,
    OrderStatus,
    OrderStepOut,
    RefusalOut,
    RefusalReason,
    RefusalStatus,
    TimeAsked,
)
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((Order.id,), newest_first=True)
NEWEST_BARRED = Keyset((BarredOrder.id,), newest_first=True)
STEPS = Keyset((OrderStep.id,))


def find(unit: Unit, no: int) -> Order:
    """Return an order within the actor's reach, or raise `NotFound`."""
    return must_find(unit.session, select(Order).where(Order.id == no))


def locked(unit: Unit, no: int) -> Order:
    """Return an order as `find` does, and keep other writers from it until this transaction ends."""
    return must_find(unit.session, select(Order).where(Order.id == no).with_for_update())


def several(unit: Unit, wanted: Wanted, filters: Filters, status: OrderStatus | None) -> Page[OrderRow]:
    """Return a page of the orders within reach, the newest first."""
    query = narrowed(unit, Order, filters)
    if status is not None:
        query = query.where(Order.status == status)
    bound = f"orders {filters} {status}"
    return page(unit, query, NEWEST, wanted, bound=bound, show=lambda order: show_row(unit, order))


def show_row(unit: Unit, order: Order) -> OrderRow:
    """Return an order as a line of a list."""
    status = OrderStatus(order.status)
    return OrderRow(
        version=order.version,
        no=order.id,
        item=order.item,
        item_name=order.item_name,
        department=order.department,
        community=order.community,
        status=status,
        sent_at=order.sent_at,
        due_on=order.due_on,
        provisional=order.provisional,
        overdue=status in RUNNING and unit.today > order.due_on,
    )


def show(unit: Unit, order: Order) -> OrderOut:
    """Return an order with everything about it."""
    return OrderOut(
        **dict(show_row(unit, order)),
        role=CommunityRole(order.role),
        actions=[AssistingAction(action) for action in order.actions],
        content=order.content,
        minutes=order.minutes,
        cases=order.cases,
        evidence=order.evidence,
        minutes_spent=order.minutes_spent,
        cases_done=order.cases_done,
        beyond=is_beyond(unit, order),
        done_at=order.done_at,
        confirmed_at=order.confirmed_at,
        reason=order.reason,
        refusals=refusals_of(unit, order),
    )


def is_beyond(unit: Unit, order: Order) -> bool:
    """Say whether an order's cases, or its time, came to more than the sender bears without a word."""
    percent = settings_of(unit).order_tolerance_percent
    told = (order.minutes, order.minutes_spent), (order.cases, order.cases_done)
    return any(rules.is_beyond(ordered, done or 0, percent) for ordered, done in told)


def refusals_of(unit: Unit, order: Order) -> list[RefusalOut]:
    """Return every refusal of an order, the oldest first."""
    query = select(Refusal).where(Refusal.order_id == order.id).order_by(Refusal.id)
    return [show_refusal(refusal) for refusal in unit.session.scalars(query)]


def show_refusal(refusal: Refusal) -> RefusalOut:
    """Return a refusal with its dispute."""
    return RefusalOut(
        version=refusal.version,
        no=refusal.id,
        community=refusal.community,
        department=refusal.department,
        order=refusal.order_id,
        item=refusal.item,
        kind=MatterKind(refusal.kind) if refusal.kind else None,
        demand=refusal.demand,
        reason=RefusalReason(refusal.reason),
        explanation=refusal.explanation,
        status=RefusalStatus(refusal.status),
        refused_at=refusal.refused_at,
        object_by=refusal.object_by,
        provisional=refusal.provisional,
        objection=refusal.objection,
        settlement=refusal.settlement,
        settled_at=refusal.settled_at,
    )


def steps(unit: Unit, wanted: Wanted, no: int) -> Page[OrderStepOut]:
    """Return a page of what happened to an order, the oldest first."""
    order = find(unit, no)
    query = select(OrderStep).where(OrderStep.order_id == order.id)

    def show_step(step: OrderStep) -> OrderStepOut:
        return OrderStepOut(
            at=step.at,
            step=step.step,
            status=OrderStatus(step.status),
            by=step.by,
            note=step.note,
            completion=CompletionIn.model_validate(step.completion) if step.completion else None,
        )

    return page(unit, query, STEPS, wanted, bound=f"order steps {no}", show=show_step)


def barred(unit: Unit, wanted: Wanted, filters: Filters) -> Page[BarredOut]:
    """Return a page of the dispatches within reach that the system refused, the newest first."""
    query = narrowed(unit, BarredOrder, filters)
    return page(unit, query, NEWEST_BARRED, wanted, bound=f"barred {filters}", show=show_barred)


def show_barred(row: BarredOrder) -> BarredOut:
    """Return a refused dispatch with the basis that was quoted."""
    return BarredOut(
        no=row.id,
        at=row.at,
        item=row.item,
        department=row.department,
        community=row.community,
        reason=Bar(row.reason),
        basis=[Basis.model_validate(basis) for basis in row.basis],
        time=_time(row),
    )


def _time(row: BarredOrder) -> TimeAsked | None:
    if row.minutes_agreed is None or row.minutes_before is None:
        return None
    return TimeAsked(agreed=row.minutes_agreed, before=row.minutes_before, asked=row.minutes)


def unowed(unit: Unit, item: str, until: date) -> Sequence[Order]:
    """Return the orders of an item confirmed until a day whose cases are owed for no period yet."""
    query = _unowed(item).where(Order.confirmed_on <= until)
    return unit.session.scalars(query.order_by(Order.id)).all()


def first_unowed(unit: Unit, item: str) -> date | None:
    """Return the first day on which orders were confirmed whose cases are owed for no period yet."""
    return unit.session.scalar(_unowed(item).with_only_columns(func.min(Order.confirmed_on)))


def _unowed(item: str) -> Select[Order]:
    return select(Order).where(
        Order.item == item, Order.confirmed_on.is_not(None), Order.owed_on.is_(None), Order.cases_done > 0
    )


def cases_to_come(unit: Unit, item: str) -> dict[str, int]:
    """Return, by community, the cases of an item that are done, and owed for no period yet.

    Of orders that wait for the sender's word, or that the sender gave back, no more than was ordered.
    """
    done = case(
        (Order.status == OrderStatus.CONFIRMED, Order.cases_done),
        (Order.cases_done < Order.cases, Order.cases_done),
        else_=Order.cases,
    )
    query = (
        select(Order.community, func.sum(done))
        .where(
            Order.item == item,
            Order.status.in_((OrderStatus.DONE, OrderStatus.RETURNED, OrderStatus.CONFIRMED)),
            Order.owed_on.is_(None),
        )
        .group_by(Order.community)
    )
    return {community: int(cases) for community, cases in unit.session.execute(query)}


def work_done(unit: Unit, item: str, first: date, last: date) -> dict[str, tuple[int, int, int]]:
    """Return, by community, the orders confirmed in a period, and the minutes and cases they took."""
    query = (
        select(Order.community, func.count(), func.sum(Order.minutes_spent), func.sum(Order.cases_done))
        .where(Order.item == item, Order.confirmed_on.between(first, last))
        .group_by(Order.community)
    )
    return {
        community: (int(orders), int(minutes or 0), int(cases or 0))
        for community, orders, minutes, cases in unit.session.execute(query)
    }
