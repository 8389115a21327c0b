"""Finding suspensions, letting them go along with the person, and showing them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_shared.contracts.volunteer_life import AppealOutcome, SuspensionOut
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.scope import place
from onewindow_volunteers.people.holding import hold_whose
from onewindow_volunteers.people.models import Volunteer, opened
from onewindow_volunteers.standing.models import Suspension

NEWEST_FIRST = Keyset([Suspension.id], newest_first=True)
SUSPENSIONS = table_of(Suspension)
"""Whoever registers anew may not reach what was said of their earlier registration."""


def suspension_to_change(session: Session, suspension_id: int) -> Suspension:
    """Return a suspension that nobody else changes meanwhile, after whom it is about."""
    hold_whose(session, SUSPENSIONS, suspension_id)
    return must_find(session, select(Suspension).where(Suspension.id == suspension_id).with_for_update())


def suspended(session: Session, suspension_id: int) -> Volunteer:
    """Return whom a suspension is about, that nobody else changes meanwhile; raises `NotFound`."""
    whose = select(Suspension.volunteer_id).where(Suspension.id == suspension_id).scalar_subquery()
    return must_find(session, select(Volunteer).where(Volunteer.id == whose).with_for_update())


def lasting(session: Session, volunteer_id: int) -> Suspension | None:
    """Return the suspension that keeps somebody from serving now."""
    query = select(Suspension).where(Suspension.volunteer_id == volunteer_id, Suspension.ended_at.is_(None))
    return session.scalar(query.with_for_update())


def follow(session: Session, person: Volunteer) -> bool:
    """Let a suspension that lasts go along with the person's present registration; say whether one does."""
    lasts = (SUSPENSIONS.c.person_index == person.person_index, SUSPENSIONS.c.ended_at.is_(None))
    present = {
        **place(person.community),
        "volunteer_id": person.id,
        "volunteer_no": person.volunteer_no,
        "subject": person.subject,
        "version": SUSPENSIONS.c.version + 1,
    }
    followed = update(SUSPENSIONS).where(*lasts).values(present).returning(SUSPENSIONS.c.id)
    return session.execute(followed).scalar_one_or_none() is not None


def end(session: Session, person: Volunteer, now: datetime) -> bool:
    """End the suspension that lasts; say whether there was one."""
    suspension = lasting(session, person.id)
    if suspension is None:
        return False
    suspension.ended_at = now
    suspension.version += 1
    return True


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
