"""What a notice on holidays may contain, what a year is made of, and the files notices come in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from onewindow_shared.contracts.casework import CalendarIn, CalendarStatus, OffDay, OffDayKind
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.contracts.register import UNITS, AreaValueIn, ValueKind
from onewindow_shared.plumbing.workdays import YEAR_END

Exceptions = dict[date, tuple[str, str]]
"""Day -> its kind, `holiday` or `makeup`, and the holiday's name."""

FIRST_YEAR, LAST_YEAR = 2000, 2999


def faults_of_notice(year: int, days: Sequence[OffDay]) -> dict[str, str]:
    """Name every day that cannot be part of a year's notice, by its place in the list."""
    faults: dict[str, str] = {}
    seen: set[date] = set()
    for place, here in enumerate(days):
        if not date(year - 1, *YEAR_END) <= here.day <= date(year, 12, 31):
            faults[f"days.{place}.day"] = "lies neither in the year nor in the last week before it"
        elif here.day in seen:
            faults[f"days.{place}.day"] = "is in the list twice"
        elif here.kind is OffDayKind.MAKEUP and here.day.weekday() < 5:
            faults[f"days.{place}.kind"] = "only a Saturday or Sunday makes up for a holiday"
        seen.add(here.day)
    if not any(here.kind is OffDayKind.HOLIDAY for here in days):
        faults["days"] = "a year has holidays; without any it is not known yet"
    return faults


def year_of(year: int, notices: Mapping[int, Iterable[Sequence[Any]]]) -> Exceptions:
    """Return the exceptions of a calendar year: its own notice, corrected by that of the year after."""
    found: Exceptions = {}
    for notice in (year, year + 1):
        for day, kind, name in notices.get(notice, ()):
            when = date.fromisoformat(day)
            if when.year == year:
                found[when] = (kind, name)
    return found


def status_of(revision: int) -> CalendarStatus:
    """Say how sure a year is of which there were so many editions."""
    if revision == 0:
        return CalendarStatus.PROVISIONAL
    return CalendarStatus.PUBLISHED if revision == 1 else CalendarStatus.CORRECTED


def differing(before: Exceptions, after: Exceptions) -> set[date]:
    """Return the days that two states of a year do not agree on."""
    return {day for day in before.keys() | after.keys() if before.get(day) != after.get(day)}


def read_notice(document: Any) -> tuple[int, CalendarIn]:
    """Read the year and notice of a file: our own form, or the JSON of the holiday-cn data set.

    Raises ValueError for anything else, and for a year without days, which is one not published yet.
    """
    if not isinstance(document, dict) or not isinstance(document.get("year"), int):
        raise ValueError("the file names no year")  # noqa: TRY004 - the caller handles one kind of error
    if not FIRST_YEAR <= document["year"] <= LAST_YEAR:
        raise ValueError(f"the year has to lie between {FIRST_YEAR} and {LAST_YEAR}")
    if not document.get("days"):
        raise ValueError(f"the holidays of {document['year']} are not known: the file has no days")
    body = {name: value for name, value in document.items() if name in {"notice", "source", "days"}}
    if "papers" in document:
        body = _from_holiday_cn(document)
    return document["year"], CalendarIn.model_validate(body)


def _from_holiday_cn(document: Mapping[str, Any]) -> dict[str, Any]:
    papers = document["papers"] or [None]
    try:
        days = [
            {
                "day": day["date"],
                "kind": OffDayKind.HOLIDAY if day["isOffDay"] else OffDayKind.MAKEUP,
                "name": day["name"],
            }
            for day in document["days"]
        ]
    except (KeyError, TypeError):
        raise ValueError("every day needs name, date and isOffDay") from None
    return {"notice": f"holiday-cn {document['year']}", "source": papers[0], "days": days}


def areas_of(document: Mapping[str, Any]) -> list[AreaChanged]:
    """Return every area of a district file, the larger before the smaller."""
    district = document["district"]
    found = [_area(district, AreaKind.DISTRICT, district.get("population_2020"))]
    for street in document["streets"]:
        found.append(_area(street, AreaKind.STREET, street.get("population")))
        found += [
            _area(community, AreaKind(community["kind"]), community.get("population"))
            for community in street["communities"]
        ]
    return found


def values_of(document: Mapping[str, Any]) -> list[tuple[str, AreaValueIn]]:
    """Return what a district file says of its areas, by code."""
    district = document["district"]
    found = [*_values(district, "population_2020", district.get("population_source"))]
    for street in document["streets"]:
        for entry in (street, *street["communities"]):
            found += _values(entry, "population", entry.get("source"))
    return found


def _values(
    entry: Mapping[str, Any], population: str, source: Mapping[str, str | None] | None
) -> Iterator[tuple[str, AreaValueIn]]:
    said = source or {}
    words = "；".join(part for part in (said.get("note"), said.get("url")) if part) or "区划登记文件"
    for kind, given in (
        (ValueKind.POPULATION, entry.get(population)),
        (ValueKind.HOUSEHOLDS, entry.get("households")),
    ):
        if given is not None:
            value = AreaValueIn(
                kind=kind,
                value=str(given),
                unit=UNITS[kind],
                valid_from=_day_of(said.get("date") or ""),
                source=words,
            )
            yield entry["code"], value


def _day_of(said: str) -> date | None:
    """Read a day, or a year, of which its last day is meant: figures of a year are those of its end."""
    if len(said) == len("2020"):
        return date(int(said), 12, 31)
    return date.fromisoformat(said) if said else None


def _area(entry: Mapping[str, Any], kind: AreaKind, population: int | None) -> AreaChanged:
    return AreaChanged(code=entry["code"], name=entry["name"], kind=kind, population=population)
