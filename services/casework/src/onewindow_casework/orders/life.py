"""Moving an order along the table of its life, and keeping account of the time that it takes."""

from sqlalchemy import select, update

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists.queries import hold, standing
from onewindow_casework.orders import queries, rules
from onewindow_casework.orders.models import AskedTime, Order, OrderStep, Refusal
from onewindow_shared.contracts.admission import Standing
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.orders import (
    CUT_SHORT,
    CompletionIn,
    OrderAction,
    OrderStatus,
    walk_order,
)
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.scope import DISTRICT, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

BEGUN = frozenset({OrderStatus.IN_PROGRESS, OrderStatus.DONE, OrderStatus.RETURNED})


def taken(unit: Unit, no: int, seen: int) -> Order:
    """Load an order for writing, as the caller saw it."""
    order = queries.locked(unit, no)
    expect_version(queries.show(unit, order), seen)
    return order


def move(
    unit: Unit,
    order: Order,
    action: OrderAction,
    *,
    by_system: bool = False,
    note: str | None = None,
    reason: str | None = None,
    completion: CompletionIn | None = None,
) -> None:
    """Make a move of the table; `by_system` for timers and settlements, whoever set them off.

    `note` and `completion` are kept in the order's history, `reason` on the order while it stands where the
    move led.
    """
    before = OrderStatus(order.status)
    try:
        order.status = walk_order(before, action, None if by_system else unit.actor.roles)
    except CannotMoveError as error:
        raise MoveRefused(detail=f"{error}.", state=before, action=action) from error
    if order.status in CUT_SHORT:
        spent = None if queries.is_beyond(unit, order) else _time_done(unit, order)
        kept = rules.time_taken(planned=order.minutes, spent=spent, begun=before in BEGUN)
        count_time(unit, order, kept)
        count_sent(unit, order, -1)
    order.reason = reason
    record(unit, order, action, note=note, completion=completion)


def _time_done(unit: Unit, order: Order) -> int | None:
    if order.minutes_spent is None:
        return None
    admitted = select(WorkItem.minutes_per_case).where(WorkItem.code == order.item)
    return rules.working_time(
        order.minutes_spent, order.cases_done or 0, unit.session.scalars(admitted).one()
    )


def count_done(unit: Unit, order: Order, *, accepted: bool) -> None:
    """Count the time that an order took instead of what was planned; what is beyond it, once accepted."""
    beyond = queries.is_beyond(unit, order) and not accepted
    done = None if beyond else _time_done(unit, order)
    count_time(unit, order, order.minutes if done is None else done)


def send_again(unit: Unit, order: Order, why: str) -> None:
    """Put an order that was refused wrongly back to where it was sent."""
    move(unit, order, OrderAction.OVERRULE, by_system=True, note=why)
    order.minutes_spent = order.cases_done = None
    count_time(unit, order, order.minutes)
    count_sent(unit, order, 1)


def record(
    unit: Unit, order: Order, step: str, *, note: str | None = None, completion: CompletionIn | None = None
) -> None:
    """Write down that something happened to an order, for its history and for the audit."""
    order.version += 1
    unit.session.add(
        OrderStep(
            order_id=order.id,
            at=unit.now,
            step=step,
            status=order.status,
            by=unit.actor.subject,
            note=note,
            completion=completion and completion.model_dump(mode="json"),
        )
    )
    unit.audit(f"order.{step}", "order", str(order.id), area=order.community, detail={"status": order.status})


def count_sent(unit: Unit, order: Order, n: int) -> None:
    """Count an order of a community, or take it out: what was not its to do is in no figure of it."""
    day = local_day(order.sent_at, unit.zone)
    unit.count(Metric.ORDERS_SENT, n, community=order.community, day=day, item=order.item)


def is_listed(unit: Unit, order: Order) -> bool:
    """Say whether the lists of today still let the order's item be asked of its community."""
    return standing(unit, order.item, order.community, unit.today)[0] is Standing.LISTED


def hold_item(unit: Unit, item: str, community: str) -> None:
    """Let nobody take an item off the lists until this order is sent; other orders need not wait.

    Whoever publishes or lets an item go comes after this order, whose review then finds it, or before it.
    """
    hold(unit, community[:DISTRICT])
    unit.session.scalar(select(WorkItem.id).where(WorkItem.code == item).with_for_update(read=True))


def hold_time(unit: Unit, item: str, community: str, department: str) -> int:
    """Return the minutes asked under an item this year, and let nobody else ask until this is settled.

    What was asked of communities that a community is heir of was asked of it.
    """
    key = {"item": item, "community": community, "year": unit.today.year}
    new = {**place(community), **key, "department": department, "minutes": 0}
    unit.session.execute(insert_into(unit.session, AskedTime).values(**new).on_conflict_do_nothing())
    asked = select(AskedTime).where(
        AskedTime.item == item,
        AskedTime.year == unit.today.year,
        AskedTime.community.in_(unit.gathered(community).codes),
    )
    held = asked.order_by(AskedTime.community).with_for_update()
    rows = unit.session.scalars(held.execution_options(populate_existing=True))
    return sum(row.minutes for row in rows)


def count_time(unit: Unit, order: Order, minutes: int) -> None:
    """Have an order take so much of the agreed hours."""
    more, order.minutes_counted = minutes - order.minutes_counted, minutes
    if more:
        asked = update(AskedTime).where(
            AskedTime.item == order.item,
            AskedTime.community == order.community,
            AskedTime.year == order.year,
        )
        unit.session.execute(
            asked.values(minutes=AskedTime.minutes + more).execution_options(synchronize_session=False)
        )


def audit_refusal(unit: Unit, refusal: Refusal, what: str) -> None:
    """Write down what became of a refusal."""
    detail = {"status": refusal.status, "reason": refusal.reason}
    unit.audit(f"refusal.{what}", "refusal", str(refusal.id), area=refusal.community, detail=detail)
