"""Tables of assignment: the roster that supervisors keep, absences, who was in charge when, and hand-offs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.assignment import ChargeHow
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_ENTRY_EACH = "uq_roster_subject"
ONE_OPEN_OFFER = "uq_charge_offers_open"
_OPEN = text("state = 'offered'")


class RosterEntry(AreaScoped, Base):
    """An officer to whom cases of an area, or of a department, are given by rule."""

    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("subject", name=ONE_ENTRY_EACH),
        Index("ix_roster_community", "community"),
        Index("ix_roster_department", "department"),
        CheckConstraint("most_open > 0", name="takes_some"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(String(64))
    items: Mapped[list[str]]
    """Codes of the items and categories that the officer knows; empty for all."""
    most_open: Mapped[int]
    active: Mapped[bool]
    given_at: Mapped[datetime | None]
    """When a case was last given by rule."""


class Absence(Base):
    """Days on which an officer is away, and who stands in; reached through the roster."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_subject_last", "subject", "last"),
        Index("ix_absences_substitute_last", "substitute", "last"),
        CheckConstraint("first <= last", name="from_to"),
        CheckConstraint("substitute <> subject", name="somebody_else"),
        CheckConstraint("(substitute IS NULL) = (substitute_name IS NULL)", name="whole_substitute"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    substitute: Mapped[str | None] = mapped_column(String(64))
    substitute_name: Mapped[str | None] = mapped_column(Text)
    cancelled: Mapped[bool]
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))


class Charge(Base):
    """Somebody was put in charge of a case, or stood in; only ever added."""

    __tablename__ = "charges"
    __table_args__ = (
        Index("ix_charges_case_id_id", "case_id", "id"),
        CheckConstraint(one_of("how", ChargeHow), name="known_way"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    officer: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))


class ChargeOffer(Base):
    """Whoever is in charge offers a case to another officer; a case has one open offer at most."""

    __tablename__ = "charge_offers"
    __table_args__ = (
        Index(ONE_OPEN_OFFER, "case_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_charge_offers_case_id_id", "case_id", "id"),
        Index("ix_charge_offers_taker_id", "taker", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(one_of("state", HandOffState), name="known_state"),
        CheckConstraint("(state = 'offered') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(state = 'bounced') = (reason_sealed IS NOT NULL)", name="bounced_for_a_reason"),
        CheckConstraint("giver <> taker", name="two_officers"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    case: Mapped[CaseFile] = relationship(viewonly=True)
    version: Mapped[int]
    giver: Mapped[str] = mapped_column(String(64))
    taker: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    note_sealed: Mapped[str | None] = mapped_column(Text)
    reason_sealed: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


NOTE, REASON = "casework.charge_offer.note", "casework.charge_offer.reason"
SEALED = [
    SealedColumn(ChargeOffer, ChargeOffer.note_sealed, NOTE),
    SealedColumn(ChargeOffer, ChargeOffer.reason_sealed, REASON),
]
