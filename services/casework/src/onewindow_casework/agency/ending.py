"""What happens to an agency when its case begins or ends."""

from typing import Any

from sqlalchemy import select

from onewindow_casework.agency.counting import FIGURES
from onewindow_casework.agency.models import REASON, Agency, AgencyStep
from onewindow_casework.agency.rules import ENDS, LETTERS, RUNNING
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.agency import AgencyState
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit


def applied(case_id: int) -> dict[str, Any]:
    """Return the row of an agency that was asked for with the case."""
    return {
        "case_id": case_id,
        "version": 1,
        "state": AgencyState.APPLIED,
        "matters_sealed": None,
        "until": None,
        "papers": [],
        "visits": 0,
    }


def count(unit: Unit, case: CaseAccepted | CaseFile) -> None:
    """Count an accepted case for which somebody is to go in the applicant's place."""
    metric = Metric.CASES_WITH_AGENCY
    unit.count(metric, community=case.community, day=case.accepted_on, by=facets_of(case))


def write(unit: Unit, case: CaseFile, agency: Agency, state: AgencyState, reason: str | None = None) -> None:
    """Bring an agency to a state, write it down, and count it."""
    agency.state = state
    agency.version += 1
    unit.session.add(
        AgencyStep(
            case_id=agency.case_id,
            state=state,
            at=unit.now,
            by=unit.actor.subject,
            by_name=unit.actor.name,
            reason_sealed=unit.vault.sealed(reason, purpose=REASON),
            until=agency.until if state in LETTERS else None,
        )
    )
    if state in FIGURES:
        unit.count(FIGURES[state], community=case.community, item=case.item_code)


def case_ended(unit: Unit, case: CaseFile) -> None:
    """End the agency of a case that has ended: done where it was carried through, terminated elsewhere."""
    agency = unit.session.scalar(select(Agency).where(Agency.case_id == case.id))
    if agency is None or agency.state in ENDS:
        return
    through = case.closed_at is not None and agency.state in RUNNING
    write(unit, case, agency, AgencyState.DONE if through else AgencyState.TERMINATED)
