"""Who somebody is: identity documents, what their numbers say, names and mobile numbers.

Numbers are checked by form, check digit and birth date only. No table of area codes is used: such tables
refuse real elderly people, whose codes were dissolved long ago (rules B4, GB 11643-1999).
No error raised here repeats the value; a model that holds these types should also set
`hide_input_in_errors`, so that pydantic does not print it either.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated

import phonenumbers
from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from stdnum.cn import ric

from onewindow_shared.contracts.common import Contract

CHINA = timezone(timedelta(hours=8))
MOBILE_KINDS = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
NAME_SIGNS = frozenset("·'-. 〇")
MIDDLE_DOTS = str.maketrans(dict.fromkeys("・•‧∙⋅･．", "·") | {"’": "'", "‘": "'"})


class IdKind(StrEnum):
    """The documents with which a person can be identified at a window."""

    RESIDENT_ID = "resident_id"
    """居民身份证"""
    HK_MACAO_PERMIT = "hk_macao_permit"
    """港澳居民来往内地通行证"""
    TAIWAN_PERMIT = "taiwan_permit"
    """台湾居民来往大陆通行证"""
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    """港澳台居民居住证"""
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    """外国人永久居留身份证"""
    PASSPORT = "passport"
    """护照"""


class Sex(StrEnum):
    """Sex by its code in GB/T 2261.1-2003."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_STATED = "9"


FORMS = {
    IdKind.RESIDENT_ID: r"[1-8][0-9]{16}[0-9X]",
    IdKind.HK_MACAO_PERMIT: r"[HM][0-9]{8}(?:[0-9]{2})?",
    IdKind.TAIWAN_PERMIT: r"[0-9]{8}(?:[0-9]{2})?",
    IdKind.HMT_RESIDENCE_PERMIT: r"8[123][0-9]{15}[0-9X]",
    IdKind.FOREIGN_PERMANENT_RESIDENT: r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}",
    IdKind.PASSPORT: r"[A-Z0-9]{5,20}",
}
CITIZEN_STYLE = re.compile(r"[0-9]{17}[0-9X]")
"""The 18 signs of GB 11643, also on residence permits (81, 82, 83) and foreigners' cards since 2023 (9)."""


def half_width(text: object) -> object:
    """Full-width digits and letters as ASCII, upper case, no white space; what is no text stays as it is."""
    if not isinstance(text, str):
        return text
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


class IdDocument(Contract):
    """An identity document; two that are equal are the same document of the same person."""

    model_config = ConfigDict(hide_input_in_errors=True)

    kind: IdKind
    number: Annotated[str, Field(min_length=5, max_length=20, repr=False), BeforeValidator(half_width)]

    @field_validator("number")
    @classmethod
    def _fits_its_kind(cls, number: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind is None:
            return number
        if not re.fullmatch(FORMS[kind], number):
            raise ValueError(f"this number does not have the form of a {kind}")
        if kind is not IdKind.PASSPORT and CITIZEN_STYLE.fullmatch(number):
            _check_citizen_style(number)
        return number

    @property
    def lookup_key(self) -> str:
        """What to index to find the person again.

        The 18-sign numbers share one space (first sign 1-8 citizens and 81-83 permits, 9 foreigners), so one
        typed under the wrong kind still finds its owner; other numbers mean something only with their kind.
        """
        shared = self.kind is not IdKind.PASSPORT and CITIZEN_STYLE.fullmatch(self.number)
        return self.number if shared else f"{self.kind}:{self.number}"


def _check_citizen_style(number: str) -> None:
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError("the check digit of this number does not fit: please compare it with the document")
    born = _citizen_birth_date(number)
    if born is None or born > _today():
        raise ValueError("signs 7 to 14 of this number are no possible birth date")


def _today() -> date:
    """The machine's day: it only catches typing errors, and contracts may not import the injected clock."""
    return datetime.now(CHINA).date()  # noqa: TID251


def _citizen_birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def birth_date(document: IdDocument) -> date | None:
    """The birth date written in the number (GB 11643), or None where the number holds none.

    The old foreigner's card has a two-digit year, hence no certain century: None.
    """
    if document.kind is IdKind.PASSPORT or not CITIZEN_STYLE.fullmatch(document.number):
        return None
    return _citizen_birth_date(document.number)


def sex(document: IdDocument) -> Sex:
    """Sex by the 17th sign, odd for men (GB 11643); `not_stated` where the number does not say."""
    if birth_date(document) is None:
        return Sex.NOT_STATED
    return Sex.MALE if int(document.number[16]) % 2 else Sex.FEMALE


def age_on(birth: date, day: date) -> int:
    """Age in full years (周岁) on a day; the birthday itself already counts.

    That one is a year older only on the day after the birthday is said by an interpretation on criminal
    cases of minors, not by civil law: 民法典 art. 1259 lets "以上" and "届满" include the number itself,
    and windows and identity cards go by the birthday. Somebody born on 29 February has the birthday on the
    last day of February in common years (as in 民法典 art. 202). Raises ValueError for a day before the
    birth.
    """
    if day < birth:
        raise ValueError("the day lies before the birth")
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    if before_birthday and (birth.month, birth.day) == (2, 29) and (day.month, day.day) == (2, 28):
        before_birthday = _is_leap(day.year)
    return day.year - birth.year - before_birthday


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


MAINLAND = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
"""Mobile numbers of the mainland; any other number is left to the numbering plans of `phonenumbers`."""


def _mobile(text: object) -> object:
    """E.164 of a mobile number in any usual writing; raises ValueError for every other number."""
    if not isinstance(text, str):
        return text
    compact = re.sub(r"[-‐‑–—().]", "", str(half_width(text)))
    if not re.fullmatch(r"\+?[0-9]{5,20}", compact):
        raise ValueError("this is not a phone number")
    mainland = MAINLAND.fullmatch(compact)
    if mainland:
        return f"+86{mainland[1]}"
    try:
        number = phonenumbers.parse(compact, "CN")
    except phonenumbers.NumberParseException:
        raise ValueError("this is not a phone number") from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in MOBILE_KINDS:
        raise ValueError("this is not a mobile number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _name(text: object) -> object:
    """The name in NFC with single spaces and one middle dot; raises ValueError for signs no name has."""
    if not isinstance(text, str):
        return text
    name = " ".join(unicodedata.normalize("NFC", text).translate(MIDDLE_DOTS).split())
    if not all(_of_a_name(sign) for sign in name):
        raise ValueError("a name has letters, spaces and the signs · ' - . only: no emoji, digits, symbols")
    if name and not any(_is_letter(sign) for sign in name):
        raise ValueError("a name has at least one letter")
    return name


def _of_a_name(sign: str) -> bool:
    return _is_letter(sign) or sign in NAME_SIGNS or unicodedata.category(sign).startswith("M")


def _is_letter(sign: str) -> bool:
    """Letters; also all of planes 2 and 3, where rare name characters are newer than Python's own table."""
    return unicodedata.category(sign).startswith("L") or sign == "〇" or "\U00020000" <= sign <= "\U0003fffd"


Mobile = Annotated[str, Field(max_length=16, examples=["+8613800138000"]), BeforeValidator(_mobile)]
"""A mobile number as E.164; +86, 0086 or 86 in front, spaces, hyphens, full-width digits are understood."""

PersonName = Annotated[str, Field(min_length=1, max_length=50, examples=["张三"]), BeforeValidator(_name)]
"""A person's name in any script. `Robert'); DROP TABLE` is refused because no name has ";" or ")", not for
fear of SQL: statements are always bound, and `O'Brien` is stored as written."""
