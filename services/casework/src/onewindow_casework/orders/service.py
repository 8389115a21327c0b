"""Sending orders past the guard, and every step of them until the sender confirms."""

from onewindow_casework.admission.checks import REFUSING, findings
from onewindow_casework.funding.queries import is_late
from onewindow_casework.funding.schedule import INSTALMENTS
from onewindow_casework.lists.queries import standing
from onewindow_casework.matters.queries import of_code
from onewindow_casework.orders import clocks, halting, life, queries, rules
from onewindow_casework.orders.models import BarredOrder, Order
from onewindow_shared.contracts.admission import Basis, CommunityRole, DutyOf, ListedMatter, MatterKind
from onewindow_shared.contracts.applications import CheckIn, ReasonIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.orders import (
    Bar,
    BarredOut,
    CompletionIn,
    ConfirmationIn,
    OrderAction,
    OrderIn,
    OrderOut,
    OrderStatus,
)
from onewindow_shared.plumbing.problems import NotPermitted, Problem, invalid
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.rollups import Facets
from onewindow_shared.plumbing.scope import DISTRICT, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due


class NoLongerListed(Problem):
    """The lists of today do not let this be asked: nothing new starts, and the order is being halted."""

    type = "urn:onewindow:problem:no-longer-listed"
    title = "No longer listed"
    status = 409


class MoreThanOrdered(Problem):
    """More was done than ordered, by more than the district bears without the sender's explicit word."""

    type = "urn:onewindow:problem:more-than-ordered"
    title = "More than ordered"
    status = 409
    minutes: int
    minutes_spent: int
    cases: int
    cases_done: int


def dispatch(unit: Unit, body: OrderIn) -> OrderOut | BarredOut:
    """Send work to a community if the lists of today let it; if not, keep the attempt against its sender."""
    department = unit.actor.department
    if department is None:
        raise NotPermitted(detail="Departments send orders; you work in none.")
    known_community(unit, body.community)
    if not unit.actor.scope.covers(body.community):
        raise invalid({"community": "not within your area"})
    due = _due(unit, body)
    asked = rules.Asked(department, body.role, body.actions, body.minutes, due.day, body.cases)
    life.hold_item(unit, body.item, body.community)
    where, card = standing(unit, body.item, body.community, unit.today)
    own = card is not None and card.department == department
    situation = rules.Situation(
        where,
        card,
        forbidden=_forbidden(unit, body, card),
        money_late=own and is_late(unit, body.item, body.community),
        minutes_before=life.hold_time(unit, body.item, body.community, department) if own else 0,
    )
    barred = rules.may_dispatch(asked, situation)
    if barred is not None or card is None:
        return _keep(unit, body, department, barred or rules.Barred(Bar.OUT_OF_LIST, []))
    return _send(unit, body, card, department, due, rules.time_asked(asked, card))


def _due(unit: Unit, body: OrderIn) -> Due:
    if body.due_on is None:
        return clocks.order_due(unit)
    if body.due_on < unit.today:
        raise invalid({"due_on": "this day is over"})
    return Due(body.due_on, provisional=False)


def _forbidden(unit: Unit, body: OrderIn, card: ListedMatter | None) -> list[Basis]:
    """Return the bases of what an order comes upon that must not be asked, by its code or however worded."""
    named = None if card else of_code(unit, body.community[:DISTRICT], body.item)
    if named is not None and named.matter_class in REFUSING:
        return [Basis.model_validate(basis) for basis in named.basis]
    written = CheckIn(
        name=card.name if card else body.item,
        kind=card.kind if card else MatterKind.WORK_ITEM,
        content=body.content,
        role=body.role,
        duty_of=DutyOf.NOBODY,
    )
    found = findings(unit, body.community[:DISTRICT], written)
    return [basis for one in found if one.refused for basis in one.basis]


def _keep(unit: Unit, body: OrderIn, department: str, barred: rules.Barred) -> BarredOut:
    row = BarredOrder(
        at=unit.now,
        tried_on=unit.today,
        by=unit.actor.subject,
        department=department,
        item=body.item,
        role=body.role,
        minutes=barred.time.asked if barred.time else body.minutes or 0,
        minutes_agreed=barred.time.agreed if barred.time else None,
        minutes_before=barred.time.before if barred.time else None,
        reason=barred.reason,
        basis=[basis.model_dump(mode="json") for basis in barred.basis],
        **place(body.community),
    )
    unit.session.add(row)
    unit.session.flush()
    by = Facets(row.reason, department=department)
    unit.count(Metric.ORDERS_BARRED, community=row.district, by=by)
    unit.audit("order.barred", "barred_order", str(row.id), area=row.community, detail={"reason": row.reason})
    return queries.show_barred(row)


def _send(unit: Unit, body: OrderIn, card: ListedMatter, department: str, due: Due, minutes: int) -> OrderOut:
    order = Order(
        version=0,
        item=body.item,
        item_name=card.name,
        department=department,
        role=body.role,
        actions=list(body.actions),
        content=body.content,
        minutes=minutes,
        minutes_counted=0,
        cases=body.cases,
        year=unit.today.year,
        status=OrderStatus.SENT,
        sent_at=unit.now,
        sent_by=unit.actor.subject,
        due_on=due.day,
        provisional=due.provisional,
        evidence=[],
        **place(body.community),
    )
    unit.session.add(order)
    unit.session.flush()
    life.record(unit, order, "sent")
    life.count_time(unit, order, minutes)
    life.count_sent(unit, order, 1)
    halting.watch(unit, order)
    return queries.show(unit, order)


def one(unit: Unit, no: int) -> OrderOut:
    """Return an order within reach."""
    return queries.show(unit, queries.find(unit, no))


def receive(unit: Unit, no: int, seen: int) -> OrderOut:
    """Take note of an order."""
    return _start(unit, no, seen, OrderAction.RECEIVE)


def begin(unit: Unit, no: int, seen: int) -> OrderOut:
    """Begin the work."""
    return _start(unit, no, seen, OrderAction.BEGIN)


def _start(unit: Unit, no: int, seen: int, action: OrderAction) -> OrderOut:
    order = life.taken(unit, no, seen)
    life.move(unit, order, action)
    if not life.is_listed(unit, order):
        raise NoLongerListed(detail="The item may not be asked of this community today.")
    return queries.show(unit, order)


def complete(unit: Unit, no: int, seen: int, body: CompletionIn) -> OrderOut:
    """Say that an order is done, with what proves it and what it took."""
    order = life.taken(unit, no, seen)
    life.move(unit, order, OrderAction.COMPLETE, completion=body)
    order.minutes_spent, order.cases_done = body.minutes, body.cases
    order.evidence, order.done_at = list(body.evidence), unit.now
    life.count_done(unit, order, accepted=False)
    return queries.show(unit, order)


def confirm(unit: Unit, no: int, seen: int, body: ConfirmationIn) -> OrderOut:
    """Accept what was done; from now on it counts as work done for its money.

    What goes beyond the order by more than the district bears is accepted explicitly, or given back.
    """
    order = life.taken(unit, no, seen)
    life.move(unit, order, OrderAction.CONFIRM)
    order.confirmed_at, order.confirmed_on = unit.now, unit.today
    if queries.is_beyond(unit, order) and not body.accept_more:
        raise _more_than_ordered(order)
    life.count_done(unit, order, accepted=True)
    unit.count(Metric.ORDERS_COMPLETED, community=order.community, item=order.item)
    unit.set_timer(INSTALMENTS, order.item, unit.now)
    return queries.show(unit, order)


def _more_than_ordered(order: Order) -> MoreThanOrdered:
    return MoreThanOrdered(
        detail="Accept it explicitly, or give it back.",
        minutes=order.minutes,
        minutes_spent=order.minutes_spent or 0,
        cases=order.cases,
        cases_done=order.cases_done or 0,
    )


def return_(unit: Unit, no: int, seen: int, body: ReasonIn) -> OrderOut:
    """Give an order back to be done better; what must not be asked is not asked along with it."""
    order = life.taken(unit, no, seen)
    role, kind = CommunityRole(order.role), MatterKind.WORK_ITEM
    written = CheckIn(name=order.item, kind=kind, content=body.reason, role=role)
    if any(one.refused for one in findings(unit, order.district, written)):
        raise invalid({"reason": "it comes upon what must not be asked of communities"})
    return _with_reason(unit, order, OrderAction.RETURN, body)


def recall(unit: Unit, no: int, seen: int, body: ReasonIn) -> OrderOut:
    """Take an order back before it is done."""
    return _with_reason(unit, life.taken(unit, no, seen), OrderAction.RECALL, body)


def _with_reason(unit: Unit, order: Order, action: OrderAction, body: ReasonIn) -> OrderOut:
    life.move(unit, order, action, note=body.reason, reason=body.reason)
    return queries.show(unit, order)
