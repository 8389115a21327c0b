"""Documents of an earlier case that stand behind a paper which is used again."""

import uuid
from collections.abc import Collection

from onewindow_intake.cases.models import Case
from onewindow_intake.documents import queries
from onewindow_intake.documents.models import KEPT, Document
from onewindow_intake.documents.rules import Terms
from onewindow_intake.documents.service import LOOKS_AGAIN, RETENTION_DUE, audited, expect_room
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.unit import Unit


def link(unit: Unit, case: Case, material: str, ids: Collection[str], terms: Terms) -> dict[str, str]:
    """Keep documents of an earlier case with this one, too: another name for the same content.

    Returned are the new names by the old ones. What was dropped or found infected meanwhile has none.
    """
    known = (unit.session.get(Document, one) for one in ids)
    linked = [found for found in known if found is not None and _held(unit, found)]
    expect_room(unit, case.case_no, terms, len(linked))
    made = [_named_again(unit, case, one, material) for one in linked]
    unit.session.add_all(made)
    for document in made:
        unit.set_timer(RETENTION_DUE, document.id, unit.now + LOOKS_AGAIN)
        audited(unit, case, document, "linked")
    return {old.id: new.id for old, new in zip(linked, made, strict=True)}


def _held(unit: Unit, found: Document) -> bool:
    """Say whether a content may still be read, and have whoever drops it wait for this transaction."""
    content = queries.content(unit.session, found.content_id, to_change=True)
    return content.state == KEPT and content.scan != Scan.INFECTED


def _named_again(unit: Unit, case: Case, found: Document, material: str) -> Document:
    return Document(
        id=uuid.uuid4().hex,
        case_no=case.case_no,
        material=material,
        name_sealed=found.name_sealed,
        content_id=found.content_id,
        complete=True,
        uploaded_at=found.uploaded_at,
        uploaded_by=found.uploaded_by,
        expires_at=found.expires_at,
    )
