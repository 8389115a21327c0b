"""Statements on imports."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.models import Item, ItemVersion, VersionStatus
from onewindow_intake.exchange.models import Fault, Import, ImportRow
from onewindow_shared.contracts.exchange import Section
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
    """Select what is wrong with the rows of an import, and what was assumed of them."""
    return select(Fault).where(Fault.import_id == import_no)


def blamed(session: Session, import_no: int) -> bool:
    """Say whether anything is wrong with an import."""
    return session.scalar(faults(import_no).where(~Fault.assumed).limit(1)) is not None


def following(session: Session, import_no: int, done: int, most: int) -> Sequence[ImportRow]:
    """Return the rows of an import that come next."""
    query = select(ImportRow).where(ImportRow.import_id == import_no, ImportRow.place >= done)
    return session.scalars(query.order_by(ImportRow.place).limit(most)).all()


def good(import_no: int, section: Section) -> Select[ImportRow]:
    """Select the rows that were found good and are to change something."""
    query = select(ImportRow).where(ImportRow.import_id == import_no, ImportRow.section == section)
    return query.where(ImportRow.staged.is_not(None))


def good_ones(session: Session, import_no: int, section: Section) -> Sequence[ImportRow]:
    """Return the rows that are to change something, by item; those of one item by their first days."""
    rows = session.scalars(good(import_no, section).order_by(ImportRow.item_code, ImportRow.place))
    return sorted(rows, key=lambda row: (row.item_code or "", row.effective_from or date.min))


def of_item(session: Session, import_no: int, code: str) -> Sequence[ImportRow]:
    """Return what an import tells of an item, good or bad."""
    query = select(ImportRow).where(ImportRow.import_id == import_no, ImportRow.section == Section.ITEMS)
    return session.scalars(query.where(ImportRow.item_code == code)).all()


def terms_of(session: Session, import_no: int, code: str, district: str) -> Sequence[ImportRow]:
    """Return what an import tells of a district's terms of an item, good or bad."""
    query = select(ImportRow).where(ImportRow.import_id == import_no, ImportRow.section == Section.OVERRIDES)
    rows = session.scalars(query.where(ImportRow.item_code == code))
    return [row for row in rows if row.content.get("district") == district]


def held(session: Session, import_no: int) -> None:
    """Have whoever publishes a version of the import's items, or sets terms of them, wait from now on."""
    named = select(ImportRow.item_code).where(ImportRow.import_id == import_no, ImportRow.staged.is_not(None))
    session.execute(select(Item.code).where(Item.code.in_(named)).order_by(Item.code).with_for_update())


def put_in_force(session: Session, import_no: int, told: date | None, day: date) -> None:
    """Publish the drafts of rows for a `told` day from a day on; what was published for that gives way."""
    mine = good(import_no, Section.ITEMS).where(ImportRow.effective_from == told)
    codes = mine.with_only_columns(ImportRow.item_code)
    before = update(ItemVersion).where(
        ItemVersion.status == VersionStatus.PUBLISHED,
        ItemVersion.effective_from == day,
        ItemVersion.item_code.in_(codes),
    )
    named = mine.with_only_columns(ImportRow.item_code, ImportRow.staged)
    now = update(ItemVersion).where(
        ItemVersion.status == VersionStatus.DRAFT,
        tuple_(ItemVersion.item_code, ItemVersion.number).in_(named),
    )
    revision = ItemVersion.revision + 1
    before = before.values(status=VersionStatus.RETIRED, revision=revision)
    now = now.values(status=VersionStatus.PUBLISHED, effective_from=day, revision=revision)
    for statement in (before, now):
        session.execute(statement.execution_options(**TOGETHER))


def throw_away(session: Session, import_no: int, places: Sequence[int] | None = None) -> None:
    """Delete the drafts of an import, or of these rows of it, and items that have no other version."""
    mine = good(import_no, Section.ITEMS)
    if places is not None:
        mine = mine.where(ImportRow.place.in_(places))
    drafts = delete(ItemVersion).where(
        ItemVersion.status == VersionStatus.DRAFT,
        tuple_(ItemVersion.item_code, ItemVersion.number).in_(
            mine.with_only_columns(ImportRow.item_code, ImportRow.staged)
        ),
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
