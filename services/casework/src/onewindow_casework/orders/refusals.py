"""The right to refuse: a community refuses, the department may object, street or district settle it (N8)."""

from datetime import date, datetime

from sqlalchemy import Select, func, select

from onewindow_casework.clocks.queries import ends_at
from onewindow_casework.disclosure.facts import arose
from onewindow_casework.districts.queries import department_name
from onewindow_casework.narrowing import Filters, narrowed
from onewindow_casework.orders import clocks, halting, life, queries
from onewindow_casework.orders.models import BarredOrder, Refusal
from onewindow_shared.contracts.admission import MatterKind
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.disclosure import FactKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.orders import (
    DemandIn,
    ObjectionIn,
    OrderAction,
    PublicRefusal,
    RefusalIn,
    RefusalOut,
    RefusalReason,
    RefusalStatus,
    RefusedCount,
    SettlementIn,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.query import expect_period
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.rollups import Facets
from onewindow_shared.plumbing.scope import DISTRICT, place, published
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((Refusal.id,), newest_first=True)


def refuse(unit: Unit, no: int, seen: int, body: RefusalIn) -> RefusalOut:
    """Refuse an order, whatever has been done of it so far."""
    order = life.taken(unit, no, seen)
    life.move(unit, order, OrderAction.REFUSE, note=body.reason, reason=body.explanation)
    refusal = _refusal(unit, order.department, body, order.community)
    refusal.order_id, refusal.item, refusal.item_name = order.id, order.item, order.item_name
    return _written(unit, refusal)


def refuse_demand(unit: Unit, body: DemandIn) -> RefusalOut:
    """Keep a demand that was made beside the system, and refuse it."""
    known_community(unit, body.community)
    if not unit.actor.scope.covers(body.community):
        raise invalid({"community": "not within your area"})
    if department_name(unit, body.community[:DISTRICT], body.department) is None:
        raise invalid({"department": "no such department in the register"})
    refusal = _refusal(unit, body.department, body, body.community)
    refusal.kind, refusal.demand = body.kind, body.demand
    return _written(unit, refusal)


def _refusal(unit: Unit, department: str, body: RefusalIn, community: str) -> Refusal:
    last = clocks.objection_due(unit)
    return Refusal(
        version=1,
        department=department,
        reason=body.reason,
        explanation=body.explanation,
        status=RefusalStatus.OPEN,
        public=False,
        refused_at=unit.now,
        refused_on=unit.today,
        refused_by=unit.actor.subject,
        object_by=last.day,
        provisional=last.provisional,
        **place(community),
    )


def _written(unit: Unit, refusal: Refusal) -> RefusalOut:
    unit.session.add(refusal)
    unit.session.flush()
    clocks.watch_objection(unit, refusal)
    _count(unit, refusal, 1)
    life.audit_refusal(unit, refusal, "refused")
    return queries.show_refusal(refusal)


def _count(unit: Unit, refusal: Refusal, n: int) -> None:
    """Count a refusal against the department that asked; no figure of the community has it (N8)."""
    unit.count(
        Metric.ORDERS_REFUSED,
        n,
        community=refusal.district,
        day=refusal.refused_on,
        by=Facets(refusal.reason, department=refusal.department),
    )


def object_(unit: Unit, no: int, seen: int, body: ObjectionIn) -> RefusalOut:
    """Object to a refusal, while there is time."""
    refusal = _taken(unit, no, seen, RefusalStatus.OPEN, "object")
    if unit.now >= ends_at(unit, refusal.object_by):
        raise MoveRefused(detail="The time for objections is over.", state=refusal.status, action="object")
    refusal.objection = body.grounds
    unit.cancel_timer(clocks.OBJECTION_OVER, str(refusal.id))
    return _moved(unit, refusal, RefusalStatus.OBJECTED)


def settle(unit: Unit, no: int, seen: int, body: SettlementIn) -> RefusalOut:
    """Settle an objection: the refusal is upheld, or the order goes to the community again."""
    refusal = _taken(unit, no, seen, RefusalStatus.OBJECTED, "settle")
    refusal.settlement, refusal.settled_by = body.reasons, unit.actor.subject
    refusal.settled_at, refusal.settled_on, refusal.public = unit.now, unit.today, True
    if body.upheld:
        return _moved(unit, refusal, RefusalStatus.UPHELD)
    moved = _moved(unit, refusal, RefusalStatus.OVERRULED)
    _count(unit, refusal, -1)
    if refusal.order_id is not None:
        order = queries.locked(unit, refusal.order_id)
        life.send_again(unit, order, body.reasons)
        unit.set_timer(halting.WATCH, str(order.id), unit.now)
    return moved


def _taken(unit: Unit, no: int, seen: int, status: RefusalStatus, action: str) -> Refusal:
    refusal = must_find(unit.session, select(Refusal).where(Refusal.id == no).with_for_update())
    expect_version(queries.show_refusal(refusal), seen)
    if refusal.status != status:
        raise MoveRefused(
            detail=f"A refusal that is {refusal.status} is past this.", state=refusal.status, action=action
        )
    return refusal


def _moved(unit: Unit, refusal: Refusal, status: RefusalStatus) -> RefusalOut:
    refusal.status, refusal.version = status, refusal.version + 1
    if refusal.public:
        content = show_public(refusal).model_dump(mode="json")
        arose(unit, FactKind.REFUSAL, refusal.settled_on or unit.today, {refusal.community: content})
    life.audit_refusal(unit, refusal, status)
    return queries.show_refusal(refusal)


def objection_over(unit: Unit, refusal_id: str, due_at: datetime) -> None:
    """Let a refusal stand to which nobody objected in time; its result is public now."""
    refusal = unit.session.scalar(select(Refusal).where(Refusal.id == int(refusal_id)).with_for_update())
    if refusal is not None and refusal.status == RefusalStatus.OPEN:
        refusal.public, refusal.settled_on = True, refusal.object_by
        _moved(unit, refusal, RefusalStatus.STANDS)


def one(unit: Unit, no: int) -> RefusalOut:
    """Return a refusal within reach."""
    refusal = unit.session.get(Refusal, no)
    if refusal is None:
        raise NotFound
    return queries.show_refusal(refusal)


def several(unit: Unit, wanted: Wanted, filters: Filters, status: RefusalStatus | None) -> Page[RefusalOut]:
    """Return a page of the refusals within reach, the newest first."""
    query = narrowed(unit, Refusal, filters)
    if status is not None:
        query = query.where(Refusal.status == status)
    return page(unit, query, NEWEST, wanted, bound=f"refusals {filters} {status}", show=queries.show_refusal)


def results(unit: Unit, wanted: Wanted, filters: Filters) -> Page[PublicRefusal]:
    """Return a page of the results that everybody may see, the newest first."""
    query: Select[Refusal] = narrowed(unit, Refusal, filters)
    return page(unit, published(query), NEWEST, wanted, bound=f"refusal results {filters}", show=show_public)


def show_public(refusal: Refusal) -> PublicRefusal:
    """Return a refusal without a word that somebody wrote freely."""
    return PublicRefusal(
        no=refusal.id,
        community=refusal.community,
        department=refusal.department,
        item=refusal.item,
        item_name=refusal.item_name,
        kind=MatterKind(refusal.kind) if refusal.kind else None,
        reason=RefusalReason(refusal.reason),
        result=RefusalStatus(refusal.status),
        refused_on=refusal.refused_on,
        settled_on=refusal.settled_on,
    )


def counts(unit: Unit, area: str, first: date, last: date) -> list[RefusedCount]:
    """Count unadmitted work refused in a district, by department and reason (AD2).

    No area below it is counted: a refusal is never held against the community (N8).
    """
    expect_period(first, last)
    if len(area) != DISTRICT:
        raise invalid({"area_code": "counted of whole districts alone"}, where="path")
    if not unit.actor.scope.covers(area):
        raise NotFound
    found: dict[tuple[str, str], list[int]] = {}
    here = unit.gathered(area)
    by_system = (
        select(BarredOrder.department, BarredOrder.reason, func.count())
        .where(within(BarredOrder, here), BarredOrder.tried_on.between(first, last))
        .group_by(BarredOrder.department, BarredOrder.reason)
    )
    by_communities = (
        select(Refusal.department, Refusal.reason, func.count())
        .where(
            within(Refusal, here),
            Refusal.refused_on.between(first, last),
            Refusal.status != RefusalStatus.OVERRULED,
        )
        .group_by(Refusal.department, Refusal.reason)
    )
    for place_, query in enumerate((by_system, by_communities)):
        for department, reason, n in unit.session.execute(query):
            found.setdefault((department, reason), [0, 0])[place_] = n
    return [
        RefusedCount(department=department, reason=reason, by_system=system, by_communities=communities)
        for (department, reason), (system, communities) in sorted(found.items())
    ]
