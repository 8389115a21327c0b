"""The base of every contract, pages, and the area codes of the district."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
)

Item = TypeVar("Item")


class Contract(BaseModel):
    """A value that crosses a border: immutable, and refusing fields it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )


class Page(Contract, Generic[Item]):
    """One page of a keyset-paged list; there is no total, which would cost more with every case."""

    model_config = ConfigDict(use_attribute_docstrings=False)

    items: Sequence[Item]
    next: Annotated[str | None, Field(description="Cursor of the following page, null on the last one")]


class Resource(Contract):
    """A single record that can be written conditionally: `version` is its `ETag`."""

    version: int


Moment = Annotated[AwareDatetime, Field(description="RFC 3339 instant with offset; stored as UTC")]

YEARS = range(1900, 2200)
"""Years that anything here can be about: near the ends of time calendars and databases give up."""
_DatedT = TypeVar("_DatedT", date, datetime)


def _within_reach(stated: _DatedT) -> _DatedT:
    if stated.year not in YEARS:
        raise ValueError(f"a year from {YEARS[0]} to {YEARS[-1]} is meant")
    return stated


def _as_stored(stated: datetime) -> datetime:
    return stated.astimezone(UTC)


StatedDay = Annotated[date, AfterValidator(_within_reach)]
"""A day that somebody states."""
StatedMoment = Annotated[Moment, AfterValidator(_within_reach), AfterValidator(_as_stored)]
"""An instant that somebody states; it is answered as it is kept."""
Whole = Annotated[int, Strict()]
"""A whole number that somebody states: neither `true` nor a text is one."""
RowId = Annotated[Whole, Field(ge=1, lt=2**63)]
"""The number of a record, as somebody states it."""

LEVELS = (6, 9, 12)
"""Digits of a district's, a street's and a community's code."""
_PADDED = 12


def area_prefix(code: str) -> str:
    """Return the significant part of a statistical area code: 6 district, 9 street, 12 community digits.

    A 12-digit code that ends in zeros names a street or a district (统计用区划代码).
    """
    if len(code) == _PADDED:
        for level in LEVELS[:2]:
            if code.endswith("0" * (_PADDED - level)):
                return code[:level]
    return code


def _area(code: str) -> str:
    prefix = area_prefix(code)
    if len(prefix) not in LEVELS:
        raise ValueError("an area code has 6 (district), 9 (street) or 12 (community) digits")
    return prefix


def _community(code: str) -> str:
    if area_prefix(code) != code:
        raise ValueError("this is the code of a street or a district, not of a community")
    return code


AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$"), AfterValidator(_area)]
CommunityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), AfterValidator(_community)]
GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}[0-9]{3}$")]
"""The community's twelve digits, and three of its own."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


_TRICKS = frozenset("\x7f\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""DEL, and the signs that turn the direction of what follows: a text would read otherwise than it is."""
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Kinds of signs that nobody sees: two texts that look the same would not be the same."""
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINT = re.compile(f"(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])")
"""What makes one picture of two, as of a family: it is seen."""


def visible(text: str) -> str:
    """Return a text without signs that nobody sees.

    Raises `ValueError` for control characters, for signs that turn the direction, and where nothing is left.
    """
    seen = text if text.isprintable() else _seen(text)
    if not seen.strip():
        raise ValueError("there is nothing to be seen in this text")
    return seen.strip()


def _seen(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text) or _TRICKS.intersection(text):
        raise ValueError("control characters are not allowed")
    joints = {joint.start() for joint in _JOINT.finditer(text)}
    return "".join(
        sign
        for place, sign in enumerate(text)
        if sign in "\n\t" or place in joints or unicodedata.category(sign) not in _UNSEEN
    )


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(visible)
]
"""Free text written by a person: 1 to 2000 characters, none a control; unseen signs are left out."""
ReadOff = Annotated[Text, StringConstraints(max_length=64)]
"""A number or code as somebody types it from a paper: whatever it is, no database refuses to look for it."""


def not_before(first: str) -> AfterValidator:
    """Refuse the later end of a period whose earlier end, the field `first` before it, lies behind it."""

    def check(last: date | None, info: ValidationInfo) -> date | None:
        begins = (info.data or {}).get(first)
        if begins is not None and last is not None and last < begins:
            raise ValueError(f"this lies before `{first}`")
        return last

    return AfterValidator(check)


def rfc3339(moment: datetime) -> str:
    """Write an aware instant the way every contract does."""
    return moment.isoformat().replace("+00:00", "Z")
