"""Reading the register with its history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, union

from onewindow_casework.areas.models import AreaChange, Predecessor, Successor
from onewindow_casework.areas.rules import Known
from onewindow_shared.contracts.areas import (
    AreaChangeKind,
    AreaChangeOut,
    AreaOut,
    PredecessorOut,
    SuccessorOut,
    TakingBackOut,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

HOLDS = AreaChange.taken_back_at.is_(None)
NEWEST = Keyset((AreaChange.id,), newest_first=True)


def register(unit: Unit, district: str) -> dict[str, Known]:
    """Return the areas of a district, those that have ended included; some hundreds."""
    named = union(
        select(Predecessor.code, AreaChange.effective_on).join(AreaChange).where(HOLDS),
        select(Successor.code, AreaChange.effective_on).join(AreaChange).where(HOLDS),
    ).subquery()
    newest = select(named.c.code, func.max(named.c.effective_on)).group_by(named.c.code)
    changed = dict(unit.session.execute(newest.where(named.c.code.startswith(district))).all())
    areas = unit.session.scalars(select(Area).where(Area.code.startswith(district, autoescape=True)))
    return {
        area.code: Known(
            area.code,
            area.name,
            AreaKind(area.kind),
            area.effective_from,
            area.effective_until,
            area.heir,
            changed.get(area.code),
        )
        for area in areas
    }


def is_decided(unit: Unit, code: str) -> bool:
    """Say whether a decision has named an area: files do not change it any more."""
    before, after = (
        select(table.change_id).join(AreaChange).where(HOLDS, table.code == code).limit(1)
        for table in (Predecessor, Successor)
    )
    return any(unit.session.scalar(query) is not None for query in (before, after))


def divided(unit: Unit, after: date, until: date) -> set[str]:
    """Return the areas that were split in days after one, up to another."""
    split = (AreaChange.kind == AreaChangeKind.SPLIT, AreaChange.effective_on > after)
    query = select(Predecessor.code).join(AreaChange).where(HOLDS, *split, AreaChange.effective_on <= until)
    return set(unit.session.scalars(query))


def changes(unit: Unit, wanted: Wanted) -> Page[AreaChangeOut]:
    """Return a page of the changes of the actor's district, newest first; of all without one."""
    district = unit.actor.area[:DISTRICT] if unit.actor.area else None
    query = select(AreaChange)
    if district is not None:
        query = query.where(AreaChange.district == district)
    return page(
        unit, query, NEWEST, wanted, bound=f"area changes {district}", show=lambda one: show(unit, one)
    )


@dataclass(frozen=True)
class Parts:
    """The areas of a change, by code."""

    before: Sequence[Predecessor]
    after: Sequence[Successor]


def parts(unit: Unit, change: AreaChange) -> Parts:
    """Return the areas of a change."""
    before = select(Predecessor).where(Predecessor.change_id == change.id).order_by(Predecessor.code)
    after = select(Successor).where(Successor.change_id == change.id).order_by(Successor.code)
    return Parts(unit.session.scalars(before).all(), unit.session.scalars(after).all())


def show(unit: Unit, change: AreaChange) -> AreaChangeOut:
    """Return a change with its parts."""
    found = parts(unit, change)
    return AreaChangeOut(
        no=change.id,
        district=change.district,
        kind=AreaChangeKind(change.kind),
        effective_on=change.effective_on,
        document_no=change.document_no,
        basis=change.basis,
        predecessors=[PredecessorOut(code=one.code, heir=one.heir) for one in found.before],
        successors=[
            SuccessorOut(code=one.code, name=one.name, population=one.population) for one in found.after
        ],
        decided_at=change.decided_at,
        taken_back=_taken_back(change),
    )


def _taken_back(change: AreaChange) -> TakingBackOut | None:
    found = {
        "document_no": change.taken_back_document,
        "reason": change.taken_back_reason,
        "at": change.taken_back_at,
    }
    return None if change.taken_back_at is None else TakingBackOut.model_validate(found)


def built_on(unit: Unit, change: AreaChange, codes: Iterable[str]) -> int | None:
    """Return the number of a later change that holds and names one of the areas of a change."""
    wanted = list(codes)
    later = (
        select(AreaChange.id)
        .join(table, table.change_id == AreaChange.id)
        .where(HOLDS, AreaChange.id > change.id, table.code.in_(wanted))
        for table in (Predecessor, Successor)
    )
    found = [no for query in later if (no := unit.session.scalar(query.limit(1))) is not None]
    return min(found, default=None)


def area(unit: Unit, code: str) -> AreaOut:
    """Return an area of the register that lives, did, or will by a decision that holds."""
    found = unit.session.get(Area, code)
    if found is None or found.never_was:
        raise NotFound
    own_end = select(Predecessor.change_id).join(AreaChange).where(HOLDS, Predecessor.code == code)
    own_begin = select(Successor.change_id).join(AreaChange).where(HOLDS, Successor.code == code)
    before = select(Predecessor.code).where(Predecessor.change_id.in_(own_begin), Predecessor.code != code)
    after = select(Successor.code).where(Successor.change_id.in_(own_end), Successor.code != code)
    return AreaOut(
        code=found.code,
        name=found.name,
        kind=AreaKind(found.kind),
        population=found.population,
        effective_from=found.effective_from,
        effective_until=found.effective_until,
        heir=unit.heir(code),
        predecessors=sorted(set(unit.session.scalars(before))),
        successors=sorted(set(unit.session.scalars(after))),
    )
