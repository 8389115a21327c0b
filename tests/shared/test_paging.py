"""Walking the pages of a list shows every row once, in order, whatever happens meanwhile."""

import base64
import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.paging import Cursors, Keyset, Wanted, page
from onewindow_shared.plumbing.problems import BadCursor
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit
from shared.sample import SERVICE, Thing, thing
from testkit.api import MONDAY, XIAN, Api, running

ORDERS = {
    "by number": Keyset((Thing.id,)),
    "newest first": Keyset((Thing.at, Thing.id), newest_first=True),
    "by department and size": Keyset((Thing.department, Thing.n, Thing.id)),
}
numbers = itertools.count()


def insert(unit: Unit, n: int) -> int:
    moment = MONDAY + timedelta(seconds=n, microseconds=1)
    return thing(unit, f"thing {next(numbers)}", n=n, at=moment, department="abc"[n % 3])


def turn(unit: Unit, keyset: Keyset, wanted: Wanted, bound: str = "things") -> Any:
    return page(unit, select(Thing), keyset, wanted, bound=bound, show=lambda row: row.id)


def in_order(unit: Unit, keyset: Keyset) -> list[int]:
    keys = [key.desc() if keyset.newest_first else key.asc() for key in keyset.keys]
    return list(unit.session.scalars(select(Thing.id).order_by(*keys)))


@settings(max_examples=20)
@given(
    sizes=st.lists(st.integers(0, 5), max_size=12),
    limit=st.integers(1, 5),
    later=st.lists(st.integers(0, 5), max_size=6),
    order=st.sampled_from(sorted(ORDERS)),
)
async def test_every_row_that_was_there_is_shown_once_and_in_order(
    runtime: Runtime, sizes: list[int], limit: int, later: list[int], order: str
) -> None:
    keyset, waiting = ORDERS[order], list(later)
    await runtime.system(lambda unit: unit.session.execute(delete(Thing)))
    there = {await runtime.system(insert, n) for n in sizes}
    shown: list[int] = []
    cursor = None
    while True:
        found = await runtime.system(turn, keyset, Wanted(limit=limit, cursor=cursor))
        assert len(found.items) <= limit
        shown += found.items
        cursor = found.next
        if cursor is None:
            break
        if waiting:
            await runtime.system(insert, waiting.pop())
    assert len(shown) == len(set(shown))
    assert there <= set(shown)
    everything = await runtime.system(in_order, keyset)
    assert shown == [number for number in everything if number in set(shown)]


async def test_the_last_page_is_known_to_be_the_last(runtime: Runtime) -> None:
    for n in range(4):
        await runtime.system(insert, n)
    first = await runtime.system(turn, ORDERS["by number"], Wanted(limit=2))
    last = await runtime.system(turn, ORDERS["by number"], Wanted(limit=2, cursor=first.next))
    assert first.next is not None
    assert last.next is None


async def test_a_cursor_belongs_to_its_list_and_filters(runtime: Runtime) -> None:
    for n in range(3):
        await runtime.system(insert, n)
    first = await runtime.system(turn, ORDERS["by number"], Wanted(limit=1), "things?state=open")
    with pytest.raises(BadCursor):
        await runtime.system(turn, ORDERS["by number"], Wanted(cursor=first.next), "things?state=done")


@given(
    cursor=st.text(max_size=60) | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_what_we_did_not_write_is_no_cursor(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Cursors(b"a secret").read("things", cursor)


@given(
    values=st.lists(st.integers() | st.text(max_size=8), max_size=3),
    flip=st.integers(0),
    change=st.integers(1, 255),
)
def test_a_cursor_with_one_changed_byte_is_refused(values: list[Any], flip: int, change: int) -> None:
    cursors = Cursors(b"a secret")
    cursor = cursors.write("things", values)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[flip % len(raw)] ^= change
    with pytest.raises(BadCursor):
        cursors.read("things", base64.urlsafe_b64encode(raw).decode().rstrip("="))
    with pytest.raises(BadCursor):
        Cursors(b"another secret").read("things", cursor)
    assert cursors.read("things", cursor) == values


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(SERVICE, url) as opened:
        yield opened


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=-1", "limit=x", f"cursor={'x' * 513}", "cursor=~"]
)
def test_a_page_that_cannot_be_is_refused(api: Api, query: str) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    refused = api.client.get(f"/api/sample/v1/things?{query}", headers=clerk)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_pages_show_only_ones_own_area(api: Api) -> None:
    for n in range(6):
        api.system(lambda unit, n=n: thing(unit, f"{n}", (XIAN, "330902003005")[n % 2]))
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    first = api.client.get("/api/sample/v1/things?limit=2", headers=clerk).json()
    rest = api.client.get("/api/sample/v1/things", params={"cursor": first["next"]}, headers=clerk).json()
    assert [item["label"] for item in first["items"] + rest["items"]] == ["0", "2", "4"]
