"""The dispatch guard: what a department may ask of a community on a day, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onewindow_shared.contracts.admission import (
    AssistingAction,
    Basis,
    CommunityRole,
    ListedMatter,
    MatterClass,
    Standing,
)
from onewindow_shared.contracts.orders import Bar, TimeAsked

ASKABLE = frozenset({MatterClass.AUTONOMY, MatterClass.ASSIST, MatterClass.PURCHASE})

BY_STANDING: Mapping[Standing, Bar] = {
    Standing.NOT_ADMITTED: Bar.NOT_ADMITTED,
    Standing.NO_FUNDS: Bar.NO_FUNDS,
    Standing.NO_CONTRACT: Bar.NO_FUNDS,
    Standing.NOT_LISTED: Bar.OUT_OF_LIST,
    Standing.TAKEN_OFF: Bar.OUT_OF_LIST,
    Standing.OUT_OF_PERIOD: Bar.OUT_OF_PERIOD,
    Standing.OUT_OF_AREA: Bar.OUT_OF_AREA,
}
"""What keeps an item from being asked that is not listed for a community on a day."""

HALTED: Mapping[Standing, str] = {
    Standing.NOT_ADMITTED: "该事项未经准入。",
    Standing.NO_FUNDS: "该事项经费未落实。",
    Standing.NO_CONTRACT: "该事项的购买服务合同已经期满。",
    Standing.NOT_LISTED: "现行清单不含该事项。",
    Standing.TAKEN_OFF: "该事项已退出清单。",
    Standing.OUT_OF_PERIOD: "该事项的期限已过。",
    Standing.OUT_OF_AREA: "该事项的范围不含本社区。",
}
"""What a community and a department are told of an order that the system halted."""

_OPINION_2017 = "中共中央 国务院关于加强和完善城乡社区治理的意见"
_SHANGHAI = Basis(
    document="上海市居民委员会工作条例",
    article="第二十七条",
    quote="对清单以外的协助行政事项，居民委员会有权拒绝办理",
)
_OUTSIDE = Basis(
    document="民政部关于进一步推进和谐社区建设工作的意见(民发〔2009〕165号)",
    quote="大力推行社区公共服务事项准入制度",
)
_MONEY = Basis(
    document=_OPINION_2017,
    quote="依法需要基层群众性自治组织协助的工作事项,应当为其提供经费和必要工作条件",
)
_DUTY = Basis(document=_OPINION_2017, quote="应当由基层政府履行的法定职责,不得要求基层群众性自治组织承担")
_MAIN = Basis(
    document="北京市接诉即办工作条例",
    article="第十七条",
    quote="承办单位不得将社区职责清单外的事项交由社区办理，不得将社区协助政府工作的事项交由社区作为主责办理",
)
_WITH_DUTY = Basis(
    document="民政部关于进一步推进和谐社区建设工作的意见(民发〔2009〕165号)",
    quote="凡委托给村(居)委会办理的有关服务事项,应当实行权随责走、费随事转",
)

BASES: Mapping[Bar, Basis] = {
    Bar.FORBIDDEN: _DUTY,
    Bar.NOT_ADMITTED: _SHANGHAI,
    Bar.OUT_OF_LIST: _SHANGHAI,
    Bar.NO_FUNDS: _MONEY,
    Bar.NO_AUTHORITY: _WITH_DUTY,
    Bar.OUT_OF_PERIOD: _OUTSIDE,
    Bar.OUT_OF_AREA: _OUTSIDE,
    Bar.MAIN_BODY: _MAIN,
    Bar.BEYOND_ACTIONS: _MAIN,
    Bar.BEYOND_WORKLOAD: _WITH_DUTY,
}
"""What each refusal rests on, in its own words."""


@dataclass(frozen=True)
class Asked:
    """What a department asks of a community."""

    department: str
    role: CommunityRole
    actions: Sequence[AssistingAction]
    minutes: int | None
    due_on: date
    cases: int = 1


@dataclass(frozen=True)
class Situation:
    """How things stand for a community on the day it is asked."""

    standing: Standing
    card: ListedMatter | None
    """Of the item on the list in force that day."""
    forbidden: Sequence[Basis] = ()
    """Bases of what the order comes upon that must not be asked; none if it is nothing."""
    money_late: bool = False
    """The community waits for money of this item past its day."""
    minutes_before: int = 0
    """Asked under this item in this year already."""


@dataclass(frozen=True)
class Barred:
    """That something may not be asked, why, and on what that rests."""

    reason: Bar
    basis: Sequence[Basis]
    time: TimeAsked | None = None
    """Where it is too much work."""


def may_dispatch(asked: Asked, there: Situation) -> Barred | None:
    """Say what keeps an order from being sent; None if nothing does."""
    if there.forbidden:
        return Barred(Bar.FORBIDDEN, there.forbidden)
    if there.card is None or there.standing is not Standing.LISTED:
        return _barred(BY_STANDING.get(there.standing, Bar.OUT_OF_LIST))
    if there.card.matter_class not in ASKABLE:
        return Barred(Bar.FORBIDDEN, there.card.basis or [BASES[Bar.FORBIDDEN]])
    reason = _beyond_the_item(asked, there.card) or (Bar.NO_FUNDS if there.money_late else None)
    if reason is not None:
        return _barred(reason)
    time = _time(asked, there, there.card)
    return _barred(Bar.BEYOND_WORKLOAD, time) if time.before + time.asked > time.agreed else None


def _barred(reason: Bar, time: TimeAsked | None = None) -> Barred:
    return Barred(reason, [BASES[reason]], time)


def _beyond_the_item(asked: Asked, card: ListedMatter) -> Bar | None:
    """Compare what is asked with what was admitted."""
    if card.department != asked.department:
        return Bar.NO_AUTHORITY
    if card.last_day is not None and asked.due_on > card.last_day:
        return Bar.OUT_OF_PERIOD
    if asked.role is CommunityRole.MAIN and card.role is not CommunityRole.MAIN:
        return Bar.MAIN_BODY
    beyond = set(asked.actions) - set(card.actions)
    assisting = card.role is CommunityRole.ASSISTING
    return Bar.BEYOND_ACTIONS if assisting and (beyond or not asked.actions) else None


def _time(asked: Asked, there: Situation, card: ListedMatter) -> TimeAsked:
    """Set what is asked beside the time that was agreed, and what of it was asked before."""
    agreed = card.workload.hours_per_year * 60 if card.workload else 0
    return TimeAsked(agreed=agreed, before=there.minutes_before, asked=time_asked(asked, card))


def time_asked(asked: Asked, card: ListedMatter) -> int:
    """Return the working time of an order, in minutes."""
    return working_time(asked.minutes, asked.cases, card.workload.minutes_per_case if card.workload else 0)


def working_time(minutes: int | None, cases: int, minutes_per_case: int) -> int:
    """Return the time of so many cases: what is said of it, but never less than was admitted for them."""
    return max(minutes or 0, cases * minutes_per_case)


def is_beyond(ordered: int, done: int, percent: int) -> bool:
    """Say whether more was done than ordered, by more than so many percent."""
    return done * 100 > ordered * (100 + percent)


def time_taken(*, planned: int, spent: int | None, begun: bool) -> int:
    """Return the working time that an order takes of the agreed hours once it is over.

    What was done counts as it took; what was begun and cut short counts as planned; anything else not at all.
    """
    if spent is not None:
        return spent
    return planned if begun else 0
