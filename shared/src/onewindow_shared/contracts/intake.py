"""What is handed to intake: applications, and what is done with them (行政许可法 arts. 29-32, rules B1)."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.common import (
    Code,
    CommunityCode,
    Contract,
    GridCode,
    StatedDay,
    StatedMoment,
    Text,
)
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.parties import (
    MOST_MEMBERS,
    Account,
    Acting,
    AgentIn,
    ConsentIn,
    GuardianIn,
    MemberIn,
    PersonIn,
)

MOST_MATERIALS = 100
MOST_PIECES = 100
MOST_FILES = 20
Note = Annotated[Text, Field(max_length=500)]
Count = Annotated[int, Field(ge=0, le=MOST_PIECES)]
"""Pieces of paper."""
Documents = Annotated[list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]], Field(max_length=MOST_FILES)]
Officer = Account
"""Account of a member of staff."""


class ServiceCategory(StrEnum):
    """The ten kinds of community public service (中发〔2017〕13号)."""

    EMPLOYMENT = "employment"
    """劳动就业"""
    SOCIAL_SECURITY = "social_security"
    """社会保障"""
    HEALTH_FAMILY_PLANNING = "health_family_planning"
    """卫生计生"""
    EDUCATION = "education"
    """教育事业"""
    SOCIAL_SERVICE = "social_service"
    """社会服务"""
    HOUSING = "housing"
    """住房保障"""
    CULTURE_SPORTS = "culture_sports"
    """文化体育"""
    PUBLIC_SAFETY = "public_safety"
    """公共安全"""
    LEGAL_SERVICE = "legal_service"
    """公共法律服务"""
    MEDIATION_ARBITRATION = "mediation_arbitration"
    """调解仲裁"""


class Channel(StrEnum):
    """How an application comes in; the applicant chooses (优化营商环境条例 art. 37)."""

    WINDOW = "window"
    WEB = "web"
    MOBILE = "mobile"
    PHONE = "phone"
    KIOSK = "kiosk"
    HOME_VISIT = "home_visit"


class MaterialForm(StrEnum):
    """What of a paper is handed in."""

    ORIGINAL = "original"
    COPY = "copy"
    ORIGINAL_AND_COPY = "original_and_copy"
    FORM = "form"
    ELECTRONIC = "electronic"


class MaterialIn(Contract):
    """A paper of the check-list as the window saw it, or as the applicant declares it."""

    code: Code
    received: bool
    """It came. Where nothing is said of how, it came as it was declared, or else as the guide asks."""
    originals: Count | None = None
    """Originals that were seen, or are declared."""
    copies: Count | None = None
    """Copies that were taken, or are declared."""
    electronic: bool | None = None
    """It came as a file or an electronic licence, which stands for the paper
    (国务院关于在线政务服务的若干规定 arts. 8-10)."""
    documents: Documents = Field(default_factory=list)
    """The files among the case's documents; not known before there is a case."""
    remark: Note | None = None


class MaterialChangeIn(Contract):
    """What changes about one paper of the check-list; what is left out stays as it is."""

    received: bool | None = None
    """False: it is not there after all. True and nothing of how: as it was declared, or as the guide asks."""
    originals: Count | None = None
    copies: Count | None = None
    electronic: bool | None = None
    documents: Documents | None = None
    remark: Note | None = None
    """Null takes the remark away."""
    acting: Acting | None = None
    """Who brings it; the guardian of a minor, the applicant otherwise, unless given."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set - {"acting"}:
            raise ValueError("say what changes")
        return self


class DuplicateDecision(StrEnum):
    """What the window makes of an earlier case that looks the same."""

    GO_ON = "go_on"
    """Another matter: the new case goes on."""
    SAME = "same"
    """The same matter, posted all the same."""
    JOIN = "join"
    """The new case joins the earlier one."""


class DuplicateChoice(Contract):
    """The window's choice about an earlier case, kept with the new one."""

    decision: DuplicateDecision
    earlier: CaseNo | None = None
    """One of those pointed out; left out for one outside the window's area, of which it learns no number."""
    reason: Note


class InstantDecisionIn(Contract):
    """The decision on an instant item in the same visit (即办件, rules C2 T21)."""

    outcome: Outcome
    reasons: Text | None = None
    """Needed for a refusal (行政许可法 art. 38)."""


class CaseIn(Contract):
    """An application."""

    item_code: Code
    community: CommunityCode
    """Whose authority decides."""
    grid: GridCode | None = None
    """The grid cell of that community in which the matter lies."""
    accepting_community: CommunityCode | None = None
    """Where the window is that takes it in for another community's authority (全城通办)."""
    result_at: CommunityCode | None = None
    """Which of the two hands back the result; the one that takes it in unless given."""
    channel: Channel
    applicant: PersonIn
    agent: AgentIn | None = None
    guardian: GuardianIn | None = None
    """Needed where the applicant is a minor."""
    household: Annotated[list[MemberIn], Field(max_length=MOST_MEMBERS)] = Field(default_factory=list)
    """The other members, where a household applies."""
    acting: Acting | None = None
    """Who hands it in; at a window the agent if there is one, or else the guardian, unless given."""
    agency_requested: bool = False
    """A 代办员 is to act in the applicant's place."""
    first_contact_officer: Officer | None = None
    """Who was asked first (首问责任人); the acting member of staff unless given."""
    materials: Annotated[list[MaterialIn], Field(max_length=MOST_MATERIALS)] = Field(default_factory=list)
    consent: ConsentIn
    received_at: StatedMoment | None = None
    """When papers were taken while the window was offline; now unless given."""
    accept: bool = False
    """Everything is there: accept at once."""
    decide: InstantDecisionIn | None = None
    """Everything is there and the item is an instant one: accept, decide and close at once."""
    duplicate: DuplicateChoice | None = None
    """What was decided about an earlier case of the same person and item."""
    remark: Text | None = None

    @property
    def office(self) -> str:
        """The community whose window takes it in."""
        return self.accepting_community or self.community


class LineIn(Contract):
    """A line of the notice that is about no paper, as the window saw it or as the applicant declares it."""

    line: Annotated[int, Field(ge=1, le=2 * MOST_MATERIALS)]
    """Its place on the notice, from 1."""
    met: bool
    """What it asks for is corrected."""


class MaterialsIn(Contract):
    """Papers handed in or corrected on the spot, and what else of the notice of corrections is met."""

    materials: Annotated[list[MaterialIn], Field(max_length=MOST_MATERIALS)] = Field(default_factory=list)
    lines: Annotated[list[LineIn], Field(max_length=MOST_MATERIALS)] = Field(default_factory=list)
    """Lines about no paper; a line about a paper is met by the paper."""
    acting: Acting | None = None
    """Who brings them; the guardian of a minor, the applicant otherwise, unless given."""

    @model_validator(mode="after")
    def _brings_something(self) -> Self:
        if not self.materials and not self.lines:
            raise ValueError("name a paper, or a line of the notice")
        return self


class SupplementIn(Contract):
    """Papers that were to come later."""

    materials: Annotated[list[MaterialIn], Field(min_length=1, max_length=MOST_MATERIALS)]
    acting: Acting | None = None
    """Who brings them; the guardian of a minor, the applicant otherwise, unless given."""


class DefectIn(Contract):
    """One thing to be corrected."""

    material: Code | None = None
    """The paper it is about; it counts as not handed in from then on."""
    problem: Text


class CorrectionsIn(Contract):
    """The one notice that lists everything to be corrected (一次性告知)."""

    defects: Annotated[list[DefectIn], Field(min_length=1, max_length=MOST_MATERIALS)]
    deadline: StatedDay
    """Last day for handing in the corrections."""


class RefusalGround(StrEnum):
    """Why an application is not accepted."""

    NOT_REQUIRED = "not_required"
    """依法不需要取得许可"""
    NOT_COMPETENT = "not_competent"
    """不属于本机关职权范围"""
    NOT_CONFORMING = "not_conforming"
    """补正后仍不符合要求"""


class UnmetIn(Contract):
    """Something of the notice of corrections that is still wrong, by its line's number, paper or words."""

    line: Annotated[int, Field(ge=1, le=2 * MOST_MATERIALS)] | None = None
    """Its place on the notice, from 1; names it alone."""
    material: Code | None = None
    """The paper that the notice found fault with; which words are said of it does not matter."""
    problem: Text | None = None
    """The words of the notice, where no paper is named."""


class RefusalIn(Contract):
    """A refusal to accept."""

    ground: RefusalGround
    reason: Text
    competent_body: Note | None = None
    """Whom to turn to; needed where the matter is not ours."""
    unmet: Annotated[list[UnmetIn], Field(max_length=MOST_MATERIALS)] = Field(default_factory=list)
    """What of the notice of corrections is still wrong; needed where that is the ground, and nothing else.

    It is written into the refusal in the words of the notice.
    """


class TakenBackIn(Contract):
    """The applicant takes the application back."""

    acting: Acting | None = None
    """Who does so; the guardian of a minor, the applicant otherwise, unless given."""
    reason: Note | None = None


class CaseDisclosureIn(Contract):
    """Why somebody needs the full particulars."""

    reason: Annotated[Note, Field(min_length=4)]


class TrackingIn(Contract):
    """The tracking code of the receipt."""

    code: Annotated[str, Field(max_length=64)]
    cursor: Annotated[str, Field(max_length=512)] | None = None
    """`earlier` of the answer before, for the steps before those."""
