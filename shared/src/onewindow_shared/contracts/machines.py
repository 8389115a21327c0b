"""How every machine of the suite moves: along its table, from one state by one action."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


class CannotMoveError(Exception):
    """The table has no such move, or not for these roles."""

    def __init__(self, what: str, status: StrEnum, action: StrEnum) -> None:
        super().__init__(f"{what} that is {status} cannot {action}")
        self.status = status
        self.action = action


def step(table: Mapping[tuple[State, Action], State], what: str, status: State, action: Action) -> State:
    """Return the state that `action` leads `what` to, or raise `CannotMoveError`."""
    target = table.get((status, action))
    if target is None:
        raise CannotMoveError(what, status, action)
    return target
