"""What stands on the lists on a day, found by the queries and by hand, whatever was published and taken off."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework.hall import DISTRICT, STREET, Hall
from casework.office import Office
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.queries import listed, standing
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, KAIYUAN, XIAN

TODAY = date(2026, 11, 23)
AREAS = (DISTRICT, STREET, XIAN, KAIYUAN, DONGSHAN)
DAYS = st.dates(TODAY, TODAY + timedelta(days=12))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Versions in the order of their numbers, each with items of an area and a period, some taken off later."""
    days = draw(st.lists(DAYS, min_size=1, max_size=3))
    entry = st.fixed_dictionaries(
        {
            "item": st.integers(0, 3),
            "area": st.sampled_from(AREAS),
            "first": DAYS,
            "last": st.none() | DAYS,
        }
    )
    return [
        {"day": day, "entries": draw(st.lists(entry, max_size=4, unique_by=lambda one: one["item"]))}
        for day in days
    ]


def by_hand(history: list[dict[str, Any]], off: list[date | None], community: str, day: date) -> set[int]:
    """Say what is listed, the slow way."""
    found: set[int] = set()
    for version in history:
        if version["day"] <= day:
            found = {
                one["item"]
                for one in version["entries"]
                if community.startswith(one["area"])
                and one["first"] <= day <= (one["last"] or date.max)
                and not (off[one["item"]] and off[one["item"]] <= day)
            }
    return found


@given(histories(), st.lists(st.none() | DAYS, min_size=4, max_size=4), st.sampled_from(AREAS[2:]), DAYS)
def test_the_query_finds_what_is_found_by_hand(
    hall_of_items: tuple[Hall, list[str]],
    history: list[dict[str, Any]],
    off: list[date | None],
    community: str,
    day: date,
) -> None:
    hall, codes = hall_of_items

    def found(unit: Unit) -> set[int]:
        with unit.session.begin_nested() as all_of_it:
            put_in(unit, codes, history, off)
            matters = listed(unit, community, day)
            singly = {
                n for n, code in enumerate(codes) if standing(unit, code, community, day)[1] is not None
            }
            all_of_it.rollback()
        assert {codes.index(one.code) for one in matters} == singly
        return singly

    assert hall.office.api.system(found) == by_hand(history, off, community, day)


@pytest.fixture
def hall_of_items(office: Office) -> tuple[Hall, list[str]]:
    hall = Hall(office)
    codes = [hall.approved(name=f"入户调查第{n}轮", last_day=None) for n in "一二三四"]
    return hall, codes


def put_in(unit: Unit, codes: list[str], history: list[dict[str, Any]], off: list[date | None]) -> None:
    items = {item.code: item for item in unit.session.scalars(select(WorkItem))}
    card = {
        "aliases": [],
        "actions": [],
        "basis": [],
        "item_codes": [],
        "areas": [DISTRICT],
        "name": "入户调查",
    }
    empty = ("department", "content", "role", "last_day", "workload", "money", "conditions", "training")
    for number, version in enumerate(history, start=1):
        row = ListVersion(
            district=DISTRICT, number=number, title="清单", effective_from=version["day"],
            published_at=unit.now, published_by="test",
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        for one in version["entries"]:
            code = codes[one["item"]]
            entry = ListEntry(
                list_id=row.id, code=code, item_id=items[code].id, matter_class="assist", kind="survey",
                first_day=one["first"], last_day=one["last"],
                card=dict.fromkeys(empty) | card | {
                    "code": code, "kind": "survey", "matter_class": "assist", "data_asked": None,
                    "instead": None, "first_day": one["first"].isoformat(),
                },
            )  # fmt: skip
            unit.session.add(entry)
            unit.session.flush()
            unit.session.add(ListEntryArea(entry_id=entry.id, area=one["area"]))
    for code, day in zip(codes, off, strict=True):
        items[code].off_from = day
        items[code].first_day, items[code].last_day = TODAY, None
        items[code].status = ItemStatus.EXITED if day else ItemStatus.APPROVED
    unit.session.flush()
