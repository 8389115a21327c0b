"""Row scope in one place: which rows an actor reaches, by area prefix, ownership and department.

Every ORM statement of a session is narrowed by its scope; a session without one refuses to run statements
on scoped tables. Outside one's scope a row does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ColumnElement, Select, String, false
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from onewindow_shared.contracts.access import PERSONAL_ROLES, Claims, Role
from onewindow_shared.contracts.common import LEVELS, area_prefix
from onewindow_shared.plumbing.belonging import Condition, SeenAs, area_condition
from onewindow_shared.plumbing.succession import NO_SUCCESSION, Gathered, Succession

DISTRICT, STREET, COMMUNITY = LEVELS
Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")
_PUBLISHED, _SEEN_AS = "published", "seen_as"


class AreaScoped:
    """Mixin of tables whose rows belong to an area: each level has a column, so that each has an index.

    `owner_column` and `department_column` name further columns that narrow what residents and department
    officers reach; without an owner column residents reach nothing. `published_column` names the one that is
    true of rows which everybody may read when the query asks for what is `published`.
    """

    owner_column: ClassVar[str | None] = None
    department_column: ClassVar[str | None] = None
    published_column: ClassVar[str | None] = None

    community: Mapped[str] = mapped_column(String(12))
    street: Mapped[str] = mapped_column(String(9))
    district: Mapped[str] = mapped_column(String(6))


class TakenInElsewhere:
    """Mixin beside `AreaScoped`: an office of another area took the row in for the row's own (全城通办).

    Staff of that area reach it for reading, and to lock it, beside those whose area it belongs to; statements
    that change rows by themselves touch only one's own. Department officers reach what is theirs to decide.
    """

    accepting_community: Mapped[str | None] = mapped_column(String(12))
    accepting_street: Mapped[str | None] = mapped_column(String(9))
    accepting_district: Mapped[str | None] = mapped_column(String(6))


def place(area: str) -> dict[str, str]:
    """Return the three area columns of a row that belongs to `area` (6, 9 or 12 digits)."""
    return {"community": area[:COMMUNITY], "street": area[:STREET], "district": area[:DISTRICT]}


def taken_in(area: str | None) -> dict[str, str | None]:
    """Return the columns of a row that was taken in at `area`, if it was taken in elsewhere."""
    return {f"accepting_{level}": code for level, code in place(area).items()} if area else NOT_TAKEN_IN


NOT_TAKEN_IN: dict[str, str | None] = {
    "accepting_community": None,
    "accepting_street": None,
    "accepting_district": None,
}


@dataclass(frozen=True)
class Scope:
    """What an actor reaches: everything, an area, or only what is their own."""

    everything: bool = False
    area: str | None = None
    owner: str | None = None
    department: str | None = None
    joined: tuple[str, ...] = ()
    """Areas that have ended, and whose heir lies in this one."""
    left: tuple[str, ...] = ()
    """Areas of this one that have ended, and whose heir lies in another."""

    def covers(self, area: str) -> bool:
        """Say whether a whole area (6, 9 or 12 digits) lies within this scope."""
        if self.everything or self.area is None:
            return self.everything
        return Gathered(self.area, self.joined, self.left).covers(area_prefix(area))


EVERYTHING = Scope(everything=True)
"""Scope of the system itself: timers, events, seeds."""
NOTHING = Scope()
"""Scope of somebody who has not signed in."""


def scope_of(claims: Claims, succession: Succession = NO_SUCCESSION, day: date = date.max) -> Scope:
    """Derive the scope from a token: staff by area (and department), others by ownership.

    Whoever belongs to an area that has ended by the day works for its heir. What a token leaves out widens
    nothing: an area that is no district, street or community reaches nothing, and an officer without
    department reaches no department's rows.
    """
    if claims.roles <= PERSONAL_ROLES:
        return Scope(owner=claims.subject)
    area = area_prefix(claims.area or "")
    if len(area) not in (DISTRICT, STREET, COMMUNITY):
        return NOTHING
    narrowed = claims.department or "" if Role.DEPARTMENT_OFFICER in claims.roles else None
    here = succession.gathered(area, day)
    return Scope(area=here.area, department=narrowed, joined=here.joined, left=here.left)


class UnscopedError(RuntimeError):
    """A statement ran in a session that was opened without a scope: a defect, never an answer."""


def narrow(state: ORMExecuteState) -> None:
    """Session hook: add the scope's condition to every SELECT, UPDATE and DELETE on scoped tables."""
    scope = state.session.info.get("scope")
    if not isinstance(scope, Scope):
        raise UnscopedError("open sessions through the runtime, which gives them the actor's scope")
    asked = state.execution_options
    public = state.is_select and bool(asked.get(_PUBLISHED))
    if (scope.everything and not public) or state.is_column_load or state.is_relationship_load:
        return
    seen_as = asked.get(_SEEN_AS, SeenAs.EITHER) if state.is_select else SeenAs.OWN
    state.statement = state.statement.options(*_options(scope, tuple(_tables()), public, seen_as))


def published(query: Query) -> Query:
    """Have a query read what is published, whoever asks, and of those tables nothing else.

    Only SELECTs can be asked so; tables without a `published_column` are narrowed as always.
    """
    return query.execution_options(**{_PUBLISHED: True})


def seen_as(query: Query, why: SeenAs) -> Query:
    """Narrow a query further, to what is reached for one reason, so that it runs along one index."""
    return query.execution_options(**{_SEEN_AS: why})


def _tables() -> Iterator[type[AreaScoped]]:
    waiting = AreaScoped.__subclasses__()
    while waiting:
        table = waiting.pop()
        waiting.extend(table.__subclasses__())
        yield table


@lru_cache(maxsize=1024)
def _options(
    scope: Scope, tables: tuple[type[AreaScoped], ...], public: bool, why: SeenAs
) -> list[ExecutableOption]:
    return [
        with_loader_criteria(table, condition, include_aliases=True)
        for table in tables
        for condition in (
            [_published] if public and table.published_column else _conditions(scope, table, why)
        )
    ]


def _conditions(
    scope: Scope, table: type[AreaScoped], why: SeenAs
) -> Iterator[ColumnElement[bool] | Condition]:
    """Yield what narrows a table, as functions of the entity: an alias needs the condition on itself.

    Each function closes over one plain value, which SQLAlchemy binds anew for every scope.
    """
    owner, area, department = scope.owner, scope.area, scope.department
    if scope.everything:
        return
    if owner is not None:
        yield false() if table.owner_column is None else lambda entity: _owner(entity) == owner
    elif area is None:
        yield false()
    else:
        shared = department is None and issubclass(table, TakenInElsewhere)
        yield area_condition(why if shared else SeenAs.OWN, Gathered(area, scope.joined, scope.left))
        if department is not None and table.department_column is not None:
            yield lambda entity: _department(entity) == department


def _published(entity: Any) -> Any:
    return getattr(entity, entity.published_column).is_(True)


def _owner(entity: Any) -> Any:
    return getattr(entity, entity.owner_column)


def _department(entity: Any) -> Any:
    return getattr(entity, entity.department_column)


def scoped_session(session: Session, scope: Scope) -> Session:
    """Bind a scope to a fresh session."""
    session.info["scope"] = scope
    return session
