"""Statements on the copy of the lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from onewindow_intake.routing.models import ListedMatter
from onewindow_intake.routing.rules import Matter
from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit

_KEY = ("district", "code")


def state(session: Session) -> tuple[int, int]:
    """Return what tells one state of the copy from every later one: revisions only grow."""
    n, sum_ = session.execute(select(func.count(), func.sum(ListedMatter.revision))).one()
    return n, int(sum_ or 0)


def matters(unit: Unit) -> tuple[Matter, ...]:
    """Return the whole copy; where an area has ended, its heir is meant."""
    query = select(ListedMatter).order_by(ListedMatter.district, ListedMatter.code)
    return tuple(_matter(unit, row) for row in unit.session.scalars(query))


def _matter(unit: Unit, row: ListedMatter) -> Matter:
    return Matter(
        district=row.district,
        code=row.code,
        name=row.name,
        aliases=tuple(row.aliases),
        phrases=tuple(row.phrases),
        areas=tuple(map(unit.heir, row.areas)),
        kind=MatterKind(row.kind),
        matter_class=MatterClass(row.matter_class),
        item_codes=frozenset(row.item_codes),
        basis=row.basis,
        instead=row.instead,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
    )


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write matters, each unless the copy has a newer one."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table_of(ListedMatter))
    changed = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
    newer = ListedMatter.revision < statement.excluded.revision
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_=changed, where=newer), list(rows)
    )
