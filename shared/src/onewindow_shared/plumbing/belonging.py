"""What makes a row an area's: conditions on its columns, and on who took it in.

A scope binds them to every statement, so they are functions of the entity: an alias needs the condition on
itself. Each closes over plain values, which SQLAlchemy binds anew for every scope.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from onewindow_shared.contracts.common import LEVELS
from onewindow_shared.plumbing.succession import Gathered

Condition = Callable[[Any], Any]
Codes = tuple[str, ...]
DISTRICT, STREET, COMMUNITY = LEVELS


class SeenAs(StrEnum):
    """Why somebody reaches rows of a table that knows who took them in."""

    OWN = "own"
    """They belong to one's area."""
    TAKEN_IN = "taken_in"
    """An office of one's area took them in, wherever they belong."""
    EITHER = "either"


def within(table: Any, here: Gathered) -> ColumnElement[bool]:
    """Select the rows that belong to an area, those of the areas that it is heir of included."""
    inside = _inside(table, here)
    return or_(inside, table.community.in_(here.joined)) if here.joined else inside


def ranges_of(table: Any, here: Gathered) -> list[ColumnElement[bool]]:
    """Return the same rows in parts, each one range of an index."""
    return [_inside(table, here), *(table.community == code for code in here.joined)]


def _inside(table: Any, here: Gathered) -> ColumnElement[bool]:
    level = {DISTRICT: table.district, STREET: table.street, COMMUNITY: table.community}[len(here.area)]
    inside: ColumnElement[bool] = level == here.area
    return and_(inside, table.community.not_in(here.left)) if here.left else inside


def area_condition(why: SeenAs, here: Gathered) -> Condition:
    """Return what is true of the rows that are reached from an area for a reason."""
    if here.joined or here.left:
        return _GATHERED[why, len(here.area)](here.area, here.joined, here.left)
    return _PLAIN[why, len(here.area)](here.area)


def _in_district(area: str) -> Condition:
    return lambda entity: entity.district == area


def _in_street(area: str) -> Condition:
    return lambda entity: entity.street == area


def _in_community(area: str) -> Condition:
    return lambda entity: entity.community == area


def _from_district(area: str) -> Condition:
    return lambda entity: entity.accepting_district == area


def _from_street(area: str) -> Condition:
    return lambda entity: entity.accepting_street == area


def _from_community(area: str) -> Condition:
    return lambda entity: entity.accepting_community == area


def _of_district(area: str) -> Condition:
    return lambda entity: or_(entity.district == area, entity.accepting_district == area)


def _of_street(area: str) -> Condition:
    return lambda entity: or_(entity.street == area, entity.accepting_street == area)


def _of_community(area: str) -> Condition:
    return lambda entity: or_(entity.community == area, entity.accepting_community == area)


def _gathered_in_district(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.district == area, entity.community.not_in(left)),
    )


def _gathered_in_street(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.street == area, entity.community.not_in(left)),
    )


def _gathered_in_community(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.community == area, entity.community.not_in(left)),
    )


def _gathered_from_district(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.accepting_community.in_(joined),
        and_(entity.accepting_district == area, entity.accepting_community.not_in(left)),
    )


def _gathered_from_street(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.accepting_community.in_(joined),
        and_(entity.accepting_street == area, entity.accepting_community.not_in(left)),
    )


def _gathered_from_community(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.accepting_community.in_(joined),
        and_(entity.accepting_community == area, entity.accepting_community.not_in(left)),
    )


def _gathered_of_district(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.district == area, entity.community.not_in(left)),
        entity.accepting_community.in_(joined),
        and_(entity.accepting_district == area, entity.accepting_community.not_in(left)),
    )


def _gathered_of_street(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.street == area, entity.community.not_in(left)),
        entity.accepting_community.in_(joined),
        and_(entity.accepting_street == area, entity.accepting_community.not_in(left)),
    )


def _gathered_of_community(area: str, joined: Codes, left: Codes) -> Condition:
    return lambda entity: or_(
        entity.community.in_(joined),
        and_(entity.community == area, entity.community.not_in(left)),
        entity.accepting_community.in_(joined),
        and_(entity.accepting_community == area, entity.accepting_community.not_in(left)),
    )


_PLAIN = {
    (SeenAs.OWN, DISTRICT): _in_district,
    (SeenAs.OWN, STREET): _in_street,
    (SeenAs.OWN, COMMUNITY): _in_community,
    (SeenAs.TAKEN_IN, DISTRICT): _from_district,
    (SeenAs.TAKEN_IN, STREET): _from_street,
    (SeenAs.TAKEN_IN, COMMUNITY): _from_community,
    (SeenAs.EITHER, DISTRICT): _of_district,
    (SeenAs.EITHER, STREET): _of_street,
    (SeenAs.EITHER, COMMUNITY): _of_community,
}
_GATHERED = {
    (SeenAs.OWN, DISTRICT): _gathered_in_district,
    (SeenAs.OWN, STREET): _gathered_in_street,
    (SeenAs.OWN, COMMUNITY): _gathered_in_community,
    (SeenAs.TAKEN_IN, DISTRICT): _gathered_from_district,
    (SeenAs.TAKEN_IN, STREET): _gathered_from_street,
    (SeenAs.TAKEN_IN, COMMUNITY): _gathered_from_community,
    (SeenAs.EITHER, DISTRICT): _gathered_of_district,
    (SeenAs.EITHER, STREET): _gathered_of_street,
    (SeenAs.EITHER, COMMUNITY): _gathered_of_community,
}
