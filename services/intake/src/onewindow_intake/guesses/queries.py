"""Statements on wrong codes."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from onewindow_intake.guesses.models import WrongCodes


def wrong_codes(session: Session, key: str) -> WrongCodes | None:
    """Return the wrong codes of a number or a client."""
    return session.get(WrongCodes, key)


def count_wrong_code(session: Session, key: str, now: datetime, until: datetime) -> None:
    """Add a wrong code to a window, or open one until `until`; windows that are over are dropped."""
    over = delete(WrongCodes).where(WrongCodes.until <= now)
    session.execute(over.execution_options(synchronize_session=False))
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(WrongCodes).values(key=key, failures=1, until=until)
    session.execute(
        first.on_conflict_do_update(index_elements=["key"], set_={"failures": WrongCodes.failures + 1})
    )
