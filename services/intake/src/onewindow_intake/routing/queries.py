"""Statements on the copy of the lists."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from onewindow_intake.routing.models import ListedMatter
from onewindow_intake.routing.rules import Matter
from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.plumbing import bulk
from onewindow_shared.plumbing.unit import Unit

_TABLE = bulk.table_of(ListedMatter)


def state(session: Session) -> tuple[int, int]:
    """Return what tells one state of the copy from every later one: words are only added."""
    n, sum_ = session.execute(select(func.count(), func.sum(ListedMatter.revision))).one()
    return n, int(sum_ or 0)


def matters(unit: Unit, day: date) -> tuple[Matter, ...]:
    """Return what had been told of each matter by a day; where an area had ended, its heir is meant.

    Of a matter that had not been told of by then the first word counts, which says itself from when it holds.
    """
    other = aliased(ListedMatter)
    of_it = other.district == ListedMatter.district, other.code == ListedMatter.code
    overtaken = select(other.code).where(
        *of_it, other.revision > ListedMatter.revision, other.heard_on <= day
    )
    not_first = select(other.code).where(*of_it, other.revision < ListedMatter.revision)
    told = or_(ListedMatter.heard_on <= day, ~not_first.exists())
    query = select(ListedMatter).where(told, ~overtaken.exists())
    rows = unit.session.scalars(query.order_by(ListedMatter.district, ListedMatter.code))
    return tuple(_matter(unit, row, day) for row in rows)


def _matter(unit: Unit, row: ListedMatter, day: date) -> Matter:
    return Matter(
        district=row.district,
        code=row.code,
        name=row.name,
        aliases=tuple(row.aliases),
        phrases=tuple(row.phrases),
        areas=tuple(unit.heirs.heir(area, day) for area in row.areas),
        kind=MatterKind(row.kind),
        matter_class=MatterClass(row.matter_class),
        item_codes=frozenset(row.item_codes),
        basis=row.basis,
        instead=row.instead,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
    )


def keep(session: Session, rows: bulk.Rows) -> None:
    """Write what was told of matters; a word that is there stays as it is."""
    bulk.insert_new(session.connection(), _TABLE, rows, _TABLE.c.code)
