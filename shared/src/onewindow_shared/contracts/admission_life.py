"""The life of a work item as data: states, moves and who may make them (rules C3, N1-N11).

N8, a community's refusal, and N12, the yearly evaluation, change no item. One function walks the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.machines import CannotMoveError


class ItemStatus(StrEnum):
    """Where a work item stands; nothing but `active` and `under_adjustment` may be asked of a community."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    """Admitted; money and conditions, or the next list, are still to come."""
    FUNDED = "funded"
    ACTIVE = "active"
    UNDER_ADJUSTMENT = "under_adjustment"
    """Under review again while it stays on the list (定期调整)."""
    EXITED = "exited"
    REVOKED = "revoked"


class ItemAction(StrEnum):
    """What is done to a work item."""

    SUBMIT = "submit"
    REJECT_AT_ONCE = "reject_at_once"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    FUND = "fund"
    LIST = "list"
    ADJUST = "adjust"
    CONFIRM = "confirm"
    EXIT = "exit"
    REVOKE = "revoke"


@dataclass(frozen=True)
class ItemMove:
    """One row of the table; `system` says that a timer, the ledger or a list makes it too, or alone."""

    rule: str
    source: ItemStatus
    action: ItemAction
    target: ItemStatus
    by: frozenset[Role] = frozenset()
    system: bool = False


_S, _A = ItemStatus, ItemAction
_DEPARTMENT = frozenset({Role.DEPARTMENT_OFFICER})
_DISTRICT = frozenset({Role.DISTRICT_ADMIN})

ITEM_MOVES: tuple[ItemMove, ...] = (
    ItemMove("N1", _S.DRAFT, _A.SUBMIT, _S.SUBMITTED, _DEPARTMENT),
    ItemMove("N1", _S.RETURNED, _A.SUBMIT, _S.SUBMITTED, _DEPARTMENT),
    ItemMove("N2", _S.SUBMITTED, _A.REJECT_AT_ONCE, _S.REJECTED, system=True),
    ItemMove("N3", _S.SUBMITTED, _A.REVIEW, _S.UNDER_REVIEW, _DISTRICT),
    ItemMove("N4", _S.UNDER_REVIEW, _A.RETURN, _S.RETURNED, _DISTRICT),
    ItemMove("N5", _S.UNDER_REVIEW, _A.APPROVE, _S.APPROVED, _DISTRICT),
    ItemMove("N5", _S.UNDER_REVIEW, _A.REJECT, _S.REJECTED, _DISTRICT),
    ItemMove("N6", _S.APPROVED, _A.FUND, _S.FUNDED, system=True),
    ItemMove("N7", _S.APPROVED, _A.LIST, _S.ACTIVE, system=True),
    ItemMove("N7", _S.FUNDED, _A.LIST, _S.ACTIVE, system=True),
    ItemMove("N9", _S.ACTIVE, _A.ADJUST, _S.UNDER_ADJUSTMENT, _DISTRICT, system=True),
    ItemMove("N9", _S.UNDER_ADJUSTMENT, _A.CONFIRM, _S.ACTIVE, _DISTRICT),
    ItemMove("N10", _S.APPROVED, _A.EXIT, _S.EXITED, _DISTRICT, system=True),
    ItemMove("N10", _S.FUNDED, _A.EXIT, _S.EXITED, _DISTRICT, system=True),
    ItemMove("N10", _S.ACTIVE, _A.EXIT, _S.EXITED, _DISTRICT, system=True),
    ItemMove("N10", _S.UNDER_ADJUSTMENT, _A.EXIT, _S.EXITED, _DISTRICT, system=True),
    ItemMove("N11", _S.ACTIVE, _A.REVOKE, _S.REVOKED, _DISTRICT),
    ItemMove("N11", _S.UNDER_ADJUSTMENT, _A.REVOKE, _S.REVOKED, _DISTRICT),
    ItemMove("-", _S.DRAFT, _A.WITHDRAW, _S.WITHDRAWN, _DEPARTMENT),
    ItemMove("-", _S.SUBMITTED, _A.WITHDRAW, _S.WITHDRAWN, _DEPARTMENT),
    ItemMove("-", _S.UNDER_REVIEW, _A.WITHDRAW, _S.WITHDRAWN, _DEPARTMENT),
    ItemMove("-", _S.RETURNED, _A.WITHDRAW, _S.WITHDRAWN, _DEPARTMENT),
)
"""Only the committee's own duties are listed without money (N7 from `approved`): the database watches it."""

ITEM_ENDS = frozenset({ItemStatus.REJECTED, ItemStatus.WITHDRAWN, ItemStatus.EXITED, ItemStatus.REVOKED})
ON_A_LIST = frozenset({ItemStatus.ACTIVE, ItemStatus.UNDER_ADJUSTMENT})

_TABLE = {(move.source, move.action): move for move in ITEM_MOVES}


def walk_item(status: ItemStatus, action: ItemAction, roles: Iterable[Role] | None) -> ItemMove:
    """Return the move that `action` makes from `status`, or raise `CannotMoveError`.

    `roles` are those of the acting person; None stands for the system.
    """
    move = _TABLE.get((status, action))
    allowed = move is not None and (move.system if roles is None else not move.by.isdisjoint(roles))
    if move is None or not allowed:
        raise CannotMoveError("an item", status, action)
    return move


def item_actions(status: ItemStatus, roles: Iterable[Role]) -> list[ItemAction]:
    """List what these roles may do next, so that no client needs a copy of the rules."""
    mine = frozenset(roles)
    return [move.action for move in ITEM_MOVES if move.source is status and not move.by.isdisjoint(mine)]
