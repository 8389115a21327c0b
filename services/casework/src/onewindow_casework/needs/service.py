"""Following needs of residents, and showing them on their case."""

from collections.abc import Collection
from datetime import datetime, timedelta

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
AWAITS = "need.awaits_case"
"""Timer of a need whose case was not there: perhaps its file was opened at the same moment."""
AT_FIRST, AT_MOST = timedelta(seconds=5), timedelta(days=1)


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
    known.waiting = [*(known.waiting or []), {"status": event.status, "at": event.at.isoformat()}]
    unit.session.flush()
    if not _entered(unit, known):
        unit.set_timer(AWAITS, str(known.need_id), unit.now + AT_FIRST)


def cases_opened(unit: Unit, case_nos: Collection[str]) -> None:
    """Enter in the timelines of new files what became of their needs before."""
    query = select(CaseNeed).where(CaseNeed.case_no.in_(case_nos), CaseNeed.waiting.is_not(None))
    for need in unit.session.scalars(query.order_by(CaseNeed.need_id).with_for_update()):
        _entered(unit, need)


def case_awaited(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Look again, less and less often, for a file that was opened while its need was told (timer)."""
    del due_at
    need = unit.session.get_one(CaseNeed, int(entity_id), with_for_update=True)
    waits = unit.now - need.since
    if not _entered(unit, need) and waits < AT_MOST:
        unit.set_timer(AWAITS, entity_id, unit.now + max(waits, AT_FIRST))


def _entered(unit: Unit, need: CaseNeed) -> bool:
    """Enter in the timeline of a need's case what waits for it; say whether there is such a case.

    A need that was taken down before its case came in is left out, for good.
    """
    query = select(CaseFile).where(
        CaseFile.case_no == need.case_no, within(CaseFile, unit.gathered(need.told_of))
    )
    case = unit.session.scalar(query)
    if case is None:
        return False
    steps = [(step, datetime.fromisoformat(step["at"])) for step in need.waiting or []]
    if any(at < case.received_at for _, at in steps):
        # It was taken down for a number that no case had yet, so it is somebody else's.
        return True
    for step, at in steps:
        enter(unit, case, f"need_{step['status']}", detail={"need": need.need_id}, at=at)
    need.waiting = None
    return True


def of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[CaseNeedOut]:
    """List the needs that came up in a case within reach."""
    case = cases.find(unit, case_no)
    query = select(CaseNeed).where(
        CaseNeed.case_no == case.case_no,
        CaseNeed.told_of.in_(unit.gathered(case.community).codes),
        CaseNeed.waiting.is_(None),
    )
    return page(unit, query, IN_ORDER, wanted, bound=f"needs of {case_no}", show=_shown)


def _shown(need: CaseNeed) -> CaseNeedOut:
    return CaseNeedOut(
        need_id=need.need_id,
        category=ServiceCategory(need.category),
        status=NeedStatus(need.status),
        since=need.since,
    )
