"""Statements on contacts; the session's scope narrows every one of them."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_intake.contacts.models import Contact
from onewindow_shared.contracts.common import CommunityCode
from onewindow_shared.contracts.contacts import ContactOutcome
from onewindow_shared.contracts.intake import Officer
from onewindow_shared.plumbing.belonging import within
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

    def query(self, unit: Unit) -> Select[Contact]:
        """Return the statement."""
        query = select(Contact)
        if self.community is not None:
            query = query.where(within(Contact, unit.gathered(self.community)))
        for name in ("officer", "outcome"):
            if (value := getattr(self, name)) is not None:
                query = query.where(getattr(Contact, name) == value)
        if self.open is not None:
            settled = Contact.outcome.is_not(None)
            query = query.where(~settled if self.open else settled)
        return query


def of(session: Session, contact_id: int, *, to_settle: bool = False) -> Contact:
    """Return a contact within reach, or raise `NotFound`; one to be settled waits for its other settlers."""
    query = select(Contact).where(Contact.id == contact_id)
    if to_settle:
        query = query.with_for_update().execution_options(populate_existing=True)
    return must_find(session, query, "There is no such contact within your reach.")
