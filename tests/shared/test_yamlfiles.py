"""A file in YAML is read whole, or the reason why it is not is named with its place."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from onewindow_shared.plumbing.uploads import UnreadableError, sheets_of
from onewindow_shared.plumbing.yamlfiles import dump, load

TWICE = """\
items:
- code: one
  promised_days: 5
  materials:
  - {code: m1, code: m2}
  promised_days: 9
items:
- code: two
"""
PLAIN = st.none() | st.booleans() | st.integers() | st.dates() | st.text(st.characters(codec="utf-8"))
DOCUMENTS = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc1", max_size=3), inner)
)


def why_not(file: str) -> str:
    with pytest.raises(UnreadableError) as refused:
        load(file.encode())
    return str(refused.value)


def test_every_key_that_stands_twice_is_named_with_both_places() -> None:
    assert why_not(TWICE).split("; ") == [
        "`code` at line 5 stands at line 5 already",
        "`promised_days` at line 6 stands at line 3 already",
        "`items` at line 7 stands at line 1 already",
    ]


@pytest.mark.parametrize("file", ["a: 1\n'a': 2", "1: a\n01: b", "yes: 1\ntrue: 2", "? a\n: 1\n? a\n: 2"])
def test_a_key_is_the_same_however_it_is_written(file: str) -> None:
    assert "stands at line" in why_not(file)


@pytest.mark.parametrize(
    ("file", "document"),
    [
        ("", None),
        ("- {a: 1}\n- {a: 2}", [{"a": 1}, {"a": 2}]),
        ("a: {a: 1}\n1: b\n'1': c", {"a": {"a": 1}, 1: "b", "1": "c"}),
        ("day: 2026-11-23", {"day": date(2026, 11, 23)}),
        ("day: 2027-02-30", {"day": "2027-02-30"}),
        ("at: 2026-11-23T25:00:00Z", {"at": "2026-11-23T25:00:00Z"}),
        ("at: !!timestamp soon", {"at": "soon"}),
    ],
)
def test_what_stands_once_is_read(file: str, document: Any) -> None:
    assert load(file.encode()) == document


@pytest.mark.parametrize("file", ["a: [", "a: &x 1\nb: *x", "[" * 20 + "]" * 20, "? [a]\n: 1", "a: !!int x"])
def test_what_cannot_be_read_is_refused(file: str) -> None:
    assert why_not(file)


@given(DOCUMENTS)
def test_what_is_written_is_read_as_it_was(document: Any) -> None:
    assert load(dump(document)) == document


def workbook(*header: str) -> bytes:
    made = BytesIO()
    with Workbook(made) as book:
        sheet = book.add_worksheet("items")
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, header)
    return made.getvalue()


def test_a_column_that_stands_twice_is_named() -> None:
    with pytest.raises(UnreadableError, match="the sheet items has the column name at 2 and 3"):
        sheets_of(workbook("code", "name", " name"))
    assert sheets_of(workbook("code", "name", "", "")) == {
        "items": [("items!2", {"code": "code", "name": "name"})]
    }
