"""Use cases of deciding about an earlier case afterwards, where the window took a case in offline."""

from dataclasses import dataclass

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.models import DUPLICATE_CHOICE, Case
from onewindow_intake.cases.moving import expect, whole
from onewindow_intake.duplicates.problems import NothingToDecide
from onewindow_intake.duplicates.service import Like, of_case, shown
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.duplicates import EarlierCases, Likeness
from onewindow_shared.contracts.intake import DuplicateChoice
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import Scope
from onewindow_shared.plumbing.unit import Unit


@dataclass(frozen=True)
class PointedOut:
    """Earlier cases as a window is told of them, and by which of them it decides."""

    told: EarlierCases
    will_do: frozenset[str | None]
    """Numbers; null for those outside the window's area."""


def expect_reached(unit: Unit, case_no: str) -> None:
    """Raise `NotFound` for a case outside the caller's reach."""
    cases.of(unit.session, case_no)


def pointed_out(unit: Unit, case_no: str, reach: Scope) -> PointedOut:
    """Return the earlier cases of the district that a case may repeat; particulars only within `reach`.

    That which was found when the case was written stays one of them, whatever became of it since.
    """
    case = cases.of(unit.session, case_no)
    found = of_case(unit, case)
    same = [one for one in found if Likeness.SAME_DOCUMENT in one[2]]
    known = {one[0].case_no for one in found}
    if case.undecided_about is not None and case.undecided_about not in known:
        found.append(_of_then(unit, case.undecided_about))
    will_do = frozenset(_named(one[0], reach) for one in same or found)
    return PointedOut(EarlierCases(cases=[shown(*one, reach) for one in found]), will_do)


def _of_then(unit: Unit, case_no: str) -> Like:
    return cases.of(unit.session, case_no), 1.0, []


def _named(case: Case, reach: Scope) -> str | None:
    return case.case_no if reach.covers(case.community) else None


def looked_again(unit: Unit, case_no: str, found: int) -> None:
    """Write down that somebody looked for the earlier cases of one that is there."""
    case = cases.of(unit.session, case_no)
    unit.audit("case.duplicates_looked_up", "case", case_no, area=case.community, detail={"found": found})


def decide(unit: Unit, case_no: str, seen: int, choice: DuplicateChoice, found: PointedOut) -> CaseOut:
    """Keep the window's choice with the case; it is made once."""
    case = cases.of(unit.session, case_no, to_move=True)
    expect(unit, case, seen)
    if case.undecided_about is None:
        raise NothingToDecide(detail="No earlier case is left to be decided about.")
    if choice.earlier not in found.will_do:
        raise invalid({"earlier": "no earlier case of this person and item is known by this"})
    case.duplicate_choice_sealed = unit.vault.seal(choice.model_dump_json(), purpose=DUPLICATE_CHOICE)
    case.undecided_about = None
    case.version += 1
    detail = {"decision": choice.decision, "version": case.version}
    unit.audit("case.duplicate_decided", "case", case_no, area=case.community, detail=detail)
    return whole(unit, case)
