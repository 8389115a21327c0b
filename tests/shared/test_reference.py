"""A service's copy of the register and the calendar follows the events of their owner."""

from datetime import date
from typing import Any

import pytest

from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged
from onewindow_shared.plumbing.problems import Invalid
from onewindow_shared.plumbing.reference import (
    area_changed,
    area_name,
    calendar_changed,
    known_community,
    work_calendar,
)
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN

HOLIDAY, MAKEUP = date(2026, 10, 1), date(2026, 10, 10)


def area(code: str, name: str, kind: AreaKind, population: int | None = None) -> AreaChanged:
    return AreaChanged(code=code, name=name, kind=kind, population=population)


def year(*days: tuple[date, str, str]) -> CalendarChanged:
    return CalendarChanged(year=2026, days=list(days))


def works(unit: Unit, day: date) -> bool:
    return work_calendar(unit.session).is_workday(day)


async def test_the_newest_name_of_an_area_is_kept(runtime: Runtime) -> None:
    for name in ("西安", "西安社区"):
        await runtime.system(area_changed, area(XIAN, name, AreaKind.RESIDENTS_COMMITTEE, 5000))
    assert await runtime.system(lambda unit: area_name(unit.session, XIAN)) == "西安社区"
    assert await runtime.system(lambda unit: area_name(unit.session, "330902")) == "330902"
    assert (await runtime.system(lambda unit: known_community(unit, XIAN))).population == 5000


@pytest.mark.parametrize("code", ["330902", "330902002", "330902002999"])
async def test_only_a_community_of_the_register_is_a_community(runtime: Runtime, code: str) -> None:
    await runtime.system(area_changed, area("330902", "定海区", AreaKind.DISTRICT))
    await runtime.system(area_changed, area("330902002", "昌国街道", AreaKind.STREET))
    with pytest.raises(Invalid) as refused:
        await runtime.system(lambda unit: known_community(unit, code, field="where"))
    assert refused.value.errors[0].loc == ["body", "where"]


async def test_a_published_year_replaces_the_estimate_and_its_own_older_edition(runtime: Runtime) -> None:
    assert (await runtime.system(lambda u: work_calendar(u.session).version)) == "none"
    assert not await runtime.system(works, MAKEUP), "a Saturday, as long as nobody said otherwise"
    await runtime.system(calendar_changed, year((HOLIDAY, "holiday", "国庆节"), (MAKEUP, "makeup", "国庆节")))
    assert await runtime.system(works, MAKEUP)
    assert not await runtime.system(works, HOLIDAY)
    first = await runtime.system(lambda u: work_calendar(u.session).version)
    assert first.startswith("2026r1-")
    await runtime.system(calendar_changed, year((HOLIDAY, "holiday", "国庆节")))
    assert not await runtime.system(works, MAKEUP)
    assert (await runtime.system(lambda u: work_calendar(u.session).version)).startswith("2026r2-")


async def test_the_version_of_the_calendar_names_every_year(runtime: Runtime) -> None:
    def imported(unit: Unit, number: int) -> str:
        calendar_changed(
            unit, CalendarChanged(year=number, days=[(date(number, 10, 1), "holiday", "国庆节")])
        )
        unit.session.flush()
        return work_calendar(unit.session).version

    versions = [await runtime.system(imported, number) for number in (2024, 2025, 2026, 2027, 2024)]
    assert len(set(versions)) == len(versions), "an older year counts too"
    assert max(map(len, versions)) <= 32, "it is kept with what was computed from it"


async def test_a_change_that_is_not_kept_leaves_the_calendar_as_it_was(runtime: Runtime) -> None:
    def failing(unit: Unit) -> Any:
        calendar_changed(unit, year((HOLIDAY, "holiday", "国庆节"), (MAKEUP, "makeup", "国庆节")))
        assert works(unit, MAKEUP), "the transaction sees what it changed"
        raise LookupError

    with pytest.raises(LookupError):
        await runtime.system(failing)
    assert not await runtime.system(works, MAKEUP)


async def test_an_older_change_of_an_area_that_comes_late_changes_nothing(runtime: Runtime) -> None:
    for revision, name in ((2, "西安社区"), (1, "西安"), (2, "旧")):
        told = area(XIAN, name, AreaKind.RESIDENTS_COMMITTEE).model_copy(update={"revision": revision})
        await runtime.system(area_changed, told)
    assert await runtime.system(lambda unit: area_name(unit.session, XIAN)) == "西安社区"
    told = area(XIAN, "新西安社区", AreaKind.RESIDENTS_COMMITTEE).model_copy(update={"revision": 3})
    await runtime.system(area_changed, told)
    assert await runtime.system(lambda unit: area_name(unit.session, XIAN)) == "新西安社区"


async def test_an_older_edition_of_a_year_that_comes_late_changes_nothing(runtime: Runtime) -> None:
    editions = {5: year((MAKEUP, "makeup", "国庆节")), 4: year((HOLIDAY, "holiday", "国庆节"))}
    for revision, edition in editions.items():
        await runtime.system(calendar_changed, edition.model_copy(update={"revision": revision}))
    assert await runtime.system(works, MAKEUP)
    assert (await runtime.system(lambda u: work_calendar(u.session).version)).startswith("2026r5-")
