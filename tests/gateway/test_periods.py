"""Earlier periods, the parts of a period, and percentiles: what figures are compared and taken apart by."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_gateway.metrics.periods import earlier
from onewindow_shared.contracts.indicators import Before
from onewindow_shared.contracts.metric_parts import MOST_SPANS, By, spans_of
from onewindow_shared.plumbing.figures import percentile

day = date.fromisoformat


@pytest.mark.parametrize(
    ("first", "last", "previous", "year_ago"),
    [
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        ("2026-02-01", "2026-02-28", ("2026-01-01", "2026-01-31"), ("2025-02-01", "2025-02-28")),
        ("2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        ("2026-05-04", "2026-05-10", ("2026-04-27", "2026-05-03"), ("2025-05-04", "2025-05-10")),
        ("2024-02-29", "2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_earlier_periods(first: str, last: str, previous: tuple[str, str], year_ago: tuple[str, str]) -> None:
    period = (day(first), day(last))
    assert earlier(period, Before.PREVIOUS) == tuple(map(day, previous))
    assert earlier(period, Before.YEAR_AGO) == tuple(map(day, year_ago))


@given(st.dates(), st.integers(0, 2000))
def test_an_earlier_period_ends_before_the_present_one_begins(first: date, length: int) -> None:
    if (date.max - first).days < length:
        return
    period = (first, first + timedelta(days=length))
    before = earlier(period, Before.PREVIOUS)
    assert before is None or before[0] <= before[1] < first


@given(st.sampled_from([By.DAY, By.WEEK, By.MONTH, By.YEAR]), st.dates(), st.integers(0, 900))
def test_spans_cover_a_period_without_gap(by: By, first: date, length: int) -> None:
    last = first + timedelta(days=min(length, (date.max - first).days))
    spans = spans_of(by, first, last)
    assert spans == sorted(set(spans))
    assert len(spans) <= MOST_SPANS + 1
    if len(spans) <= MOST_SPANS:
        touched = {by.begins(first + timedelta(days=n)) for n in range((last - first).days + 1)}
        assert set(spans) == touched


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 9), max_size=12), st.integers(1, 99))
def test_a_percentile_is_the_least_value_that_enough_do_not_exceed(
    spread: dict[int, int], share: int
) -> None:
    everyone = sorted(value for value, n in spread.items() for _ in range(n))
    enough = [value for value in everyone if 100 * sum(v <= value for v in everyone) >= share * len(everyone)]
    assert percentile(spread, share) == (min(enough) if enough else None)
