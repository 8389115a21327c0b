"""Orders under an item, and refusals: what departments may ask, what communities may refuse (N8, AD2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import AssistingAction, Basis, CommunityRole, MatterKind
from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Moment, Resource, StatedDay, Text
from onewindow_shared.contracts.machines import CannotMoveError

Minutes = Annotated[int, Field(ge=1, le=600_000)]
Cases = Annotated[int, Field(ge=1, le=100_000)]
Reference = Annotated[Text, StringConstraints(max_length=200)]
"""Where a proof lies: number of a register, a photograph's or paper's mark; never a person's particulars."""


class OrderStatus(StrEnum):
    """Where an order stands."""

    SENT = "sent"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    RETURNED = "returned"
    """Done, but the sender wants it done better."""
    CONFIRMED = "confirmed"
    RECALLED = "recalled"
    REFUSED = "refused"
    """By the community, by its right."""
    HALTED = "halted"
    """By the system: the lists do not have the item any more."""


class OrderAction(StrEnum):
    """What is done with an order."""

    RECEIVE = "receive"
    BEGIN = "begin"
    COMPLETE = "complete"
    CONFIRM = "confirm"
    RETURN = "return"
    RECALL = "recall"
    REFUSE = "refuse"
    OVERRULE = "overrule"
    """The refusal did not stand: the order is as if sent anew."""
    HALT = "halt"


_S, _A = OrderStatus, OrderAction
_COMMUNITY = frozenset({Role.COMMUNITY_MANAGER})
_DEPARTMENT = frozenset({Role.DEPARTMENT_OFFICER})
_SYSTEM: frozenset[Role] = frozenset()
RUNNING = frozenset({_S.SENT, _S.RECEIVED, _S.IN_PROGRESS, _S.RETURNED})
"""States in which a community still has something to do."""
UNREPORTED = RUNNING - {_S.RETURNED}
"""Those in which it has not reported the work as done: what was done is not halted, so that it is paid."""

ORDER_MOVES: Mapping[tuple[OrderStatus, OrderAction], tuple[OrderStatus, frozenset[Role]]] = {
    (_S.SENT, _A.RECEIVE): (_S.RECEIVED, _COMMUNITY),
    (_S.RECEIVED, _A.BEGIN): (_S.IN_PROGRESS, _COMMUNITY),
    (_S.IN_PROGRESS, _A.COMPLETE): (_S.DONE, _COMMUNITY),
    (_S.RETURNED, _A.COMPLETE): (_S.DONE, _COMMUNITY),
    (_S.DONE, _A.CONFIRM): (_S.CONFIRMED, _DEPARTMENT),
    (_S.DONE, _A.RETURN): (_S.RETURNED, _DEPARTMENT),
    (_S.REFUSED, _A.OVERRULE): (_S.SENT, _SYSTEM),
    **{(status, _A.RECALL): (_S.RECALLED, _DEPARTMENT) for status in RUNNING},
    **{(status, _A.REFUSE): (_S.REFUSED, _COMMUNITY) for status in RUNNING},
    **{(status, _A.HALT): (_S.HALTED, _SYSTEM) for status in UNREPORTED},
}
"""State and action -> next state, and the roles that may; no roles where only the system does it."""
CUT_SHORT = frozenset({_S.RECALLED, _S.REFUSED, _S.HALTED})
"""States of orders that a community was not to do after all: they are in no figure of it."""


def walk_order(status: OrderStatus, action: OrderAction, roles: Iterable[Role] | None) -> OrderStatus:
    """Return where `action` leads from `status`; `roles` None stands for the system."""
    target, by = ORDER_MOVES.get((status, action), (status, None))
    if by is None or (bool(by) if roles is None else by.isdisjoint(roles)):
        raise CannotMoveError("an order", status, action)
    return target


class Bar(StrEnum):
    """Why the system does not let work go to a community."""

    FORBIDDEN = "FORBIDDEN"
    """行政执法、拆迁拆违、环境整治、城市管理、招商引资 …"""
    NOT_ADMITTED = "NOT_ADMITTED"
    OUT_OF_LIST = "OUT_OF_LIST"
    NO_FUNDS = "NO_FUNDS"
    NO_AUTHORITY = "NO_AUTHORITY"
    """The item is another department's."""
    OUT_OF_PERIOD = "OUT_OF_PERIOD"
    OUT_OF_AREA = "OUT_OF_AREA"
    MAIN_BODY = "MAIN_BODY"
    """The community would be the responsible body of what it may only assist."""
    BEYOND_ACTIONS = "BEYOND_ACTIONS"
    """More than the assisting that was admitted."""
    BEYOND_WORKLOAD = "BEYOND_WORKLOAD"
    """More hours than were agreed for the year."""


class RefusalReason(StrEnum):
    """Why a community refuses work, by its right (N8; 上海市居民委员会工作条例 arts. 27, 28)."""

    NOT_ADMITTED = "NOT_ADMITTED"
    NO_FUNDS = "NO_FUNDS"
    NO_AUTHORITY = "NO_AUTHORITY"
    OUT_OF_LIST = "OUT_OF_LIST"
    FORBIDDEN = "FORBIDDEN"
    CERTIFICATE_NOT_ISSUED = "CERTIFICATE_NOT_ISSUED"


class RefusalStatus(StrEnum):
    """Where a refusal stands."""

    OPEN = "open"
    """The department may still object."""
    OBJECTED = "objected"
    STANDS = "stands"
    """Nobody objected in time."""
    UPHELD = "upheld"
    OVERRULED = "overruled"


class OrderIn(Contract):
    """Work that a department asks of a community under an item of the lists."""

    item: Code
    community: CommunityCode
    role: CommunityRole
    actions: Annotated[Sequence[AssistingAction], Field(max_length=6)] = ()
    """What the community is to do, where it assists."""
    content: Text
    minutes: Minutes | None = None
    """Working time that the community needs for it; never less than its cases take as they were admitted."""
    cases: Cases = 1
    """Cases, persons or households that it is about."""
    due_on: StatedDay | None = None
    """By when it is to be done; the usual working days from today unless given."""


class OrderRow(Resource):
    """An order as a line of a list."""

    no: int
    item: str
    item_name: str
    department: str
    community: str
    status: OrderStatus
    sent_at: Moment
    due_on: date
    provisional: bool
    overdue: bool


class OrderOut(OrderRow):
    """An order with everything about it."""

    role: CommunityRole
    actions: Sequence[AssistingAction]
    content: str
    minutes: int
    """Working time that is asked: of its cases as they were admitted, or more."""
    cases: int
    evidence: Sequence[str]
    minutes_spent: int | None
    cases_done: int | None
    beyond: bool
    """More was done than ordered, by more than the district bears: only an explicit word confirms it."""
    done_at: Moment | None
    confirmed_at: Moment | None
    reason: str | None
    """Why it is returned, recalled, refused or halted; null in every other state."""
    refusals: Sequence["RefusalOut"]
    """Every refusal of it, the oldest first, with its dispute and how that ended."""


class OrderStepOut(Contract):
    """One thing that happened to an order."""

    at: Moment
    step: str
    status: OrderStatus
    by: str
    note: str | None
    completion: "CompletionIn | None"
    """What was told with it, where the step is a completion."""


class TimeAsked(Contract):
    """Working time under an item that a community gives in a year, in minutes."""

    agreed: int
    before: int
    """Of orders that were sent already."""
    asked: int
    """By the order that was refused."""


class BarredOut(Contract):
    """A dispatch that the system refused."""

    no: int
    at: Moment
    item: str
    department: str
    community: str
    reason: Bar
    basis: Sequence[Basis]
    time: TimeAsked | None
    """Where it was too much work."""


class CompletionIn(Contract):
    """That an order is done: what proves it, and what it took."""

    evidence: Annotated[Sequence[Reference], Field(min_length=1, max_length=50)]
    minutes: Minutes
    cases: Annotated[int, Field(ge=0, le=100_000)]


class ConfirmationIn(Contract):
    """That what was done is accepted."""

    accept_more: bool = False
    """Also what goes beyond the order by more than the district bears; it is owed and counted only then."""


class RefusalIn(Contract):
    """A community's refusal of an order that it has."""

    reason: RefusalReason
    explanation: Text


class DemandIn(RefusalIn):
    """A demand that was made beside the system, and refused."""

    community: CommunityCode
    department: Code
    kind: MatterKind
    demand: Text
    """What was asked, in the community's words; it is not published."""


class ObjectionIn(Contract):
    """Why the department holds the refusal for wrong."""

    grounds: Text


class SettlementIn(Contract):
    """What the street office or the district settles."""

    upheld: bool
    reasons: Text


class RefusalOut(Resource):
    """A refusal with its dispute."""

    no: int
    community: str
    department: str
    order: int | None
    item: str | None
    kind: MatterKind | None
    demand: str | None
    reason: RefusalReason
    explanation: str
    status: RefusalStatus
    refused_at: Moment
    object_by: date
    provisional: bool
    objection: str | None
    settlement: str | None
    settled_at: Moment | None


class PublicRefusal(Contract):
    """A refusal as everybody sees it, once its result is there."""

    no: int
    community: str
    department: str
    item: str | None
    item_name: str | None
    kind: MatterKind | None
    reason: RefusalReason
    result: RefusalStatus
    refused_on: date
    settled_on: date | None


class RefusedCount(Contract):
    """Unadmitted work refused, by department and reason (figure AD2)."""

    department: str
    reason: str
    by_system: int
    by_communities: int
    """Refusals of communities that stand, or still may."""
