"""What a certificate of service says, and what becomes of it when records change."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.records import RecordStatus
from onewindow_volunteers.certificates.rules import (
    Behind,
    Fate,
    Served,
    edition,
    fate,
    in_hours,
    signature,
    table,
)

XIAN = "330902002001"
CONFIRMED, DISPUTED = RecordStatus.CONFIRMED, RecordStatus.DISPUTED


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ([Behind(60, CONFIRMED, 60), Behind(90, CONFIRMED, 90)], Fate.STANDS),
        ([Behind(60, CONFIRMED, 30), Behind(90, CONFIRMED, 90)], Fate.REPLACED),
        ([Behind(60, CONFIRMED, 90)], Fate.REPLACED),
        ([Behind(60, CONFIRMED, 0), Behind(90, CONFIRMED, 90)], Fate.REPLACED),
        ([Behind(60, CONFIRMED, 0)], Fate.REVOKED),
        ([Behind(60, CONFIRMED, 30), Behind(90, DISPUTED, 90)], Fate.WAITS),
    ],
)
def test_a_certificate_stands_as_long_as_every_record_behind_it_says_the_same(
    behind: list[Behind], expected: Fate
) -> None:
    assert fate(behind) is expected


@given(minutes=st.integers(1, 10**6), step=st.sampled_from([6, 30]))
def test_hours_are_never_more_than_was_given_nor_a_step_less(minutes: int, step: int) -> None:
    whole, _, tenth = in_hours(minutes, step).removesuffix("小时").partition(".")
    told = int(whole) * 60 + int(tenth) * 6
    assert 0 <= minutes - told < step


def test_each_activity_is_a_line_with_its_exact_minutes() -> None:
    def served(record: int, activity: int, day: int, minutes: int) -> Served:
        return Served(record, activity, f"活动{activity}", "陪伴", "居委会", date(2026, 11, day), minutes)

    told = table([served(1, 7, 24, 170), served(2, 8, 25, 60), served(3, 7, 26, 20)])
    assert [list(row) for row in told.rows] == [
        ["活动7", "陪伴", "居委会", "2026年11月24日至2026年11月26日", "2", "3小时10分"],
        ["活动8", "陪伴", "居委会", "2026年11月25日", "1", "1小时0分"],
    ]


def test_a_signature_binds_every_part_to_its_place() -> None:
    key = b"k" * 32
    said = [("170", "1"), ("17", "01"), ("1701",), ("1", "170"), ("170", "1", ""), ("170", "2")]
    assert len({signature(key, *parts) for parts in said}) == len(said)
    assert signature(key, "170", "1") != signature(b"x" * 32, "170", "1")


def test_an_edition_is_of_records_minutes_and_community() -> None:
    served = Served(1, 7, "活动", "陪伴", "居委会", date(2026, 11, 24), 60)
    same = Served(1, 7, "另一个名称", "陪伴", "居委会", date(2026, 11, 24), 60)
    less = Served(1, 7, "活动", "陪伴", "居委会", date(2026, 11, 24), 30)
    told = [edition(XIAN, [served]), edition(XIAN, [same]), edition(XIAN, [less]), edition("2", [served])]
    assert told[0] == told[1]
    assert len(set(told)) == 3
