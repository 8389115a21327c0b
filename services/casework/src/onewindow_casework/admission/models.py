"""Tables of work items: what is asked, who applied, who was heard, what was decided, what happened.

An item is reached through its application, by the department and the district, or through the opinion that
a street office or community was asked for; the item itself has no area.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of

ADMITTED_CLASSES = (MatterClass.AUTONOMY, MatterClass.ASSIST, MatterClass.PURCHASE)
NEVER_ADMITTED = (ItemStatus.REJECTED, ItemStatus.WITHDRAWN)
OFF = (ItemStatus.EXITED, ItemStatus.REVOKED)
PAID_STATES = (ItemStatus.FUNDED, ItemStatus.ACTIVE, ItemStatus.UNDER_ADJUSTMENT)
ONE_OPINION_EACH = "uq_opinions_item_id_round_community"


class WorkItem(Base):
    """Work that a department asks communities for, from its draft to its end."""

    __tablename__ = "work_items"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("district", "year", "serial"),
        Index("ix_work_items_district_status", "district", "status"),
        CheckConstraint(one_of("status", tuple(ItemStatus)), name="known_status"),
        CheckConstraint(
            f"matter_class IS NULL OR {one_of('matter_class', ADMITTED_CLASSES)}", name="admitted_class"
        ),
        CheckConstraint(
            f"NOT ({one_of('status', (ItemStatus.APPROVED, *PAID_STATES))}) OR matter_class IS NOT NULL",
            name="admitted_as_something",
        ),
        CheckConstraint(
            f"NOT ({one_of('status', PAID_STATES)}) OR matter_class = '{MatterClass.AUTONOMY}'"
            " OR funded_at IS NOT NULL",
            name="money_before_work",
        ),
        CheckConstraint(
            f"matter_class IS NULL OR matter_class <> '{MatterClass.PURCHASE}'"
            " OR funded_at IS NULL OR contract IS NOT NULL",
            name="purchased_by_contract",
        ),
        CheckConstraint(f"({one_of('status', OFF)}) = (off_from IS NOT NULL)", name="off_since"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="period"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    year: Mapped[int]
    serial: Mapped[int]
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(32))
    department: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]]
    kind: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)
    basis: Mapped[list[dict[str, Any]]]
    duty_of: Mapped[str] = mapped_column(String(32))
    power_granted: Mapped[str | None] = mapped_column(Text)
    """Authority handed over with the work (权随责走)."""
    role: Mapped[str] = mapped_column(String(16))
    actions: Mapped[list[str]]
    areas: Mapped[list[str]]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    minutes_per_case: Mapped[int]
    hours_per_year: Mapped[int]
    fen: Mapped[int] = mapped_column(BigKey)
    money_unit: Mapped[str] = mapped_column(String(16))
    money_period: Mapped[str] = mapped_column(String(16))
    conditions: Mapped[str | None] = mapped_column(Text)
    """What the community gets to work with beside money."""
    training: Mapped[str | None] = mapped_column(Text)
    data_asked: Mapped[str | None] = mapped_column(Text)
    item_codes: Mapped[list[str]]
    matter_class: Mapped[str | None] = mapped_column(String(16))
    """As what it was admitted; none before."""
    funded_at: Mapped[datetime | None]
    """When its money lay on the special account and its conditions were delivered."""
    contract: Mapped[str | None] = mapped_column(String(100))
    """Number of the contract, where the work is purchased."""
    contract_until: Mapped[date | None] = mapped_column(Date)
    """Last day of that contract; the work may not be asked beyond it."""
    review_due: Mapped[date | None] = mapped_column(Date)
    off_from: Mapped[date | None] = mapped_column(Date)
    """First day on which it may not be asked any more, whatever a list says."""
    revision: Mapped[int] = mapped_column(default=0)
    """Of what the other services were told of it."""


class Application(AreaScoped, Base):
    """A department's application for an item, and the clock of its decision."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("item_id"),
        Index("ix_applications_district_department_item_id", "district", "department", "item_id"),
        CheckConstraint("NOT late OR decide_by IS NOT NULL", name="late_after_a_day"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(WorkItem.id))
    department: Mapped[str] = mapped_column(String(64))
    applied_by: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=0)
    """How many times street offices and communities were asked."""
    submitted_at: Mapped[datetime | None]
    """When it was last handed in; the time for the decision runs from here."""
    decide_by: Mapped[date | None] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    """The day went by without a decision."""
    answers_by: Mapped[date | None] = mapped_column(Date)
    """Last day for the opinions of the present round."""


class Opinion(AreaScoped, Base):
    """What a street office or community was asked about an item, and what it answered.

    `community` holds the code of whoever was asked: a community's, or a street's.
    """

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("item_id", "round", "community", name=ONE_OPINION_EACH),
        Index("ix_opinions_community_id", "community", "id"),
        Index("ix_opinions_street_id", "street", "id"),
        Index("ix_opinions_district_id", "district", "id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(WorkItem.id))
    department: Mapped[str] = mapped_column(String(64))
    round: Mapped[int]
    asked_at: Mapped[datetime]
    answer_by: Mapped[date] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(64))


class Meeting(Base):
    """A joint meeting's decision on an item (联席会议)."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("item_id", "round"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(WorkItem.id))
    round: Mapped[int]
    held_on: Mapped[date] = mapped_column(Date)
    minutes: Mapped[str] = mapped_column(String(100))
    """Number of the minutes."""
    votes: Mapped[list[dict[str, Any]]]
    """Body and vote of each member."""
    outcome: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str] = mapped_column(Text)
    on_time: Mapped[bool]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(64))


class ItemStep(Base):
    """One thing that happened to an item; nothing in it is personal but the account that did it."""

    __tablename__ = "item_steps"
    __table_args__ = (Index("ix_item_steps_item_id_id", "item_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(WorkItem.id))
    at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
