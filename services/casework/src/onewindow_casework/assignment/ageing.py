"""How near their last day the open cases of an area are."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, func, select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.casework import Ageing, AgeingStep
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.unit import Unit

MOST = 10_000
"""Where the count of a step stops: it is made along the index of last days, and no further."""
Bounds = tuple[int | None, int | None]


def steps(begins: Sequence[int]) -> Iterator[Bounds]:
    """Yield first and last day of each step; together they hold every day once."""
    for first, following in pairwise((None, *begins, None)):
        yield first, None if following is None else following - 1


def ageing(unit: Unit, area: str | None) -> Ageing:
    """Count the open cases of an area, as far as it lies within the actor's reach, by steps of nearness."""
    here = [within(CaseFile, unit.gathered(area))] if area else []
    return Ageing(
        area=area,
        as_of=unit.today,
        steps=[
            AgeingStep(
                from_days=bounds[0], to_days=bounds[1], cases=_counted(unit, *here, *_due(unit.today, bounds))
            )
            for bounds in steps(settings_of(unit).ageing_days)
        ],
        most=MOST,
    )


def _due(today: date, bounds: Bounds) -> Iterator[ColumnElement[bool]]:
    first, last = bounds
    if first is not None:
        yield CaseFile.promised_due_on >= today + timedelta(days=first)
    if last is not None:
        yield CaseFile.promised_due_on <= today + timedelta(days=last)


def _counted(unit: Unit, *where: ColumnElement[bool]) -> int:
    some = select(CaseFile.id).where(CaseFile.open, *where).order_by(CaseFile.promised_due_on).limit(MOST)
    return unit.session.scalars(select(func.count()).select_from(some.subquery())).one()
