"""Statements on the steps and objections of a case that the caller was found to reach."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.steps.models import CaseStep, Objection
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.unit import Unit

BY_NUMBER = Keyset((CaseStep.number,))
OLDEST_FIRST = Keyset((Objection.id,))


def of_case(case: CaseFile) -> Select[CaseStep]:
    """Return the steps of a case."""
    return select(CaseStep).where(CaseStep.case_id == case.id)


def all_of(unit: Unit, case: CaseFile) -> Sequence[CaseStep]:
    """Return the steps of a case by number: as many as its item has, and those done again."""
    with unit.session.no_autoflush:
        return case.steps


def of_cases(unit: Unit, case_ids: Collection[int]) -> Sequence[CaseStep]:
    """Return the steps of several cases."""
    return unit.session.scalars(select(CaseStep).where(CaseStep.case_id.in_(case_ids))).all()


def one(unit: Unit, case: CaseFile, number: int) -> CaseStep:
    """Return a step of a case, or raise `NotFound`."""
    return must_find(
        unit.session, of_case(case).where(CaseStep.number == number), "This case has no such step."
    )


def objections(case: CaseFile) -> Select[Objection]:
    """Return the objections of a case."""
    return select(Objection).where(Objection.case_id == case.id)


def states_of_objections(unit: Unit, case: CaseFile) -> Sequence[str]:
    """Return where the objections of a case stand."""
    return unit.session.scalars(objections(case).with_only_columns(Objection.state)).all()


def objection(unit: Unit, case: CaseFile, objection_id: int) -> Objection:
    """Return an objection of a case, or raise `NotFound`."""
    return must_find(
        unit.session, objections(case).where(Objection.id == objection_id), "This case has no such objection."
    )
