"""The table of moves is whole, and what is not made yet is said so."""

import pytest

from guards.suite import sources
from onewindow_shared.contracts.access import PERMISSIONS, Permission, Role
from onewindow_shared.contracts.lifecycle import (
    ENDS,
    MOVES,
    CaseAction,
    CaseStatus,
    Move,
    actions,
    walk,
)
from onewindow_shared.contracts.machines import CannotMoveError

LATER: dict[CaseAction, str] = {}
"""Moves that the table has and no service makes yet; a move that is made has no place here."""


def label(move: Move) -> str:
    return f"{move.rule} {move.source} {move.action}"


each_move = pytest.mark.parametrize("move", MOVES, ids=label)


def test_every_status_is_reached_and_every_end_is_one() -> None:
    reached, waiting = {CaseStatus.DRAFT}, [CaseStatus.DRAFT]
    while waiting:
        here = waiting.pop()
        onwards = {move.target for move in MOVES if move.source is here} - reached
        reached |= onwards
        waiting += onwards
    assert reached == set(CaseStatus)
    onwards = {move.source for move in MOVES if move.action is not CaseAction.REOPEN}
    assert set(CaseStatus) - onwards == ENDS
    assert {move.source for move in MOVES} & ENDS == {CaseStatus.CLOSED, CaseStatus.REFUSED}


def test_from_every_status_some_end_is_reached() -> None:
    ending = set(ENDS)
    while more := {move.source for move in MOVES if move.target in ending} - ending:
        ending |= more
    assert ending == set(CaseStatus)


def test_a_move_is_in_the_table_once() -> None:
    assert len({(move.source, move.action) for move in MOVES}) == len(MOVES)
    assert set(CaseAction) == {move.action for move in MOVES}


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("action", CaseAction)
def test_only_the_table_lets_anybody_move(status: CaseStatus, action: CaseAction) -> None:
    known = next((move for move in MOVES if (move.source, move.action) == (status, action)), None)
    for role in (None, *Role):
        may = known is not None and (not known.by if role is None else role in known.by)
        roles = None if role is None else [role]
        if may:
            assert walk(status, action, roles) is known
        else:
            with pytest.raises(CannotMoveError):
                walk(status, action, roles)
        if role is not None:
            assert (action in actions(status, [role])) == may


@each_move
def test_the_service_that_owns_a_move_makes_it_or_says_later(move: Move) -> None:
    made = any(f"CaseAction.{move.action.name}" in source.names() for source in sources(move.owner))
    assert made != (move.action in LATER)


def test_every_role_can_do_something_and_every_permission_belongs_to_somebody() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(PERMISSIONS.values())
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)
