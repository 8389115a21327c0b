"""The table of what follows a review: every state, action and role; limits, bars and what is published."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onewindow_casework.reviews import rules
from onewindow_casework.reviews.rules import DUTIES, Bar, Since
from onewindow_shared.contracts.access import PERMISSIONS, PERSONAL_ROLES, Permission, Role
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.review_life import (
    REVIEW_MOVES,
    ReviewAction,
    ReviewChannel,
    ReviewStatus,
    review_actions,
    walk_review,
)

S = ReviewStatus
A = ReviewAction
ENDS = {S.GOOD, S.EXCLUDED, S.FOLLOWED_UP}
STARTS = {S.GOOD, S.BAD, S.BAD_UNNAMED}
NEEDED = {
    **dict.fromkeys((A.CONTACT, A.RECTIFY, A.SCHEDULE, A.EXPLAIN, A.APPEAL), Permission.REVIEW_ANSWER),
    A.FEED_BACK: Permission.REVIEW_ANSWER,
    **dict.fromkeys((A.EXCLUDE, A.DISMISS, A.APPROVE, A.RETURN), Permission.REVIEW_JUDGE),
    A.FOLLOW_UP: Permission.CASE_REVIEW,
}
"""What the route of each action asks for."""


@pytest.mark.parametrize(("status", "action"), list(product(S, A)))
def test_only_the_table_lets_anybody_move(status: S, action: A) -> None:
    target, by = REVIEW_MOVES.get((status, action), (None, frozenset()))
    assert {role for role in Role if action in review_actions(status, {role})} == by
    for role in Role:
        if role in by:
            assert walk_review(status, action, {role}) is target
            assert NEEDED[action] in PERMISSIONS[role]
        else:
            with pytest.raises(CannotMoveError):
                walk_review(status, action, {role})


@pytest.mark.parametrize("action", A)
def test_whoever_holds_the_permission_can_use_it_somewhere(action: A) -> None:
    holders = {role for role in Role if NEEDED[action] in PERMISSIONS[role]}
    assert {role for (_, did), (_, by) in REVIEW_MOVES.items() if did is action for role in by} == holders


def leads_from(status: S) -> set[S]:
    found, waiting = {status}, [status]
    while waiting:
        here = waiting.pop()
        new = {to for (at, _), (to, _) in REVIEW_MOVES.items() if at is here} - found
        found |= new
        waiting += new
    return found


def test_every_state_is_reached_and_every_bad_review_can_end() -> None:
    assert set().union(*(leads_from(start) for start in STARTS)) == set(S)
    for status in S:
        assert leads_from(status) & ENDS
        assert (leads_from(status) == {status}) == (status in ENDS)


def test_a_named_review_is_answered_only_after_its_reviewer_was_called_back() -> None:
    assert review_actions(S.BAD, set(Role)) == [A.CONTACT]
    assert S.CONTACTED not in leads_from(S.BAD_UNNAMED)


def test_a_review_is_appealed_once_and_followed_up_once() -> None:
    for end in (S.RETURNED, S.FED_BACK, S.AUDITED):
        assert S.APPEALED not in leads_from(end)
    assert leads_from(S.FOLLOWED_UP) == {S.FOLLOWED_UP}


@pytest.mark.parametrize("status", S)
def test_something_is_due_until_the_end(status: S) -> None:
    assert (status in DUTIES) == (status not in ENDS)
    if status in DUTIES:
        by = {role for (at, _), (_, roles) in REVIEW_MOVES.items() if at is status for role in roles}
        assert DUTIES[status].owed == by.isdisjoint(PERSONAL_ROLES)


def test_a_first_state_counts_anew() -> None:
    for status in STARTS - {S.GOOD}:
        assert DUTIES[status].since is Since.RATING


@pytest.mark.parametrize(
    ("action", "actor", "bar"),
    [
        (A.EXCLUDE, "reviewed", Bar.REVIEWED),
        (A.DISMISS, "reviewed", Bar.REVIEWED),
        (A.APPROVE, "reviewed", Bar.REVIEWED),
        (A.RETURN, "answered", Bar.ANSWERED),
        (A.APPROVE, "answered", Bar.ANSWERED),
        (A.EXCLUDE, "answered", None),
        (A.APPEAL, "answered", Bar.NOT_REVIEWED),
        (A.APPEAL, "reviewed", None),
        (A.FEED_BACK, "reviewed", None),
        (A.APPROVE, "else", None),
    ],
)
def test_nobody_judges_themselves(action: A, actor: str, bar: Bar | None) -> None:
    assert rules.bar(action, actor=actor, officer="reviewed", answered_by="answered") is bar


@pytest.mark.parametrize(("level", "anonymous"), list(product(range(1, 6), (True, False))))
def test_where_a_review_begins(level: int, anonymous: bool) -> None:
    status = rules.rated(level, 3, anonymous=anonymous)
    bad = S.BAD_UNNAMED if anonymous else S.BAD
    assert status is (S.GOOD if level >= 3 else bad)


@pytest.mark.parametrize(("channel", "by_applicant"), list(product(ReviewChannel, (True, False))))
def test_the_window_is_for_clerks_and_a_link_for_codes(channel: ReviewChannel, by_applicant: bool) -> None:
    fault = rules.fault_of_channel(channel, by_applicant=by_applicant)
    own = by_applicant and channel in {ReviewChannel.PHONE, ReviewChannel.WEB}
    assert (fault is None) == (own or (not by_applicant and channel is ReviewChannel.WINDOW))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 20))
def test_no_small_cell_is_published(numerator: int, more: int, least: int) -> None:
    shown = rules.figure(numerator, numerator + more, least)
    for n, told in ((numerator, shown.numerator), (numerator + more, shown.denominator)):
        assert told == (n // least * least or None)


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5), st.integers(1, 10))
def test_levels_are_published_in_multiples(counts: list[int], least: int) -> None:
    counted = {str(level): n for level, n in enumerate(counts, start=1)}
    shown = rules.levels(counted, least)
    assert shown == {level: n // least * least or None for level, n in counted.items()}


@given(st.dates(), st.dates())
def test_results_are_of_whole_months(first: date, last: date) -> None:
    assume(last < date.max)
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    assert (not rules.faults_of_months(first, last)) == whole
