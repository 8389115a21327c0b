"""Numbers the suite gives out: case numbers, volunteer numbers and tracking codes (rules C2, B3.6).

Case and volunteer numbers end in an ISO 7064 MOD 11,10 digit, which finds every single wrong digit and nearly
every swap. A volunteer number is drawn from a series and says nothing about the person.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from stdnum.iso7064 import mod_11_10

TRACKING_ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
"""Without 0 O, 1 I L, and without B S Z, which look like 8 5 2."""
TRACKING_LENGTH = 8
LOOK_ALIKES = str.maketrans("BSZ", "852")


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The parts of a case number: 12-digit area of the community, day of receipt, serial of that day."""

    area: str
    day: date
    serial: int


@dataclass(frozen=True, slots=True)
class VolunteerNumber:
    """The parts of a volunteer number: 6-digit district, last two digits of the year, serial of that year."""

    district: str
    year: int
    serial: int


def case_number(area: str, day: date, serial: int) -> str:
    """26 digits: area 12, yyyymmdd, serial 5, check digit. Raises ValueError for parts that do not fit."""
    return _with_check(_digits(area, 12, "area code") + f"{day:%Y%m%d}".zfill(8) + _serial(serial, 5))


def volunteer_number(district: str, year: int, serial: int) -> str:
    """16 digits: district 6, last two of the year, serial 7, check digit. Raises like `case_number`."""
    return _with_check(_digits(district, 6, "district code") + f"{year % 100:02}" + _serial(serial, 7))


def parse(case_no: str) -> CaseNumber:
    """The parts of a case number; raises ValueError for one that was never given out."""
    number = _checked(case_no, 26, "case number")
    try:
        day = date(int(number[12:16]), int(number[16:18]), int(number[18:20]))
    except ValueError:
        raise ValueError("digits 13 to 20 of a case number are its day; this is no day") from None
    return CaseNumber(number[:12], day, int(number[20:25]))


def parse_volunteer(volunteer_no: str) -> VolunteerNumber:
    """The parts of a volunteer number; raises ValueError for one that was never given out."""
    number = _checked(volunteer_no, 16, "volunteer number")
    return VolunteerNumber(number[:6], int(number[6:8]), int(number[8:15]))


def tracking_code(key: bytes, case_no: str) -> str:
    """The code that opens public tracking together with the number: 8 signs (38 bits) of a keyed HMAC-SHA256.

    It cannot be worked out from the number without the key and needs no column. The same key must stay for as
    long as receipts are out.
    """
    value = int.from_bytes(hmac.digest(key, case_no.encode(), hashlib.sha256), "big")
    signs = []
    for _ in range(TRACKING_LENGTH):
        value, sign = divmod(value, len(TRACKING_ALPHABET))
        signs.append(TRACKING_ALPHABET[sign])
    return "".join(signs)


def matches(code: str, expected: str) -> bool:
    """Whether a typed code is the expected one: any case, spaces, hyphens, look-alikes; in constant time."""
    return hmac.compare_digest(_read(code).encode(errors="replace"), expected.encode())


def _read(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code).upper()
    return re.sub(r"[\s-]", "", plain).translate(LOOK_ALIKES)


def _with_check(digits: str) -> str:
    return digits + mod_11_10.calc_check_digit(digits)


def _checked(number: str, length: int, what: str) -> str:
    _digits(number, length, what)
    if not mod_11_10.is_valid(number):
        raise ValueError(f"the check digit of this {what} does not fit: please compare it with the receipt")
    return number


def _digits(text: str, length: int, what: str) -> str:
    if not re.fullmatch(f"[0-9]{{{length}}}", text):
        raise ValueError(f"a {what} has {length} digits")
    return text


def _serial(serial: int, width: int) -> str:
    if not 0 <= serial < 10**width:
        raise ValueError(f"a serial has at most {width} digits")
    return f"{serial:0{width}}"


def _compact(text: object) -> object:
    if not isinstance(text, str):
        return text
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))


def _case_no(text: object) -> object:
    number = _compact(text)
    if isinstance(number, str):
        parse(number)
    return number


def _volunteer_no(text: object) -> object:
    number = _compact(text)
    if isinstance(number, str):
        parse_volunteer(number)
    return number


CaseNo = Annotated[str, Field(pattern="^[0-9]{26}$"), BeforeValidator(_case_no)]
"""A case number with its check digit verified; spaces, hyphens and full-width digits are understood."""
_CASE_NO = TypeAdapter[str](CaseNo)


def case_no_typed(typed: str) -> str:
    """Return a case number as it was given out; what cannot be one stays as it was typed."""
    try:
        return _CASE_NO.validate_python(typed)
    except ValidationError:
        return typed


VolunteerNo = Annotated[str, Field(pattern="^[0-9]{16}$"), BeforeValidator(_volunteer_no)]
"""A volunteer number with its check digit verified; read like a case number."""
