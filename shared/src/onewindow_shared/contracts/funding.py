"""The special account of community work (专户): money follows the task (费随事转; rules A25-A35, A81-A86).

All amounts are whole fen.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import (
    AreaCode,
    Code,
    CommunityCode,
    Contract,
    Moment,
    ReadOff,
    Resource,
    StatedDay,
    Text,
)

Fen = Annotated[int, Field(ge=1, le=2_000_000_000)]
"""An amount of one posting: up to twenty million yuan; more is posted in parts."""
DocumentNo = Annotated[Text, StringConstraints(max_length=100)]
"""Number of the paper that a posting rests on: a voucher, an approval, a bank's receipt."""
Note = Annotated[Text, StringConstraints(max_length=500)]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A calendar month, e.g. 2026-11."""


class FundSource(StrEnum):
    """The six sources that are all paid into the special account (A81)."""

    COMMUNITY_BUILDING = "community_building"
    """市级社区建设专项资金"""
    FISCAL_SUBSIDY = "fiscal_subsidy"
    """财政补助资金"""
    DEVELOPER_PREMISES = "developer_premises"
    """开发企业提供的社区用房资金"""
    FEE_WITH_TASK = "fee_with_task"
    """费随事转资金"""
    UPPER_LEVEL_PROJECTS = "upper_level_projects"
    """上级争取的社区项目资金"""
    DONATIONS = "donations"
    """社会各界捐助资金"""


class AccountKind(StrEnum):
    """What an account of the ledger stands for."""

    SOURCE = "source"
    """Where money comes from; minus all that it gave."""
    OUTSIDE = "outside"
    """Money for communities that went past the special account."""
    DEPARTMENT = "department"
    ITEM = "item"
    COMMUNITY = "community"
    """What a community has for one item."""
    SPENT = "spent"
    """What communities have used."""


class Movement(StrEnum):
    """What moves money from one account to another."""

    BUDGET = "budget"
    """Paid into the special account from a source, for a department."""
    BYPASS = "bypass"
    """Received for communities, but not paid into the special account."""
    ALLOT = "allot"
    """From a department to its item."""
    RELEASE = "release"
    """Back from an item to its department."""
    TRANSFER = "transfer"
    """From an item to a community that does the work."""
    RETURN = "return"
    """Back from a community to the item."""
    USE = "use"
    """Spent by a community."""


class PostingIn(Contract):
    """What every posting says."""

    fen: Fen
    document_no: DocumentNo
    note: Note | None = None


class BudgetIn(PostingIn):
    """Money of a source, paid into the special account for a department."""

    source: FundSource
    department: Code


class BypassIn(PostingIn):
    """Money of a source that communities got without the special account."""

    source: FundSource


class AllotmentIn(PostingIn):
    """Money for an item: from its department, or back to it."""

    item: Code


class TransferIn(PostingIn):
    """Money for a community's work under an item: to the community, back from it, or spent by it."""

    item: Code
    community: CommunityCode
    source: FundSource | None = None
    """Of which source it is; named where there is money of several."""


class CorrectionIn(Contract):
    """That a posting was wrong; it stays, and a counter-entry takes it back."""

    document_no: DocumentNo
    reason: Note


class PostingOut(Contract):
    """One balanced posting: the same amount leaves one account and enters another."""

    no: int
    movement: Movement
    day: date
    posted_at: Moment
    posted_by: str
    out_of: str
    """Code of the account that the money left."""
    into: str
    fen: int
    """Negative where the posting takes an earlier one back."""
    source: FundSource | None
    department: str | None
    item: str | None
    area: str
    """Community, or the district."""
    document_no: str
    note: str | None
    corrects: int | None
    """The posting that this one takes back."""


class AccountOut(Contract):
    """An account and what lies on it now."""

    code: str
    kind: AccountKind
    area: str
    department: str | None
    item: str | None
    source: FundSource | None
    balance: int


class SourceFigures(Contract):
    """Money of one source in a period."""

    source: FundSource
    received: int
    on_account: int


class FundFigures(Contract):
    """Whether the money is where the rules want it (figures K6, K7 and AD4)."""

    area: AreaCode
    period_from: date
    period_to: date
    sources: Sequence[SourceFigures]
    received: int
    on_account: int
    """Booked to the special account; K6 is this part of what was received."""
    budgeted: int
    paid: int
    """Transferred to communities; K7 is this part of what was budgeted."""
    items_to_fund: int
    """Work items on the lists now that need money."""
    items_funded: int
    """Those of them without a late transfer; AD4."""


class StatementSums(Contract):
    """Money that lay somewhere at the beginning of a month, what came, what went, and what lay there then."""

    opening: int
    received: int
    paid: int
    closing: int


class StatementLine(StatementSums):
    """One part of an area's money in a month."""

    kind: AccountKind
    of: str
    """A community's statement has items here, a street's has communities; a district's has streets beside
    what its departments hold and what they have given to their items."""


class SourceLine(StatementSums):
    """What communities had of one source in a month."""

    source: FundSource | None
    """Null for money whose source was not told when it was transferred."""


class FundStatement(StatementSums):
    """What lay on an area's part of the special account in a month, and what moved there.

    The sums are of the whole part: what moved between its own accounts is in them neither way.
    """

    area: AreaCode
    name: str
    month: Month
    complete: bool
    """The month is over: nothing in it changes any more."""
    sources: Sequence[SourceFigures]
    """By source, what a district received."""
    held: Sequence[SourceLine]
    """By source, the money of a community, or of the communities of a street."""
    lines: Sequence[StatementLine]


class StatementCheckIn(Contract):
    """Number and code as they stand on a printed statement."""

    number: ReadOff
    code: ReadOff


class StatementCheck(StatementSums):
    """What has to stand on a printed statement."""

    number: str
    name: str
    month: Month


class ConditionsIn(Contract):
    """That what the community needs for the work, beside money, was delivered."""

    document_no: DocumentNo
    delivered_on: StatedDay
    note: Note | None = None


class ContractIn(Contract):
    """The contract by which work is purchased."""

    contract_no: DocumentNo
    fen: Fen
    """Price of the whole term."""
    first_day: StatedDay
    last_day: StatedDay


class ItemFundingOut(Resource):
    """Money and conditions of an item (rule N6)."""

    item: str
    department: str
    allotted: int
    """From the department's money, less what went back to it."""
    needed: int
    """That must be allotted before the work starts: the first period of every community concerned."""
    balance: int
    transferred: int
    conditions_delivered_on: date | None
    conditions_document: str | None
    contract: ContractIn | None
    lacking: Sequence[str]
    """What is missing before the item may be asked of anybody: `money`, `conditions`, `contract`.

    Of an application, what it will lack for certain; of one rejected or taken back, nothing.
    """


class InstalmentOut(Contract):
    """What a community is to get for an item, and by when."""

    item: str
    department: str
    community: str
    period_from: date
    period_to: date
    due_on: date
    provisional: bool
    """The due day crosses days that the State Council has not published yet."""
    fen: int
    paid: bool
    late: bool
    """The lamp: its day is over and the money is not there."""


class WorkAndMoney(Contract):
    """Work that a community has done for an item in a period, against the money that it got."""

    item: str
    community: str
    orders: int
    minutes: int
    """Spent on completed orders."""
    cases: int
    transferred: int
    due: int
    """Of the instalments of the period."""
