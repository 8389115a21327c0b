"""Supervision as pure rules: every level in every state, and what time does to what nobody answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.supervision.rules import (
    ALLOWED,
    BY_PEOPLE,
    LEVELS,
    Rung,
    Standing,
    SupervisionBar,
    above,
    bar,
    bar_to_issue,
    climb,
    level_of,
    rank,
    walk,
)
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.supervision import (
    Level,
    SupervisionAction,
    SupervisionKind,
    SupervisionState,
)
from onewindow_shared.plumbing.published_years import shipped_calendar

KINDS, STATES, ACTIONS = tuple(SupervisionKind), tuple(SupervisionState), tuple(SupervisionAction)
CALENDAR = shipped_calendar()


@pytest.mark.parametrize(("kind", "state", "action"), list(product(KINDS, STATES, ACTIONS)))
def test_every_move_is_in_the_table_or_nowhere(
    kind: SupervisionKind, state: SupervisionState, action: SupervisionAction
) -> None:
    to = walk(kind, state, action)
    assert state is not SupervisionState.CLOSED or to is None, "what is closed stays closed"
    if action in ALLOWED[kind] and state is not SupervisionState.CLOSED:
        ends = action in {SupervisionAction.CLOSE, SupervisionAction.END}
        assert to is None or (to is SupervisionState.CLOSED) == ends
    if kind is SupervisionKind.OVERDUE and action in {SupervisionAction.CLOSE, SupervisionAction.AGAIN}:
        assert to is None, "what a limit asks ends with its reason, by nobody's word"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_asked_can_be_answered_and_ended(kind: SupervisionKind) -> None:
    assert walk(kind, SupervisionState.ASKED, SupervisionAction.ANSWER) is SupervisionState.ANSWERED
    assert walk(kind, SupervisionState.ANSWERED, SupervisionAction.ANSWER) is None
    for state in (SupervisionState.ASKED, SupervisionState.ANSWERED):
        assert walk(kind, state, SupervisionAction.END) is SupervisionState.CLOSED


def test_levels_follow_one_another_and_roles_stand_at_one() -> None:
    assert [above(level) for level in (None, *LEVELS)] == [*LEVELS, None]
    found = {role: level_of({role}) for role in Role}
    assert {role for role, level in found.items() if level is not Level.OFFICER} == {
        *(Role.COMMUNITY_MANAGER, Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN)
    }
    assert level_of({Role.WINDOW_CLERK, Role.STREET_SUPERVISOR}) is Level.STREET
    assert level_of(()) is Level.OFFICER


@pytest.mark.parametrize(("level", "lowest"), list(product(LEVELS, LEVELS)))
def test_orders_come_from_their_level_up_and_never_from_below_the_officer(
    level: Level, lowest: Level
) -> None:
    allowed = level is not Level.OFFICER and rank(level) >= rank(lowest)
    assert (bar_to_issue(level, lowest, actor="a", applicant=None) is None) == allowed
    assert bar_to_issue(level, lowest, actor="a", applicant="a") is SupervisionBar.OWN_CASE


@pytest.mark.parametrize(
    ("action", "kind", "stands", "issued", "level"), list(product(BY_PEOPLE, KINDS, LEVELS, LEVELS, LEVELS))
)
def test_who_may_do_what(
    action: SupervisionAction, kind: SupervisionKind, stands: Level, issued: Level, level: Level
) -> None:
    def asked(actor: str) -> SupervisionBar | None:
        standing = Standing(kind, stands, issued, "issuer", "officer", "applicant")
        return bar(action, standing, actor=actor, level=level)

    assert asked("applicant") is SupervisionBar.OWN_CASE
    if action is not SupervisionAction.ANSWER:
        assert (asked("somebody") is None) == (LEVELS.index(level) >= LEVELS.index(issued))
        return
    assert asked("officer") is None
    assert asked("issuer") is SupervisionBar.OWN_ORDER
    between = LEVELS[1 : LEVELS.index(stands) + (kind is SupervisionKind.OVERDUE)]
    assert (asked("somebody") is None) == (level in between)


def oracle(missed: date, last: date, days: dict[Level, int]) -> list[tuple[Level, date, date]]:
    """Be there every evening: who is asked when, by which day, where nobody ever answers."""
    found: list[tuple[Level, date, date]] = []
    level: Level | None = Level.OFFICER
    today = missed
    while today <= last:
        if today == missed and level is not None:
            left, reply_by = days[level], today
            while left:
                reply_by += timedelta(days=1)
                left -= CALENDAR.is_workday(reply_by)
            found.append((level, today, reply_by))
            level, missed = above(level), reply_by
        today += timedelta(days=1)
    return found


def swept(missed: date, sweeps: Sequence[date], days: dict[Level, int]) -> list[Rung]:
    """Come to it on these days only, with the whole climb in between."""
    found: list[Rung] = []
    for over in sweeps:
        stands = found[-1].level if found else None
        last = found[-1].reply_by if found else missed
        if last <= over:
            found += climb(stands, last, over, days, lambda start, n: CALENDAR.due(start, n).day)
    return found


reply_days = st.fixed_dictionaries({level: st.integers(1, 6) for level in Level})


@given(
    st.dates(date(2026, 1, 5), date(2026, 10, 30)),
    st.lists(st.integers(0, 60), min_size=1, max_size=8).map(sorted),
    reply_days,
)
def test_after_any_downtime_each_level_is_asked_once_and_dated_to_its_day(
    start: date, ups: list[int], days: dict[Level, int]
) -> None:
    missed = CALENDAR.due(start, 0).day
    sweeps = [missed + timedelta(days=n) for n in ups]
    found = swept(missed, sweeps, days)
    expected = oracle(missed, sweeps[-1], days)
    assert [(rung.level, rung.on, rung.reply_by) for rung in found] == expected
    for rung in found:
        unseen = not any(rung.on <= up < rung.reply_by for up in sweeps)
        assert rung.skipped == (unseen and rung.level is not Level.DISTRICT and rung is not found[-1])
    assert not found[-1].skipped, "whoever it stands at was told"
