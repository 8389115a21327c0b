"""Tables of the handling: the file of a case, its decision, and what changed its limits."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.catalogue import SpecialProcedure
from onewindow_shared.contracts.delivery import DeliveryMethod
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of

if TYPE_CHECKING:
    from onewindow_casework.delivery.models import Delivery
    from onewindow_casework.steps.models import CaseStep

REASONS = "casework.decisions.reasons"
"""What the sealed reasons of a decision are bound to."""


AWAITED = "(status IN ('tolerant_accepted', 'decided') OR awaits_applicant)"
"""What of an open case is for whoever applied to do: papers to bring, an outcome to take, a part to play."""


def _open_by_due(column: str) -> Index:
    return Index(
        f"ix_cases_{column}_promised_due_on_id",
        *(column, "promised_due_on", "id"),
        postgresql_where=text("open"),
        sqlite_where=text("open = 1"),
    )


def _waiting(name: str, what: str) -> list[Index]:
    """Return the indexes of what waits, by area from the district on, and by department."""
    return [
        Index(
            f"ix_cases_{name}_{by}",
            *columns,
            postgresql_where=text(f"open AND {what}"),
            sqlite_where=text(f"open = 1 AND {what}"),
        )
        for by, columns in (
            ("area", ("district", "street", "community")),
            ("department", ("department", "district")),
        )
    ]


class CaseFile(AreaScoped, Base):
    """An accepted case with its two limits: the promised one is judged, the statutory one kept beside it."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("case_no"),
        _open_by_due("community"),
        _open_by_due("street"),
        _open_by_due("district"),
        _open_by_due("department"),
        Index(
            "ix_cases_handler_promised_due_on_id_community",
            *("handler", "promised_due_on", "id", "community"),
            postgresql_where=text("open AND handler IS NOT NULL"),
            sqlite_where=text("open = 1 AND handler IS NOT NULL"),
        ),
        *_waiting("unassigned", "handler IS NULL"),
        *_waiting("awaiting_applicant", AWAITED),
        Index(
            "ix_cases_first_contact_officer_id",
            *("first_contact_officer", "id"),
            postgresql_where=text("open AND first_contact_released_at IS NULL"),
            sqlite_where=text("open = 1 AND first_contact_released_at IS NULL"),
        ),
        Index(
            "ix_cases_review_until",
            "review_until",
            postgresql_where=text("review_until IS NOT NULL"),
            sqlite_where=text("review_until IS NOT NULL"),
        ),
        Index("ix_cases_community_id", "community", "id"),
        Index("ix_cases_applicant_subject_id", "applicant_subject", "id"),
        CheckConstraint(one_of("status", CaseStatus), name="known_status"),
        CheckConstraint("promised_days <= statutory_days", name="promise_within_law"),
        CheckConstraint("(handler IS NULL) = (handler_name IS NULL)", name="whole_handler"),
        CheckConstraint(
            "overdue = (overdue_on IS NOT NULL AND overdue_until IS NULL)", name="overdue_since_and_until"
        ),
        CheckConstraint("open OR NOT overdue", name="only_open_is_overdue"),
        CheckConstraint("on_time IS NULL OR closed_at IS NOT NULL", name="judged_when_closed"),
    )
    owner_column = "applicant_subject"
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(String(26))
    version: Mapped[int] = mapped_column(default=0)
    """How many things have happened to it."""
    item_code: Mapped[str] = mapped_column(String(64))
    item_version: Mapped[int]
    item_name: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    applicant_masked: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(32))
    grid: Mapped[str | None] = mapped_column(String(15))
    """The grid cell in which the matter lies, where it was told."""
    first_contact_officer: Mapped[str] = mapped_column(Text)
    first_contact_released_at: Mapped[datetime | None]
    """When whoever is in charge took over from them by a word or a deed of their own (首问负责)."""
    agency_requested: Mapped[bool]
    posted_as: Mapped[str] = mapped_column(String(16))
    """In which quality whoever applied did so."""
    entrustment: Mapped[dict[str, Any] | None]
    """What an entrusted person may do, and until when; their name is intake's."""
    withdrawn_as: Mapped[str | None] = mapped_column(String(16))
    """In whose quality it was taken back."""
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    accepted_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(32))
    open: Mapped[bool]
    promised_days: Mapped[int]
    promised_due_on: Mapped[date] = mapped_column(Date)
    promised_provisional: Mapped[bool]
    statutory_days: Mapped[int]
    statutory_due_on: Mapped[date] = mapped_column(Date)
    statutory_provisional: Mapped[bool]
    calendar_version: Mapped[str] = mapped_column(String(32))
    extension_days: Mapped[int | None]
    """By how many working days its item lets it be extended; none where that is the district's to say."""
    special_procedures: Mapped[list[str] | None]
    """Those that its item knows; any of the eight may come where it names none."""
    handler: Mapped[str | None] = mapped_column(String(64))
    handler_name: Mapped[str | None] = mapped_column(Text)
    overdue: Mapped[bool] = mapped_column(default=False)
    overdue_on: Mapped[date | None] = mapped_column(Date)
    """Day counted as the first of being overdue: the promised one."""
    overdue_until: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None]
    on_time: Mapped[bool | None]
    """Set once the case is closed; an instant case comes closed, and on time."""
    handling_days: Mapped[int | None]
    """Working days to its decision, without those of special procedures; set once the case is closed."""
    came_on: Mapped[list[str] | None]
    """Days on which the applicant came to a window; not known of cases from before they were told."""
    originals_held: Mapped[int] = mapped_column(default=0)
    """Paper originals that intake's offices still keep."""
    awaits_applicant: Mapped[bool] = mapped_column(default=False)
    """It is suspended for something that whoever applied has to do."""
    review_until: Mapped[date | None] = mapped_column(Date)
    """Last day for a review of its present handling, as its applicant was told; none once it was given."""
    reopened_at: Mapped[datetime | None]
    """When it was last taken up again: its limits run from that day."""
    decision: Mapped["Decision | None"] = relationship()
    delivery: Mapped["Delivery | None"] = relationship()
    extension: Mapped["Extension | None"] = relationship()
    suspensions: Mapped[list["Suspension"]] = relationship(order_by="Suspension.id")
    steps: Mapped[list["CaseStep"]] = relationship(order_by="CaseStep.number")
    """Of its item's procedure, and those done again."""


class Decision(Base):
    """The one decision of a case."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            f"outcome = '{Outcome.GRANT}' OR (reasons_sealed IS NOT NULL AND remedies IS NOT NULL)",
            name="refused_with_reasons_and_remedies",
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id), primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(16))
    reasons_sealed: Mapped[str | None] = mapped_column(Text)
    remedies: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_by_name: Mapped[str] = mapped_column(Text)


class Suspension(Base):
    """A special procedure for which a case stands still, and the written notice of the time it takes."""

    __tablename__ = "suspensions"
    __table_args__ = (
        Index("ix_suspensions_case_id", "case_id"),
        Index(
            "uq_suspensions_running",
            "case_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
            sqlite_where=text("ended_on IS NULL"),
        ),
        CheckConstraint(one_of("procedure", SpecialProcedure), name="known_procedure"),
        CheckConstraint(one_of("notice_method", DeliveryMethod), name="known_method"),
        CheckConstraint("days > 0 AND told_until > start", name="some_time"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    procedure: Mapped[str] = mapped_column(String(16))
    reason_sealed: Mapped[str] = mapped_column(Text)
    days: Mapped[int]
    start: Mapped[date] = mapped_column(Date)
    told_until: Mapped[date] = mapped_column(Date)
    notice_method: Mapped[str] = mapped_column(String(16))
    notice_proof_sealed: Mapped[str] = mapped_column(Text)
    suspended_at: Mapped[datetime]
    suspended_by: Mapped[str] = mapped_column(String(64))
    ended_on: Mapped[date | None] = mapped_column(Date)
    result_sealed: Mapped[str | None] = mapped_column(Text)


class Extension(Base):
    """The one extension of a case, and the written notice of its reason."""

    __tablename__ = "extensions"
    __table_args__ = (
        CheckConstraint("days > 0", name="some_days"),
        CheckConstraint(one_of("notice_method", DeliveryMethod), name="known_method"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id), primary_key=True, autoincrement=False)
    days: Mapped[int]
    reason_sealed: Mapped[str] = mapped_column(Text)
    notice_method: Mapped[str] = mapped_column(String(16))
    notice_proof_sealed: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(64))
    approved_by_name: Mapped[str] = mapped_column(Text)


class Reopening(Base):
    """A case was taken up again: why, and the outcome and figures that it had until then."""

    __tablename__ = "reopenings"
    __table_args__ = (Index("ix_reopenings_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)
    reason_sealed: Mapped[str] = mapped_column(Text)
    outcome_sealed: Mapped[str] = mapped_column(Text)
    """Decision and delivery as they were shown."""
    closed_at: Mapped[datetime]
    on_time: Mapped[bool]
    overdue_on: Mapped[date | None] = mapped_column(Date)
    overdue_until: Mapped[date | None] = mapped_column(Date)


REOPENED, FORMER = "casework.reopenings.reason", "casework.reopenings.outcome"
SUSPENDED, SUSPENSION_TOLD = "casework.suspensions.reason", "casework.suspensions.notice_proof"
RESULT = "casework.suspensions.result"
EXTENDED, EXTENSION_TOLD = "casework.extensions.reason", "casework.extensions.notice_proof"
SEALED = [
    SealedColumn(Suspension, Suspension.reason_sealed, SUSPENDED),
    SealedColumn(Suspension, Suspension.notice_proof_sealed, SUSPENSION_TOLD),
    SealedColumn(Suspension, Suspension.result_sealed, RESULT),
    SealedColumn(Extension, Extension.reason_sealed, EXTENDED),
    SealedColumn(Extension, Extension.notice_proof_sealed, EXTENSION_TOLD),
    SealedColumn(Reopening, Reopening.reason_sealed, REOPENED),
    SealedColumn(Reopening, Reopening.outcome_sealed, FORMER),
    SealedColumn(Decision, Decision.reasons_sealed, REASONS),
]
