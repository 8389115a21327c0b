"""Tables of agencies, of what happened to them, and of visits; all reached through their case.

None has a column for money: an agency is free of charge.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.agency import AgencyState
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of


class Agency(Base):
    """The agency of a case."""

    __tablename__ = "agencies"
    __table_args__ = (
        CheckConstraint(one_of("state", AgencyState), name="known_state"),
        CheckConstraint("visits >= 0", name="counted_visits"),
        CheckConstraint(
            "state IN ('applied', 'terminated', 'done') OR matters_sealed IS NOT NULL", name="entrusted_first"
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id), primary_key=True, autoincrement=False)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    matters_sealed: Mapped[str | None] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(Date)
    papers: Mapped[list[str]]
    visits: Mapped[int]


class AgencyStep(Base):
    """Something that happened to an agency; only ever added."""

    __tablename__ = "agency_steps"
    __table_args__ = (Index("ix_agency_steps_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)
    reason_sealed: Mapped[str | None] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(Date)
    """Last day of the letter that was signed, or renewed, with it."""


class AgencyVisit(Base):
    """A way that the agent went in the applicant's place."""

    __tablename__ = "agency_visits"
    __table_args__ = (Index("ix_agency_visits_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    day: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(Text)
    purpose_sealed: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)


MATTERS, REASON, PURPOSE = "casework.agency.matters", "casework.agency.reason", "casework.agency.purpose"
SEALED = [
    SealedColumn(Agency, Agency.matters_sealed, MATTERS),
    SealedColumn(AgencyStep, AgencyStep.reason_sealed, REASON),
    SealedColumn(AgencyVisit, AgencyVisit.purpose_sealed, PURPOSE),
]
