"""Statements on tolerant acceptances; the session's scope narrows them."""

from onewindow_intake.cases.models import Case
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.rules import Deferred
from onewindow_shared.plumbing.unit import Unit


def deferred_papers(unit: Unit, case: Case) -> list[Deferred]:
    """Return the papers that were to come later."""
    promise = unit.session.get_one(TolerantAcceptance, case.case_no)
    return [Deferred.of(row) for row in promise.deferred]
