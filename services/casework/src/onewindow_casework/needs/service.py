"""Following needs of residents, and showing them on their case."""

from sqlalchemy import select

from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.needs.models import CaseNeed
from onewindow_casework.timeline.service import enter
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import NeedProgressed
from onewindow_shared.contracts.needs import CaseNeedOut, NeedStatus
from onewindow_shared.contracts.volunteers import ServiceCategory
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

IN_ORDER = Keyset([CaseNeed.need_id])


def need_progressed(unit: Unit, event: NeedProgressed) -> None:
    """Keep where a need stands, and enter it in the case's timeline; what is older changes nothing."""
    known = unit.session.get(CaseNeed, event.need_id, with_for_update=True)
    if known is None:
        known = CaseNeed(need_id=event.need_id, case_no=event.case_no, told_of=event.community, version=0)
        unit.session.add(known)
    if event.version <= known.version:
        return
    known.category, known.status = event.category, event.status
    known.since, known.version = event.at, event.version
    unit.session.flush()
    query = select(CaseFile).where(
        CaseFile.case_no == event.case_no, within(CaseFile, unit.gathered(event.community))
    )
    case = unit.session.scalar(query)
    if case is not None:
        enter(unit, case, f"need_{event.status}", detail={"need": event.need_id})


def of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[CaseNeedOut]:
    """List the needs that came up in a case within reach."""
    case = cases.find(unit, case_no)
    query = select(CaseNeed).where(
        CaseNeed.case_no == case.case_no, CaseNeed.told_of.in_(unit.gathered(case.community).codes)
    )
    return page(unit, query, IN_ORDER, wanted, bound=f"needs of {case_no}", show=_shown)


def _shown(need: CaseNeed) -> CaseNeedOut:
    return CaseNeedOut(
        need_id=need.need_id,
        category=ServiceCategory(need.category),
        status=NeedStatus(need.status),
        since=need.since,
    )
