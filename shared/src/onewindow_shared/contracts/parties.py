"""Who takes part in an application, for whom they act, and what they agreed to."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from onewindow_shared.contracts.common import Code, Contract, StatedDay, StatedMoment, Text
from onewindow_shared.contracts.identity import IdDocument, Mobile, PersonName

MOST_MEMBERS = 30
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}$", examples=["clerk.xian"])]


class Acting(StrEnum):
    """In which quality somebody does something in a case."""

    APPLICANT = "applicant"
    GUARDIAN = "guardian"
    """监护人, the lawful agent of whoever cannot act alone (民法典 art. 23)."""
    AGENT = "agent"
    """受托人, whom the applicant has entrusted."""


class Power(StrEnum):
    """What somebody may be entrusted with."""

    SUBMIT = "submit"
    CORRECT = "correct"
    """Hand in, correct and supplement papers."""
    COLLECT = "collect"
    """Take back originals."""
    WITHDRAW = "withdraw"
    """Take back the application, or the consent it rests on."""


class ConsentBy(StrEnum):
    """Who agreed."""

    APPLICANT = "applicant"
    GUARDIAN = "guardian"
    MEMBER = "member"


class Guardianship(StrEnum):
    """What a guardian is to whom they guard (民法典 arts. 27, 28)."""

    PARENT = "parent"
    SPOUSE = "spouse"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    APPOINTED = "appointed"
    """Somebody else who is willing, with the residents' committee's consent, or by agreement or judgment."""


class Relation(StrEnum):
    """What a member of a household is to the applicant."""

    SPOUSE = "spouse"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


class PersonIn(Contract):
    """Somebody with an identity of their own."""

    name: PersonName
    id_document: IdDocument
    mobile: Mobile
    address: Annotated[Text, Field(max_length=200)] | None = None


class EntrustmentIn(Contract):
    """What a letter of entrustment (委托书) says (民法典 art. 165)."""

    scope: Annotated[list[Power], Field(min_length=1, max_length=len(Power))]
    """Each at most once; `submit` is always among them."""
    begins_on: StatedDay
    ends_on: StatedDay
    """Last day of the term."""
    document: Annotated[Text, Field(max_length=100)] | None = None
    """Number or place of the letter; no personal data. Needed unless somebody has seen the paper."""
    seen_by: Account | None = None
    """Who at the window has seen the paper."""


class Letter(BaseModel):
    """What of a letter of entrustment decides who may act; fields that a newer sender adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)
    scope: list[Power]
    begins_on: date
    ends_on: date


def exceeded(letter: Letter | EntrustmentIn, power: Power, day: date) -> str | None:
    """Say why a letter does not cover what somebody does on a day, or None (民法典 arts. 165, 171)."""
    if day < letter.begins_on:
        return f"the entrustment begins on {letter.begins_on}"
    if day > letter.ends_on:
        return f"the entrustment ended on {letter.ends_on}"
    return None if power in letter.scope else f"the entrustment does not allow to {power}"


NO_LETTER = "the case names no entrusted person with a letter"


class AgentIn(PersonIn):
    """Whom the applicant has entrusted (行政许可法 art. 29)."""

    entrustment: EntrustmentIn


class GuardianIn(PersonIn):
    """Who acts for an applicant who is a minor, or who cannot act alone."""

    relation: Guardianship


class MemberConsentIn(Contract):
    """A member agrees to the use of their data for this case; a guardian does so for a minor."""

    given: Literal[True]
    by: Literal[ConsentBy.MEMBER, ConsentBy.GUARDIAN] = ConsentBy.MEMBER


class MemberIn(Contract):
    """Somebody of the household besides the applicant."""

    name: PersonName
    id_document: IdDocument
    mobile: Mobile | None = None
    relation: Relation
    consent: MemberConsentIn


class ConsentIn(Contract):
    """The applicant agrees that the data are used for this case and nothing else (个人信息保护法 art. 14)."""

    purpose: Literal["case_handling"]
    given: Literal[True]
    by: Literal[ConsentBy.APPLICANT, ConsentBy.GUARDIAN] | None = None
    """The guardian for a minor, the applicant otherwise, unless given (个人信息保护法 art. 31)."""
    text_version: Code | None = None
    """Which text they were shown; the one in force unless given."""
    given_at: StatedMoment | None = None
    """When the papers were taken unless given."""
    reuse: bool = False
    """What is handed in may be used again for later applications of one's own in the district; free to refuse
    (个人信息保护法 arts. 14, 16)."""


class ConsentWithdrawalIn(Contract):
    """The applicant no longer agrees (个人信息保护法 art. 15)."""

    acting: Acting | None = None
    """Who says so; the guardian of a minor, the applicant otherwise, unless given."""
    only_reuse: bool = False
    """Papers are no longer to be used for later applications; this one goes on."""
    reason: Annotated[Text, Field(max_length=500)] | None = None
