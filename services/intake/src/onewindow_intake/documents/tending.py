"""What is done about contents when nobody asks: retention, scanning, and folders that are to be emptied."""

from datetime import datetime, timedelta
from typing import cast

from onewindow_intake.cases import queries as cases
from onewindow_intake.checklist.filing import OPEN, file_went
from onewindow_intake.documents import queries, service
from onewindow_intake.documents.models import DROPPED, KEPT, Content, Document
from onewindow_intake.documents.service import LOOKS_AGAIN, RETENTION_DUE, Folder, forget
from onewindow_intake.documents.settings import DocumentSettings
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.unit import Unit

FILE_INFECTED = "document.infected"
LONGEST_WAIT = timedelta(hours=1)


def retention_is_due(unit: Unit, document_id: str, due_at: datetime) -> None:
    """Delete a document whose case ended long enough ago; look again later otherwise."""
    found = unit.session.get(Document, document_id)
    if found is None:
        return
    _, case = queries.of(unit.session, document_id)
    kept = cast("DocumentSettings", unit.settings).documents.kept
    if case.ended_on is None or case.ended_on + kept > unit.today:
        unit.set_timer(RETENTION_DUE, document_id, unit.now + LOOKS_AGAIN)
        return
    unit.audit("document.deleted", "document", document_id, area=case.community)
    if found.material is not None:
        file_went(unit, cases.of(unit.session, case.case_no, to_move=True), document_id, found.material)
    forget(unit, found)


def file_is_infected(unit: Unit, content_id: str, due_at: datetime) -> None:
    """Take a content that is never handed out off the check-lists on which it stands."""
    for found in queries.standing_on(unit.session, content_id):
        case = cases.of(unit.session, found.case_no, to_move=True)
        if found.material is not None and case.status in OPEN:
            file_went(unit, case, found.id, found.material)


def to_tend(unit: Unit) -> tuple[Folder, bool] | None:
    """Return a folder to be looked after, and whether all of it goes."""
    found = queries.to_tend(unit.session, unit.now)
    return None if found is None else (service.folder_of(unit, found), found.state == DROPPED)


def tended(unit: Unit, content_id: str) -> None:
    """Note that a folder holds nothing any more that does not belong there."""
    found = unit.session.get(Content, content_id)
    if found is None:
        return
    found.tend_at = None
    if found.state == DROPPED:
        queries.forget_parts(unit.session, content_id)
        unit.session.delete(found)


def tend_later(unit: Unit, content_id: str) -> None:
    """The store could not be reached: try again after a while."""
    found = unit.session.get(Content, content_id)
    if found is not None:
        found.tend_at = unit.now + LONGEST_WAIT


def to_scan(unit: Unit) -> Folder | None:
    """Return a content that the scanner has to look at."""
    found = queries.to_scan(unit.session, unit.now)
    return None if found is None else service.folder_of(unit, found)


def scanned(unit: Unit, content_id: str, answer: Scan) -> None:
    """Note what the scanner said first; where it said nothing it is asked again, less and less often."""
    found = queries.content(unit.session, content_id, to_change=True)
    if found.state != KEPT or found.scan != Scan.WAITING:
        return
    found.scan = answer
    found.scan_tries += 1
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(found.scan_tries, 12)))
    found.scan_at = unit.now + wait if answer is Scan.WAITING else None
    if answer is Scan.INFECTED:
        found.withheld_at = unit.now
        unit.set_timer(FILE_INFECTED, content_id, unit.now)
    if answer is not Scan.WAITING:
        unit.audit("document.scanned", "content", content_id, detail={"scan": answer})
