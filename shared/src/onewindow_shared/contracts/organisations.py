"""Organisations, teams and stations of volunteers (志愿服务条例 arts. 6, 42; rules B3.7)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import (
    CommunityCode,
    Contract,
    Moment,
    Resource,
    StatedDay,
    Text,
    not_before,
)
from onewindow_shared.contracts.numbers import VolunteerNo


class OrganisationKind(StrEnum):
    """What people serve in."""

    ORGANISATION = "organisation"
    """志愿服务组织: registered, and qualified for a time."""
    TEAM = "team"
    """志愿服务队伍: inside a community, with the committee's consent (志愿服务条例 art. 42)."""
    STATION = "station"
    """志愿服务站, with its six haves."""


class Have(StrEnum):
    """What a station has (六有)."""

    PREMISES = "premises"
    """有场所"""
    TEAM = "team"
    """有队伍"""
    PROJECTS = "projects"
    """有项目"""
    FACILITIES = "facilities"
    """有设施"""
    RULES = "rules"
    """有制度"""
    SIGNS = "signs"
    """有标识"""


class PaperKind(StrEnum):
    """Papers of an organisation that run out."""

    QUALIFICATION = "qualification"
    INSURANCE = "insurance"


class OrganisationIn(Contract):
    """An organisation, team or station is registered."""

    kind: OrganisationKind
    community: CommunityCode
    name: Annotated[Text, Field(max_length=100)]
    contact: Annotated[Text, Field(max_length=200)]
    """Whom to ask: public."""


class LeaderIn(Contract):
    """Who leads."""

    volunteer_no: VolunteerNo


class ClosureIn(Contract):
    """Why it ends."""

    reason: Annotated[Text, Field(min_length=4, max_length=500)]


class HaveIn(Contract):
    """What a check of a station found."""

    met: bool
    checked_on: StatedDay


class HaveOut(HaveIn):
    """One of the six, as it was found last."""

    have: Have


class PaperIn(Contract):
    """A qualification or a policy, and its period."""

    kind: PaperKind
    issuer: Annotated[Text, Field(max_length=100)]
    """Authority or insurer."""
    number: Annotated[Text, Field(max_length=64)]
    valid_from: StatedDay
    valid_until: Annotated[StatedDay, not_before("valid_from")]
    """Last day."""


class PaperStanding(StrEnum):
    """Where a paper stands on a day."""

    TO_COME = "to_come"
    VALID = "valid"
    RENEWABLE = "renewable"
    """Valid, and within the window of its renewal."""
    EXPIRED = "expired"


class PaperOut(PaperIn):
    """A qualification or a policy as it stands today."""

    paper_id: int
    organisation_id: int
    standing: PaperStanding


class OrganisationNoticeKind(StrEnum):
    """What whoever looks after an organisation is told."""

    RENEWABLE = "renewable"
    EXPIRED = "expired"
    LEADERLESS = "leaderless"
    """Whoever led it does so no longer: a successor is to be named."""


class OrganisationNotice(Contract):
    """Something that whoever looks after an organisation is told, once."""

    organisation_id: int
    paper_id: int | None
    """The paper that it is about, if it is about one."""
    kind: OrganisationNoticeKind
    at: Moment


class OrganisationRow(Contract):
    """An organisation in a list."""

    organisation_id: int
    kind: OrganisationKind
    community: str
    name: str
    contact: str
    closed: bool


class OrganisationOut(Resource, OrganisationRow):
    """An organisation, team or station."""

    leader: str | None
    """Volunteer number of whoever leads."""
    haves: Sequence[HaveOut]
    """Of a station: what was found, in the order of the six; what is missing was never checked."""


class MemberOut(Contract):
    """Somebody's membership."""

    organisation_id: int
    volunteer_no: str
    since: Moment
    left_at: Moment | None
