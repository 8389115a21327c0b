"""Loads a district: its register of areas, its departments, and the calendar years published so far."""

from importlib.metadata import version
from importlib.resources import files
from typing import Any

import yaml

from onewindow_casework.certificates.seeding import keep_certificates
from onewindow_casework.districts import rules, service
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.casework import CalendarIn, DepartmentOut, OffDay
from onewindow_shared.plumbing.published_years import available_years, published
from onewindow_shared.plumbing.reference import CalendarYear
from onewindow_shared.plumbing.unit import Unit


def seed(unit: Unit) -> None:
    """Load the district; what is there already stays, and only what changed is told to the other services."""
    document = _district(unit)
    for area in rules.areas_of(document):
        service.keep_area(unit, area)
    for entry in document["departments"]:
        service.keep_department(
            unit, DepartmentOut(code=entry["code"], name=entry["name_zh"], name_en=entry["name_en"])
        )
    keep_certificates(unit, document["district"]["code"])
    for year in available_years():
        if unit.session.get(CalendarYear, year) is None:
            service.import_year(unit, year, _shipped(year))


def _district(unit: Unit) -> Any:
    file = settings_of(unit).district_file or files(__package__) / "seed" / "district.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _shipped(year: int) -> CalendarIn:
    package = f"chinesecalendar {version('chinesecalendar')}"
    days = [
        OffDay.model_validate({"day": day.day, "kind": day.kind, "name": day.name})
        for day in published([year])
    ]
    return CalendarIn(notice=package, source="PyPI package chinesecalendar", days=days)
