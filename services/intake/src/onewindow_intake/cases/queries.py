"""Statements on cases; the session's scope narrows every one of them."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_intake.cases.history import HANDED_IN, LINES_MET, THE_APPLICANT
from onewindow_intake.cases.models import Case, Entry, Notice
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.workdays import local_day

WAITING = (CaseStatus.RECEIVED, CaseStatus.CORRECTION, CaseStatus.TOLERANT_ACCEPTED)
"""States in which a time is counted here."""
COUNT_NEXT = "calendar.count_next"
"""The timer of the next cases whose times a changed calendar moves; it is due when that changed."""
AS_IT_HAPPENED = Keyset((Entry.at, Entry.id))


def of(session: Session, case_no: str, *, to_move: bool = False) -> Case:
    """Return a case within reach, or raise `NotFound`. One that is to be moved waits for its other movers."""
    query = select(Case).where(Case.case_no == case_no)
    if to_move:
        query = query.with_for_update().execution_options(populate_existing=True)
    return must_find(session, query, "There is no such case within your reach.")


def corrected(session: Session, case_no: str) -> bool:
    """Say whether anything that the notice of corrections named was handed in since."""
    query = select(Entry.id).where(
        Entry.case_no == case_no,
        Entry.step.in_((HANDED_IN, LINES_MET, "material_reused")),
        Entry.status == CaseStatus.CORRECTION,
    )
    return session.scalar(query.limit(1)) is not None


def notice_taken_back(session: Session, anew: Case, since: datetime) -> Notice | None:
    """Return the latest notice to an applicant of an item in a case that an office took back for them."""
    by_office = exists().where(
        Entry.case_no == Notice.case_no, Entry.step == "withdrawn", Entry.by != THE_APPLICANT
    )
    same = (Case.applicant_index == anew.applicant_index, Case.item_code == anew.item_code)
    query = select(Notice).join(Case, Case.case_no == Notice.case_no)
    query = query.where(*same, Case.status == CaseStatus.WITHDRAWN, Notice.issued_at >= since, by_office)
    return session.scalar(query.order_by(Notice.issued_at.desc()).limit(1))


def waiting(session: Session, after: int, most: int) -> Sequence[Case]:
    """Return the next cases that wait for a notice, for corrections or for papers; who moves one waits."""
    query = select(Case).where(Case.id > after, Case.status.in_(WAITING)).order_by(Case.id).limit(most)
    return session.scalars(query.with_for_update()).all()


def counting_since(session: Session) -> datetime | None:
    """Return when a calendar changed that has not come to all cases yet."""
    return session.scalar(select(func.min(Timer.due_at)).where(Timer.kind == COUNT_NEXT))


def progress(session: Session, events: Sequence[CaseProgressed], zone: tzinfo) -> None:
    """Take over, in order, the states that casework tells of, unless a later event was here first."""
    session.connection().execute(_PROGRESS, [_seen(event, zone) for event in events])


def _seen(event: CaseProgressed, zone: tzinfo) -> dict[str, Any]:
    return {
        "of_case": event.case_no,
        "new_status": event.status,
        "new_ended_on": local_day(event.at, zone) if event.status in ENDS else None,
        "new_progressed_at": event.at,
        "new_progressed_version": event.version,
        "new_due_on": event.due_on,
        "new_provisional": event.provisional,
    }


def _new(column: InstrumentedAttribute[Any]) -> BindParameter[Any]:
    return bindparam(f"new_{column.key}", type_=column.type)


_BY_VERSION = or_(Case.progressed_version.is_(None), Case.progressed_version < _new(Case.progressed_version))
_BY_TIME = or_(Case.progressed_at.is_(None), Case.progressed_at <= _new(Case.progressed_at))
_LATER = case((_new(Case.progressed_version).is_not(None), _BY_VERSION), else_=_BY_TIME)
"""An event tells of more than the case has seen: by version, or by time from an older sender."""
_OURS = or_(
    _new(Case.status) == CaseStatus.TOLERANT_ACCEPTED,
    Case.status == _new(Case.status),
)
"""The state is known here already: intake alone leads into tolerant acceptance, and out of it to the work or
to its end. Where casework was told by the applicant before, it ends there as withdrawn, and that is an end
for both."""
_PROGRESS = (
    update(table_of(Case))
    .where(Case.case_no == bindparam("of_case"), _LATER)
    .values(
        version=Case.version + 1,
        status=case((_OURS, Case.status), else_=_new(Case.status)),
        ended_on=case((_OURS, Case.ended_on), else_=_new(Case.ended_on)),
        progressed_at=_new(Case.progressed_at),
        progressed_version=func.coalesce(_new(Case.progressed_version), Case.progressed_version),
        due_on=func.coalesce(_new(Case.due_on), Case.due_on),
        provisional=case((_new(Case.due_on).is_not(None), _new(Case.provisional)), else_=Case.provisional),
    )
)
