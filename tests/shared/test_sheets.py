"""Tables for spreadsheets: nothing is calculated, nothing is lost, and many rows cost no more memory than few."""

import csv
import io
import tracemalloc
from collections.abc import AsyncGenerator, Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from onewindow_shared.plumbing.sheets import (
    AT_ONCE,
    BOM,
    CALCULATED,
    Table,
    csv_answer,
    sliced,
    xlsx_answer,
)
from onewindow_shared.plumbing.workbooks import LONGEST, CannotHold, Row

SHANGHAI = timezone(timedelta(hours=8))
ROW: Row = ("昌国街道", 7, 2.5, Decimal("12.30"), date(2026, 11, 23), None)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)
HEADER = ("街道", "件数", "比率", "金额", "日期", "备注")
EVIL = st.tuples(st.sampled_from(CALCULATED), st.text(max_size=20)).map("".join)


def table(rows: Iterable[Row], header: tuple[str, ...] = HEADER) -> Table:
    return Table("清单", header, sliced(rows))


async def taken(answer: StreamingResponse) -> bytes:
    """Take an answer as a server does."""
    pieces: list[bytes] = []

    async def send(message: Any) -> None:
        pieces.append(message.get("body", b""))

    await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, send)
    return b"".join(pieces)


async def _never() -> Any:
    raise AssertionError("nobody reads a request here")


def csv_of(content: bytes) -> list[list[str]]:
    text = content.decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def xlsx_of(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


async def test_a_csv_says_what_the_table_says() -> None:
    answer = await csv_answer("cases.csv", table([ROW, (AT,)]))
    assert answer.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    assert csv_of(await taken(answer)) == [
        list(HEADER),
        ["昌国街道", "7", "2.5", "12.30", "2026-11-23", ""],
        ["2026-11-23 09:30:00"],
    ]


async def test_a_workbook_says_what_the_table_says() -> None:
    early = (date(1899, 12, 30), datetime(1899, 1, 1, 8, 0, tzinfo=SHANGHAI), True)
    found = xlsx_of(await taken(await xlsx_answer("cases.xlsx", table([ROW, (AT,), early]))))
    assert found[0] == list(HEADER)
    assert found[1] == ["昌国街道", 7.0, 2.5, 12.3, date(2026, 11, 23), ""]
    assert found[2][0] == AT.replace(tzinfo=None)
    assert found[3][:3] == ["1899-12-30", "1899-01-01 08:00:00+08:00", 1.0]


async def test_a_workbook_holds_several_tables() -> None:
    content = await taken(await xlsx_answer("x.xlsx", Table("一", ("a",), sliced([])), table([])))
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["一", "清单"]


async def test_a_table_without_rows_has_its_header() -> None:
    assert csv_of(await taken(await csv_answer("x.csv", table([])))) == [list(HEADER)]


@given(EVIL)
async def test_no_text_begins_a_formula_in_csv(evil: str) -> None:
    (_, (cell,)) = csv_of(await taken(await csv_answer("x.csv", table([(evil,)], ("a",)))))
    assert cell == f"'{evil}"


@given(st.text("=+-@\t\r\n\x01 王1aé<>&\"'_x0041_😀", max_size=30))
async def test_every_text_stays_a_text_in_a_workbook(text: str) -> None:
    content = await taken(await xlsx_answer("x.xlsx", table([(text, "end")], ("a", "b"))))
    assert xlsx_of(content)[1] == [text, "end"]


async def test_numbers_below_zero_stay_numbers() -> None:
    (_, row) = csv_of(await taken(await csv_answer("x.csv", table([(-5, Decimal("-1.50"))], ("a", "b")))))
    assert row == ["-5", "-1.50"]


async def test_a_text_that_no_cell_holds_is_refused() -> None:
    with pytest.raises(CannotHold):
        await xlsx_answer("x.xlsx", table([("长" * (LONGEST + 1),)]))


class Outage(Exception):
    """The database cannot be reached."""


async def breaking() -> AsyncGenerator[list[Row]]:
    yield [ROW]
    raise Outage


@pytest.mark.parametrize("make", [csv_answer, xlsx_answer])
async def test_a_table_leaves_while_it_is_read_and_breaks_off_with_its_rows(make: Any) -> None:
    pieces: list[bytes] = []

    async def send(message: Any) -> None:
        pieces.append(message.get("body", b""))

    answer = await make("x", Table("清单", HEADER, breaking()))
    with pytest.raises(Outage):
        await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, send)
    assert any(pieces)


@pytest.mark.parametrize("make", [csv_answer, xlsx_answer])
async def test_a_client_that_leaves_ends_the_reading(make: Any) -> None:
    ended = []

    async def rows() -> AsyncGenerator[list[Row]]:
        try:
            for _ in range(100):
                yield [ROW] * 100
        finally:
            ended.append(True)

    async def send(message: Any) -> None:
        if message.get("body"):
            raise OSError

    answer = await make("x", Table("清单", HEADER, rows()))
    with pytest.raises(ClientDisconnect):
        await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, send)
    assert ended


@pytest.mark.parametrize("make", [csv_answer, xlsx_answer])
async def test_ten_times_the_rows_take_no_more_memory(make: Any) -> None:
    async def peak(rows: int) -> int:
        tracemalloc.start()
        answer = await make("x", table(ROW for _ in range(rows)))

        async def forget(_message: Any) -> None: ...

        await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, forget)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    await peak(10)
    assert await peak(10 * AT_ONCE) < 1.5 * await peak(AT_ONCE)
