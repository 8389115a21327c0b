"""Finding suspensions, and showing them."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_shared.contracts.volunteer_life import AppealOutcome, SuspensionOut
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.privacy import Vault
from onewindow_volunteers.people.models import opened
from onewindow_volunteers.standing.models import Suspension

NEWEST_FIRST = Keyset([Suspension.id], newest_first=True)


def suspension_to_change(session: Session, suspension_id: int) -> Suspension:
    """Return a suspension that nobody else changes meanwhile."""
    return must_find(session, select(Suspension).where(Suspension.id == suspension_id).with_for_update())


def lasting(session: Session, volunteer_id: int) -> Suspension | None:
    """Return the suspension that keeps somebody from serving now."""
    query = select(Suspension).where(Suspension.volunteer_id == volunteer_id, Suspension.ended_at.is_(None))
    return session.scalar(query.with_for_update())


def shown(vault: Vault, row: Suspension) -> SuspensionOut:
    """Show a suspension with what was said."""

    def said(column: InstrumentedAttribute[str | None]) -> str | None:
        return opened(vault, column, row) if getattr(row, column.key) is not None else None

    return SuspensionOut(
        version=row.version,
        suspension_id=row.id,
        volunteer_no=row.volunteer_no,
        community=row.community,
        since=row.since,
        by=row.by,
        reason=said(Suspension.sealed_reason),
        appealed_at=row.appealed_at,
        appeal=said(Suspension.sealed_appeal),
        ruled_at=row.ruled_at,
        ruled_by=row.ruled_by,
        outcome=AppealOutcome(row.outcome) if row.outcome else None,
        ruling=said(Suspension.sealed_ruling),
        ended_at=row.ended_at,
    )
