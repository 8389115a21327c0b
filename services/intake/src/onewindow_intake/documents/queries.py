"""Statements on documents; all of them are reached through their case, which the session's scope narrows."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.documents.models import KEPT, Content, Document, Part
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound

AS_THEY_CAME = Keyset((Document.uploaded_at, Document.id))


def of(session: Session, document_id: str) -> tuple[Document, Case]:
    """Return a document or an upload with its case, if that is within reach; or raise `NotFound`."""
    query = select(Document, Case).join(Case, Case.case_no == Document.case_no)
    found = session.execute(query.where(Document.id == document_id)).one_or_none()
    if found is None:
        raise NotFound(detail="There is no such document within your reach.")
    return found[0], found[1]


def content(session: Session, content_id: str, *, to_change: bool = False) -> Content:
    """Return a content; one that is to be changed waits for others that change it."""
    query = select(Content).where(Content.id == content_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def same(session: Session, index: str) -> Content | None:
    """Return the content of a fingerprint that is kept already, to be shared."""
    query = select(Content).where(Content.index == index, Content.state == KEPT)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def parts(session: Session, content_id: str) -> Sequence[Part]:
    """Return the parts of a content in their order."""
    query = select(Part).where(Part.content_id == content_id).order_by(Part.number)
    return session.scalars(query).all()


def forget_parts(session: Session, content_id: str) -> None:
    """Delete the rows of a content's parts."""
    session.execute(delete(Part).where(Part.content_id == content_id))


def documents_of(session: Session, case_no: str) -> int:
    """Count the documents and uploads of a case."""
    return session.scalar(select(func.count()).where(Document.case_no == case_no)) or 0


def of_materials(session: Session, case_no: str, ids: Collection[str]) -> dict[str, str | None]:
    """Return for which paper each of these documents was sent, as far as the case keeps them unwithheld."""
    query = _contents_of(ids).with_only_columns(Document.id, Document.material)
    mine = query.where(Document.case_no == case_no, Document.complete, Content.scan != Scan.INFECTED)
    return {row.id: row.material for row in session.execute(mine)}


def withheld(session: Session, ids: Collection[str]) -> frozenset[str]:
    """Return those of some documents that are infected: nobody is ever handed one."""
    query = _contents_of(ids).with_only_columns(Document.id)
    return frozenset(session.scalars(query.where(Content.scan == Scan.INFECTED)))


def _contents_of(ids: Collection[str]) -> Select[Document]:
    joined = select(Document).join(Content, Content.id == Document.content_id)
    return joined.where(Document.id.in_(ids))


def standing_on(session: Session, content_id: str) -> Sequence[Document]:
    """Return the documents that stand on a content, by case."""
    query = select(Document).where(Document.content_id == content_id, Document.complete)
    return session.scalars(query.order_by(Document.case_no, Document.id)).all()


def shared(session: Session, content_id: str) -> bool:
    """Say whether any document stands on a content."""
    return session.scalar(select(Document.id).where(Document.content_id == content_id).limit(1)) is not None


def to_tend(session: Session, now: datetime) -> Content | None:
    """Return a content whose folder is to be looked after."""
    query = select(Content).where(Content.tend_at <= now).order_by(Content.tend_at)
    return session.scalar(query.limit(1))


def to_scan(session: Session, now: datetime) -> Content | None:
    """Return a kept content that the scanner has to look at."""
    waiting = (Content.state == KEPT, Content.scan == Scan.WAITING, Content.scan_at <= now)
    return session.scalar(select(Content).where(*waiting).order_by(Content.scan_at).limit(1))
