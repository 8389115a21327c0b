"""Figures of agencies: what became of them, and the ways that agents went."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select

from onewindow_casework.agency.models import AgencyStep, AgencyVisit
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.agency import AgencyState
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

FIGURES: Mapping[AgencyState, Metric] = {
    AgencyState.ENTRUSTED: Metric.AGENCIES_ENTRUSTED,
    AgencyState.SUSPENDED: Metric.AGENCIES_SUSPENDED,
    AgencyState.RESUMED: Metric.AGENCIES_RESUMED,
    AgencyState.DONE: Metric.AGENCIES_DONE,
    AgencyState.TERMINATED: Metric.AGENCIES_TERMINATED,
}
AT_ONCE = 5000


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, str, str, int]]:
    """Return metric, day, item, community and number of everything that was counted."""
    moved = select(AgencyStep.state, AgencyStep.at, CaseFile.item_code, CaseFile.community)
    moved = moved.join(CaseFile, CaseFile.id == AgencyStep.case_id).where(AgencyStep.state.in_(FIGURES))
    for state, at, item, community in unit.session.execute(moved.execution_options(yield_per=AT_ONCE)):
        yield FIGURES[AgencyState(state)], local_day(at, unit.zone), item, community, 1
    went = select(AgencyVisit.day, CaseFile.item_code, CaseFile.community)
    went = went.join(CaseFile, CaseFile.id == AgencyVisit.case_id)
    for day, item, community in unit.session.execute(went.execution_options(yield_per=AT_ONCE)):
        yield Metric.AGENCY_VISITS, day, item, community, 1
