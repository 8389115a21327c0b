"""Following what intake still settles of an accepted case: papers that came later, or did not come.

A case in tolerant acceptance is moved from both sides: intake sees its papers, and here its applicant may
take it back. Whatever reached the file first stands: a file that has left tolerant acceptance follows no
more, and intake takes its end over.
"""

from onewindow_casework.agency import ending as agency
from onewindow_casework.assignment import charge
from onewindow_casework.clocks import service as clocks
from onewindow_casework.handling import queries, rules
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.steps import planning
from onewindow_casework.timeline.service import enter
from onewindow_shared.contracts.events import AccountEnded, CaseRevoked, CaseSupplemented, OriginalsKept
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.unit import Unit


def supplemented(unit: Unit, event: CaseSupplemented) -> None:
    """Go on with the work: every paper is there (T11); the clock has run all the time."""
    case = _follow(unit, event.case_no, CaseStatus.HANDLING, "supplemented")
    if case is None:
        return
    if event.came_on is not None:
        case.came_on = [day.isoformat() for day in event.came_on]
    planning.advance(unit, case)


def revoked(unit: Unit, event: CaseRevoked) -> None:
    """End the file of a case whose papers did not come (T12)."""
    _follow(unit, event.case_no, event.status, event.status)


def originals_kept(unit: Unit, event: OriginalsKept) -> None:
    """Know how many originals are still kept: a case is closed once everything went back."""
    queries.locked(unit, event.case_no).originals_held = event.held


def account_ended(unit: Unit, event: AccountEnded) -> None:
    """Show the case no longer to the account that posted it for somebody else."""
    queries.locked(unit, event.case_no).applicant_subject = None


def _follow(unit: Unit, case_no: str, status: CaseStatus, step: str) -> CaseFile | None:
    """Bring a file to where intake has it; None where it has left tolerant acceptance before."""
    case = queries.locked(unit, case_no)
    if case.status != CaseStatus.TOLERANT_ACCEPTED:
        return None
    if not rules.is_open(status):
        charge.take_back_offer(unit, case)
    case.status, case.open = status, rules.is_open(status)
    case.version += 1
    if not case.open:
        clocks.stop(unit, case)
        agency.case_ended(unit, case)
    enter(unit, case, step)
    return case
