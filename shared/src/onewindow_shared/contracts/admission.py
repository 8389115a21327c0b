"""Work asked of residents' committees: what is asked, and as what it is admitted (rules B2, C3)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import Code, Contract, Resource, Text


class MatterKind(StrEnum):
    """What is asked of a community (rules C3)."""

    WORK_ITEM = "work_item"
    OFFICE = "office"
    NAMEPLATE = "nameplate"
    LEDGER_OR_FORM = "ledger_or_form"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    CERTIFICATE = "certificate"
    SURVEY = "survey"
    TRAINING = "training"
    CAMPAIGN = "campaign"


class MatterClass(StrEnum):
    """As what a matter stands on the lists: three classes, and two lists of what must not be asked."""

    AUTONOMY = "autonomy"
    """社区工作事项: the committee's own duty."""
    ASSIST = "assist"
    """协助政府的社区工作事项: with money and conditions."""
    PURCHASE = "purchase"
    """购买服务: everything else, by contract."""
    FORBIDDEN = "forbidden"
    """The committee may not be the responsible body (中发〔2017〕13号)."""
    NOT_ISSUED = "not_issued"
    """A certificate that committees do not issue (民发〔2020〕20号)."""


class CommunityRole(StrEnum):
    """What a community is to a matter: its responsible body, or help to one."""

    MAIN = "main"
    ASSISTING = "assisting"


class AssistingAction(StrEnum):
    """What assisting may be: the six of 北京市."""

    CONTACT = "contact"
    """联系居民"""
    VISIT = "visit"
    """协助入户"""
    MOBILISE = "mobilise"
    """组织动员"""
    PUBLICISE = "publicise"
    """宣传教育"""
    PERSUADE = "persuade"
    """说服劝导"""
    REPORT = "report"
    """非专业性工作的发现报告"""


class DutyOf(StrEnum):
    """Whose duty the legal basis makes the matter."""

    GOVERNMENT = "government"
    """A statutory duty of government, which committees may not be made to bear (中发〔2017〕13号)."""
    GOVERNMENT_ASSISTED = "government_assisted"
    """Government's, with the committee's assistance by law."""
    COMMITTEE = "committee"
    NOBODY = "nobody"
    """No law says whose."""


class MoneyUnit(StrEnum):
    """What money is counted by."""

    CASE = "case"
    PERSON = "person"
    HOUSEHOLD = "household"
    COMMUNITY = "community"


class MoneyPeriod(StrEnum):
    """How often it is paid."""

    ONCE = "once"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MatterName = Annotated[Text, StringConstraints(max_length=200)]
ShortText = Annotated[Text, StringConstraints(max_length=300)]
Codes = Annotated[list[Code], Field(max_length=50)]
Names = Annotated[list[MatterName], Field(max_length=50)]


class Basis(Contract):
    """The law, policy or list that something rests on, in its own words."""

    document: ShortText
    article: Annotated[Text, StringConstraints(max_length=50)] | None = None
    quote: Text
    source: Annotated[Text, StringConstraints(max_length=500)] | None = None
    """Where the text was read."""


class Workload(Contract):
    """What a matter costs one community in time."""

    minutes_per_case: Annotated[int, Field(ge=1, le=10_080)]
    hours_per_year: Annotated[int, Field(ge=1, le=20_000)]
    """Most that may be asked of one community in a year."""


class Money(Contract):
    """What is paid to each community, in fen."""

    fen: Annotated[int, Field(ge=0, le=10**12)]
    unit: MoneyUnit
    period: MoneyPeriod


class ListedMatter(Contract):
    """A matter as a list was published with it: its public card, which never changes."""

    code: str
    name: str
    aliases: list[str]
    phrases: list[str] = Field(default_factory=list)
    """How else people say it; parts apart by a space occur in one clause. Older versions have none."""
    kind: MatterKind
    matter_class: MatterClass
    department: str | None
    """Who asks for it; none for what stands on the lists by law."""
    content: str | None
    role: CommunityRole | None
    actions: list[AssistingAction]
    """What assisting may be, where that is the community's part."""
    areas: list[str]
    """District, streets or communities that it concerns."""
    first_day: date
    last_day: date | None
    """Last day on which it may be asked; none where it has no end."""
    workload: Workload | None
    money: Money | None
    conditions: str | None
    training: str | None
    data_asked: str | None
    basis: list[Basis]
    instead: str | None
    """Who does it, or issues it, where the committee must not."""
    item_codes: list[str]
    """Service items that are this matter."""


class Standing(StrEnum):
    """Whether something may be asked of a community on a day, and if not, why."""

    LISTED = "listed"
    NOT_ADMITTED = "not_admitted"
    """Nobody admitted it."""
    NO_FUNDS = "no_funds"
    """Admitted, but its money and conditions are not in place."""
    NO_CONTRACT = "no_contract"
    """Purchased by a contract that is over."""
    NOT_LISTED = "not_listed"
    """Admitted and paid for, but on no list in force."""
    TAKEN_OFF = "taken_off"
    """Exited or revoked."""
    OUT_OF_PERIOD = "out_of_period"
    OUT_OF_AREA = "out_of_area"


DistrictCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class MatterOut(Resource):
    """A matter that stands on a district's lists by law or policy."""

    code: str
    own: bool
    """The district put it there by a basis of its own, and may word it anew."""
    name: str
    aliases: list[str]
    kind: MatterKind
    matter_class: MatterClass
    main_only: bool
    """Forbidden to a community as responsible body; it may help with it."""
    basis: list[Basis]
    instead: str | None
    """Who does it, or issues it, where the committee must not."""
    lifted: Basis | None
    """The district's own basis for not following it."""
    item_codes: list[str]
    """Service items that are this matter, from the next lists on."""


MatterCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
"""Of a standing matter; codes of work items begin with their district's digits."""


class MatterWordingIn(Contract):
    """What a matter of the district's own says, and by which basis."""

    name: MatterName
    aliases: Names = Field(default_factory=list)
    phrases: Names = Field(default_factory=list)
    """Wordings that give the matter away in an application; parts apart by a space occur in one clause."""
    main_only: bool = False
    """Forbidden to a community as responsible body; it may help with it."""
    basis: Annotated[list[Basis], Field(min_length=1, max_length=20)]
    instead: ShortText | None = None
    """Who does it, or issues it, where the committee must not."""


class MatterIn(MatterWordingIn):
    """A matter that a district puts on its own lists, by a basis of its own."""

    code: MatterCode
    kind: MatterKind
    matter_class: MatterClass
    item_codes: Codes = Field(default_factory=list)
    """Service items that are this matter."""


class MatterItemsIn(Contract):
    """The service items that are a standing matter, all of them."""

    item_codes: Codes


class MatterLiftIn(Contract):
    """The district's own basis for not following a standing matter; null to follow it again."""

    basis: Basis | None
