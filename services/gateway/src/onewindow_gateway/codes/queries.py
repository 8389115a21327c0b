"""One-time codes: each change is one statement, so that simultaneous requests cannot both win."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from onewindow_gateway.codes.models import OneTimeCode
from onewindow_shared.plumbing.bulk import insert_into


def replace_code(session: Session, fresh: OneTimeCode, *, none_since: datetime) -> bool:
    """Put a fresh code in the place of the phone's last one, unless that was issued after `none_since`."""
    columns = ("phone_index", "code_hash", "issued_at", "expires_at", "tries")
    values = {name: getattr(fresh, name) for name in columns}
    statement = insert_into(session, OneTimeCode).values(values)
    statement = statement.on_conflict_do_update(
        index_elements=["phone_index"], set_=values, where=OneTimeCode.issued_at <= none_since
    )
    return session.scalar(statement.returning(OneTimeCode.phone_index)) is not None


def take_try(session: Session, phone_index: str, now: datetime, most: int) -> str | None:
    """Count one guess at the phone's code and return its hash; None if there is no code to guess at."""
    open_to_guesses = (
        OneTimeCode.phone_index == phone_index,
        OneTimeCode.expires_at > now,
        OneTimeCode.tries < most,
    )
    statement = update(OneTimeCode).where(*open_to_guesses).values(tries=OneTimeCode.tries + 1)
    return session.scalar(
        statement.returning(OneTimeCode.code_hash).execution_options(synchronize_session=False)
    )


def use_up(session: Session, phone_index: str, now: datetime) -> None:
    """End the phone's code."""
    statement = update(OneTimeCode).where(OneTimeCode.phone_index == phone_index).values(expires_at=now)
    session.execute(statement.execution_options(synchronize_session=False))


def withdraw(session: Session, phone_index: str) -> None:
    """Forget a code that could not be sent, so that another can be asked for at once."""
    statement = delete(OneTimeCode).where(OneTimeCode.phone_index == phone_index)
    session.execute(statement.execution_options(synchronize_session=False))


def forget(session: Session, before: datetime) -> None:
    """Remove codes that were over before a moment."""
    statement = delete(OneTimeCode).where(OneTimeCode.expires_at < before)
    session.execute(statement.execution_options(synchronize_session=False))
