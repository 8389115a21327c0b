"""Use cases of documents. What lies in the store is put there before, and taken away after, by the keeper."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.history import doer
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.told import guide_of
from onewindow_intake.checklist.filing import file_came
from onewindow_intake.checklist.rules import UNKNOWN, papers
from onewindow_intake.documents import queries, rules
from onewindow_intake.documents.models import CONTENT, DROPPED, KEPT, KEY, NAME, OPEN, Content, Document, Part
from onewindow_intake.documents.problems import (
    DocumentEmpty,
    DocumentTooLarge,
    DocumentWithheld,
    PartsMissing,
    UploadClosed,
)
from onewindow_intake.documents.rules import Terms
from onewindow_intake.documents.store import new_key
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.documents import (
    DocumentDisclosureIn,
    DocumentOut,
    PartOut,
    Scan,
    UploadIn,
    UploadOut,
)
from onewindow_shared.contracts.parties import Acting, Power
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit

UPLOAD_EXPIRES = "upload.expires"
RETENTION_DUE = "document.retention"
LOOKS_AGAIN = timedelta(days=30)
"""How often it is asked whether a document has been kept long enough."""
LATE = timedelta(minutes=10)
"""By then no request is under way that still puts a part into a folder which was closed."""


@dataclass(frozen=True)
class Piece:
    """A part as it lies in the store."""

    number: int
    path: str
    size: int


@dataclass(frozen=True)
class Folder:
    """What is known of a content: where its parts are and how they open."""

    content_id: str
    key: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Handed:
    """A document that may be handed out."""

    name: str
    media_type: str
    size: int
    folder: Folder


def open_upload(unit: Unit, case_no: str, terms: Terms, form: UploadIn) -> UploadOut:
    """Begin an upload; whatever is put into the store later lies in its folder and is known by it."""
    case = cases.of(unit.session, case_no)
    _expect_open(case)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    if form.material is not None and form.material not in _materials(unit, case):
        raise invalid({"material": "this item has no such material"})
    expect_room(unit, case_no, terms, 1)
    content = Content(
        id=uuid.uuid4().hex,
        state=OPEN,
        key_sealed=unit.vault.seal(new_key(), purpose=KEY),
        media_type="",
        size=0,
        scan=Scan.WAITING,
        scan_tries=0,
    )
    unit.session.add(content)
    unit.session.flush()
    upload = Document(
        id=uuid.uuid4().hex,
        case_no=case_no,
        material=form.material,
        name_sealed=unit.vault.seal(rules.safe_name(form.name), purpose=NAME),
        content_id=content.id,
        complete=False,
        uploaded_at=unit.now,
        uploaded_by=doer(unit.actor),
        acting=acting,
        expires_at=unit.now + terms.unfinished,
    )
    unit.session.add(upload)
    unit.set_timer(UPLOAD_EXPIRES, upload.id, upload.expires_at)
    audited(unit, case, upload, "opened", acting=acting)
    return _upload(unit, upload, (), terms)


def _expect_open(case: Case) -> None:
    if case.ended_on is not None:
        raise UploadClosed(detail="The case has ended.")


def expect_room(unit: Unit, case_no: str, terms: Terms, more: int) -> None:
    """Refuse more documents than a case may have."""
    if queries.documents_of(unit.session, case_no) + more > terms.most_documents:
        raise UploadClosed(detail=f"A case has at most {terms.most_documents} documents.")


def _materials(unit: Unit, case: Case) -> set[str]:
    return {material.code for material in guide_of(unit, case).materials}


def upload(unit: Unit, upload_id: str, terms: Terms) -> UploadOut:
    """Show an upload under way, so that it can be gone on with."""
    found, _ = _under_way(unit, upload_id)
    return _upload(unit, found, queries.parts(unit.session, found.content_id), terms)


def folder(unit: Unit, upload_id: str) -> Folder:
    """Say where the parts of an upload go and which have come."""
    found, _ = _under_way(unit, upload_id)
    return folder_of(unit, queries.content(unit.session, found.content_id))


def _under_way(unit: Unit, upload_id: str) -> tuple[Document, Case]:
    found, case = queries.of(unit.session, upload_id)
    if found.complete:
        raise UploadClosed(detail="This upload is complete.")
    _expect_open(case)
    return found, case


def add_pieces(
    unit: Unit, upload_id: str, pieces: Sequence[Piece], terms: Terms, *, whole: bool = False
) -> UploadOut:
    """Take parts that lie in the store; they take the place of those of the same number, or of all."""
    found, _ = _under_way(unit, upload_id)
    if queries.content(unit.session, found.content_id, to_change=True).state != OPEN:
        raise UploadClosed(detail="This upload is complete.")
    if whole:
        queries.forget_parts(unit.session, found.content_id)
    for piece in pieces:
        unit.session.merge(
            Part(content_id=found.content_id, number=piece.number, path=piece.path, size=piece.size)
        )
    unit.session.flush()
    parts = queries.parts(unit.session, found.content_id)
    if sum(part.size for part in parts) > terms.most_bytes:
        raise DocumentTooLarge(detail="All parts together are too large.", most_bytes=terms.most_bytes)
    return _upload(unit, found, parts, terms)


def to_complete(unit: Unit, upload_id: str) -> Folder | DocumentOut:
    """Return an upload whose parts are all there, or the document that it has become already."""
    found, case = queries.of(unit.session, upload_id)
    content = queries.content(unit.session, found.content_id)
    if found.complete:
        return _document(unit, case, found, content)
    _expect_allowed(unit, found, case)
    known = folder_of(unit, content)
    missing = rules.missing_parts([piece.number for piece in known.pieces])
    if missing or not known.pieces:
        raise PartsMissing(detail="Send the missing parts first.", missing=[*missing[:100]] or [1])
    if not any(piece.size for piece in known.pieces):
        raise DocumentEmpty(detail="The file has no content; send one that has.")
    return known


def _expect_allowed(unit: Unit, found: Document, case: Case) -> Acting:
    """Complete nothing for whoever may not act any more, in the quality in which the upload was begun."""
    _expect_open(case)
    return acting_in(unit, case, Acting(found.acting) if found.acting else None, Power.CORRECT)


def finish(unit: Unit, upload_id: str, read: Folder, digest: str, media_type: str) -> DocumentOut:
    """Keep an upload whose parts were read as `read`; a content that is kept already is shared.

    Its paper, if it has one that the case still takes, is handed in with it; the answer says so.
    """
    found, case = queries.of(unit.session, upload_id)
    case = cases.of(unit.session, case.case_no, to_move=True)
    own = queries.content(unit.session, read.content_id, to_change=True)
    if found.complete:
        return _document(unit, case, found, queries.content(unit.session, found.content_id))
    acting = _expect_allowed(unit, found, case)
    if own.state != OPEN or folder_of(unit, own) != read:
        raise UploadClosed(detail="A part was sent again meanwhile; complete the upload again.")
    index = unit.vault.blind_index(f"{case.district}:{digest}", purpose=CONTENT)
    content = queries.same(unit.session, index)
    if content is None:
        content = own
        content.state, content.index, content.media_type = KEPT, index, media_type
        content.size = sum(piece.size for piece in read.pieces)
        content.scan_at = unit.now
    else:
        own.state = DROPPED
    own.tend_at = unit.now + LATE
    name = unit.vault.open(found.name_sealed, purpose=NAME)
    found.name_sealed = unit.vault.seal(rules.named_by_type(name, media_type), purpose=NAME)
    found.content_id, found.complete, found.uploaded_at = content.id, True, unit.now
    unit.session.flush()
    unit.cancel_timer(UPLOAD_EXPIRES, upload_id)
    unit.set_timer(RETENTION_DUE, upload_id, unit.now + LOOKS_AGAIN)
    audited(unit, case, found, "kept", shared=content is not own, media_type=media_type)
    if found.material is not None and content.scan != Scan.INFECTED:
        file_came(unit, case, found.id, found.material, acting)
    return _document(unit, case, found, content)


def several(unit: Unit, wanted: Wanted, case_no: str) -> Page[DocumentOut]:
    """List the documents that are kept with a case, in the order in which they came."""
    case = cases.of(unit.session, case_no)
    query = select(Document).where(Document.case_no == case_no, Document.complete)
    return page(
        unit,
        query.options(joinedload(Document.content)),
        queries.AS_THEY_CAME,
        wanted,
        bound=f"documents {case_no}",
        show=lambda found: _document(unit, case, found, found.content),
    )


def hand_out(unit: Unit, case_no: str, document_id: str, form: DocumentDisclosureIn, terms: Terms) -> Handed:
    """Let somebody read a document, and write down who and why."""
    found, case = queries.of(unit.session, document_id)
    if not found.complete or found.case_no != case_no:
        raise NotFound(detail="There is no such document within your reach.")
    content = queries.content(unit.session, found.content_id)
    if content.scan == Scan.INFECTED or (terms.scanned and content.scan != Scan.CLEAN):
        raise DocumentWithheld(detail="It is handed out once it is known to be clean.", scan=content.scan)
    audited(unit, case, found, "read", reason=form.reason)
    name = unit.vault.open(found.name_sealed, purpose=NAME)
    return Handed(name, content.media_type, content.size, folder_of(unit, content))


def upload_expires(unit: Unit, upload_id: str, due_at: datetime) -> None:
    """Forget an upload that was never completed."""
    found = unit.session.get(Document, upload_id)
    if found is not None and not found.complete:
        forget(unit, found)


def forget(unit: Unit, found: Document) -> None:
    """Delete a document; its content goes with the last that stands on it."""
    content = queries.content(unit.session, found.content_id, to_change=True)
    unit.session.delete(found)
    unit.session.flush()
    if not queries.shared(unit.session, content.id):
        content.state, content.index, content.tend_at = DROPPED, None, unit.now + LATE


def folder_of(unit: Unit, content: Content) -> Folder:
    """Say where the parts of a content lie and how they open."""
    pieces = [Piece(part.number, part.path, part.size) for part in queries.parts(unit.session, content.id)]
    return Folder(content.id, unit.vault.open(content.key_sealed, purpose=KEY), pieces)


def _upload(unit: Unit, found: Document, parts: Sequence[Part], terms: Terms) -> UploadOut:
    return UploadOut(
        upload_id=found.id,
        case_no=found.case_no,
        material=found.material,
        name=unit.vault.open(found.name_sealed, purpose=NAME),
        most_part_bytes=terms.part_bytes,
        most_bytes=terms.most_bytes,
        expires_at=found.expires_at,
        parts=[PartOut(number=part.number, size=part.size) for part in parts],
    )


def _document(unit: Unit, case: Case, found: Document, content: Content) -> DocumentOut:
    paper = papers(case.materials).get(found.material or "", UNKNOWN)
    return DocumentOut(
        document_id=found.id,
        case_no=found.case_no,
        material=found.material,
        name=unit.vault.open(found.name_sealed, purpose=NAME),
        media_type=content.media_type,
        size=content.size,
        scan=Scan(content.scan),
        withheld_at=content.withheld_at,
        handed_in=found.id in paper.documents,
        uploaded_at=found.uploaded_at,
        uploaded_by=found.uploaded_by,
    )


def audited(
    unit: Unit, case: Case, found: Document, what: str, *, reason: str | None = None, **detail: object
) -> None:
    """Write down what was done with a document of a case."""
    unit.audit(
        f"document.{what}",
        "document",
        found.id,
        area=case.community,
        reason=reason,
        detail={"case_no": case.case_no, **detail},
    )
