"""Finding supervisions, and showing them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, literal, select, union
from sqlalchemy.orm import joinedload

from onewindow_casework.assignment.queries import answerable, followed, stood_in_for
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.supervision import rules
from onewindow_casework.supervision.lamps import lamp_days
from onewindow_casework.supervision.models import WORDS, Supervision, SupervisionStep
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.supervision import (
    Level,
    SupervisionEntry,
    SupervisionKind,
    SupervisionOut,
    SupervisionRow,
    SupervisionState,
)
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((Supervision.id,), newest_first=True)
ASKED = Supervision.state == literal(SupervisionState.ASKED.value, literal_execute=True)
"""Said as the indexes of what is asked say it."""


@dataclass(frozen=True)
class Filters:
    """Which supervisions a list is of; a dependency of its route."""

    state: Annotated[SupervisionState | None, Query()] = None
    kind: Annotated[SupervisionKind | None, Query()] = None
    level: Annotated[Level | None, Query(description="Who looks after it now")] = None
    late: Annotated[bool | None, Query(description="Only such as are answered late, or not")] = None
    mine: Annotated[
        bool, Query(description="Only open ones of cases that one answers for or follows, or at one's level")
    ] = False


def of_case(case: CaseFile) -> Select[Supervision]:
    """Return the supervisions of a case."""
    return select(Supervision).where(Supervision.case_id == case.id)


def one_of_case(unit: Unit, case: CaseFile, supervision_id: int) -> Supervision:
    """Return a supervision of a case, or raise `NotFound`."""
    return must_find(
        unit.session,
        of_case(case).where(Supervision.id == supervision_id).with_for_update(),
        "This case has no such supervision.",
    )


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[SupervisionRow]:
    """Return a page of the supervisions within reach, the newest first."""
    query = select(Supervision).options(joinedload(Supervision.case))
    exact = {"state": filters.state, "kind": filters.kind, "level": filters.level}
    query = query.filter_by(**{name: value for name, value in exact.items() if value is not None})
    if filters.late is not None:
        late = is_late(unit)
        query = query.where(late if filters.late else ~late)
    if filters.mine:
        query = query.where(still_open(), Supervision.id.in_(_mine(unit, still_open())))
    bound = f"supervisions {unit.actor.subject} {filters}"
    return page(unit, query, NEWEST, wanted, bound=bound, show=lambda one: show_row(unit, one, one.case))


def still_open() -> ColumnElement[bool]:
    """Select what is not closed."""
    return Supervision.state != SupervisionState.CLOSED


def is_late(unit: Unit) -> ColumnElement[bool]:
    """Select what an answer has not come for by its day."""
    asked = Supervision.state == SupervisionState.ASKED
    return and_(asked, Supervision.awaited_by <= lamp_days(unit).red)


def asked_of(unit: Unit) -> CompoundSelect[int]:
    """Return what waits for an answer of the caller's: of their cases, or at the level that they stand at."""
    return _mine(unit, ASKED)


def _mine(unit: Unit, of_cases: ColumnElement[bool]) -> CompoundSelect[int]:
    """Return those of the caller's cases, and what waits for an answer at the level that they stand at.

    Each is found by an index of its own: an `OR` between them would have everything looked at.
    """
    level, one = rules.level_of(unit.actor.roles), select(Supervision.id)
    mine = [one.where(of_cases, Supervision.case_id.in_(cases)) for cases in _cases_of(unit)]
    here = [] if level is Level.OFFICER else [one.where(ASKED, Supervision.level == level)]
    return union(*mine, *here)


def _cases_of(unit: Unit) -> list[Select[int]]:
    """Return the cases that the caller answers for today, and those still followed as the first asked."""
    me, cases = unit.actor.subject, select(CaseFile.id).where(CaseFile.open)
    return [cases.where(CaseFile.handler.in_(stood_in_for(unit, me))), cases.where(followed(me))]


def show_row(unit: Unit, one: Supervision, case: CaseFile) -> SupervisionRow:
    """Return a supervision as a line of a list."""
    state = SupervisionState(one.state)
    over = one.awaited_by is not None and one.awaited_by <= lamp_days(unit).red
    return SupervisionRow(
        version=one.version,
        supervision_id=one.id,
        case_no=case.case_no,
        community=one.community,
        department=one.department,
        kind=SupervisionKind(one.kind),
        step=one.step or None,
        level=Level(one.level),
        state=state,
        since=one.since,
        awaited_by=one.awaited_by,
        late=over and state is SupervisionState.ASKED,
    )


def show(unit: Unit, one: Supervision, case: CaseFile) -> SupervisionOut:
    """Return a supervision with everything that happened to it."""
    unit.flush()
    query = select(SupervisionStep).where(SupervisionStep.supervision_id == one.id)
    officer = answerable(unit, case)
    return SupervisionOut(
        **dict(show_row(unit, one, case)),
        answerable=officer.name if officer else None,
        entries=[_entry(unit, step) for step in unit.session.scalars(query.order_by(SupervisionStep.id))],
    )


def _entry(unit: Unit, step: SupervisionStep) -> SupervisionEntry:
    return SupervisionEntry.model_validate(
        {
            "what": step.what,
            "level": step.level,
            "on": step.on_day,
            "at": step.at,
            "by": step.by_name,
            "text": unit.vault.opened(step.text_sealed, purpose=WORDS),
            "awaited_by": step.awaited_by,
            "skipped": step.skipped,
        }
    )
