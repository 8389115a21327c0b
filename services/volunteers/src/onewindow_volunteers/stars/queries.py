"""Finding the stars that somebody was granted."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.stars import StarStatus
from onewindow_shared.plumbing.scope import published
from onewindow_volunteers.stars.models import Star


def granted(session: Session, volunteer_id: int) -> int:
    """Return the highest level that somebody was granted, 0 if none."""
    theirs = (Star.volunteer_id == volunteer_id, Star.status == StarStatus.GRANTED)
    return session.scalar(published(select(func.coalesce(func.max(Star.level), 0)).where(*theirs))) or 0
