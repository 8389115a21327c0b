"""The life of an agency as data, and who may bring it on (rules C2, agency sub-machine)."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.access import PERSONAL_ROLES, Permission, Role
from onewindow_shared.contracts.agency import AgencyAction, AgencyState

_S, _A = AgencyState, AgencyAction
MOVES: Mapping[tuple[AgencyState, AgencyAction], AgencyState] = {
    **{(state, _A.ENTRUST): _S.ENTRUSTED for state in (_S.APPLIED, _S.ENTRUSTED)},
    (_S.ENTRUSTED, _A.START): _S.IN_PROGRESS,
    **{(state, _A.SUSPEND): _S.SUSPENDED for state in (_S.IN_PROGRESS, _S.RESUMED)},
    (_S.SUSPENDED, _A.RESUME): _S.RESUMED,
    **{(state, _A.COMPLETE): _S.DONE for state in (_S.IN_PROGRESS, _S.RESUMED)},
    **{
        (state, _A.TERMINATE): _S.TERMINATED
        for state in (_S.APPLIED, _S.ENTRUSTED, _S.IN_PROGRESS, _S.SUSPENDED, _S.RESUMED)
    },
}
NEEDS: Mapping[AgencyAction, Permission] = {_A.TERMINATE: Permission.CASE_WITHDRAW}
"""The permission that a move needs, where it is not that of the agent."""
ENDS = frozenset({_S.DONE, _S.TERMINATED})
RUNNING = frozenset({_S.IN_PROGRESS, _S.RESUMED})
LETTERS = frozenset({_S.ENTRUSTED, _S.RESUMED})
"""States whose form is a letter with a term: 委托书, 续办委托书."""


class AgencyBar(StrEnum):
    """Why somebody may not do to an agency what the table would allow."""

    NOT_THE_AGENT = "the agent in charge of the case does this"


def bar(
    action: AgencyAction, *, actor: str, roles: Collection[Role], in_charge: str | None
) -> AgencyBar | None:
    """Say why this actor may not do this: the agent in charge acts, and applicants may end it, too."""
    if action is _A.TERMINATE and set(roles) <= PERSONAL_ROLES:
        return None
    agent = Role.AGENT_OFFICER in roles and actor == in_charge
    return None if agent else AgencyBar.NOT_THE_AGENT


def has_ended(until: date | None, day: date) -> str | None:
    """Say that nobody acts on a letter on a day, since its term is over (民法典 art. 173), or None."""
    return f"the letter of entrustment ended on {until}" if until is not None and until < day else None


def fault_of_letter(action: AgencyAction, state: AgencyState, until: date | None, today: date) -> str | None:
    """Say why a letter forbids a move: none is begun on one that has ended, which is signed anew before."""
    ended = has_ended(until, today)
    if action is _A.START:
        return ended
    again = action is _A.ENTRUST and state is _S.ENTRUSTED
    return "the letter of entrustment that was signed still holds" if again and ended is None else None


def fault_of_visit(day: date, begun_on: date, until: date | None, today: date) -> str | None:
    """Say why a day is not one on which the agent can have gone somewhere."""
    if day > today:
        return "lies in the future"
    if day < begun_on:
        return f"lies before the agency began on {begun_on}"
    return has_ended(until, day)
