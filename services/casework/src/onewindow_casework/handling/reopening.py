"""Taking a closed case up again, within the district's window after its closing (T24)."""

import json
from typing import Any

from sqlalchemy import select

from onewindow_casework.clocks import service as clocks
from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.clocks.rules import in_time
from onewindow_casework.handling import queries
from onewindow_casework.handling.counting import count_closed
from onewindow_casework.handling.models import FORMER, REOPENED, CaseFile, Reopening
from onewindow_casework.handling.moving import done, move, taken
from onewindow_casework.reviews import inviting
from onewindow_casework.settings import settings_of
from onewindow_casework.steps import planning
from onewindow_shared.contracts.casework import CaseFileOut, ReopeningIn, ReopeningOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import Problem
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

OLDEST_FIRST = Keyset((Reopening.id,))
OUTCOME = {"decision", "delivery", "closed_at", "on_time"}


class WindowOver(Problem):
    """The days after closing within which this district reopens cases are over."""

    type = "urn:onewindow:problem:window-over"
    title = "Too late to reopen"
    status = 409


def reopen(unit: Unit, case_no: str, seen: int, body: ReopeningIn) -> CaseFileOut:
    """Have a case handled again: its outcome becomes a former one, and its limits begin anew."""
    hold_calendar(unit)
    case = taken(unit, case_no, seen)
    move(unit, case, CaseAction.REOPEN)
    if not within_window(unit, case):
        raise WindowOver(detail=f"Cases are reopened within {settings_of(unit).reopen_days} working days.")
    planning.begin_again(unit, case, body.again_from)
    _keep_outcome(unit, case, body.reason)
    case.closed_at = case.on_time = case.handling_days = case.overdue_on = case.overdue_until = None
    case.reopened_at = unit.now
    inviting.closed_to(unit, case)
    detail = {"again_from": body.again_from, **clocks.count_again(unit, case)}
    clocks.watch(unit, case.case_no, case.promised_due_on)
    return done(unit, case, CaseAction.REOPEN, detail=detail)


def within_window(unit: Unit, case: CaseFile) -> bool:
    """Say whether the window is open; whatever was written since the closing moves nothing."""
    closed_on = local_day(case.closed_at, unit.zone) if case.closed_at else None
    days = settings_of(unit).reopen_days
    return closed_on is not None and in_time(work_calendar(unit.session), closed_on, unit.today, days)


def _keep_outcome(unit: Unit, case: CaseFile, reason: str) -> None:
    """Move decision and delivery to the former outcomes, and take the closing out of the figures."""
    if case.closed_at is None:
        return
    shown = queries.show(unit, case).model_dump_json(include=OUTCOME)
    unit.session.add(
        Reopening(
            case_id=case.id,
            at=unit.now,
            by=unit.actor.subject,
            by_name=unit.actor.name,
            reason_sealed=unit.vault.seal(reason, purpose=REOPENED),
            outcome_sealed=unit.vault.seal(shown, purpose=FORMER),
            closed_at=case.closed_at,
            on_time=bool(case.on_time),
            overdue_on=case.overdue_on,
            overdue_until=case.overdue_until,
        )
    )
    count_closed(unit, case, -1)
    for row in (case.decision, case.delivery):
        if row is not None:
            unit.session.delete(row)
    unit.session.flush()
    unit.session.expire(case, ["decision", "delivery"])


def several(unit: Unit, wanted: Wanted, case_no: str) -> Page[ReopeningOut]:
    """Return the reopenings of a case, oldest first."""
    case = queries.find(unit, case_no)
    query = select(Reopening).where(Reopening.case_id == case.id)
    bound = f"reopenings {case_no}"
    return page(unit, query, OLDEST_FIRST, wanted, bound=bound, show=lambda one: _shown(unit, one))


def _shown(unit: Unit, one: Reopening) -> ReopeningOut:
    staff = unit.actor.scope.owner is None
    reason = unit.vault.open(one.reason_sealed, purpose=REOPENED) if staff else None
    former: dict[str, Any] = json.loads(unit.vault.open(one.outcome_sealed, purpose=FORMER))
    return ReopeningOut.model_validate({**former, "at": one.at, "by": one.by_name, "reason": reason})
