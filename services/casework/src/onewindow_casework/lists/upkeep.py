"""What becomes of an item after it was listed: reviewed again, confirmed, exited, revoked."""

from datetime import date, datetime

from onewindow_casework.admission import checks, queries
from onewindow_casework.admission.life import move
from onewindow_casework.admission.models import PAID_STATES, WorkItem
from onewindow_casework.admission.review import ask, expect_opinions
from onewindow_casework.admission.rules import BY_OTHER_WAYS
from onewindow_casework.admission.service import one, taken
from onewindow_casework.lists.telling import ONE_DAY, taken_off
from onewindow_casework.orders.halting import REVIEW as ORDERS_REVIEW
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.admission_life import ITEM_ENDS, ItemAction, ItemStatus
from onewindow_shared.contracts.applications import EndReason, ExitIn, ItemOut, ReasonIn
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight, months_later

REVIEW_DUE = "item.review_due"
"""Timer of the day on which a listed item is reviewed again."""
OFF_THE_LISTS = "item.off_the_lists"
"""Timer at the moment in which an item leaves the lists: its last period is still to be paid."""


def watch(unit: Unit, item: WorkItem) -> None:
    """Have an item reviewed again when its time has come."""
    item.review_due = months_later(unit.today, settings_of(unit).admission_review_months)
    unit.set_timer(REVIEW_DUE, item.code, midnight(item.review_due, unit.zone))


def review_due(unit: Unit, code: str, due_at: datetime) -> None:
    """Take a listed item up again by itself (N9); it stays listed meanwhile."""
    item = queries.locked(unit, code)
    if item.status == ItemStatus.ACTIVE:
        move(unit, item, ItemAction.ADJUST, by_system=True)
        ask(unit, item)


def expired(unit: Unit, code: str, due_at: datetime) -> None:
    """Let an item go whose period is over (N10)."""
    item = queries.locked(unit, code)
    if item.status not in ITEM_ENDS:
        off_from = item.last_day + ONE_DAY if item.last_day else None
        _end(unit, item, ItemAction.EXIT, EndReason.EXPIRED, off_from=off_from, by_system=True)


def money_stopped(unit: Unit, item: WorkItem, explanation: str) -> None:
    """Let an item go whose money stopped, as the ledger reports (N10)."""
    _end(unit, item, ItemAction.EXIT, EndReason.MONEY_STOPPED, explanation, by_system=True)


def contract_over(unit: Unit, code: str, due_at: datetime) -> None:
    """Let purchased work go whose contract ended and was not followed by another (N10), from that day on."""
    item = queries.locked(unit, code)
    until = item.contract_until
    if item.status in PAID_STATES and until is not None and until < unit.today:
        reason = EndReason.CONTRACT_ENDED
        _end(unit, item, ItemAction.EXIT, reason, item.contract, off_from=until + ONE_DAY, by_system=True)


def adjust(unit: Unit, code: str, seen: int, body: ReasonIn) -> ItemOut:
    """Take a listed item up again before its time, for instance since the law changed (N9)."""
    item = taken(unit, code, seen)
    move(unit, item, ItemAction.ADJUST, note=body.reason)
    ask(unit, item)
    return one(unit, item)


def confirm(unit: Unit, code: str, seen: int, body: ReasonIn) -> ItemOut:
    """Let an item stay that was taken up again, unless by now it must not be asked of communities.

    Whoever was asked is heard first.
    """
    item = taken(unit, code, seen)
    faults = checks.fault_of(unit, item, "reason")
    if faults:
        raise invalid(faults)
    move(unit, item, ItemAction.CONFIRM, note=body.reason)
    expect_opinions(unit, queries.application_of(unit, item))
    watch(unit, item)
    return one(unit, item)


def exit_(unit: Unit, code: str, seen: int, body: ExitIn) -> ItemOut:
    """Let an item go (N10); from now on it may not be asked, whatever a list says."""
    if body.reason in BY_OTHER_WAYS:
        raise invalid({"reason": "this comes by another way"})
    item = taken(unit, code, seen)
    _end(unit, item, ItemAction.EXIT, body.reason, body.explanation)
    return one(unit, item)


def revoke(unit: Unit, code: str, seen: int, body: ReasonIn) -> ItemOut:
    """Take an admission back (N11, 撤销); from now on the item may not be asked, whatever a list says."""
    item = taken(unit, code, seen)
    _end(unit, item, ItemAction.REVOKE, EndReason.REVOKED, body.reason)
    return one(unit, item)


def _end(
    unit: Unit,
    item: WorkItem,
    action: ItemAction,
    reason: EndReason,
    explanation: str | None = None,
    *,
    off_from: date | None = None,
    by_system: bool = False,
) -> None:
    item.off_from = off_from or unit.today
    note = reason if explanation is None else f"{reason}: {explanation}"
    move(unit, item, action, by_system=by_system, note=note)
    unit.cancel_timer(REVIEW_DUE, item.code)
    unit.set_timer(ORDERS_REVIEW, item.district, unit.now)
    unit.set_timer(OFF_THE_LISTS, item.code, unit.now)
    taken_off(unit, item, item.off_from, told=reason is EndReason.EXPIRED)
