"""Table of tolerant acceptances."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.outcomes import MissedSupplement
from onewindow_shared.plumbing.tables import one_of


class TolerantAcceptance(Base):
    """The promise under which a case was accepted: what comes later, by when, and what happens otherwise."""

    __tablename__ = "tolerant_acceptances"
    __table_args__ = (CheckConstraint(one_of("consequence", MissedSupplement), name="known_consequence"),)

    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no), primary_key=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[str] = mapped_column(String(16))
    signed_how: Mapped[str] = mapped_column(String(16))
    signed_at: Mapped[datetime]
    deferred: Mapped[list[dict[str, Any]]]
    """Each paper with its day and with the moment at which that day is over."""
    consequence: Mapped[str] = mapped_column(String(32))
    """What the applicant was told that a missed date leads to."""
    remedies: Mapped[str] = mapped_column(Text)
