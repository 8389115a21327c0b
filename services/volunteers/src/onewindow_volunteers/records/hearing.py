"""Both sides of a dispute, and the ruling's reason: said once, read by both sides and whoever rules."""

from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.records import RecordStatus, ReplyIn, StatementKind, StatementOut
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.records import queries
from onewindow_volunteers.records.models import EVIDENCE, ServiceRecord, Statement

IN_ORDER = Keyset([Statement.id])


def say(
    unit: Unit, record: ServiceRecord, kind: StatementKind, text: str, minutes: int | None = None
) -> Statement:
    """Take down what is said in a dispute."""
    statement = Statement(
        record_id=record.id,
        volunteer_id=record.volunteer_id,
        kind=kind,
        at=unit.now,
        by=record.volunteer_no if kind is StatementKind.DISPUTE else unit.actor.subject,
        minutes=minutes,
        sealed_text=unit.vault.seal(text, purpose=EVIDENCE),
    )
    unit.session.add(statement)
    unit.session.flush()
    return statement


def reply(unit: Unit, record_id: int, form: ReplyIn) -> StatementOut:
    """Say what the organisation's side knows of what is disputed, until it is ruled."""
    record = queries.record_to_change(unit.session, record_id)
    if record.status != RecordStatus.DISPUTED:
        raise MoveRefused(state=record.status, action="reply")
    statement = say(unit, record, StatementKind.REPLY, form.evidence)
    _audit(unit, record, "replied")
    return shown(unit, statement)


def heard(unit: Unit, record_id: int, wanted: Wanted) -> Page[StatementOut]:
    """List what was said of a record, oldest first; that an officer read it is written down."""
    record = queries.record(unit.session, record_id)
    if record.subject != unit.actor.subject:
        _audit(unit, record, "hearing_read")
    query, bound = select(Statement).where(Statement.record_id == record.id), f"statements {record_id}"
    return page(unit, query, IN_ORDER, wanted, bound=bound, show=partial(shown, unit))


def shown(unit: Unit, row: Statement) -> StatementOut:
    """Show what was said."""
    return StatementOut(
        statement_id=row.id,
        record_id=row.record_id,
        kind=StatementKind(row.kind),
        at=row.at,
        by=row.by,
        minutes=row.minutes,
        text=None if row.sealed_text is None else unit.vault.open(row.sealed_text, purpose=EVIDENCE),
    )


def _audit(unit: Unit, record: ServiceRecord, action: str) -> None:
    detail = {"status": record.status, "volunteer": record.volunteer_no}
    unit.audit(
        f"service_record.{action}", "service_record", str(record.id), area=record.community, detail=detail
    )
