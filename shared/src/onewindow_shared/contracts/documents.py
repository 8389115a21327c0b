"""Uploads and stored documents of cases. Names of files may tell who somebody is: they stand in bodies."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import Code, Contract, Moment, Text
from onewindow_shared.contracts.parties import Acting


class Scan(StrEnum):
    """What the virus scanner says of a document."""

    WAITING = "waiting"
    """It was not looked at yet; where there is no scanner, this is all there is to say."""
    CLEAN = "clean"
    INFECTED = "infected"


class UploadIn(Contract):
    """A file about to be sent, and the paper of the check-list that it is, if it is one."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    """As the sender calls it; it is kept in a safe form."""
    material: Code | None = None
    acting: Acting | None = None
    """Who hands it in; the guardian of a minor, the applicant otherwise, unless given."""


class PartOut(Contract):
    """A part that has arrived."""

    number: int
    size: int
    """Bytes."""


class UploadOut(Contract):
    """An upload under way: send what is missing, then complete it."""

    upload_id: str
    case_no: str
    material: str | None
    name: str
    most_part_bytes: int
    most_bytes: int
    """Largest document that is taken."""
    expires_at: Moment
    """When it is forgotten unless it is complete."""
    parts: Sequence[PartOut]


class DocumentOut(Contract):
    """A document that is kept with a case."""

    document_id: str
    case_no: str
    material: str | None
    name: str
    media_type: str
    """By its content, whatever it was called."""
    size: int
    scan: Scan
    withheld_at: Moment | None
    """Since when it is known to be infected, and handed to nobody."""
    handed_in: bool
    """Its paper on the check-list names it. False: it is kept with the case beside the check-list, because it
    is no paper of it, its paper is not awaited at this stage of the case, or it was withheld."""
    uploaded_at: Moment
    uploaded_by: str
    """Account, or `applicant`."""


class DocumentDisclosureIn(Contract):
    """Why somebody needs to see the document."""

    reason: Annotated[Text, Field(min_length=4, max_length=500)]
