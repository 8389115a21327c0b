"""Tables of organisations, teams and stations."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_shared.contracts.organisations import Have, OrganisationKind, PaperKind
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import whose

_STAYING = text("left_at IS NULL")
ONE_NAME, ONE_MEMBERSHIP = "uq_organisations_community_name", "uq_members_organisation_volunteer"
ONE_PAPER = "uq_organisation_papers_said"


class Organisation(AreaScoped, Base):
    """What people serve in; everybody may read of it."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("community", "name", name=ONE_NAME),
        Index("ix_organisations_listed_id", "listed", "id"),
        CheckConstraint(one_of("kind", OrganisationKind), name="known_kind"),
    )
    published_column = "listed"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str] = mapped_column(String(200))
    leader: Mapped[str | None] = mapped_column(String(16))
    """Volunteer number of whoever leads."""
    listed: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime | None]
    """Null of one that was there before anybody wrote the moment down."""
    closed_at: Mapped[datetime | None]
    haves: Mapped[list["StationHave"]] = relationship(order_by="StationHave.have")


class Member(AreaScoped, Base):
    """Somebody's membership; who leaves and joins again has two."""

    __tablename__ = "members"
    __table_args__ = (
        whose(),
        Index(
            ONE_MEMBERSHIP,
            "organisation_id",
            "volunteer_id",
            unique=True,
            sqlite_where=_STAYING,
            postgresql_where=_STAYING,
        ),
        Index("ix_members_subject_id", "subject", "id"),
        Index("ix_members_volunteer_id", "volunteer_id"),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]


class StationHave(Base):
    """One of the six that a station has, as it was found last."""

    __tablename__ = "station_haves"
    __table_args__ = (CheckConstraint(one_of("have", Have), name="known_have"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey(Organisation.id), primary_key=True, autoincrement=False
    )
    have: Mapped[str] = mapped_column(String(16), primary_key=True)
    met: Mapped[bool]
    checked_on: Mapped[date]


class OrganisationPaper(AreaScoped, Base):
    """A qualification or a policy, with its period."""

    __tablename__ = "organisation_papers"
    __table_args__ = (
        Index("ix_organisation_papers_organisation_id_id", "organisation_id", "id"),
        Index(ONE_PAPER, "organisation_id", "kind", "number", "valid_from", "valid_until", unique=True),
        CheckConstraint(one_of("kind", PaperKind), name="known_kind"),
        CheckConstraint("valid_until >= valid_from", name="a_period"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[str] = mapped_column(String(16))
    issuer: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    valid_until: Mapped[date]


class PaperNotice(AreaScoped, Base):
    """What was told of a paper, once each."""

    __tablename__ = "paper_notices"
    __table_args__ = (UniqueConstraint("paper_id", "kind"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey(OrganisationPaper.id))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
