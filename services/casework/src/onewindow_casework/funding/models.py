"""Tables of the special account. Postings and their entries never change: the database refuses it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_shared.contracts.funding import AccountKind
from onewindow_shared.plumbing.ledger import Books
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of

ENOUGH = "ck_fund_accounts_money_exists"
RESERVED = "ck_fund_accounts_nothing_reserved_is_lost"
TAKEN_BACK_ONCE = "uq_fund_postings_corrects"
_GUARDED = one_of("kind", (AccountKind.COMMUNITY, AccountKind.DEPARTMENT, AccountKind.ITEM))


class FundAccount(AreaScoped, Base):
    """An account. Only where money must exist before it leaves is a balance kept.

    The others are summed from their entries, so that no writer waits for another one there.
    """

    __tablename__ = "fund_accounts"
    __table_args__ = (
        Index("ix_fund_accounts_district_code", "district", "code"),
        Index("ix_fund_accounts_community_code", "community", "code"),
        CheckConstraint("balance IS NULL OR balance >= 0", name="money_exists"),
        CheckConstraint("allotted >= reserved", name="nothing_reserved_is_lost"),
        CheckConstraint(f"({_GUARDED}) = (balance IS NOT NULL)", name="balance_where_guarded"),
    )
    department_column = "department"

    code: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    department: Mapped[str | None] = mapped_column(String(64))
    item: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str | None] = mapped_column(String(32))
    balance: Mapped[int | None] = mapped_column(BigKey)
    allotted: Mapped[int] = mapped_column(BigKey, default=0)
    """Of an item: all that its department gave it, less what went back."""
    reserved: Mapped[int] = mapped_column(BigKey, default=0)
    """What of it may not go back while the item may be asked of communities."""


class FundPosting(AreaScoped, Base):
    """One balanced movement of money, with the paper that it rests on."""

    __tablename__ = "fund_postings"
    __table_args__ = (
        UniqueConstraint("corrects"),
        Index("ix_fund_postings_district_id", "district", "id"),
        Index("ix_fund_postings_street_id", "street", "id"),
        Index("ix_fund_postings_community_day", "community", "day"),
        Index("ix_fund_postings_department_id", "department", "id"),
        Index("ix_fund_postings_district_movement_day", "district", "movement", "day"),
        CheckConstraint("(corrects IS NULL) = (fen > 0)", name="taken_back_by_minus"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    movement: Mapped[str] = mapped_column(String(16))
    fen: Mapped[int] = mapped_column(BigKey)
    out_of: Mapped[str] = mapped_column(ForeignKey(FundAccount.code))
    into: Mapped[str] = mapped_column(ForeignKey(FundAccount.code))
    department: Mapped[str | None] = mapped_column(String(64))
    item: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str | None] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    document_no: Mapped[str] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    posted_at: Mapped[datetime]
    posted_by: Mapped[str] = mapped_column(String(64))
    corrects: Mapped[int | None] = mapped_column(ForeignKey("fund_postings.id"))
    entries: Mapped[list["FundEntry"]] = relationship()


class FundEntry(Base):
    """What a posting does to one account."""

    __tablename__ = "fund_entries"
    __table_args__ = (
        Index("ix_fund_entries_account_posting_id", "account", "posting_id"),
        CheckConstraint("fen <> 0", name="something"),
    )

    posting_id: Mapped[int] = mapped_column(ForeignKey(FundPosting.id), primary_key=True, autoincrement=False)
    account: Mapped[str] = mapped_column(ForeignKey(FundAccount.code), primary_key=True)
    fen: Mapped[int] = mapped_column(BigKey)


BOOKS = Books(
    FundAccount.code,
    FundAccount.balance,
    FundPosting.id,
    FundEntry.account,
    FundEntry.posting_id,
    FundEntry.fen,
)


class ItemFunding(AreaScoped, Base):
    """What an item has beside its money: conditions delivered, and the contract where it is purchased."""

    __tablename__ = "item_funding"
    __table_args__ = (
        CheckConstraint(
            "(conditions_delivered_on IS NULL) = (conditions_document IS NULL)", name="delivered_on_paper"
        ),
        CheckConstraint(
            "(contract_no IS NULL) = (contract_fen IS NULL) AND (contract_no IS NULL) = "
            "(contract_from IS NULL) AND (contract_no IS NULL) = (contract_to IS NULL)",
            name="whole_contract",
        ),
        CheckConstraint("contract_from <= contract_to", name="term"),
    )
    department_column = "department"

    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    department: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=0)
    conditions_delivered_on: Mapped[date | None] = mapped_column(Date)
    conditions_document: Mapped[str | None] = mapped_column(String(100))
    contract_no: Mapped[str | None] = mapped_column(String(100))
    contract_fen: Mapped[int | None] = mapped_column(BigKey)
    contract_from: Mapped[date | None] = mapped_column(Date)
    contract_to: Mapped[date | None] = mapped_column(Date)
    settled_through: Mapped[date | None] = mapped_column(Date)
    """Last day of the periods whose instalments are made."""


class Instalment(AreaScoped, Base):
    """What a community is to get for an item for one period, and whether it is there."""

    __tablename__ = "instalments"
    __table_args__ = (
        UniqueConstraint("item", "community", "period_from"),
        Index("ix_instalments_district_due_on_id", "district", "due_on", "id"),
        Index("ix_instalments_street_due_on_id", "street", "due_on", "id"),
        Index("ix_instalments_community_due_on_id", "community", "due_on", "id"),
        CheckConstraint("NOT (late AND paid_on IS NOT NULL)", name="late_or_paid"),
        CheckConstraint("fen > 0", name="something"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    item: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    fen: Mapped[int] = mapped_column(BigKey)
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    late: Mapped[bool] = mapped_column(default=False)
    late_since: Mapped[date | None] = mapped_column(Date)
    """The due day, once it went by without the money; kept when the money came."""
    paid_on: Mapped[date | None] = mapped_column(Date)
