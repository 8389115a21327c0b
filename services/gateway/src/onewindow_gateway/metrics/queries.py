"""What the gateway itself knows of areas."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.reference import Area


def may_exist(session: Session, code: str) -> bool:
    """Say whether an area is in the register, or the register has not arrived yet."""
    if session.get(Area, code) is not None:
        return True
    return session.scalar(select(Area.code).limit(1)) is None
