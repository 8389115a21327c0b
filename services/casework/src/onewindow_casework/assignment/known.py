"""Whom the district knows: nobody else is given a case, is offered one or stands in.

These are the accounts that the gateway tells of. Where sign-in is the operator's own there are none, and
whoever keeps the roster says who works here.
"""

from onewindow_casework.assignment import queries, rules
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.officers import service as officers
from onewindow_shared.plumbing.officers import NO_SUCH_OFFICER, NOT_OF_THIS_OFFICE
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


def cannot_be_listed(unit: Unit, subject: str, area: str, department: str | None) -> str | None:
    """Say why an account cannot be put on the roster, or None: what it says is news where none are told."""
    return cannot_serve(unit, subject, area, department) if officers.are_told(unit) else None


def cannot_handle(unit: Unit, subject: str, case: CaseFile) -> str | None:
    """Say why an account cannot be put in charge of a case, or None."""
    return cannot_serve(unit, subject, case.community, case.department)


def cannot_serve(unit: Unit, subject: str, area: str, department: str | None) -> str | None:
    """Say why an account cannot be given cases of an area, as its agent or in a department, or None."""
    if officers.are_told(unit):
        return officers.cannot_answer(unit, subject, area, department or "")
    entry = queries.listed(unit, subject)
    if entry is None:
        return NO_SUCH_OFFICER
    served = rules.Served(unit.heir(entry.community), entry.department)
    fits = entry.active and served.has(unit.heir(area), area[:DISTRICT], department)
    return None if fits else NOT_OF_THIS_OFFICE


def name_of(unit: Unit, subject: str) -> str:
    """Return what an officer is called, or their account where nobody has told."""
    told = officers.officer_names(unit, [subject]).get(subject)
    entry = queries.listed(unit, subject) if told is None else None
    return told or (entry.name if entry else subject)
