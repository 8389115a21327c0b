"""What becomes of a registration: a guardian's own word, suspension, return, another community, erasure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Resource, Text
from onewindow_shared.contracts.identity import Mobile
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteers import (
    Availabilities,
    Categories,
    Purpose,
    Purposes,
    Skills,
    VolunteerStatus,
)

Reason = Annotated[Text, Field(min_length=4, max_length=500)]


class WardOut(Resource):
    """A minor's registration, as the guardian whom it names sees it."""

    volunteer_no: VolunteerNo
    name_masked: str
    community: str
    status: VolunteerStatus
    purposes: Sequence[Purpose]
    """What the guardian is asked to agree to."""
    notice: str
    """Version of the notice in force (个人信息保护法 art. 17)."""
    confirmed_at: Moment | None
    """When the guardian agreed; null while they have not, or no longer do."""
    answer_by: Moment | None
    """When the registration lapses without the guardian's word; null once they have agreed."""


class CorrectionIn(Contract):
    """What is otherwise from now on (民政部令第67号 arts. 6, 13); what is left out stays as it is."""

    skills: Skills | None = None
    availability: Availabilities | None = None
    categories: Categories | None = None
    reason: Reason | None = None
    """Needed at the window, and kept in the audit."""


class PhoneChangeIn(Contract):
    """By which number somebody is to be reached from now on; it counts once that phone confirms it."""

    phone: Mobile
    reason: Reason | None = None
    """Needed at the window, and kept in the audit."""


class PhoneChangeOut(Contract):
    """A number that waits for being confirmed by that phone."""

    volunteer_no: VolunteerNo
    phone_masked: str
    confirm_by: Moment
    """Without a confirmation the number is forgotten then."""


class ConsentsIn(Contract):
    """What somebody agrees to from now on (个人信息保护法 art. 15); without `registration` one leaves."""

    consent: Purposes
    reason: Reason | None = None
    """Needed at the window, which takes consents back and gives none."""


class SuspensionIn(Contract):
    """Why a volunteer is suspended, or taken back before an appeal is decided."""

    reason: Reason


class AppealIn(Contract):
    """Why a suspension is wrong, as the volunteer says."""

    statement: Text


class AppealOutcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    """The suspension stays."""
    LIFTED = "lifted"


class AppealRulingIn(Contract):
    """What the street or the district decides on an appeal."""

    outcome: AppealOutcome
    reason: Reason


class SuspensionOut(Resource):
    """A suspension, with what was said on both sides."""

    suspension_id: int
    volunteer_no: str
    community: str
    since: Moment
    by: str
    """Account that suspended."""
    reason: str | None
    """Null once the volunteer had their data erased, as are the other texts."""
    appealed_at: Moment | None
    appeal: str | None
    ruled_at: Moment | None
    ruled_by: str | None
    outcome: AppealOutcome | None
    ruling: str | None
    ended_at: Moment | None


class MoveIn(Contract):
    """To which community a volunteer moves."""

    community: CommunityCode


class ReturnIn(Contract):
    """Somebody who left comes back."""

    consent: Purposes
    """What the data may be used for from now on; `registration` is needed."""


class CertificatesKept(StrEnum):
    """What becomes of certificates when their holder's data are erased."""

    KEEP = "keep"
    """They can still be verified, with a masked name; no copy can be printed."""
    REVOKE = "revoke"


class ErasureIn(Contract):
    """Somebody wants their personal data erased (个人信息保护法 art. 47)."""

    certificates: CertificatesKept = CertificatesKept.KEEP


class ErasureOut(Contract):
    """What was erased."""

    volunteer_no: VolunteerNo
    erased_on: date
    certificates: int
    """Certificates in force that were kept or revoked, as was asked."""
