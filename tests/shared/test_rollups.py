"""A figure is what counting again would give, whenever it is asked and whoever folds meanwhile."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from onewindow_shared.contracts.metrics import STANDING, Facet, Metric
from onewindow_shared.plumbing.rollups import (
    DAILY,
    Apart,
    Counted,
    Facets,
    Rollup,
    RollupDelta,
    changes,
    delta,
    figures,
    figures_below,
    figures_by,
    fold,
    hold,
    rebuild,
    spans,
    spread,
    spread_below,
    spread_by_time,
)
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import COMMUNITY, EVERYTHING, NOTHING, STREET, Scope, place
from onewindow_shared.plumbing.unit import Actor, Unit
from shared.conftest import NewReplica
from testkit.api import DONGSHAN, KAIYUAN, XIAN

DAY = date(2026, 11, 23)
COMMUNITIES = (XIAN, KAIYUAN, DONGSHAN)
DAYS = timedelta(days=1)
METRICS = (Metric.CASES_RECEIVED, Metric.CASES_OVERDUE_OPEN, Metric.VOLUNTEERS_REGISTERED)


@dataclass(frozen=True)
class Count:
    metric: Metric
    community: str
    day: date
    item: str
    n: int
    channel: str = ""
    took: str = ""


days = st.integers(-70, 70).map(lambda days: DAY + timedelta(days=days))
counts = st.lists(
    st.builds(
        Count,
        st.sampled_from(METRICS),
        st.sampled_from(COMMUNITIES),
        days,
        st.sampled_from(("", "soc-1", "soc-2")),
        st.integers(-2, 5),
        st.sampled_from(("", "window", "phone")),
        st.sampled_from(("", "0", "7", "12")),
    ),
    max_size=25,
)
areas = st.sampled_from(sorted({code[:level] for code in COMMUNITIES for level in (6, 9, 12)}))
periods = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
Period = tuple[date, date]


def record(unit: Unit, *several: Count) -> None:
    for one in several:
        facets = Facets(one.item, channel=one.channel, days=one.took)
        unit.count(one.metric, one.n, community=one.community, day=one.day, by=facets)


def folding(unit: Unit) -> int:
    return fold(unit.session)


def ask(unit: Unit, area: str, period: Period = (DAY - DAYS, DAY + DAYS)) -> Counted:
    return figures(unit.session, unit.gathered(area), *period)


def changed(unit: Unit, area: str, bucket: Callable[[date], date], period: Period) -> Apart:
    return changes(unit.session, unit.gathered(area), bucket, *period)


def forget(unit: Unit) -> None:
    unit.session.execute(delete(Rollup))
    unit.session.execute(delete(RollupDelta))


def within(one: Count, area: str, scope: Scope = EVERYTHING) -> bool:
    return one.community.startswith(area) and (scope.everything or scope.covers(one.community))


def recounted(several: Iterable[Count], area: str, period: Period, scope: Scope = EVERYTHING) -> Counted:
    found: Counted = {}
    for one in several:
        since = one.metric in STANDING or one.day >= period[0]
        if within(one, area, scope) and since and one.day <= period[1]:
            found[one.metric] = found.get(one.metric, 0) + one.n
    return found


def apart(several: list[Count], area: str, period: Period, key: Callable[[Count], str]) -> Apart:
    parts = {
        value: recounted((one for one in several if key(one) == value), area, period)
        for value in {key(one) for one in several}
    }
    return {value: counted for value, counted in parts.items() if value and counted}


def recounted_by_days(several: Iterable[Count], area: str, period: Period) -> dict[str, Counted]:
    took = {one.took for one in several if one.took}
    return {days: recounted((one for one in several if one.took == days), area, period) for days in took}


def spread_of(found: dict[str, Counted]) -> dict[Metric, dict[int, int]]:
    spread_: dict[Metric, dict[int, int]] = {}
    for days_, counted in found.items():
        for metric, n in counted.items():
            spread_.setdefault(metric, {})[int(days_)] = n
    return spread_


@settings(max_examples=25)
@given(several=counts, area=areas, period=periods, folds=st.sets(st.integers(0, 25)))
async def test_figures_are_those_of_a_recount_however_often_folded(
    runtime: Runtime, several: list[Count], area: str, period: Period, folds: set[int]
) -> None:
    await runtime.system(forget)
    for place_, one in enumerate(several):
        await runtime.system(record, one)
        if place_ in folds:
            await runtime.system(folding)
            await runtime.system(folding)

    def taken_apart(unit: Unit) -> list[Apart]:
        by_facet = [
            figures_by(unit.session, unit.gathered(area), facet, *period)
            for facet in (Facet.ITEM, Facet.CHANNEL)
        ]
        below = [
            figures_below(unit.session, unit.gathered(area), level, *period, unit.heir)
            for level in (STREET, COMMUNITY)
        ]
        return [*by_facet, *below]

    def since(bucket: Callable[[date], date]) -> Apart:
        found: Apart = {}
        for one in several:
            if within(one, area) and period[0] <= one.day <= period[1]:
                changed = found.setdefault(bucket(one.day).isoformat(), {})
                changed[one.metric] = changed.get(one.metric, 0) + one.n
        return found

    assert await runtime.system(ask, area, period) == recounted(several, area, period)
    assert await runtime.system(taken_apart) == [
        apart(several, area, period, key)
        for key in (
            lambda one: one.item,
            lambda one: one.channel,
            lambda one: one.community[:9],
            lambda one: one.community,
        )
    ]
    for bucket in (day_of, week_of, month_of, year_of):
        assert await runtime.system(changed, area, bucket, period) == since(bucket), bucket


@settings(max_examples=15)
@given(several=counts, area=areas, period=periods)
async def test_spreads_are_those_of_a_recount(
    runtime: Runtime, several: list[Count], area: str, period: Period
) -> None:
    await runtime.system(forget)
    await runtime.system(record, *several[::2])
    await runtime.system(folding)
    await runtime.system(record, *several[1::2])

    def spreads(unit: Unit) -> list[Any]:
        gathered = unit.gathered(area)
        return [
            spread(unit.session, gathered, *period),
            spread_below(unit.session, gathered, COMMUNITY, *period, unit.heir),
            spread_by_time(unit.session, gathered, month_of, *period),
        ]

    whole, below, by_month = await runtime.system(spreads)
    assert whole == spread_of(recounted_by_days(several, area, period))
    for community in COMMUNITIES:
        there = [one for one in several if one.community == community]
        assert below.get(community, {}) == spread_of(recounted_by_days(there, area, period))
    for metric in (Metric.CASES_RECEIVED, Metric.VOLUNTEERS_REGISTERED):
        told = [spread_[metric] for spread_ in by_month.values() if metric in spread_]
        inside = [one for one in several if period[0] <= one.day <= period[1] and within(one, area)]
        assert sum(n for days_ in told for n in days_.values()) == sum(
            one.n for one in inside if one.metric is metric and one.took
        )


@given(period=periods)
def test_a_period_is_cut_into_months_and_days_without_gap(period: Period) -> None:
    covered = [
        day
        for grain, since, until in spans(*period)
        for day in every_day(since, until if grain == DAILY else month_end(until))
    ]
    assert covered == list(every_day(*period))
    assert sum(grain == DAILY for grain, _, _ in spans(*period)) <= 2


@pytest.mark.parametrize("period", [(date.min, date.max), (date(9999, 12, 2), date.max), (DAY, DAY - DAYS)])
def test_periods_at_the_ends_of_time_can_be_cut(period: Period) -> None:
    assert list(spans(*period))


def every_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - DAYS


def day_of(day: date) -> date:
    return day


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    return day.replace(day=1)


def year_of(day: date) -> date:
    return day.replace(month=1, day=1)


@settings(max_examples=15)
@given(several=counts, area=areas, mine=areas, period=periods)
async def test_figures_count_only_what_the_asker_reaches(
    runtime: Runtime, several: list[Count], area: str, mine: str, period: Period
) -> None:
    await runtime.system(forget)
    await runtime.system(record, *several[::2])
    await runtime.system(folding)
    await runtime.system(record, *several[1::2])
    scope = Scope(area=mine)
    actor = Actor("clerk", "", frozenset(), scope)
    assert await runtime.read(actor, ask, area, period) == recounted(several, area, period, scope)
    assert await runtime.read(Actor("nobody", "", frozenset(), NOTHING), ask, area, period) == {}


async def test_two_folders_and_a_writer_at_once_lose_and_double_nothing(new_replica: NewReplica) -> None:
    replicas = [new_replica() for _ in range(3)]
    one = Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1)

    async def write() -> None:
        for _ in range(40):
            await replicas[0].system(record, one, one)

    async def fold_often(replica: Runtime) -> None:
        for _ in range(25):
            await replica.system(folding)

    async def look() -> None:
        before = 0
        for _ in range(25):
            now = (await replicas[0].system(ask, XIAN)).get(Metric.CASES_RECEIVED, 0)
            assert now >= before, "a figure never falls back while rows are folded"
            before = now

    await asyncio.gather(write(), fold_often(replicas[1]), fold_often(replicas[2]), look())
    assert await replicas[0].system(ask, XIAN) == {Metric.CASES_RECEIVED: 80}
    while await replicas[1].system(folding):
        pass
    rows = await replicas[0].system(
        lambda u: u.session.execute(select(func.sum(Rollup.n), func.count()).group_by(Rollup.grain)).all()
    )
    assert [tuple(row) for row in rows] == [(80, 1), (80, 1)]


async def test_what_fails_is_not_counted(runtime: Runtime) -> None:
    def failing(unit: Unit) -> None:
        record(unit, Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1))
        unit.session.flush()
        raise LookupError

    await asyncio.gather(runtime.system(failing), return_exceptions=True)
    assert await runtime.system(ask, XIAN) == {}


async def test_a_count_without_day_belongs_to_the_districts_today(runtime: Runtime) -> None:
    await runtime.system(lambda unit: unit.count(Metric.CASES_RECEIVED, community=XIAN))
    assert await runtime.system(lambda u: u.session.scalar(select(RollupDelta.day))) == DAY


async def test_rebuilding_replaces_every_counter(runtime: Runtime) -> None:
    await runtime.system(record, *[Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 7)] * 3)
    await runtime.system(folding)

    def anew(unit: Unit) -> None:
        hold(unit.session)
        rebuild(unit.session, [delta(Metric.CASES_ACCEPTED, DAY, Facets(), 2, place(XIAN))])

    await runtime.system(anew)
    assert await runtime.system(ask, XIAN) == {Metric.CASES_ACCEPTED: 2}
    await runtime.system(lambda unit: rebuild(unit.session, []))
    assert await runtime.system(ask, XIAN) == {}


async def test_nothing_counted_during_a_recount_is_lost(new_replica: NewReplica) -> None:
    rebuilding, counting = new_replica(), new_replica()
    counted = asyncio.Event()
    loop = asyncio.get_running_loop()
    one = Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1)
    await counting.system(record, one)

    async def count() -> None:
        await counted.wait()
        await counting.system(record, one)

    def anew(unit: Unit) -> None:
        hold(unit.session)
        total = unit.session.scalar(select(func.sum(RollupDelta.n))) or 0
        loop.call_soon_threadsafe(counted.set)
        rebuild(unit.session, [delta(Metric.CASES_RECEIVED, DAY, Facets(), total, place(XIAN))])

    await asyncio.gather(count(), rebuilding.system(anew))
    assert await counting.system(ask, XIAN) == {Metric.CASES_RECEIVED: 2}
