"""Tables of cases; whatever tells who somebody is lies sealed in its column."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_intake.base import Base
from onewindow_intake.cases.likes import LIKES
from onewindow_intake.checklist.remarks import MATERIAL_REMARKS
from onewindow_intake.parties.models import Party
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.scope import AreaScoped, TakenInElsewhere
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, Json, one_of

_OPEN_AND_DUE = text("ended_on IS NULL AND due_on IS NOT NULL")
_AWAITS_NOTICE = text("status = 'received'")
_UNDECIDED = text("undecided_about IS NOT NULL")
_LEVELS = ("community", "street", "district")
_HAS_OWNER = text("applicant_subject IS NOT NULL")


def _partial(name: str, *columns: str, only: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=only, postgresql_where=only)


def _lists() -> Iterator[Index]:
    """Yield an index for each order of a list in each level of areas, and of a department's."""
    for level in (*_LEVELS, "department"):
        yield Index(f"ix_cases_{level}_received", level, "received_at", "id")
        yield _partial(f"ix_cases_{level}_due", level, "due_on", "id", only=_OPEN_AND_DUE)
    for level in _LEVELS:
        yield Index(f"ix_cases_{level}_status", level, "status", "received_at", "id")
        yield Index(f"ix_cases_{level}_item", level, "item_code", "received_at", "id")
        yield _partial(f"ix_cases_{level}_undecided", level, "received_at", "id", only=_UNDECIDED)
        yield _partial(f"ix_cases_{level}_notice", level, "answer_due_at", "id", only=_AWAITS_NOTICE)


def _lists_of_taken_in() -> Iterator[Index]:
    """Yield the same for what an area took in for others: few rows, and none for all other cases."""
    for column in (f"accepting_{level}" for level in _LEVELS):
        there = f"{column} IS NOT NULL"
        for order, key, only in (
            ("received", "received_at", there),
            ("due", "due_on", f"{there} AND {_OPEN_AND_DUE}"),
            ("notice", "answer_due_at", f"{there} AND {_AWAITS_NOTICE}"),
        ):
            yield _partial(f"ix_cases_{column}_{order}", column, key, "id", only=text(only))


class Case(AreaScoped, TakenInElsewhere, Base):
    """An application. Once it is accepted, casework's events alone move it."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("case_no"),
        ForeignKeyConstraint(
            ["item_code", "item_version"], ["item_versions.item_code", "item_versions.number"]
        ),
        *_lists(),
        *_lists_of_taken_in(),
        Index("ix_cases_applicant_index", "applicant_index"),
        Index("ix_cases_name_index", "name_index"),
        Index("ix_cases_number_end_received", "number_end", "received_at", "id"),
        *(Index(f"ix_cases_{like}_item", like, "item_code") for like in LIKES),
        Index("ix_cases_responsible_officer_received", "responsible_officer", "received_at", "id"),
        _partial("ix_cases_applicant_subject_id", "applicant_subject", "id", only=_HAS_OWNER),
        CheckConstraint(one_of("status", CaseStatus), name="known_status"),
        CheckConstraint("originals_held >= 0", name="nothing_returned_twice"),
        CheckConstraint("promised_days <= statutory_days", name="promise_within_law"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_on IS NULL)", name="whole_acceptance"),
        CheckConstraint("status <> 'correction' OR correction_due_at IS NOT NULL", name="correction_ends"),
    )
    owner_column = "applicant_subject"
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(String(26))
    number_end: Mapped[str] = mapped_column(String(6))
    """The serial of the day and the check digit, by which people name a case."""
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(32))
    result_at: Mapped[str | None] = mapped_column(String(12))
    """The community that hands back the result of what another took in."""
    item_code: Mapped[str] = mapped_column(String(64))
    item_version: Mapped[int]
    item_override: Mapped[int | None]
    """Number of the district's own terms under which the case was posted."""
    item_name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    department: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    grid: Mapped[str | None] = mapped_column(String(15))
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    """Account of the resident who posted the case."""
    applicant_masked: Mapped[str] = mapped_column(String(50))
    """Masked name."""
    applicant_sealed: Mapped[str] = mapped_column(Text)
    applicant_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the identity document."""
    name_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of the full name; cases from before there was one have none."""
    sound_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of how the name sounds."""
    mobile_index: Mapped[str | None] = mapped_column(String(64))
    address_index: Mapped[str | None] = mapped_column(String(64))
    duplicate_choice_sealed: Mapped[str | None] = mapped_column(Text)
    """What the window decided about an earlier case, and why; null where there was none."""
    undecided_about: Mapped[str | None] = mapped_column(String(26))
    """The earlier case that its window, offline when it took this one in, has still to decide about."""
    agent_sealed: Mapped[str | None] = mapped_column(Text)
    entrustment: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the agent's letter allows, and for how long."""
    posted_as: Mapped[str] = mapped_column(String(16))
    """In which quality the case was handed in; whoever posted it themselves goes on acting in it."""
    parties: Mapped[list[Party]] = relationship(order_by=Party.id, viewonly=True)
    """Guardian and household."""
    agency_requested: Mapped[bool]
    first_contact_officer: Mapped[str] = mapped_column(String(64))
    """Empty until an officer deals with an application from home."""
    responsible_officer: Mapped[str] = mapped_column(String(64))
    """Who answers for the case now: the first contact, until somebody has accepted it from them."""
    materials: Mapped[dict[str, Any]]
    """What is known of each paper, by its code."""
    material_remarks_sealed: Mapped[str | None] = mapped_column(Text)
    originals_held: Mapped[int]
    """Paper originals that were taken and not returned yet."""
    remark_sealed: Mapped[str | None] = mapped_column(Text)
    consented_at: Mapped[datetime]
    consented_by: Mapped[str] = mapped_column(String(16))
    consent_text: Mapped[str] = mapped_column(String(64))
    """Version of the text that was agreed to."""
    consent_withdrawn_at: Mapped[datetime | None]
    consent_reuse: Mapped[bool]
    """Papers may be used again for later cases of the same person."""
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    notice_days: Mapped[int]
    """Working days within which a notice has to be given, as they were when the case was received."""
    notice_due_at: Mapped[datetime]
    answer_days: Mapped[int]
    """Working days within which the window answers; fewer than `notice_days` for what came online."""
    answer_due_at: Mapped[datetime]
    """Until when an answer is in time. A later one is good until `notice_due_at`."""
    complete_on: Mapped[date | None]
    """The day everything that is needed was there."""
    declared_at: Mapped[datetime | None]
    """When the applicant had declared everything that was needed and that the window had not seen."""
    correction_due_at: Mapped[datetime | None]
    supplement_due_at: Mapped[datetime | None]
    """When the earliest paper of a tolerant acceptance is missed that was neither seen nor declared."""
    accepted_at: Mapped[datetime | None]
    accepted_on: Mapped[date | None]
    statutory_days: Mapped[int]
    promised_days: Mapped[int]
    due_on: Mapped[date | None]
    provisional: Mapped[bool]
    ended_on: Mapped[date | None]
    progressed_at: Mapped[datetime | None]
    """Moment of the latest of casework's events."""
    progressed_version: Mapped[int | None]
    """Casework's version of the case that the latest of its events told of."""


class Entry(Base):
    """One thing that happened to a case; entries are only ever added."""

    __tablename__ = "case_timeline"
    __table_args__ = (Index("ix_case_timeline_case_no_at", "case_no", "at", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(64))
    acting: Mapped[str | None] = mapped_column(String(16))
    """In whose quality, where it was done for the applicant's side."""
    reason_sealed: Mapped[str | None] = mapped_column(Text)
    """Why, in the words of the applicant's side, or of who made another officer responsible."""
    told: Mapped[str | None] = mapped_column(Text)
    """What the office says of it for everybody who follows the case; names nobody."""


class OfflineCase(Base):
    """A case that a client made offline; its key lets nobody hand it in twice, however late."""

    __tablename__ = "offline_cases"
    __table_args__ = (Index("ix_offline_cases_case_no", "case_no"),)

    client: Mapped[str] = mapped_column(String(40), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed, of all that was handed in."""
    judged: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))


class Notice(Base):
    """The one notice of corrections of a case: its key allows no second."""

    __tablename__ = "correction_notices"

    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no), primary_key=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    deadline: Mapped[date]
    due_at: Mapped[datetime]
    defects_sealed: Mapped[str] = mapped_column(Text)
    """Its lines, in order."""
    answers: Mapped[dict[str, Any]]
    """What is known of each line about no paper, by its number."""
    in_time: Mapped[bool]
    """It came within the time that the channel of the application leaves."""


class Refusal(Base):
    """The written refusal to accept a case."""

    __tablename__ = "refusals"

    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no), primary_key=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    ground: Mapped[str] = mapped_column(String(32))
    reason_sealed: Mapped[str] = mapped_column(Text)
    competent_body: Mapped[str | None] = mapped_column(String(500))
    unmet_sealed: Mapped[str] = mapped_column(Text)
    """What of the notice of corrections was not met."""
    remedies: Mapped[str] = mapped_column(Text)


class SerialBlock(Base):
    """The next serial of a community's day that no process has taken for itself."""

    __tablename__ = "serial_blocks"

    community: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    next: Mapped[int]


APPLICANT = "intake.cases.applicant"
AGENT = "intake.cases.agent"
REMARK = "intake.cases.remark"
REASON = "intake.cases.reason"
DUPLICATE_CHOICE = "intake.cases.duplicate_choice"
DEFECTS = "intake.correction_notices.defects"
REFUSED_BECAUSE, UNMET = "intake.refusals.reason", "intake.refusals.unmet"
INDEX = "intake.person"
NAME_INDEX = "intake.person.name"
SEALED = [
    SealedColumn(Case, Case.applicant_sealed, APPLICANT),
    SealedColumn(Case, Case.agent_sealed, AGENT),
    SealedColumn(Case, Case.remark_sealed, REMARK),
    SealedColumn(Case, Case.material_remarks_sealed, MATERIAL_REMARKS),
    SealedColumn(Case, Case.duplicate_choice_sealed, DUPLICATE_CHOICE),
    SealedColumn(Entry, Entry.reason_sealed, REASON),
    SealedColumn(Notice, Notice.defects_sealed, DEFECTS),
    SealedColumn(Refusal, Refusal.reason_sealed, REFUSED_BECAUSE),
    SealedColumn(Refusal, Refusal.unmet_sealed, UNMET),
]
