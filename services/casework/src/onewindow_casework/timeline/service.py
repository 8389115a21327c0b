"""Writing down what happened to a case, and telling whoever follows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.timeline import queries
from onewindow_casework.timeline.models import NOTE, Entry
from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.casework import TimelineEntry
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.unit import Actor, Unit

ENTRIES = table_of(Entry)
OPENED = "opened"


@dataclass(frozen=True)
class Also:
    """What few steps have: when they happened, if not now, and what the applicant is told in plain words."""

    at: datetime | None = None
    told: str | None = None


NOTHING_ELSE = Also()


def tell(
    unit: Unit,
    case: CaseFile,
    step: str,
    *,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
    acting: Acting | None = None,
    also: Also = NOTHING_ELSE,
) -> None:
    """Write down a step that changed the case, and tell the service where its applicant follows it.

    `note` is for people of the case; `detail` goes to the audit: codes and days, no personal data; `acting`
    says in whose quality, where the applicant's side did it.
    """
    case.version += 1
    if acting is not None:
        detail = {**(detail or {}), "acting": acting}
    enter(unit, case, step, note=note, detail=detail, at=also.at)
    unit.publish(
        CaseProgressed(
            case_no=case.case_no,
            status=CaseStatus(case.status),
            step=step,
            at=also.at or unit.now,
            told=also.told,
            due_on=case.promised_due_on,
            provisional=case.promised_provisional,
            version=case.version,
            acting=acting,
        )
    )


def opened(unit: Unit, file: Mapping[str, Any], file_id: int) -> None:
    """Write down, in plain rows, that a file was opened, and tell the service where it is followed.

    A file that comes closed is no news there.
    """
    case_no, status = file["case_no"], file["status"]
    _add(unit, file_id, OPENED, status)
    detail = {"status": status, "accepted_on": file["accepted_on"].isoformat()}
    unit.audit(f"case.{OPENED}", "case", case_no, area=file["community"], detail=detail)
    if not file["open"]:
        return
    unit.publish(
        CaseProgressed(
            case_no=case_no,
            status=status,
            step=OPENED,
            at=unit.now,
            due_on=file["promised_due_on"],
            provisional=file["promised_provisional"],
            version=file["version"],
        )
    )


def enter(
    unit: Unit,
    case: CaseFile,
    step: str,
    *,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write down a step in timeline and audit without telling anybody outside."""
    _add(unit, case.id, step, case.status, at=at, note=note)
    unit.audit(
        f"case.{step}",
        "case",
        case.case_no,
        area=case.community,
        detail={"status": case.status, **(detail or {})},
    )


def _add(
    unit: Unit, case_id: int, step: str, status: str, *, at: datetime | None = None, note: str | None = None
) -> None:
    row = {
        "case_id": case_id,
        "at": at or unit.now,
        "step": step,
        "status": status,
        "by": _shown(unit.actor),
        "note_sealed": unit.vault.sealed(note, purpose=NOTE),
    }
    unit.add(ENTRIES, row)


def _shown(actor: Actor) -> str:
    if not actor.roles:
        return "system"
    return "applicant" if actor.roles <= PERSONAL_ROLES else actor.name


def follow(unit: Unit, wanted: Wanted, case_no: str) -> Page[TimelineEntry]:
    """Return what happened to a case, oldest first."""
    return queries.of_case(unit, wanted, cases.find(unit, case_no))
