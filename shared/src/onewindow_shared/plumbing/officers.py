"""A service's own copy of who works where, as the gateway tells it, so that nobody is asked meanwhile.

It has what decides who may be responsible for a case (首问负责, rules B1.6), and what they are called.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.access import PERMISSIONS, Permission
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing.tables import Json
from onewindow_shared.plumbing.unit import Unit

NO_SUCH_OFFICER = "no such officer"
NOT_OF_THIS_OFFICE = "this officer does not work on cases of this office"


class OfficerCopy:
    """A staff account; a service that is told of them derives its table from this and its own base."""

    __tablename__ = "officers"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    """None until a gateway that tells names has told it."""
    roles: Mapped[list[str]] = mapped_column(Json)
    area: Mapped[str] = mapped_column(String(12))
    """Prefix of 6, 9 or 12 digits."""
    department: Mapped[str | None] = mapped_column(String(64))
    active: Mapped[bool]


def keep(unit: Unit, table: type[OfficerCopy], event: OfficerChanged) -> None:
    """Keep what is told of an account; events of one account come in their order.

    One that comes late from before names were told takes no name away.
    """
    untold = {"name"} if event.name is None else None
    unit.session.merge(table(**event.model_dump(exclude=untold)))


def are_told(unit: Unit, table: type[OfficerCopy]) -> bool:
    """Say whether the gateway tells of accounts: none are told where sign-in is the operator's own."""
    return unit.session.scalar(select(table.subject).limit(1)) is not None


def names(unit: Unit, table: type[OfficerCopy], subjects: Collection[str]) -> Mapping[str, str]:
    """Return what officers are called, as far as it is known."""
    query = select(table.subject, table.name).where(table.subject.in_(subjects), table.name.is_not(None))
    return {subject: name for subject, name in unit.session.execute(query) if name is not None}


def cannot_answer(
    unit: Unit,
    table: type[OfficerCopy],
    subject: str,
    *,
    communities: Iterable[str | None],
    department: str,
    by: Permission,
) -> str | None:
    """Say why an account cannot be responsible for a case of these communities and this department, or None.

    `by` is the permission that whoever takes it needs. Where sign-in is the operator's own, no account is
    known here and any is taken.
    """
    found = unit.session.get(table, subject)
    if found is None:
        return NO_SUCH_OFFICER if are_told(unit, table) else None
    today = [unit.heir(community) for community in communities if community is not None]
    fits = may_answer_for(found, unit.heir(found.area), today, department, by)
    return None if fits else NOT_OF_THIS_OFFICE


def may_answer_for(
    officer: OfficerCopy, area: str, communities: Iterable[str], department: str, by: Permission
) -> bool:
    """Say whether an officer of an area reaches a case of these communities and holds what it takes."""
    held = (PERMISSIONS[role] for role in PERMISSIONS if role in officer.roles)
    holds = any(by in permissions for permissions in held)
    there = any(community.startswith(area) for community in communities)
    return officer.active and holds and there and officer.department in {None, department}
