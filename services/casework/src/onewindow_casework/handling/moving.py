"""Moving a case along the table of its life: taken as it was seen, moved, written down, told."""

from enum import StrEnum

from onewindow_casework.agency import ending as agency
from onewindow_casework.assignment import charge
from onewindow_casework.assignment import queries as assignment
from onewindow_casework.clocks import service as clocks
from onewindow_casework.handling import queries, rules
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, walk
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.conditional import stale
from onewindow_shared.plumbing.problems import MoveRefused, Problem
from onewindow_shared.plumbing.unit import Unit


class NotYours(Problem):
    """The case is in sight, but this is for somebody else to do; `detail` says for whom."""

    type = "urn:onewindow:problem:not-yours"
    title = "For somebody else to do"
    status = 403


def taken(unit: Unit, case_no: str, seen: int) -> CaseFile:
    """Load a case for writing, as the caller saw it."""
    case = queries.locked_whole(unit, case_no)
    if case.version != seen:
        unit.session.expire(case)
        raise stale(queries.show(unit, case))
    return case


def move(unit: Unit, case: CaseFile, action: CaseAction) -> None:
    """Bring a case to where the table says that this actor's action leads."""
    try:
        to = walk(CaseStatus(case.status), action, unit.actor.roles).target
    except CannotMoveError as error:
        raise MoveRefused(detail=f"{error}.", state=case.status, action=action) from error
    if case.handler is not None and case.status in rules.ASSIGNABLE and to not in rules.ASSIGNABLE:
        charge.take_back_offer(unit, case)
    case.status, case.open = to, rules.is_open(to)


def unless(bar: StrEnum | None) -> None:
    """Refuse what the table allows but this bar does not."""
    if bar is not None:
        raise NotYours(detail=f"{bar.capitalize()}.")


def bar_to_handle(unit: Unit, case: CaseFile) -> rules.Bar | None:
    """Say why this actor may not work on the case."""
    return rules.bar_to_handle(actor=unit.actor.subject, in_charge=assignment.in_charge(unit, case))


def in_charge_only(unit: Unit, case: CaseFile) -> None:
    """Refuse anybody but the officer in charge, or whoever stands in for them today."""
    unless(bar_to_handle(unit, case))
    charge.noted(unit, case)


def done(
    unit: Unit,
    case: CaseFile,
    action: CaseAction,
    *,
    note: str | None = None,
    detail: clocks.Detail | None = None,
    acting: Acting | None = None,
) -> CaseFileOut:
    """Write a move down, tell of it, and show the case."""
    if not case.open:
        with unit.session.no_autoflush:
            clocks.stop(unit, case)
            agency.case_ended(unit, case)
    tell(unit, case, rules.STEPS[action], note=note, detail=detail, acting=acting)
    return queries.show(unit, case)
