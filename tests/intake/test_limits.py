"""Every limit of intake against the published working days, for every day since there are any."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.cases import rules
from onewindow_intake.cases.rules import Terms
from onewindow_intake.settings import REMEDIES
from onewindow_intake.tolerance.rules import deferred
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.outcomes import (
    DeferralIn,
    MissedSupplement,
    PromiseIn,
    SignedHow,
    TolerantAcceptanceIn,
)
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.published_years import shipped_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ZONE = ZoneInfo("Asia/Shanghai")
MISSED = MissedSupplement.ACCEPTANCE_REVOKED
TERMS = Terms(5, 17, 5, 60, 4, timedelta(days=60), REMEDIES, 1, MISSED, "2021-11")
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = [chinese_calendar.is_workday(day) for day in DAYS]
BEFORE = [0, *accumulate(WORKED)]
"""Working days before each day."""
WORKDAYS = [day for day, worked in zip(DAYS, WORKED, strict=True) if worked]
known = st.dates(FIRST, LAST)


def last_day(start: date, days: int) -> date | None:
    """Count working days after `start` by the published lists; None beyond them."""
    position = BEFORE[(start - FIRST).days + 1] + days - 1
    return WORKDAYS[position] if position < len(WORKDAYS) else None


def every(days: int) -> Iterator[tuple[date, date]]:
    """Go through every day on which a limit can begin that ends within the published years."""
    for start in DAYS:
        if (end := last_day(start, days)) is not None:
            yield start, end


@pytest.mark.parametrize("days", [1, 5])
def test_the_time_for_a_notice_ends_with_business_on_the_last_working_day_of_every_year(days: int) -> None:
    calendar = shipped_calendar()
    for received, end in every(days):
        due = rules.notice_due(calendar, received, days, 17, ZONE)
        assert due == datetime(end.year, end.month, end.day, 17, tzinfo=ZONE)


@pytest.mark.parametrize("days", [1, 10, 20, 45])
def test_the_promised_limit_is_counted_from_the_day_after_acceptance_in_every_year(days: int) -> None:
    calendar = shipped_calendar()
    for accepted, end in every(days):
        assert rules.completion_due(calendar, accepted, days).day == end


@given(known, known)
def test_a_deadline_for_corrections_lies_within_its_bounds_and_never_ends_on_a_day_off(
    today: date, deadline: date
) -> None:
    earliest, latest = last_day(today, 5), last_day(today, 60)
    ends_on = deadline if WORKED[(deadline - FIRST).days] else last_day(deadline, 1)
    due = rules.correction_due(shipped_calendar(), today, deadline, TERMS, ZONE)
    if earliest is None or latest is None or ends_on is None:
        return
    if earliest <= deadline <= latest:
        assert due == datetime(ends_on.year, ends_on.month, ends_on.day, 17, tzinfo=ZONE)
    else:
        assert isinstance(due, str)


@given(known)
def test_the_day_of_a_paper_that_comes_later_ends_on_a_working_day(day: date) -> None:
    ends_on = day if WORKED[(day - FIRST).days] else last_day(day, 1)
    form = TolerantAcceptanceIn(
        deferred=[DeferralIn(material="m1", due_on=day)],
        promise=PromiseIn(signed_by=Acting.APPLICANT, signed_how=SignedHow.BY_HAND),
        no_discredit_record=True,
    )
    (paper,) = deferred(form, shipped_calendar(), 17, ZONE)
    if ends_on is not None:
        assert paper.due_at == datetime(ends_on.year, ends_on.month, ends_on.day, 17, tzinfo=ZONE)


@pytest.mark.parametrize("channel", Channel)
def test_only_what_came_online_is_to_be_answered_sooner(channel: Channel) -> None:
    online = channel in {Channel.WEB, Channel.MOBILE}
    assert rules.answer_days(channel, TERMS) == (1 if online else 5)
