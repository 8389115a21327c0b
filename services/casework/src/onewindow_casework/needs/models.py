"""Table of needs that came up in cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.needs import NeedStatus
from onewindow_shared.plumbing.tables import BigKey, one_of


class CaseNeed(Base):
    """Where a need stands; it is reached through its case, which may come later."""

    __tablename__ = "case_needs"
    __table_args__ = (
        Index("ix_case_needs_case_no_need_id", "case_no", "need_id"),
        CheckConstraint(one_of("status", NeedStatus), name="known_status"),
    )

    need_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    case_no: Mapped[str] = mapped_column(String(26))
    told_of: Mapped[str] = mapped_column(String(12))
    """Community that the need was taken down in; a case of another one does not show it."""
    category: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    version: Mapped[int]
    waiting: Mapped[list[dict[str, Any]] | None]
    """Steps, each with its moment, that wait for the case's file before they stand in its timeline."""
