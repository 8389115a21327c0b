"""Keeping the copy of who works where, and asking it."""

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.officers.models import KnownOfficer
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing import officers
from onewindow_shared.plumbing.unit import Unit


def officer_changed(unit: Unit, event: OfficerChanged) -> None:
    """Keep what is told of an account."""
    officers.keep(unit, KnownOfficer, event)


def cannot_serve(unit: Unit, subject: str, area: str, department: str | None) -> str | None:
    """Say why an account cannot be given cases of an area, as its agent or in a department, or None."""
    return officers.cannot_answer(
        unit,
        KnownOfficer,
        subject,
        communities=[area],
        department=department or "",
        by=Permission.CASE_HANDLE,
    )


def cannot_handle(unit: Unit, subject: str, case: CaseFile) -> str | None:
    """Say why an account cannot be put in charge of a case, or None."""
    return officers.cannot_answer(
        unit,
        KnownOfficer,
        subject,
        communities=[case.community],
        department=case.department,
        by=Permission.CASE_HANDLE,
    )
