"""Statements on contacts; the session's scope narrows every one of them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from onewindow_intake.contacts.models import Contact
from onewindow_shared.contracts.common import CommunityCode
from onewindow_shared.contracts.contacts import ContactOutcome
from onewindow_shared.contracts.intake import Officer
from onewindow_shared.plumbing.belonging import ranges_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.unit import Unit

NEWEST_FIRST = Keyset((Contact.id,), newest_first=True)


@dataclass(frozen=True)
class Filter:
    """Which contacts are listed."""

    community: CommunityCode | None = None
    officer: Officer | None = None
    outcome: ContactOutcome | None = None
    open: bool | None = None
    """Only those without an outcome, or only those with one."""

    def ranges(self, unit: Unit) -> list[Select[Contact]]:
        """Return what begins the list, each range found by an index in its order."""
        if self.community is None:
            return [select(Contact)]
        return [select(Contact).where(one) for one in ranges_of(Contact, unit.gathered(self.community))]

    @property
    def sieve(self) -> list[ColumnElement[bool]]:
        """Return the conditions for which there is no index."""
        named = {Contact.officer: self.officer, Contact.outcome: self.outcome}
        conditions = [column == value for column, value in named.items() if value is not None]
        if self.open is not None:
            conditions.append(Contact.outcome.is_(None) if self.open else Contact.outcome.is_not(None))
        return conditions


def of(session: Session, contact_id: int, *, to_settle: bool = False) -> Contact:
    """Return a contact within reach, or raise `NotFound`; one to be settled waits for its other settlers."""
    query = select(Contact).where(Contact.id == contact_id)
    if to_settle:
        query = query.with_for_update().execution_options(populate_existing=True)
    return must_find(session, query, "There is no such contact within your reach.")
