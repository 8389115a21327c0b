"""Tables of volunteers; whatever tells who somebody is lies sealed in its column."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base

_STAYING = text("status <> 'left'")
ONE_PERSON, ONE_ACCOUNT = "uq_volunteers_person", "uq_volunteers_subject"


class Volunteer(AreaScoped, Base):
    """A person's registration; somebody who left may register again and gets a new one."""

    __tablename__ = "volunteers"
    __table_args__ = (
        UniqueConstraint("volunteer_no"),
        Index(ONE_PERSON, "person_index", unique=True, sqlite_where=_STAYING, postgresql_where=_STAYING),
        Index(ONE_ACCOUNT, "subject", unique=True, sqlite_where=_STAYING, postgresql_where=_STAYING),
        Index("ix_volunteers_person_index_id", "person_index", "id"),
        Index("ix_volunteers_subject_id", "subject", "id", unique=True),
        Index("ix_volunteers_community_volunteer_no", "community", "volunteer_no"),
        Index("ix_volunteers_street_volunteer_no", "street", "volunteer_no"),
        Index("ix_volunteers_district_volunteer_no", "district", "volunteer_no"),
        CheckConstraint(one_of("status", VolunteerStatus), name="known_status"),
        CheckConstraint("status <> 'registered' OR registered_at IS NOT NULL", name="registered_once"),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    national_volunteer_no: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    subject: Mapped[str] = mapped_column(String(64))
    """Account that signed up."""
    status: Mapped[str] = mapped_column(String(16))
    status_since: Mapped[datetime]
    registered_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(16))
    """How the registration ended: the action, while it has."""
    erased_at: Mapped[datetime | None]
    """When the personal data were erased; what is left tells of nobody."""
    person_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the identity document: one person once."""
    id_kind: Mapped[str] = mapped_column(String(32))
    sealed_id_number: Mapped[str] = mapped_column(Text)
    sealed_name: Mapped[str] = mapped_column(Text)
    sealed_birth_date: Mapped[str] = mapped_column(Text)
    sealed_phone: Mapped[str] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(String(1))
    capacity: Mapped[str] = mapped_column(String(16))
    skills: Mapped[list[str]]
    availability: Mapped[list[str]]
    categories: Mapped[list[str]]
    guardian: Mapped["Guardian | None"] = relationship()
    consents: Mapped[list["Consent"]] = relationship(order_by="Consent.id")
    steps: Mapped[list["Step"]] = relationship(order_by="Step.id")


def whose(account: str = "subject") -> ForeignKeyConstraint:
    """Bind what is somebody's to the account that they have: the database changes it with theirs.

    So nothing bears the account of somebody who was erased, whenever it was written.
    """
    present = [Volunteer.id, Volunteer.subject]
    return ForeignKeyConstraint(["volunteer_id", account], present, onupdate="CASCADE")


class ErasedPerson(Base):
    """Somebody whose data were erased on request, known by the blind index alone.

    Neither an import nor a form sent late brings them back.
    """

    __tablename__ = "erased_people"

    person_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime]


class RefusedPerson(Base):
    """Somebody who does not want to be handed in, known by the blind index alone: no file brings them again.

    It is forgotten once they register themselves, or have their data erased.
    """

    __tablename__ = "refused_people"

    person_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime]


class Unconfirmed(AreaScoped, Base):
    """Somebody whom others handed in: no volunteer, and counted nowhere, before they agree themselves."""

    __tablename__ = "unconfirmed_people"
    __table_args__ = (
        UniqueConstraint("person_index"),
        Index("ix_unconfirmed_people_phone_index_id", "phone_index", "id"),
        Index("ix_unconfirmed_people_community_id", "community", "id"),
        Index("ix_unconfirmed_people_street_id", "street", "id"),
        Index("ix_unconfirmed_people_district_id", "district", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    person_index: Mapped[str] = mapped_column(String(64))
    phone_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the phone by which they may confirm."""
    sealed_name: Mapped[str] = mapped_column(Text)
    sealed_form: Mapped[str] = mapped_column(Text)
    """The `RegistrationIn` that was handed in, without any consent, as JSON."""
    handed_in_by: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime]
    confirm_by: Mapped[datetime]
    """What was handed in is erased then."""


class Guardian(Base):
    """The guardian of a minor, who confirms by their own phone."""

    __tablename__ = "guardians"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    id_kind: Mapped[str] = mapped_column(String(32))
    sealed_id_number: Mapped[str] = mapped_column(Text)
    sealed_name: Mapped[str] = mapped_column(Text)
    sealed_phone: Mapped[str] = mapped_column(Text)
    asked: Mapped[list[str] | None]
    """Purposes that the guardian is asked to agree to."""
    answer_by: Mapped[datetime | None]
    """Without the guardian's word the registration lapses then."""
    confirmed_at: Mapped[datetime | None]


class Consent(Base):
    """One purpose that somebody agreed to, and what they were told."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("volunteer_id", "purpose", "given_by"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    purpose: Mapped[str] = mapped_column(String(32))
    given_by: Mapped[str] = mapped_column(String(16))
    notice: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]


class Step(Base):
    """One change of a volunteer's status or community; the figures can be counted again from these."""

    __tablename__ = "volunteer_steps"
    __table_args__ = (Index("ix_volunteer_steps_volunteer_id", "volunteer_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(16))
    counted_in: Mapped[str] = mapped_column(String(12))
    """Community that the volunteer belonged to from this step on."""
    moved_from: Mapped[str | None] = mapped_column(String(12))


class PhoneChange(Base):
    """A number that somebody wants to be reached by from now on, until they confirm it by that phone."""

    __tablename__ = "phone_changes"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    sealed_phone: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    confirm_by: Mapped[datetime]
    """Without a confirmation the number is forgotten then."""


class Series(Base):
    """The last serial given out in a district and year."""

    __tablename__ = "number_series"

    district: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def purpose_of(column: InstrumentedAttribute[Any]) -> str:
    """Return what a sealed column's values are bound to."""
    return f"volunteers.{_table(column).__tablename__}.{column.key}"


def _table(column: InstrumentedAttribute[Any]) -> type[Base]:
    return cast("type[Base]", column.class_)


def sealed(column: InstrumentedAttribute[Any]) -> SealedColumn:
    """Return a sealed column as the command that renews keys knows it."""
    return SealedColumn(_table(column), column, purpose_of(column))


def seal(vault: Vault, column: InstrumentedAttribute[Any], text: str) -> str:
    """Seal a value for its column."""
    return vault.seal(text, purpose=purpose_of(column))


def opened(vault: Vault, column: InstrumentedAttribute[Any], row: Base) -> str:
    """Open the value that a row holds in a sealed column."""
    return vault.open(getattr(row, column.key), purpose=purpose_of(column))


SEALED = [
    sealed(column)
    for column in (
        Volunteer.sealed_id_number,
        Volunteer.sealed_name,
        Volunteer.sealed_birth_date,
        Volunteer.sealed_phone,
        Guardian.sealed_id_number,
        Guardian.sealed_name,
        Guardian.sealed_phone,
        PhoneChange.sealed_phone,
        Unconfirmed.sealed_name,
        Unconfirmed.sealed_form,
    )
]
