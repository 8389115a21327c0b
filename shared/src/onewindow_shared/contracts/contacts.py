"""Contacts: what somebody asked at a window or on the phone, and what came of it (首问负责, rules B1.6)."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Moment, Resource, Text
from onewindow_shared.contracts.identity import Mobile, PersonName
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.numbers import CaseNo

Matter = Annotated[Text, Field(max_length=1000)]


class ContactOutcome(StrEnum):
    """What came of a contact."""

    ANSWERED = "answered"
    BECAME_CASE = "became_case"
    REFERRED = "referred"
    """Another body is competent; it is named, with its address or phone."""
    NOT_OURS = "not_ours"
    """No public body's matter; whoever can help is named all the same, with address or phone."""


class Body(Contract):
    """Whom somebody is sent to."""

    name: Annotated[Text, Field(max_length=100)]
    address: Annotated[Text, Field(max_length=200)] | None = None
    phone: Annotated[str, Field(pattern=r"^[0-9+() -]{3,32}$")] | None = None


class OutcomeIn(Contract):
    """What came of a contact."""

    outcome: ContactOutcome
    answer: Matter | None = None
    """What the person was told."""
    case_no: CaseNo | None = None
    """The case that it became."""
    referred_to: Body | None = None
    """Where the person was sent, for what is another body's matter or not ours."""


class ContactIn(Contract):
    """Somebody asks; nothing of the person is needed."""

    community: CommunityCode
    channel: Literal[Channel.WINDOW, Channel.PHONE, Channel.HOME_VISIT]
    matter: Matter
    item_code: Code | None = None
    name: PersonName | None = None
    mobile: Mobile | None = None
    outcome: OutcomeIn | None = None
    """Where it is known at once."""


class Contact(Resource):
    """A contact; whoever took it is the officer asked first."""

    contact_id: int
    community: str
    officer: str
    channel: Channel
    at: Moment
    matter: str
    item_code: str | None
    name: str | None
    """Masked."""
    mobile: str | None
    """Masked."""
    outcome: ContactOutcome | None
    answer: str | None
    case_no: str | None
    referred_to: Body | None
    settled_at: Moment | None
    settled_by: str | None


class ContactParticulars(Contract):
    """Who asked, in full; reading it is written down."""

    contact_id: int
    name: str | None
    mobile: str | None
