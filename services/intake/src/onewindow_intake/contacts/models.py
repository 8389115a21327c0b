"""The table of contacts; what was asked and by whom lies sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_intake.catalogue.models import Item
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey


class Contact(AreaScoped, Base):
    """Somebody asked something of an officer."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_community_id", "community", "id"),
        Index("ix_contacts_street_id", "street", "id"),
        Index("ix_contacts_district_id", "district", "id"),
        CheckConstraint(
            "outcome IN ('answered', 'became_case', 'referred', 'not_ours')", name="known_outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("outcome <> 'became_case' OR case_no IS NOT NULL", name="names_its_case"),
        CheckConstraint("outcome <> 'referred' OR referred_name IS NOT NULL", name="names_the_body"),
    )

    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int]
    officer: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    item_code: Mapped[str | None] = mapped_column(ForeignKey(Item.code))
    department: Mapped[str | None] = mapped_column(String(64))
    """Whose item it was when it was asked about; no department's where no item is named."""
    matter_sealed: Mapped[str] = mapped_column(Text)
    name_sealed: Mapped[str | None] = mapped_column(Text)
    mobile_sealed: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(16))
    answer_sealed: Mapped[str | None] = mapped_column(Text)
    case_no: Mapped[str | None] = mapped_column(ForeignKey(Case.case_no))
    referred_name: Mapped[str | None] = mapped_column(String(100))
    referred_address: Mapped[str | None] = mapped_column(String(200))
    referred_phone: Mapped[str | None] = mapped_column(String(32))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(64))


MATTER, NAME = "intake.contacts.matter", "intake.contacts.name"
MOBILE, ANSWER = "intake.contacts.mobile", "intake.contacts.answer"
SEALED = [
    SealedColumn(Contact, Contact.matter_sealed, MATTER),
    SealedColumn(Contact, Contact.name_sealed, NAME),
    SealedColumn(Contact, Contact.mobile_sealed, MOBILE),
    SealedColumn(Contact, Contact.answer_sealed, ANSWER),
]
