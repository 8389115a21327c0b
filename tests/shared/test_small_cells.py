"""What somebody is told of figures who may see no cases: no small number, and none that others determine."""

from collections.abc import Mapping
from functools import cache
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role, reads_cases_counted
from onewindow_shared.contracts.metrics import OF_PEOPLE, OF_REVIEWS, SUMS_OVER, UNITS, Facet, Metric
from onewindow_shared.plumbing.small_cells import rounded, tells_none, told

COMMUNITIES, DAYS, ITEMS = ("11", "12", "21"), range(3), ("a", "b")
BASE = list(product(COMMUNITIES, DAYS, ITEMS))
BITS = 4
"""Room for as often as a case may be counted in a sum of some cells."""
Cell = int
"""What a cell of a table counts: a digit for each place, day and item of which it counts the cases."""
Identity = tuple[Cell, tuple[Cell, ...], tuple[Cell, ...]]
"""A cell, and those whose sum it is, less the sum of others."""


def cell(area: str, first: int, last: int, item: str) -> Cell:
    return sum(
        1 << BITS * place
        for place, (community, day, of) in enumerate(BASE)
        if community.startswith(area) and first <= day <= last and item in ("", of)
    )


@cache
def cells() -> list[Cell]:
    """Every cell of every table: all levels of areas, all periods, with the item and without."""
    areas = {code[:level] for code in COMMUNITIES for level in range(3)}
    periods = [(first, last) for first in DAYS for last in DAYS if first <= last]
    return sorted(
        {cell(area, *period, item) for area in areas for period in periods for item in ("", *ITEMS)}
    )


@cache
def identities() -> list[Identity]:
    """Every cell that is what one or two others count, less what one or two others do; three at most."""
    known = set(cells())
    pairs = list(combinations(cells(), 2))
    found: list[Identity] = []
    for one in cells():
        found += [(one, (one + less,), (less,)) for less in cells() if one + less in known]
        found += [(one, (one + a + b,), (a, b)) for a, b in pairs if one + a + b in known]
        found += [(one, (a, b), (a + b - one,)) for a, b in pairs if a + b - one in known]
    return found


def determined(shown: Mapping[Cell, int | None], below: int, width: int) -> list[Cell]:
    """Return the withheld cells of which all that others tell together leaves one number.

    Whoever reads the figures knows that each stands for so many numbers from it upwards.
    """
    left = {one: (1, below - 1) for one, n in shown.items() if n is None}
    for one, more, less in identities():
        plus = [n for other in more if (n := shown[other]) is not None]
        minus = [n for other in less if (n := shown[other]) is not None]
        if one in left and len(plus) == len(more) and len(minus) == len(less):
            least = sum(plus) - sum(n + width - 1 for n in minus if n)
            most = sum(n + width - 1 for n in plus if n) - sum(minus)
            left[one] = max(left[one][0], least), min(left[one][1], most)
    return [one for one, (least, most) in left.items() if least >= most]


def counts(base: list[int]) -> dict[Cell, int]:
    return {one: sum(n for place, n in enumerate(base) if one >> BITS * place & 1) for one in cells()}


numbers = st.lists(st.sampled_from((0, 0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 17, 40)), min_size=18, max_size=18)


@given(numbers, st.integers(5, 12))
def test_no_small_cell_is_determined_by_the_sums_and_differences_of_others(
    base: list[int], below: int
) -> None:
    shown = {one: rounded(n, below) for one, n in counts(base).items()}
    assert len(identities()) > len(cells())
    assert not determined(shown, below, width=below)


def test_exact_numbers_would_determine_those_that_are_withheld_alone() -> None:
    exact = counts([40, 3, *[20] * 16])
    assert determined({one: n if n >= 5 else None for one, n in exact.items()}, 5, width=1)


def left(shown: list[int | None], whole: int | None, below: int) -> list[int]:
    """Return how many numbers each part may be, for whoever sees the parts and what they add up to."""
    least = [n or 0 for n in shown]
    most = [(n or 0) + below - 1 for n in shown]
    at_least, at_most = (1, below - 1) if whole is None else (whole, whole + below - 1 if whole else 0)
    return [
        min(most[i], at_most - sum(least) + least[i]) - max(least[i], at_least - sum(most) + most[i]) + 1
        for i in range(len(shown))
    ]


parts_of_a_whole = st.lists(st.integers(0, 12), min_size=1, max_size=9)


@given(parts_of_a_whole, st.integers(5, 9))
def test_what_parts_add_up_to_leaves_each_of_them_open(parts: list[int], below: int) -> None:
    shown = [told({Metric.CASES_RECEIVED: n}, below, none=False)[Metric.CASES_RECEIVED] for n in parts]
    whole = told({Metric.CASES_RECEIVED: sum(parts)}, below)[Metric.CASES_RECEIVED]
    unlisted = [*shown, *[None] * below]
    assert whole == 0 or min(left(unlisted, whole, below)) > 1, "nobody knows how many there are"


def test_nothing_is_told_apart_from_little_where_it_points_at_nobody() -> None:
    assert [tells_none(digits) for digits in (6, 9, 12)] == [True, True, False]
    assert not any(tells_none(6, facet) for facet in Facet)
    assert told({Metric.CASES_RECEIVED: 0, Metric.ORDERS_SENT: 0}, 5, none=False) == {
        Metric.CASES_RECEIVED: None,
        Metric.ORDERS_SENT: 0,
    }
    exact = told({Metric.CASES_RECEIVED: 0, Metric.REVIEWS_RATED: 0}, None, 5)
    assert exact == {Metric.CASES_RECEIVED: 0, Metric.REVIEWS_RATED: None}


def test_minutes_of_few_services_are_withheld_however_long_they_took() -> None:
    def minutes(services: int, of: int) -> int | None:
        counted = {Metric.RECORDS_CONFIRMED: services, Metric.SERVICE_MINUTES: of}
        return told(counted, 5)[Metric.SERVICE_MINUTES]

    assert [minutes(n, 2000) for n in (1, 4, 5, 9)] == [None, None, 1800, 900]
    assert minutes(0, 0) == 0


counters = st.dictionaries(st.sampled_from(sorted(Metric)), st.integers(-20, 400))
belows = st.integers(1, 12)


@given(counters, belows)
def test_people_are_counted_in_multiples_and_things_exactly(counted: dict[Metric, int], below: int) -> None:
    shown = told(counted, below)
    assert shown.keys() == counted.keys()
    for metric, n in shown.items():
        if metric not in OF_PEOPLE:
            assert n == counted[metric]
        elif n is None:
            assert counted[metric] != 0 or metric in OF_REVIEWS or metric in SUMS_OVER
        else:
            assert n % (below * UNITS.get(metric, 1)) == 0
            assert abs(n) <= abs(counted[metric])
            assert n or not counted[metric] or SUMS_OVER.get(metric) in counted


@given(counters, belows)
def test_what_was_rounded_stays_as_it_is(counted: dict[Metric, int], below: int) -> None:
    assert told(told(counted, below), below) == told(counted, below)
    assert told(counted, None) == counted


@given(counters, belows)
def test_reviews_are_counted_in_multiples_for_everybody(counted: dict[Metric, int], below: int) -> None:
    of_reviews = {metric: n for metric, n in counted.items() if metric in OF_REVIEWS}
    assert told(counted, None, below) == counted | told(of_reviews, below)
    assert told(counted, below, below) == told(counted, below)


@given(st.integers(1, 400), st.integers(0, 4000), belows)
def test_a_sum_goes_with_what_it_is_a_sum_over(cases: int, days: int, below: int) -> None:
    shown = told({Metric.CASES_HANDLED: cases, Metric.HANDLING_DAYS: days}, below)
    of, took = shown[Metric.CASES_HANDLED], shown[Metric.HANDLING_DAYS]
    if of is None:
        assert took is None
    elif took is not None:
        assert days / cases - below / of - 1e-9 <= took / of <= days / cases


def test_who_reads_the_cases_is_told_exactly() -> None:
    assert not reads_cases_counted(frozenset({Role.SERVICE_CLIENT}))
    assert not reads_cases_counted(frozenset({Role.SERVICE_CLIENT, Role.RESIDENT, Role.DEPARTMENT_OFFICER}))
    assert reads_cases_counted(frozenset({Role.SERVICE_CLIENT, Role.AUDITOR}))


THINGS = {
    *("activities", "admission", "areas", "burden", "categories", "disclosures", "evaluation"),
    *("fund", "items", "lists", "norms", "orders", "values"),
}


def test_counters_of_people_and_of_things_are_told_apart() -> None:
    things = {one.value.partition(".")[0] for one in Metric if one not in OF_PEOPLE}
    assert things == THINGS
    assert SUMS_OVER.keys() | set(SUMS_OVER.values()) <= OF_PEOPLE
    assert OF_REVIEWS <= OF_PEOPLE
