"""Keeping the copy of who works where, and asking it."""

from collections.abc import Collection, Mapping

from onewindow_casework.officers.models import KnownOfficer
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing import officers
from onewindow_shared.plumbing.unit import Unit

PLACE = ("roles", "area", "department", "active")
"""What of an account decides which cases it can handle."""
WORKS_ELSEWHERE = "officer.works_elsewhere"
"""Timer that looks after the cases of an account which has ended, or has another place."""


def officer_changed(unit: Unit, event: OfficerChanged) -> None:
    """Keep what is told of an account, and have its cases looked after where that is not as it was."""
    before = unit.session.get(KnownOfficer, event.subject)
    moved = before is not None and any(getattr(before, name) != getattr(event, name) for name in PLACE)
    officers.keep(unit, KnownOfficer, event)
    if moved or not event.active:
        unit.set_timer(WORKS_ELSEWHERE, event.subject, unit.now)


def are_told(unit: Unit) -> bool:
    """Say whether the gateway tells of accounts."""
    return officers.are_told(unit, KnownOfficer)


def officer_names(unit: Unit, subjects: Collection[str]) -> Mapping[str, str]:
    """Return what officers are called, as far as it is known."""
    return officers.names(unit, KnownOfficer, subjects)


def cannot_answer(unit: Unit, subject: str, community: str, department: str) -> str | None:
    """Say why a told account cannot be in charge of a case of a community and department, or None."""
    return officers.cannot_answer(
        unit,
        KnownOfficer,
        subject,
        communities=[community],
        department=department,
        by=Permission.CASE_HANDLE,
    )
