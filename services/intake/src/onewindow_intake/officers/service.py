"""Keeping the copy of who works where, and asking it."""

from collections.abc import Collection, Iterable, Mapping

from onewindow_intake.cases.models import Case
from onewindow_intake.officers.models import Colleague
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing import officers
from onewindow_shared.plumbing.unit import Unit


def officer_changed(unit: Unit, event: OfficerChanged) -> None:
    """Keep what is told of an account."""
    officers.keep(unit, Colleague, event)


def officer_names(unit: Unit, subjects: Collection[str]) -> Mapping[str, str]:
    """Return what officers are called, as far as it is known."""
    return officers.names(unit, Colleague, subjects)


def nobody_there(
    unit: Unit, subject: str, case: Case, by: Permission = Permission.CASE_HAND_OVER
) -> str | None:
    """Say why an account cannot answer for a case, or for what `by` permits in it, or None."""
    return cannot_answer(unit, subject, (case.community, case.accepting_community), case.department, by)


def cannot_answer(
    unit: Unit,
    subject: str,
    communities: Iterable[str | None],
    department: str,
    by: Permission = Permission.CASE_HAND_OVER,
) -> str | None:
    """Say why an account cannot answer for a case of these communities and this department, or None."""
    return officers.cannot_answer(
        unit,
        Colleague,
        subject,
        communities=communities,
        department=department,
        by=by,
    )
