"""Loads a district: its register, its departments, the calendar years published so far, its first lists."""

from importlib.metadata import version
from importlib.resources import files
from typing import Any

from onewindow_casework.areas.queries import is_decided
from onewindow_casework.certificates.seeding import keep_certificates
from onewindow_casework.disclosure.service import begin as begin_disclosure
from onewindow_casework.districts import rules, service
from onewindow_casework.lists.publishing import publish_for
from onewindow_casework.lists.queries import latest
from onewindow_casework.matters import service as matters
from onewindow_casework.matters.models import Matter
from onewindow_casework.norms.service import keep_shipped as keep_norm
from onewindow_casework.settings import settings_of
from onewindow_casework.values.service import keep_shipped as keep_value
from onewindow_shared.contracts.casework import CalendarIn, DepartmentOut, OffDay
from onewindow_shared.contracts.lists import ListIn
from onewindow_shared.contracts.norms import NormIn
from onewindow_shared.plumbing.published_years import available_years, published
from onewindow_shared.plumbing.reference import Area, CalendarYear
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.yamlfiles import load

FIRST_LISTS = "社区工作事项清单、协助政府的社区工作事项清单、禁入事项和不出具证明清单"


def seed(unit: Unit) -> None:
    """Load the district; what is there already stays, and only what changed is told to the other services."""
    document = _district(unit)
    for area in rules.areas_of(document):
        if not is_decided(unit, area.code):
            known = unit.session.get(Area, area.code)
            service.keep_area(
                unit, area.model_copy(update={"population": known.population}) if known else area
            )
    for code, value in rules.values_of(document):
        keep_value(unit, code, value)
    for entry in document["departments"]:
        service.keep_department(
            unit,
            DepartmentOut(
                district=document["district"]["code"],
                code=entry["code"],
                name=entry["name_zh"],
                name_en=entry["name_en"],
            ),
        )
    for year in available_years():
        if unit.session.get(CalendarYear, year) is None:
            service.import_year(unit, year, _shipped(year))
    hold_norms(unit, document["district"]["code"])
    put_up_lists(unit, document["district"]["code"])
    begin_disclosure(unit)


def hold_norms(unit: Unit, district: str) -> None:
    """Put in what law, policy and places want of communities."""
    shipped = _file("norms.yaml")
    for entry in shipped["norms"]:
        said = {name: given for name, given in entry.items() if name != "from"}
        keep_norm(unit, district, NormIn.model_validate(shipped["documents"][entry["from"]] | said))


def put_up_lists(unit: Unit, district: str) -> None:
    """Put in what law and policy say of communities, and publish it as the district's first lists."""
    keep_certificates(unit, district)
    for entry in _file("matters.yaml")["matters"]:
        matters.keep(unit, Matter(district=district, **{"aliases": [], "phrases": [], **entry}))
    unit.session.flush()
    if latest(unit, district) is None:
        publish_for(unit, district, ListIn(title=FIRST_LISTS, effective_from=unit.today))


def _file(name: str) -> Any:
    return load((files(__package__) / "seed" / name).read_bytes())


def _district(unit: Unit) -> Any:
    file = settings_of(unit).district_file
    return load(file.read_bytes()) if file else _file("district.yaml")


def _shipped(year: int) -> CalendarIn:
    package = f"chinesecalendar {version('chinesecalendar')}"
    days = [
        OffDay.model_validate({"day": day.day, "kind": day.kind, "name": day.name})
        for day in published([year])
    ]
    return CalendarIn(notice=package, source="PyPI package chinesecalendar", days=days)
