"""Keeping the copy of who works where, and asking it."""

from collections.abc import Iterable

from sqlalchemy import select

from onewindow_intake.cases.models import Case
from onewindow_intake.officers import rules
from onewindow_intake.officers.models import Colleague
from onewindow_intake.officers.rules import Office
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing.unit import Unit


def officer_changed(unit: Unit, event: OfficerChanged) -> None:
    """Keep what is told of an account; events of one account come in their order."""
    unit.session.merge(Colleague(**event.model_dump()))


def nobody_there(unit: Unit, subject: str, case: Case) -> str | None:
    """Say why an account cannot answer for a case, or None."""
    return cannot_answer(unit, subject, (case.community, case.accepting_community), case.department)


def cannot_answer(unit: Unit, subject: str, communities: Iterable[str | None], department: str) -> str | None:
    """Say why an account cannot answer for a case of these communities and this department, or None.

    Where sign-in is the operator's own, no account is known here and any is taken.
    """
    found = unit.session.get(Colleague, subject)
    if found is None:
        kept = unit.session.scalar(select(Colleague.subject).limit(1)) is not None
        return "no such officer" if kept else None
    office = Office(frozenset(found.roles), found.area, found.department, found.active)
    fits = rules.may_answer_for(office, communities, department)
    return None if fits else "this officer does not work on cases of this office"
