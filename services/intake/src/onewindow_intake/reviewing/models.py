"""Table of invitations to review."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case


class Invitation(Base):
    """A handled case that its applicant can review now; gone once they did."""

    __tablename__ = "review_invitations"
    __table_args__ = (Index("ix_review_invitations_mobile_index_until", "mobile_index", "until"),)

    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no), primary_key=True)
    mobile_index: Mapped[str | None] = mapped_column(String(64))
    """The case's; whoever proves the phone is shown the invitation."""
    until: Mapped[date] = mapped_column(Date)
    follow_up: Mapped[bool]
