"""Use cases of tracking: whoever holds number and code sees where the case stands, and nothing else."""

from onewindow_intake.cases.labels import STATUSES, step_label
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.cases.shown import TRACKING
from onewindow_intake.tracking import queries
from onewindow_intake.tracking.rules import Guard
from onewindow_shared.contracts.cases import PublicStep, TrackedCase
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.plumbing.problems import URN, RetryAfter
from onewindow_shared.plumbing.unit import Unit


class TooManyCodes(RetryAfter):
    """Too many wrong codes were tried for this number; it can be tracked again after a while."""

    type = URN + "too-many-codes"
    title = "Too many wrong codes"
    status = 429


def look_up(unit: Unit, case_no: str, code: str, guard: Guard) -> TrackedCase | None:
    """Return the case, or None if number and code do not belong together; raise `TooManyCodes`."""
    tried = queries.wrong_codes(unit.session, case_no)
    if tried is not None and guard.refuses(tried.failures, tried.until, unit.now):
        wait = int((tried.until - unit.now).total_seconds()) + 1
        raise TooManyCodes(detail="Please try again later.", retry_after=wait)
    case = queries.case(unit.session, case_no)
    fits = matches(code, tracking_code(unit.vault.derive(TRACKING), case_no))
    return _tracked(unit, case) if fits and case is not None else None


def count_wrong_code(unit: Unit, case_no: str, guard: Guard) -> None:
    """Remember that a wrong code was tried, whether or not the number was ever given out."""
    queries.count_wrong_code(unit.session, case_no, unit.now, unit.now + guard.window)


def _tracked(unit: Unit, case: Case) -> TrackedCase:
    status = CaseStatus(case.status)
    return TrackedCase(
        case_no=case.case_no,
        item_name=case.item_name,
        status=status,
        status_label=STATUSES[status],
        applicant=case.applicant_masked,
        received_at=case.received_at,
        correction_due_at=case.correction_due_at if status is CaseStatus.CORRECTION else None,
        due_on=case.due_on,
        provisional=case.provisional,
        timeline=[_step(entry) for entry in queries.entries(unit.session, case.case_no)],
    )


def _step(entry: Entry) -> PublicStep:
    return PublicStep(at=entry.at, step=entry.step, label=step_label(entry.step))
