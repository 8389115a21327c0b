"""Tables of deliveries: the one that reached its applicant, and the tries that did not."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.delivery import DeliveryFailure, DeliveryMethod
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of


class Delivery(Base):
    """How the outcome reached the applicant; whoever took it or saw it lies sealed."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("NOT refused OR witness_sealed IS NOT NULL", name="left_before_a_witness"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id), primary_key=True, autoincrement=False)
    method: Mapped[str] = mapped_column(String(16))
    delivered_on: Mapped[date | None] = mapped_column(Date)
    """Not known of what was written down before days were asked for."""
    proof_sealed: Mapped[str | None] = mapped_column(Text)
    carrier: Mapped[str | None] = mapped_column(Text)
    tracking_no_sealed: Mapped[str | None] = mapped_column(Text)
    sealed_receiver: Mapped[str | None] = mapped_column(Text)
    refused: Mapped[bool] = mapped_column(default=False)
    witness_sealed: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime]
    delivered_by: Mapped[str] = mapped_column(String(64))
    delivered_by_name: Mapped[str] = mapped_column(Text)


class DeliveryTry(Base):
    """A try that did not reach the applicant; only ever added."""

    __tablename__ = "delivery_tries"
    __table_args__ = (
        Index("ix_delivery_tries_case_id_id", "case_id", "id"),
        CheckConstraint(one_of("method", DeliveryMethod), name="known_method"),
        CheckConstraint(one_of("failure", DeliveryFailure), name="known_failure"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    method: Mapped[str] = mapped_column(String(16))
    failure: Mapped[str] = mapped_column(String(16))
    tried_on: Mapped[date] = mapped_column(Date)
    carrier: Mapped[str | None] = mapped_column(Text)
    tracking_no_sealed: Mapped[str | None] = mapped_column(Text)
    remark_sealed: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)


RECEIVER, PROOF = "casework.delivery.receiver", "casework.deliveries.proof"
TRACKING_NO, WITNESS = "casework.deliveries.tracking_no", "casework.deliveries.witness"
TRIED_NO, REMARK = "casework.delivery_tries.tracking_no", "casework.delivery_tries.remark"
SEALED = [
    SealedColumn(Delivery, Delivery.sealed_receiver, RECEIVER),
    SealedColumn(Delivery, Delivery.proof_sealed, PROOF),
    SealedColumn(Delivery, Delivery.tracking_no_sealed, TRACKING_NO),
    SealedColumn(Delivery, Delivery.witness_sealed, WITNESS),
    SealedColumn(DeliveryTry, DeliveryTry.tracking_no_sealed, TRIED_NO),
    SealedColumn(DeliveryTry, DeliveryTry.remark_sealed, REMARK),
]
"""What each is bound to."""
