"""Statements on imports and on people who have not confirmed yet, and showing them."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.exchange import ImportFault as FaultOut
from onewindow_shared.contracts.exchange import ImportStatus
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.volunteer_imports import UnconfirmedOut, VolunteerImportOut
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.privacy import Vault
from onewindow_volunteers.imports.models import Import, ImportFault, ImportRow
from onewindow_volunteers.people.models import Unconfirmed, Volunteer, opened

NEWEST_FIRST = Keyset([Import.id], newest_first=True)
FAULTS_IN_ORDER = Keyset([ImportFault.id])
UNCONFIRMED_IN_ORDER = Keyset([Unconfirmed.id])


def of(session: Session, import_no: int, subject: str) -> Import:
    """Return an import that somebody handed in; raises `NotFound`."""
    return must_find(session, handed_in_by(subject).where(Import.id == import_no))


def handed_in_by(subject: str) -> Select[Import]:
    """Select the imports of an account."""
    return select(Import).where(Import.created_by == subject)


def to_go_on(session: Session, import_no: int) -> Import:
    """Return an import that nobody else goes on with before this transaction ends."""
    return session.scalars(select(Import).where(Import.id == import_no).with_for_update()).one()


def following(session: Session, job: Import, most: int) -> Sequence[ImportRow]:
    """Return the rows of an import that come next."""
    query = select(ImportRow).where(ImportRow.import_id == job.id, ImportRow.place >= job.done)
    return session.scalars(query.order_by(ImportRow.place).limit(most)).all()


def row_before(session: Session, row: ImportRow, person_index: str) -> str | None:
    """Return which row of the same file is about the same person, if an earlier one is."""
    query = select(ImportRow.row).where(
        ImportRow.import_id == row.import_id,
        ImportRow.person_index == person_index,
        ImportRow.place < row.place,
    )
    return session.scalar(query.order_by(ImportRow.place).limit(1))


def is_volunteer(session: Session, person_index: str) -> bool:
    """Say whether a person has a registration that has not ended."""
    live = (Volunteer.person_index == person_index, Volunteer.status != VolunteerStatus.LEFT)
    return session.scalar(select(Volunteer.id).where(*live)) is not None


def is_asked(session: Session, person_index: str) -> bool:
    """Say whether a person was handed in before and has not answered yet."""
    query = select(Unconfirmed.id).where(Unconfirmed.person_index == person_index)
    return session.scalar(query) is not None


def faults(import_no: int) -> Select[ImportFault]:
    """Select what is wrong with the rows of an import."""
    return select(ImportFault).where(ImportFault.import_id == import_no)


def bad_rows(session: Session, import_no: int, after: int, most: int) -> Sequence[ImportRow]:
    """Return the next bad rows of an import after a place in it."""
    query = select(ImportRow).where(
        ImportRow.import_id == import_no, ImportRow.bad.is_(True), ImportRow.place > after
    )
    return session.scalars(query.order_by(ImportRow.place).limit(most)).all()


def reasons(session: Session, rows: Sequence[ImportRow]) -> dict[int, list[ImportFault]]:
    """Return what is wrong with rows of one import, by their places."""
    found: dict[int, list[ImportFault]] = {row.place: [] for row in rows}
    if rows:
        query = faults(rows[0].import_id).where(ImportFault.place.in_(found))
        for fault in session.scalars(query.order_by(ImportFault.id)):
            found[fault.place].append(fault)
    return found


def forget_rows(session: Session, import_no: int, *, bad: bool) -> None:
    """Delete the good or the bad rows of an import; what was wrong with them stays."""
    rows = delete(ImportRow).where(ImportRow.import_id == import_no, ImportRow.bad.is_(bad))
    session.execute(rows.execution_options(synchronize_session=False))


def unconfirmed() -> Select[Unconfirmed]:
    """Select who has not confirmed yet."""
    return select(Unconfirmed)


def unconfirmed_at(phone_index: str) -> Select[Unconfirmed]:
    """Select who was handed in under a phone."""
    return unconfirmed().where(Unconfirmed.phone_index == phone_index)


def shown(job: Import) -> VolunteerImportOut:
    """Show an import."""
    return VolunteerImportOut(
        import_no=job.id,
        status=ImportStatus(job.status),
        dry_run=job.dry_run,
        total=job.total,
        done=job.done,
        good=job.good,
        bad=job.bad,
        created_by=job.created_by,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def fault_of(fault: ImportFault) -> FaultOut:
    """Show what is wrong with a row."""
    return FaultOut(row=fault.row, field=fault.field, reason=fault.reason, assumed=False)


def unconfirmed_of(vault: Vault, row: Unconfirmed) -> UnconfirmedOut:
    """Show somebody who has not confirmed yet."""
    return UnconfirmedOut(
        unconfirmed_id=row.id,
        name_masked=mask_name(opened(vault, Unconfirmed.sealed_name, row)),
        community=row.community,
        handed_in_at=row.handed_in_at,
        confirm_by=row.confirm_by,
    )
