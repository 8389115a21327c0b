"""Use case of deciding at once (行政许可法 art. 34, rules C2 T21)."""

from onewindow_intake.cases.moving import become_accepted, end, moved, to_move
from onewindow_intake.cases.rules import Terms
from onewindow_intake.cases.told import guide_of
from onewindow_intake.checklist.rules import missing, papers
from onewindow_intake.instant.models import REASONS, AtOnce
from onewindow_intake.instant.rules import decision, wrong
from onewindow_intake.routing.service import check_acceptance
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.intake import InstantDecisionIn
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit


def decide_at_once(unit: Unit, case_no: str, seen: int, form: InstantDecisionIn, terms: Terms) -> CaseOut:
    """Accept, decide and close a complete case in one step; casework gets its file to be reviewed."""
    case, target = to_move(unit, case_no, seen, CaseAction.DECIDE_AT_ONCE)
    guide = guide_of(unit, case)
    if not guide.instant:
        detail = "This item is not decided on the spot."
        raise MoveRefused(state=case.status, action=CaseAction.DECIDE_AT_ONCE, detail=detail)
    check_acceptance(unit, case, guide)
    if lacking := missing(guide.materials, papers(case.materials)):
        raise invalid(lacking, kind="missing")
    if faults := wrong(form):
        raise invalid(faults)
    row = decision(form, case_no, terms.remedies, unit.now, unit.actor.subject)
    unit.session.add(AtOnce(**row, reasons_sealed=unit.vault.sealed(form.reasons, purpose=REASONS)))
    become_accepted(unit, case, target, unit.today, unit.now)
    end(case, target, unit.today)
    unit.count(Metric.CASES_CLOSED_INSTANTLY, community=case.community, by=facets_of(case))
    return moved(unit, case, "decided_at_once", detail={"outcome": form.outcome})
