"""Statements on imports."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.models import Item, ItemVersion, VersionStatus
from onewindow_intake.exchange.models import Fault, Import, ImportRow
from onewindow_shared.plumbing.problems import NotFound

TOGETHER = {"synchronize_session": False}


def of(session: Session, import_no: int) -> Import:
    """Return an import; raises `NotFound`."""
    found = session.get(Import, import_no)
    if found is None:
        raise NotFound
    return found


def every() -> Select[Import]:
    """Select all imports."""
    return select(Import)


def faults(import_no: int) -> Select[Fault]:
    """Select what is wrong with the rows of an import."""
    return select(Fault).where(Fault.import_id == import_no)


def following(session: Session, import_no: int, done: int, most: int) -> Sequence[ImportRow]:
    """Return the rows of an import that come next."""
    query = select(ImportRow).where(ImportRow.import_id == import_no, ImportRow.place >= done)
    return session.scalars(query.order_by(ImportRow.place).limit(most)).all()


def staged(session: Session, import_no: int) -> Sequence[tuple[str, int]]:
    """Name the drafts that an import made, by item code."""
    query = select(ImportRow.item_code, ImportRow.staged).where(
        ImportRow.import_id == import_no, ImportRow.staged.is_not(None)
    )
    return [(str(code), int(number or 0)) for code, number in session.execute(query.order_by("item_code"))]


def put_in_force(session: Session, import_no: int, day: date) -> None:
    """Publish the drafts of an import from a day on, all at once; what was published for it gives way."""
    mine = select(ImportRow.item_code, ImportRow.staged).where(ImportRow.import_id == import_no)
    codes = mine.with_only_columns(ImportRow.item_code).where(ImportRow.staged.is_not(None))
    before = update(ItemVersion).where(
        ItemVersion.status == VersionStatus.PUBLISHED,
        ItemVersion.effective_from == day,
        ItemVersion.item_code.in_(codes),
    )
    now = update(ItemVersion).where(
        ItemVersion.status == VersionStatus.DRAFT,
        tuple_(ItemVersion.item_code, ItemVersion.number).in_(mine),
    )
    revision = ItemVersion.revision + 1
    before = before.values(status=VersionStatus.RETIRED, revision=revision)
    now = now.values(status=VersionStatus.PUBLISHED, effective_from=day, revision=revision)
    for statement in (before, now):
        session.execute(statement.execution_options(**TOGETHER))


def throw_away(session: Session, import_no: int) -> None:
    """Delete the drafts of an import, and items that have no other version."""
    mine = select(ImportRow.item_code, ImportRow.staged).where(ImportRow.import_id == import_no)
    drafts = delete(ItemVersion).where(
        ItemVersion.status == VersionStatus.DRAFT,
        tuple_(ItemVersion.item_code, ItemVersion.number).in_(mine),
    )
    session.execute(drafts.execution_options(**TOGETHER))
    bare = delete(Item).where(
        Item.code.in_(mine.with_only_columns(ImportRow.item_code)),
        ~exists().where(ItemVersion.item_code == Item.code),
    )
    session.execute(bare.execution_options(**TOGETHER))


def forget_rows(session: Session, import_no: int) -> None:
    """Delete the rows of an import that has ended; what was wrong with them stays."""
    rows = delete(ImportRow).where(ImportRow.import_id == import_no)
    session.execute(rows.execution_options(**TOGETHER))
