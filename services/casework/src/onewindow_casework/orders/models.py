"""Tables of orders, of the working time asked, of refused dispatches, and of communities' refusals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.orders import RUNNING, OrderStatus, RefusalStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_REFUSAL_OPEN = "uq_refusals_order_open"
_UNDER_WAY = one_of("status", sorted(RUNNING))
_UNSETTLED = "order_id IS NOT NULL AND status IN ('open', 'objected')"


class Order(AreaScoped, Base):
    """Work sent to a community under an item of the lists."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_district_id", "district", "id"),
        Index("ix_orders_street_id", "street", "id"),
        Index("ix_orders_community_id", "community", "id"),
        Index("ix_orders_department_id", "department", "id"),
        Index("ix_orders_item_community_confirmed_on", "item", "community", "confirmed_on"),
        Index(
            "ix_orders_under_way",
            *("district", "id"),
            postgresql_where=text(_UNDER_WAY),
            sqlite_where=text(_UNDER_WAY),
        ),
        CheckConstraint(one_of("status", OrderStatus), name="known_status"),
        CheckConstraint(
            "status NOT IN ('done', 'confirmed') OR minutes_spent IS NOT NULL", name="done_in_some_time"
        ),
        CheckConstraint("(status = 'confirmed') = (confirmed_on IS NOT NULL)", name="confirmed_on_a_day"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    item: Mapped[str] = mapped_column(String(64))
    item_name: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    actions: Mapped[list[str]]
    content: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    cases: Mapped[int]
    year: Mapped[int]
    """Whose agreed hours it takes."""
    status: Mapped[str] = mapped_column(String(16))
    sent_at: Mapped[datetime]
    sent_by: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    evidence: Mapped[list[str]]
    minutes_counted: Mapped[int]
    """What it takes of the agreed hours now."""
    minutes_spent: Mapped[int | None]
    cases_done: Mapped[int | None]
    done_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    owed_on: Mapped[date | None] = mapped_column(Date)
    """Last day of the period for which its cases are owed, where money follows cases."""
    reason: Mapped[str | None] = mapped_column(Text)


class OrderStep(Base):
    """One thing that happened to an order."""

    __tablename__ = "order_steps"
    __table_args__ = (Index("ix_order_steps_order_id_id", "order_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    order_id: Mapped[int] = mapped_column(ForeignKey(Order.id))
    at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    completion: Mapped[dict[str, Any] | None]
    """What was told with a completion; a later one takes its place on the order."""


class AskedTime(AreaScoped, Base):
    """Working time that was asked of a community under an item in a year; the guard counts on it.

    Two orders under one item for one community wait for each other here, and nowhere else.
    """

    __tablename__ = "asked_time"
    __table_args__ = (CheckConstraint("minutes >= 0", name="some_time"),)
    department_column = "department"

    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    community: Mapped[str] = mapped_column(String(12), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]


class BarredOrder(AreaScoped, Base):
    """A dispatch that the system refused, kept against its sender."""

    __tablename__ = "barred_orders"
    __table_args__ = (
        Index("ix_barred_orders_district_tried_on", "district", "tried_on"),
        Index("ix_barred_orders_department_id", "department", "id"),
        Index("ix_barred_orders_community_id", "community", "id"),
        Index("ix_barred_orders_street_id", "street", "id"),
        CheckConstraint("(minutes_agreed IS NULL) = (minutes_before IS NULL)", name="whole_figures"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    tried_on: Mapped[date] = mapped_column(Date)
    by: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    item: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    minutes_agreed: Mapped[int | None]
    """Of a year, where it was too much work."""
    minutes_before: Mapped[int | None]
    """Of orders under the item in that year that were sent already, where it was too much work."""
    reason: Mapped[str] = mapped_column(String(32))
    basis: Mapped[list[dict[str, Any]]]


class Refusal(AreaScoped, Base):
    """A community's refusal of an order, or of a demand beside the system; never counted against it."""

    __tablename__ = "refusals"
    __table_args__ = (
        Index("ix_refusals_district_id", "district", "id"),
        Index("ix_refusals_street_id", "street", "id"),
        Index("ix_refusals_community_id", "community", "id"),
        Index("ix_refusals_department_id", "department", "id"),
        Index("ix_refusals_order_id", "order_id"),
        Index(
            ONE_REFUSAL_OPEN,
            "order_id",
            unique=True,
            postgresql_where=text(_UNSETTLED),
            sqlite_where=text(_UNSETTLED),
        ),
        CheckConstraint(one_of("status", RefusalStatus), name="known_status"),
        CheckConstraint("(order_id IS NULL) = (demand IS NOT NULL)", name="order_or_demand"),
        CheckConstraint("(status IN ('upheld', 'overruled')) = (settlement IS NOT NULL)", name="settled_why"),
        CheckConstraint("public = (status IN ('stands', 'upheld', 'overruled'))", name="results_are_public"),
    )
    department_column = "department"
    published_column = "public"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    department: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(ForeignKey(Order.id))
    item: Mapped[str | None] = mapped_column(String(64))
    item_name: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(32))
    demand: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(32))
    explanation: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    public: Mapped[bool] = mapped_column(default=False)
    refused_at: Mapped[datetime]
    refused_on: Mapped[date] = mapped_column(Date)
    refused_by: Mapped[str] = mapped_column(String(64))
    object_by: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    objection: Mapped[str | None] = mapped_column(Text)
    settlement: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    settled_on: Mapped[date | None] = mapped_column(Date)
    settled_by: Mapped[str | None] = mapped_column(String(64))
