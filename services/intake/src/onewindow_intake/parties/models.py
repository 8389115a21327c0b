"""Table of guardians and household members; who they are lies sealed."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey

GUARDIAN, MEMBER = "guardian", "member"


class Party(Base):
    """Somebody besides applicant and agent; reached through their case only, and only ever added."""

    __tablename__ = "case_parties"
    __table_args__ = (
        UniqueConstraint("case_no", "role", "person_index"),
        Index("ix_case_parties_person_index", "person_index"),
        Index("ix_case_parties_name_index", "name_index"),
        CheckConstraint("role IN ('guardian', 'member')", name="known_role"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"))
    role: Mapped[str] = mapped_column(String(16))
    relation: Mapped[str] = mapped_column(String(16))
    """To the applicant."""
    person_sealed: Mapped[str] = mapped_column(Text)
    person_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the identity document."""
    name_index: Mapped[str] = mapped_column(String(64))
    consented_by: Mapped[str] = mapped_column(String(16))


PERSON = "intake.parties.person"
SEALED = [SealedColumn(Party, Party.person_sealed, PERSON)]
