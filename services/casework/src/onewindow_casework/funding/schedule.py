"""When a community is to have its money: instalments by the item's schedule, and the lamp of a late one."""

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from onewindow_casework.admission.models import OFF, WorkItem
from onewindow_casework.clocks.queries import ends_at, last_day
from onewindow_casework.funding import queries, rules
from onewindow_casework.funding.models import FundAccount, Instalment
from onewindow_casework.lists import upkeep
from onewindow_casework.orders.queries import cases_to_come, first_unowed, unowed
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.admission_life import ON_A_LIST, ItemStatus
from onewindow_shared.contracts.funding import AccountKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import Facets
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due, midnight

INSTALMENTS = "fund.instalments"
"""Timer at the beginning of an item's next period, or after its end where money follows the cases.

Where cases were just confirmed it comes at once, and is set anew to the end of their period.
"""
TRANSFER_DUE = "fund.transfer_due"
"""Timer at the close of business of the day by which a community is to have its money."""
MONEY_STOPPED = "fund.money_stopped"
"""Timer at the end of the time for which a late instalment is borne."""
ONE_DAY = timedelta(days=1)


def begin(unit: Unit, item: WorkItem) -> None:
    """Watch over the schedule of an item that is paid for."""
    _next_period(unit, item)


def _next_period(unit: Unit, item: WorkItem) -> tuple[date, date] | None:
    """Return the next period without instalments, and have it looked at when its time comes."""
    done = queries.funding_of(unit, item).settled_through
    start = item.first_day if done is None else done + ONE_DAY
    following = _period_from(unit, item, start)
    if following is not None:
        unit.set_timer(INSTALMENTS, item.code, _opens_at(unit, item, following))
    return following


def _period_from(unit: Unit, item: WorkItem, start: date) -> tuple[date, date] | None:
    money = queries.money_of(item)
    if not rules.in_arrears(money.unit):
        gone = item.status in OFF
        return None if gone else rules.period_of(item.first_day, item.last_day, money.period, start)
    term = rules.Term(item.first_day, item.last_day, money.period, item.off_from)
    last = rules.closes(term, start, first_unowed(unit, item.code))
    return None if last is None else (start, last)


def _opens_at(unit: Unit, item: WorkItem, period: tuple[date, date]) -> datetime:
    return midnight(_owed_from(item, period), unit.zone)


def _owed_from(item: WorkItem, period: tuple[date, date]) -> date:
    return period[1] + ONE_DAY if rules.in_arrears(queries.money_of(item).unit) else period[0]


def make_instalments(unit: Unit, code: str, due_at: datetime) -> None:
    """Say what every community concerned is to get for the period that has begun, or has ended."""
    item = unit.session.scalar(select(WorkItem).where(WorkItem.code == code).with_for_update())
    if item is None or item.funded_at is None:
        return
    if ItemStatus(item.status) is ItemStatus.FUNDED:
        unit.set_timer(INSTALMENTS, code, unit.now + ONE_DAY)
        return
    period = _next_period(unit, item)
    if period is None or _opens_at(unit, item, period) > unit.now:
        return
    for community, cases in _to_be_paid(unit, item, period).items():
        _owe(unit, item, community, period, cases)
    queries.funding_of(unit, item).settled_through = period[1]
    unit.session.flush()
    _next_period(unit, item)


def _to_be_paid(unit: Unit, item: WorkItem, period: tuple[date, date]) -> dict[str, int]:
    """Return the communities that get money for a period, and where it follows cases, for how many.

    A case is owed once: its order keeps for which period that was.
    """
    if not rules.in_arrears(queries.money_of(item).unit):
        return dict.fromkeys(queries.communities_of(unit, item), 0)
    cases: Counter[str] = Counter()
    for order in unowed(unit, item.code, period[1]):
        order.owed_on = period[1]
        cases[order.community] += order.cases_done or 0
    return cases


def _owe(unit: Unit, item: WorkItem, community: str, period: tuple[date, date], cases: int) -> None:
    fen = rules.instalment(queries.money_of(item), cases)
    due = _due(unit, item, period)
    instalment = Instalment(
        item=item.code,
        department=item.department,
        period_from=period[0],
        period_to=period[1],
        fen=fen,
        due_on=due.day,
        provisional=due.provisional,
        **place(community),
    )
    unit.session.add(instalment)
    unit.session.flush()
    unit.set_timer(TRANSFER_DUE, str(instalment.id), ends_at(unit, due.day))
    settle(unit, item, community)


def _due(unit: Unit, item: WorkItem, period: tuple[date, date]) -> Due:
    return last_day(unit, _owed_from(item, period), settings_of(unit).transfer_days)


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again the days of unpaid instalments that reach a day from `first` to `last`.

    Returns how many moved. The lamp of one that moved goes out; its timer lights it again if need be.
    """
    unpaid = (
        select(Instalment, WorkItem)
        .join(WorkItem, WorkItem.code == Instalment.item)
        .where(Instalment.paid_on.is_(None), Instalment.due_on >= first)
        .order_by(Instalment.id)
        .with_for_update(of=Instalment)
    )
    moved = 0
    for instalment, item in unit.session.execute(unpaid):
        period = instalment.period_from, instalment.period_to
        due = _due(unit, item, period) if _owed_from(item, period) <= last else None
        if due is not None and due != Due(instalment.due_on, instalment.provisional):
            _put_off(unit, instalment, due)
            moved += 1
    return moved


def _put_off(unit: Unit, instalment: Instalment, due: Due) -> None:
    if instalment.late_since is not None and due.day != instalment.due_on:
        if instalment.late:
            _count_late(unit, instalment, -1, instalment.late_since)
        instalment.late, instalment.late_since = False, None
    instalment.due_on, instalment.provisional = due.day, due.provisional
    unit.set_timer(TRANSFER_DUE, str(instalment.id), ends_at(unit, due.day))
    unit.audit(
        "fund.due_changed",
        "instalment",
        str(instalment.id),
        area=instalment.community,
        detail={"item": instalment.item, "due_on": due.day.isoformat()},
    )


def settle(unit: Unit, item: WorkItem, community: str) -> None:
    """Set what a community got for an item against its instalments, the oldest first."""
    here = unit.gathered(community)
    account = rules.account(AccountKind.COMMUNITY, queries.party_of(item, here.area)).code
    unit.session.scalar(select(FundAccount.code).where(FundAccount.code == account).with_for_update())
    left = queries.transferred(unit, item.code, community)
    owed = select(Instalment).where(Instalment.item == item.code, Instalment.community.in_(here.codes))
    for instalment in unit.session.scalars(owed.order_by(Instalment.period_from, Instalment.id)):
        left -= instalment.fen
        _mark(unit, instalment, paid=left >= 0)


def _mark(unit: Unit, instalment: Instalment, *, paid: bool) -> None:
    if paid == (instalment.paid_on is not None):
        return
    if paid:
        if instalment.late:
            _count_late(unit, instalment, -1, unit.today)
        instalment.late, instalment.paid_on = False, unit.today
        return
    if instalment.late_since is not None and instalment.paid_on is not None:
        _count_late(unit, instalment, 1, instalment.paid_on)
        instalment.late, instalment.paid_on = True, None
        _bear(unit, instalment)
    else:
        unit.set_timer(TRANSFER_DUE, str(instalment.id), ends_at(unit, instalment.due_on))
        instalment.paid_on = None


def transfer_due(unit: Unit, instalment_id: str, due_at: datetime) -> None:
    """Light the lamp of an instalment that is not there at the close of its day."""
    query = select(Instalment).where(Instalment.id == int(instalment_id)).with_for_update()
    instalment = unit.session.scalar(query)
    if instalment is None or instalment.paid_on is not None or instalment.late:
        return
    if unit.now < ends_at(unit, instalment.due_on):
        unit.set_timer(TRANSFER_DUE, instalment_id, ends_at(unit, instalment.due_on))
        return
    instalment.late, instalment.late_since = True, instalment.due_on
    _count_late(unit, instalment, 1, instalment.due_on)
    _bear(unit, instalment)
    unit.audit(
        "fund.transfer_late",
        "instalment",
        instalment_id,
        area=instalment.community,
        detail={"item": instalment.item, "due_on": instalment.due_on.isoformat()},
    )


def _bear(unit: Unit, instalment: Instalment) -> None:
    until = last_day(unit, instalment.due_on, settings_of(unit).money_stopped_days).day
    unit.set_timer(MONEY_STOPPED, str(instalment.id), ends_at(unit, until))


def money_stopped(unit: Unit, instalment_id: str, due_at: datetime) -> None:
    """Let an item go whose instalment was late too long, and whose account does not hold it (N10)."""
    late = select(Instalment).where(Instalment.id == int(instalment_id), Instalment.late)
    of_item = select(WorkItem).where(WorkItem.code.in_(late.with_only_columns(Instalment.item)))
    item = unit.session.scalar(of_item.with_for_update())
    instalment = unit.session.scalar(late)
    if item is None or instalment is None or item.status not in ON_A_LIST:
        return
    account = rules.account(AccountKind.ITEM, queries.party_of(item)).code
    held = unit.session.scalar(select(FundAccount.balance).where(FundAccount.code == account)) or 0
    if held < _owed(unit, item, instalment):
        upkeep.money_stopped(unit, item, f"{instalment.community} {instalment.due_on}")
    else:
        unit.set_timer(MONEY_STOPPED, instalment_id, unit.now + ONE_DAY)


def _owed(unit: Unit, item: WorkItem, instalment: Instalment) -> int:
    """Return what a community is still to get for the periods up to that of an instalment."""
    due = select(func.sum(Instalment.fen)).where(
        Instalment.item == item.code,
        Instalment.community.in_(unit.gathered(instalment.community).codes),
        Instalment.period_from <= instalment.period_from,
    )
    return (unit.session.scalar(due) or 0) - queries.transferred(unit, item.code, instalment.community)


def still_owed(unit: Unit, item: WorkItem) -> int:
    """Return what communities are still to get: unpaid instalments, and cases done that are in none yet."""
    money, due = queries.money_of(item), Counter(queries.due_to(unit, item.code))
    if rules.in_arrears(money.unit):
        due.update({one: rules.instalment(money, n) for one, n in cases_to_come(unit, item.code).items()})
    due.subtract(queries.transferred_to(unit, item.code))
    return (+due).total()


def _count_late(unit: Unit, instalment: Instalment, n: int, day: date) -> None:
    by = Facets(department=instalment.department)
    unit.count(Metric.TRANSFERS_LATE, n, community=instalment.community, day=day, by=by)
