"""The life of a case as data: states, moves and who may make them (rules C2, T1-T23).

行政许可法 arts. 29-45 unless a move names another source. One function walks the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.machines import CannotMoveError


class CaseStatus(StrEnum):
    """Where a case stands; the last five and CLOSED are ends."""

    DRAFT = "draft"
    RECEIVED = "received"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    TOLERANT_ACCEPTED = "tolerant_accepted"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    DECIDED = "decided"
    DELIVERED = "delivered"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    WITHDRAWN = "withdrawn"
    ACCEPTANCE_REVOKED = "acceptance_revoked"
    REFUSED = "refused"


class CaseAction(StrEnum):
    """What is done to a case."""

    SUBMIT = "submit"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    CORRECT_ON_SPOT = "correct_on_spot"
    REQUEST_CORRECTION = "request_correction"
    DEEM_ACCEPTED = "deem_accepted"
    ACCEPT = "accept"
    ACCEPT_TOLERANTLY = "accept_tolerantly"
    DEEM_WITHDRAWN = "deem_withdrawn"
    SUPPLEMENT = "supplement"
    REVOKE_ACCEPTANCE = "revoke_acceptance"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    DECIDE = "decide"
    DELIVER = "deliver"
    CLOSE = "close"
    CLOSE_REFUSED = "close_refused"
    WITHDRAW = "withdraw"
    DECIDE_AT_ONCE = "decide_at_once"
    REOPEN = "reopen"


class Owner(StrEnum):
    """The service in whose database the move happens."""

    INTAKE = "intake"
    CASEWORK = "casework"


@dataclass(frozen=True)
class Move:
    """One row of the table. `by` empty means the system's timer."""

    rule: str
    source: CaseStatus
    action: CaseAction
    target: CaseStatus
    owner: Owner
    by: frozenset[Role]


_S, _A = CaseStatus, CaseAction
_WINDOW = frozenset({Role.WINDOW_CLERK})
_APPLICANT = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.WINDOW_CLERK, Role.AGENT_OFFICER})
_HANDLER = frozenset({Role.AGENT_OFFICER, Role.DEPARTMENT_OFFICER})
_HEAD = frozenset({Role.DISTRICT_ADMIN, Role.STREET_SUPERVISOR})
_DECIDER = frozenset({Role.DEPARTMENT_OFFICER})
_EXIT = frozenset({Role.WINDOW_CLERK, Role.AGENT_OFFICER})
_SYSTEM: frozenset[Role] = frozenset()


def _intake(
    rule: str, source: CaseStatus, action: CaseAction, target: CaseStatus, by: frozenset[Role]
) -> Move:
    return Move(rule, source, action, target, Owner.INTAKE, by)


def _casework(
    rule: str, source: CaseStatus, action: CaseAction, target: CaseStatus, by: frozenset[Role]
) -> Move:
    return Move(rule, source, action, target, Owner.CASEWORK, by)


MOVES: tuple[Move, ...] = (
    _intake("T1", _S.DRAFT, _A.SUBMIT, _S.RECEIVED, _APPLICANT),
    _intake("T2", _S.RECEIVED, _A.REFUSE_ACCEPTANCE, _S.NOT_ACCEPTED, _WINDOW),
    _intake("T3", _S.RECEIVED, _A.CORRECT_ON_SPOT, _S.RECEIVED, _APPLICANT),
    _intake("T4", _S.RECEIVED, _A.REQUEST_CORRECTION, _S.CORRECTION, _WINDOW),
    _intake("T5", _S.RECEIVED, _A.DEEM_ACCEPTED, _S.ACCEPTED, _SYSTEM),
    _intake("T6", _S.RECEIVED, _A.ACCEPT, _S.ACCEPTED, _WINDOW),
    _intake("T7", _S.RECEIVED, _A.ACCEPT_TOLERANTLY, _S.TOLERANT_ACCEPTED, _WINDOW),
    _intake("T8", _S.CORRECTION, _A.ACCEPT, _S.ACCEPTED, _WINDOW),
    _intake("T9", _S.CORRECTION, _A.DEEM_WITHDRAWN, _S.DEEMED_WITHDRAWN, _SYSTEM),
    _intake("T10", _S.CORRECTION, _A.REFUSE_ACCEPTANCE, _S.NOT_ACCEPTED, _WINDOW),
    _intake("T11", _S.TOLERANT_ACCEPTED, _A.SUPPLEMENT, _S.HANDLING, _APPLICANT),
    _intake("T12", _S.TOLERANT_ACCEPTED, _A.REVOKE_ACCEPTANCE, _S.ACCEPTANCE_REVOKED, _SYSTEM),
    _intake("T12", _S.TOLERANT_ACCEPTED, _A.DEEM_WITHDRAWN, _S.DEEMED_WITHDRAWN, _SYSTEM),
    _casework("T13", _S.ACCEPTED, _A.START, _S.HANDLING, _HANDLER),
    _casework("T14", _S.HANDLING, _A.SUSPEND, _S.SUSPENDED, _HANDLER),
    _casework("T15", _S.SUSPENDED, _A.RESUME, _S.HANDLING, _HANDLER),
    _casework("T16", _S.HANDLING, _A.EXTEND, _S.HANDLING, _HEAD),
    _casework("T17", _S.HANDLING, _A.DECIDE, _S.DECIDED, _DECIDER),
    _casework("T18", _S.DECIDED, _A.DELIVER, _S.DELIVERED, _EXIT),
    _casework("T19", _S.DELIVERED, _A.CLOSE, _S.CLOSED, _EXIT),
    _casework("T19", _S.DELIVERED, _A.CLOSE_REFUSED, _S.REFUSED, _EXIT),
    _intake("T20", _S.DRAFT, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _intake("T20", _S.RECEIVED, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _intake("T20", _S.CORRECTION, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _casework("T20", _S.ACCEPTED, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _casework("T20", _S.TOLERANT_ACCEPTED, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _casework("T20", _S.HANDLING, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _casework("T20", _S.SUSPENDED, _A.WITHDRAW, _S.WITHDRAWN, _APPLICANT),
    _casework("T24", _S.CLOSED, _A.REOPEN, _S.HANDLING, _HEAD),
    _casework("T24", _S.REFUSED, _A.REOPEN, _S.HANDLING, _HEAD),
    _intake("T21", _S.RECEIVED, _A.DECIDE_AT_ONCE, _S.CLOSED, _WINDOW),
)
"""T22 (overdue) is a flag, and T23 (publicity) a step of the item: neither changes the state.

T24 is ours: within the district's window after closing, a head may have a case handled again.
"""

ENDS = frozenset(
    {
        CaseStatus.CLOSED,
        CaseStatus.NOT_ACCEPTED,
        CaseStatus.DEEMED_WITHDRAWN,
        CaseStatus.WITHDRAWN,
        CaseStatus.ACCEPTANCE_REVOKED,
        CaseStatus.REFUSED,
    }
)
"""Where a case rests; only T24 leads on from two of them."""

_TABLE = {(move.source, move.action): move for move in MOVES}


def walk(status: CaseStatus, action: CaseAction, roles: Iterable[Role] | None) -> Move:
    """Return the move that `action` makes from `status`, or raise `CannotMoveError`.

    `roles` are those of the acting person; None stands for the system's timer.
    """
    move = _TABLE.get((status, action))
    allowed = move is not None and (not move.by if roles is None else not move.by.isdisjoint(roles))
    if move is None or not allowed:
        raise CannotMoveError("a case", status, action)
    return move


def actions(status: CaseStatus, roles: Iterable[Role]) -> list[CaseAction]:
    """List what these roles may do next, so that no client needs a copy of the rules."""
    mine = frozenset(roles)
    return [move.action for move in MOVES if move.source is status and not move.by.isdisjoint(mine)]
