"""Finding the one record that a route names."""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.problems import NotFound

Row = TypeVar("Row")


def must_find(session: Session, query: Select[Row], detail: str | None = None) -> Row:
    """Return what a query finds; where it is not there, or beyond the session's reach, `NotFound`."""
    found = session.scalar(query)
    if found is None:
        raise NotFound(detail=detail) if detail else NotFound
    return found
