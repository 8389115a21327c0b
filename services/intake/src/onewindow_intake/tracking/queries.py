"""Statements on tracked cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.tracking.models import WrongCodes


def case(session: Session, case_no: str) -> Case | None:
    """Return a case by its number."""
    return session.scalar(select(Case).where(Case.case_no == case_no))


def entries(session: Session, case_no: str) -> Sequence[Entry]:
    """Return what happened to a case, oldest first."""
    query = select(Entry).where(Entry.case_no == case_no).order_by(Entry.at, Entry.id)
    return session.scalars(query).all()


def wrong_codes(session: Session, case_no: str) -> WrongCodes | None:
    """Return the wrong codes of a number."""
    return session.get(WrongCodes, case_no)


def count_wrong_code(session: Session, case_no: str, now: datetime, until: datetime) -> None:
    """Add a wrong code to a number's window, or open one until `until`; windows that are over are dropped."""
    over = delete(WrongCodes).where(WrongCodes.until <= now)
    session.execute(over.execution_options(synchronize_session=False))
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(WrongCodes).values(case_no=case_no, failures=1, until=until)
    session.execute(
        first.on_conflict_do_update(index_elements=["case_no"], set_={"failures": WrongCodes.failures + 1})
    )
