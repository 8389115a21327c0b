"""Use cases of tracking: whoever holds number and code sees where the case stands, and nothing else."""

from onewindow_intake.cases.labels import STATUSES, step_label
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.cases.shown import TRACKING
from onewindow_intake.tracking import queries
from onewindow_shared.contracts.cases import PublicStep, TrackedCase
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.plumbing.guesses import Guard, Try, expect_few
from onewindow_shared.plumbing.unit import Unit


def look_up(unit: Unit, tried: Try, code: str, guard: Guard) -> TrackedCase | None:
    """Return the case, or None if number and code do not belong together; raise `TooManyCodes`."""
    expect_few(unit, tried, guard)
    case = queries.case(unit.session, tried.number)
    fits = matches(code, tracking_code(unit.vault.derive(TRACKING), tried.number))
    return _tracked(unit, case) if fits and case is not None else None


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
