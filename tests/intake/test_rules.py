"""The rules of receiving, as plain values."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.cases import labels, rules
from onewindow_intake.cases.rules import Standing, Terms
from onewindow_intake.catalogue.search import found, typed_as
from onewindow_intake.settings import REMEDIES
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.intake import RefusalGround, RefusalIn, UnmetIn
from onewindow_shared.contracts.lifecycle import (
    MOVES,
    CaseAction,
    CaseStatus,
    Owner,
    actions,
)
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.outcomes import MissedSupplement
from onewindow_shared.plumbing.published_years import shipped_calendar

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MISSED = MissedSupplement.ACCEPTANCE_REVOKED
TERMS = Terms(5, 17, 5, 60, 4, timedelta(days=60), REMEDIES, 1, MISSED, "2021-11")
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(seconds=1)


def standing(status: CaseStatus, *, over: bool = False, complete: bool = False) -> Standing:
    due = EARLIER if over else LATER
    return Standing(status, due, due, complete)


@pytest.mark.parametrize("role", Role)
def test_a_move_is_made_here_exactly_if_the_table_has_it_for_intake_and_for_the_role(role: Role) -> None:
    table = {(move.source, move.action): move for move in MOVES if move.owner is Owner.INTAKE}
    for status, action in product(CaseStatus, CaseAction):
        on_the_way = (status, action) == (CaseStatus.CORRECTION, CaseAction.CORRECT_ON_SPOT)
        looked_up = (CaseStatus.RECEIVED, action) if on_the_way else (status, action)
        expected = table.get(looked_up)
        if expected is not None and role in expected.by:
            target = status if on_the_way else expected.target
            assert rules.move(standing(status), action, {role}, NOW).target is target
        else:
            with pytest.raises(CannotMoveError):
                rules.move(standing(status), action, {role}, NOW)


def test_once_its_time_is_over_nobody_moves_a_waiting_case() -> None:
    everyone = frozenset(Role)
    for status, action in product((CaseStatus.RECEIVED, CaseStatus.CORRECTION), CaseAction):
        with pytest.raises(CannotMoveError):
            rules.move(standing(status, over=True), action, everyone, NOW)
        assert rules.possible(standing(status, over=True), everyone, NOW) == []


def test_complete_corrections_are_accepted_after_the_deadline_too() -> None:
    corrected = standing(CaseStatus.CORRECTION, over=True, complete=True)
    assert rules.move(corrected, CaseAction.ACCEPT, {Role.WINDOW_CLERK}, NOW).rule == "T8"


@pytest.mark.parametrize("role", Role)
def test_whatever_is_offered_here_can_be_done(role: Role) -> None:
    for status in CaseStatus:
        offered = rules.possible(standing(status), {role}, NOW)
        assert set(offered) <= set(rules.ROUTED)
        here = {move.action for move in MOVES if move.owner is Owner.INTAKE and move.source is status}
        mine = here.intersection(actions(status, {role}), rules.ROUTED)
        assert mine <= set(offered)
        for action in offered:
            assert rules.move(standing(status), action, {role}, NOW).action is action


def test_each_ground_belongs_to_its_state() -> None:
    for status, ground in product(CaseStatus, RefusalGround):
        body = "公安机关" if ground is RefusalGround.NOT_COMPETENT else None
        unmet = [UnmetIn(problem="未签名")] if ground is RefusalGround.NOT_CONFORMING else []
        form = RefusalIn(ground=ground, reason="理由", competent_body=body, unmet=unmet)
        fits = (status is CaseStatus.CORRECTION) == (ground is RefusalGround.NOT_CONFORMING)
        allowed = status in {CaseStatus.RECEIVED, CaseStatus.CORRECTION} and fits
        assert (rules.refused(status, form) == {}) == allowed


def test_the_limits_run_from_today_or_from_the_day_the_corrections_were_complete() -> None:
    today, before = date(2026, 11, 25), date(2026, 11, 23)
    assert rules.acceptance_day(CaseStatus.RECEIVED, before, today) == today
    assert rules.acceptance_day(CaseStatus.CORRECTION, before, today) == before
    assert rules.acceptance_day(CaseStatus.CORRECTION, None, today) == today


def test_the_time_for_a_notice_leaves_out_holidays_and_ends_with_business() -> None:
    due = rules.notice_due(shipped_calendar(), date(2026, 9, 30), 5, 17, ZONE)
    assert due.astimezone(ZONE).hour == 17
    assert due.date() > date(2026, 10, 10)
    whole_day = rules.notice_due(shipped_calendar(), date(2026, 11, 23), 5, 24, ZONE)
    assert whole_day.astimezone(ZONE) == datetime(2026, 12, 1, tzinfo=ZONE)


@given(st.dates())
def test_every_deadline_has_an_end_or_a_reason(deadline: date) -> None:
    due = rules.correction_due(shipped_calendar(), date(2026, 11, 23), deadline, TERMS, ZONE)
    if isinstance(due, datetime):
        assert due.astimezone(ZONE).date() >= deadline
    else:
        assert "working days" in due


def test_a_deadline_at_the_end_of_all_days_is_refused() -> None:
    assert isinstance(
        rules.correction_due(shipped_calendar(), date(9999, 12, 30), date.max, TERMS, ZONE), str
    )


def test_every_state_has_a_name() -> None:
    assert set(labels.STATUSES) == set(CaseStatus)


def test_a_sign_is_found_by_the_initials_of_all_its_readings() -> None:
    bank = typed_as("银行业务")
    assert found(bank, "yh")
    assert found(bank, "yxyw")
    assert found(bank, "行yw")
    assert not found(bank, "yy")


@given(st.text(min_size=1, max_size=30))
def test_every_name_is_found_by_any_part_of_itself(name: str) -> None:
    signs = typed_as(name)
    assert found(signs, name[:3])
    assert found(signs, name)
