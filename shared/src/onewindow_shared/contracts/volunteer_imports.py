"""Volunteers handed in as a file, and people who have not confirmed yet what was handed in of them."""

from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.exchange import ImportStatus
from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.contracts.volunteers import Purposes


class VolunteerImportIn(Contract):
    """What is to be done with a file."""

    dry_run: bool
    digest: str
    """SHA-256 of the file."""


class VolunteerImportOut(Contract):
    """An import and what came of it so far."""

    import_no: int
    status: ImportStatus
    dry_run: bool
    """Nobody is taken down, whatever the rows are like."""
    total: int
    """People in the file."""
    done: int
    """People looked at."""
    good: int
    """People who are asked to confirm, or would be; nobody is sent a message."""
    bad: int
    created_by: str
    created_at: Moment
    finished_at: Moment | None


class UnconfirmedOut(Contract):
    """Somebody whom others handed in: unconfirmed, hence not registered."""

    unconfirmed_id: int
    name_masked: str
    community: str
    handed_in_at: Moment
    confirm_by: Moment
    """What was handed in is erased then."""


class SelfConfirmationIn(Contract):
    """Somebody who was handed in says who they are, and agrees."""

    id_document: IdDocument
    """The phone that one is signed in with says where it was sent, the document who one is."""
    consent: Purposes
    """What the data may be used for; `registration` is needed."""
