"""Accounts. Staff belong to an area; residents and volunteers are known by their phone alone."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_gateway.tables import Base
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn

PHONE = "gateway.resident.phone"
"""Purpose that the sealed phone and its blind index are bound to."""


class StaffAccount(AreaScoped, Base):
    """Somebody who works for the district and signs in with a password; the user name is the subject."""

    __tablename__ = "staff_accounts"
    __table_args__ = (
        Index("ix_staff_accounts_district_username", "district", "username"),
        Index("ix_staff_accounts_street_username", "street", "username"),
        Index("ix_staff_accounts_community_username", "community", "username"),
    )

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]]
    area: Mapped[str] = mapped_column(String(12))
    """Prefix of 6, 9 or 12 digits."""
    department: Mapped[str | None] = mapped_column(String(64))
    organisation: Mapped[str | None] = mapped_column(String(64))
    disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResidentAccount(Base):
    """A resident or volunteer, made when a phone first signs in."""

    __tablename__ = "resident_accounts"
    __table_args__ = (Index("uq_resident_accounts_phone_index", "phone_index", unique=True),)

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`r-` and random digits: it says nothing about the person."""
    phone: Mapped[str] = mapped_column(String(200))
    """Sealed E.164 number."""
    phone_index: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]]
    disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


SEALED = (SealedColumn(ResidentAccount, ResidentAccount.phone, PHONE),)
