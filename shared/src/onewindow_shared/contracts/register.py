"""What the register says of an area: dated values with their sources (rules K1-K4, K8)."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from onewindow_shared.contracts.common import Contract, Moment, StatedDay, Text

SourceNote = Annotated[Text, StringConstraints(max_length=300)]
WEEK: Final = "周"


class ValueKind(StrEnum):
    """What is known of an area."""

    POPULATION = "population"
    """Residents (常住人口)."""
    HOUSEHOLDS = "households"
    STAFF = "staff"
    """People who work full time in committee and station (专职工作人员)."""
    COMMITTEE_MEMBERS = "committee_members"
    POLICE = "police"
    FACILITY_AREA = "facility_area"
    """Of the place for all services together (综合服务设施)."""
    PREMISES_AREA = "premises_area"
    """Of offices and rooms for services (办公和服务用房)."""
    ACTIVITY_AREA = "activity_area"
    """Of what residents use for their activities."""
    STATION_AREA = "station_area"
    """Of the community's service station (社区服务站)."""
    CULTURE_ROOM_AREA = "culture_room_area"
    CENTRE_AREA = "centre_area"
    """Of a street's service centre (街道社区服务中心)."""
    TRAINING_HOURS = "training_hours"
    """Training that each of the staff had within a year, at least."""
    SERVICE_HOURS = "service_hours"
    """When the window is open, by weekday: `1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30`; 1 is Monday."""


UNITS: Final[Mapping[ValueKind, str]] = {
    ValueKind.POPULATION: "人",
    ValueKind.HOUSEHOLDS: "户",
    ValueKind.STAFF: "名",
    ValueKind.COMMITTEE_MEMBERS: "人",
    ValueKind.POLICE: "名",
    ValueKind.FACILITY_AREA: "㎡",
    ValueKind.PREMISES_AREA: "㎡",
    ValueKind.ACTIVITY_AREA: "㎡",
    ValueKind.STATION_AREA: "㎡",
    ValueKind.CULTURE_ROOM_AREA: "㎡",
    ValueKind.CENTRE_AREA: "㎡",
    ValueKind.TRAINING_HOURS: "小时/人/年",
    ValueKind.SERVICE_HOURS: WEEK,
}
MEASURED: Final = frozenset({"㎡", "小时/人/年"})
"""Units that may have a fraction; people and households are counted."""
_WHOLE = re.compile(r"0|[1-9][0-9]{0,7}")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{1,2})?")
_HOURS = re.compile(r"([1-7])(?:-([1-7]))?((?: [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])+)")
_MIDNIGHT = "24:00"


def in_one_form(kind: ValueKind, written: str) -> str:
    """Return a value as the register keeps it; raises `ValueError` for what is none of its kind."""
    text = " ".join(written.split())
    if UNITS[kind] == WEEK:
        return _hours(text)
    if UNITS[kind] not in MEASURED:
        if _WHOLE.fullmatch(text) is None:
            raise ValueError("a whole number of at most eight digits is meant")
        return text
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("a number of at most eight digits and two behind the point is meant")
    return f"{Decimal(text).normalize():f}"


def _hours(text: str) -> str:
    parts = [part.strip() for part in text.split(";")]
    before = 0
    for part in parts:
        found = _HOURS.fullmatch(part)
        if found is None:
            raise ValueError("write weekdays and times like `1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30`")
        first, last = int(found[1]), int(found[2] or found[1])
        if not before < first <= last:
            raise ValueError("weekdays rise from 1, Monday, to 7, and none is there twice")
        before = last
        ends = re.split("[ -]", found[3].strip())
        if sorted(set(ends)) != ends or ends[-1] > _MIDNIGHT:
            raise ValueError("times of a day rise, and end at 24:00")
    return "; ".join(parts)


class AreaValueIn(Contract):
    """A value of an area from a day on; a later entry for the same day corrects it, and both are kept."""

    kind: ValueKind
    value: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None
    """Null if it is not known from that day on."""
    unit: str = Field(max_length=20)
    """The kind's own: nobody enters 亩 for ㎡."""
    valid_from: StatedDay | None
    """First day on which it is so; null where the source names none."""
    source: SourceNote

    @field_validator("value")
    @classmethod
    def _of_its_kind(cls, value: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("kind")
        return value if value is None or kind is None else in_one_form(kind, value)

    @field_validator("unit")
    @classmethod
    def _its_unit(cls, unit: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind is not None and unit != UNITS[kind]:
            raise ValueError(f"{kind} is told in {UNITS[kind]}")
        return unit


class KnownValue(Contract):
    """A value of an area as it is on a day."""

    kind: ValueKind
    value: str
    unit: str
    valid_from: date | None
    source: str


class AreaValueOut(Contract):
    """An entry of the register's history."""

    no: int
    area: str
    kind: ValueKind
    value: str | None
    unit: str
    valid_from: date | None
    source: str
    entered_by: str
    entered_at: Moment


class ProfileOut(Contract):
    """What the register says of an area on a day."""

    area: str
    name: str
    as_of: date
    values: list[KnownValue]
    """At most one of each kind; what is not known is not there."""
