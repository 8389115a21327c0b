"""Statements on tracked cases."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.labels import step_label
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.cases.queries import AS_IT_HAPPENED
from onewindow_intake.tracking import words
from onewindow_shared.contracts.cases import PublicStep
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.unit import Unit

STEPS = 50
"""Most steps of a case's history that are shown at once."""
NEWEST_FIRST = replace(AS_IT_HAPPENED, newest_first=True)


def case(session: Session, case_no: str) -> Case | None:
    """Return a case by its number."""
    return session.scalar(select(Case).where(Case.case_no == case_no))


def entries(unit: Unit, case_no: str, cursor: str | None) -> Page[PublicStep]:
    """Return what happened last to a case, or last before a cursor, newest first; raises `BadCursor`."""
    query = select(Entry).where(Entry.case_no == case_no)
    return page(unit, query, NEWEST_FIRST, Wanted(STEPS, cursor), bound=f"tracking {case_no}", show=_step)


def _step(entry: Entry) -> PublicStep:
    return PublicStep(
        at=entry.at, step=entry.step, label=step_label(entry.step), told=words.told(entry.step, entry.told)
    )
