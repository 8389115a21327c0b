"""Reading a timeline."""

from sqlalchemy import select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.timeline.models import NOTE, Entry
from onewindow_shared.contracts.casework import TimelineEntry
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

ORDER = Keyset((Entry.id,))


def of_case(unit: Unit, wanted: Wanted, case: CaseFile) -> Page[TimelineEntry]:
    """Return a page of the entries of a case that the caller was found to reach."""
    query = select(Entry).where(Entry.case_id == case.id)
    return page(
        unit, query, ORDER, wanted, bound=f"timeline {case.case_no}", show=lambda entry: _shown(unit, entry)
    )


def last(unit: Unit, case: CaseFile, step: str) -> Entry | None:
    """Return the newest entry of a step of a case."""
    query = select(Entry).where(Entry.case_id == case.id, Entry.step == step).order_by(Entry.id.desc())
    return unit.session.scalars(query.limit(1)).first()


def _shown(unit: Unit, entry: Entry) -> TimelineEntry:
    return TimelineEntry(
        at=entry.at,
        step=entry.step,
        status=CaseStatus(entry.status),
        by=entry.by,
        note=unit.vault.opened(entry.note_sealed, purpose=NOTE),
    )
