"""What may be done to a case beyond the table of moves: whose it is, and what a refusal must say."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.access import Permission, Role, permits
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.lifecycle import ENDS, CaseAction, CaseStatus
from onewindow_shared.contracts.parties import NO_LETTER, Acting, Letter, Power, exceeded

ASSIGNABLE = frozenset(
    {CaseStatus.ACCEPTED, CaseStatus.TOLERANT_ACCEPTED, CaseStatus.HANDLING, CaseStatus.SUSPENDED}
)
"""From acceptance until the decision somebody may be put in charge."""

ROUTES: Mapping[CaseAction, str] = {
    CaseAction.START: "start",
    CaseAction.SUSPEND: "suspension",
    CaseAction.RESUME: "resumption",
    CaseAction.EXTEND: "extension",
    CaseAction.DECIDE: "decision",
    CaseAction.DELIVER: "delivery",
    CaseAction.CLOSE: "closure",
    CaseAction.CLOSE_REFUSED: "closure",
    CaseAction.WITHDRAW: "withdrawal",
    CaseAction.REOPEN: "reopening",
}
"""Where each move of the table is made: the last part of the route's address."""

STEPS: Mapping[CaseAction, str] = {
    CaseAction.START: "started",
    CaseAction.SUSPEND: "suspended",
    CaseAction.RESUME: "resumed",
    CaseAction.EXTEND: "extended",
    CaseAction.DECIDE: "decided",
    CaseAction.DELIVER: "delivered",
    CaseAction.CLOSE: "closed",
    CaseAction.CLOSE_REFUSED: "closed",
    CaseAction.WITHDRAW: "withdrawn",
    CaseAction.REOPEN: "reopened",
}
"""What has happened after a move, as applicants follow it."""


class Bar(StrEnum):
    """Why somebody may not make a move that the table would allow them."""

    NOT_THE_HANDLER = "only the officer in charge may do this"
    OWN_AGENT = "whoever was in charge of a case does not decide it"
    OWN_CASE = "nobody decides their own case"
    OWN_DELAY = "the officer in charge and the applicant do not extend a case"
    OTHER_DEPARTMENT = "another department decides this case"


def is_open(status: CaseStatus) -> bool:
    """Say whether a case has not come to its end."""
    return status not in ENDS


def charges(status: CaseStatus, roles: Iterable[Role], *, handled: bool) -> list[str]:
    """Return the ways in which somebody with these roles may settle who is in charge."""
    mine = frozenset(roles)
    if status not in ASSIGNABLE:
        return []
    claims = not handled and permits(mine, Permission.CASE_HANDLE)
    return ["claim"] * claims + ["assignments"] * permits(mine, Permission.CASE_ASSIGN)


def may_try(status: CaseStatus, roles: Iterable[Role]) -> bool:
    """Say whether somebody with these roles may write down that a delivery failed."""
    return status is CaseStatus.DECIDED and permits(frozenset(roles), Permission.CASE_DELIVER)


def fault_of_acting(
    said: Acting | None, acting: Acting, own: Acting | None, letter: Letter | None, today: date
) -> str | None:
    """Say why nobody may take the case back in this quality, or None; `own` is that of their account."""
    if own is not None and said not in {None, own}:
        return f"with this account you act as the {own}"
    if acting is not Acting.AGENT:
        return None
    return NO_LETTER if letter is None else exceeded(letter, Power.WITHDRAW, today)


def bar_to_handle(*, actor: str, in_charge: str | None) -> Bar | None:
    """Work is begun, suspended and resumed by the officer in charge, or who stands in (T13-T15)."""
    return None if in_charge is not None and actor == in_charge else Bar.NOT_THE_HANDLER


def fault_of_procedure(procedure: str, known: Collection[str] | None) -> str | None:
    """Say why a case is not suspended for a procedure: its item knows others (T14)."""
    return None if not known or procedure in known else f"this item knows {', '.join(sorted(known))}"


def bar_to_extend(*, actor: str, handlers: Collection[str | None], applicant: str | None) -> Bar | None:
    """An extension is approved by somebody else than whoever works on the case (T16)."""
    return Bar.OWN_DELAY if actor in {*handlers, applicant} else None


def bar_to_decide(
    *,
    actor: str,
    actor_department: str | None,
    department: str,
    agents: Collection[str],
    applicant: str | None,
) -> Bar | None:
    """Decisions belong to the case's department (T17), and agent and decider are never one person (代办).

    `agents` are all who were ever in charge, or stood in: handing a case on makes nobody its decider.
    """
    if actor_department != department:
        return Bar.OTHER_DEPARTMENT
    if actor in agents:
        return Bar.OWN_AGENT
    return Bar.OWN_CASE if actor == applicant else None


def faults_of_decision(outcome: Outcome, reasons: str | None, remedies: str | None) -> dict[str, str]:
    """Name what a refusal lacks: its reasons and the way to remedies (行政许可法 art. 38)."""
    if outcome is Outcome.GRANT:
        return {}
    given = {"reasons": reasons, "remedies": remedies}
    return {field: "a refusal has to state them" for field, text in given.items() if text is None}


def closing(outcome: Outcome) -> CaseAction:
    """Return how a delivered case is closed (T19)."""
    return CaseAction.CLOSE if outcome is Outcome.GRANT else CaseAction.CLOSE_REFUSED


def offered(moves: Iterable[CaseAction], outcome: Outcome | None, barred: Iterable[CaseAction]) -> list[str]:
    """Return the routes of these moves that lead anywhere now."""
    useless = set(barred)
    if outcome is not None:
        useless |= {CaseAction.CLOSE, CaseAction.CLOSE_REFUSED} - {closing(outcome)}
    return [ROUTES[move] for move in moves if move in ROUTES and move not in useless]
