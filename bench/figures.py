"""The figures of a district with ten thousand cases behind them and with five million.

    PYTHONPATH=tools:tests python bench/figures.py [--few 10000] [--many 5000000] [--rounds 30]

The counters of intake are written as folding leaves them: three years of cases over the communities of the
tests' register, by item, category, department and channel, each with the number of cases that it would have.
Then figures are asked for as use cases of the service, in random order, at either size; a ratio is that of
the medians, as `bench/lists.py` measures them. Needs a PostgreSQL server.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

from lists import DISTRICT, STREET, compared, opened
from sqlalchemy import Connection, insert, select

from onewindow_intake.catalogue.models import ItemVersion
from onewindow_intake.metrics.catalogue import computing
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.metric_parts import By
from onewindow_shared.contracts.metrics import Facet, Metric
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.figures import Days, area_figures, area_parts
from onewindow_shared.plumbing.migrations import with_connection
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.rollups import DAILY, MONTHLY, Rollup
from onewindow_shared.plumbing.scope import Scope, place
from onewindow_shared.plumbing.unit import Actor
from testkit.api import MONDAY, XIAN, Api

ROLLUPS = table_of(Rollup)
DAYS = [MONDAY.date() - timedelta(days=n) for n in range(3 * 365)]
METRICS = (Metric.CASES_RECEIVED, Metric.CASES_ACCEPTED)
AT_ONCE = 20_000
DASHBOARD = Actor("client.bench", "", frozenset({Role.SERVICE_CLIENT}), Scope(area=DISTRICT))
YEAR = Days(first=date(2026, 1, 1), last=MONDAY.date())
ALL_TIME = Days(first=DAYS[-1], last=DAYS[0])


def _whole(area: str, days: Days) -> Any:
    return DASHBOARD, partial(area_figures, area=area, days=days, computing=computing)


def _apart(by: By) -> Any:
    return DASHBOARD, partial(area_parts, area=DISTRICT, by=by, days=YEAR, computing=computing)


KINDS = {
    "district, this month": _whole(DISTRICT, Days()),
    "district, this year": _whole(DISTRICT, YEAR),
    "district, three years": _whole(DISTRICT, ALL_TIME),
    "street, this month": _whole(STREET, Days()),
    "community, this month": _whole(XIAN, Days()),
    **{f"this year by {by}": _apart(by) for by in (By.MONTH, By.COMMUNITY, By.ITEM, By.CHANNEL)},
}


def rows(connection: Connection, size: int) -> Iterator[dict[str, Any]]:
    """Yield the counters of so many cases, by day and by month."""
    query = select(Area.code).where(Area.kind.not_in(LARGER))
    communities = list(connection.scalars(query))
    items = list(
        connection.execute(select(ItemVersion.item_code, ItemVersion.category, ItemVersion.department))
    )
    values = [(Facet.ITEM, code) for code, _, _ in items]
    values += [(Facet.CATEGORY, name) for name in sorted({category for _, category, _ in items})]
    values += [(Facet.DEPARTMENT, name) for name in sorted({department for _, _, department in items})]
    values += [(Facet.CHANNEL, channel.value) for channel in Channel]
    kinds = Counter(facet for facet, _ in values)
    each = size / (len(communities) * len(DAYS))
    for metric, community in product(METRICS, communities):
        of_place = {"metric": metric, **place(community)}
        for facet, value in (("", ""), *values):
            share = each / kinds[Facet(facet)] if facet else each
            months: Counter[date] = Counter()
            for day in DAYS:
                if n := int(share + random.random()):
                    months[day.replace(day=1)] += n
                    yield {**of_place, "grain": DAILY, "starts": day, "facet": facet, "value": value, "n": n}
            for month, n in months.items():
                yield {**of_place, "grain": MONTHLY, "starts": month, "facet": facet, "value": value, "n": n}


def fill(connection: Connection, size: int) -> None:
    """Write the counters, and let the database learn how many there are."""
    told = rows(connection, size)
    while several := list(islice(told, AT_ONCE)):
        connection.execute(insert(ROLLUPS), several)
    connection.exec_driver_sql("ANALYZE")


def filled(stack: ExitStack, backend: str, size: int, folder: Path) -> Api:
    """Open the service on a database with the counters of so many cases."""
    api, url = opened(stack, backend, f"onewindow_bench_figures_{size}", folder)
    with_connection(url, partial(fill, size=size))
    return api


if __name__ == "__main__":
    compared(__doc__, filled, KINDS)
