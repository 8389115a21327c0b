"""Case numbers, volunteer numbers and tracking codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from onewindow_shared.contracts import numbers
from onewindow_shared.contracts.numbers import CaseNo, VolunteerNo

CASE: TypeAdapter[str] = TypeAdapter(CaseNo)
VOLUNTEER: TypeAdapter[str] = TypeAdapter(VolunteerNo)
NUMBER = numbers.case_number("330902001001", date(2026, 11, 21), 42)

areas = st.integers(0, 10**12 - 1).map(lambda n: f"{n:012}")


def test_a_case_number_shows_area_day_and_serial() -> None:
    assert NUMBER[:-1] == "330902001001" + "20261121" + "00042"
    assert numbers.parse(NUMBER) == numbers.CaseNumber("330902001001", date(2026, 11, 21), 42)


@given(area=areas, day=st.dates(), serial=st.integers(0, 99_999))
def test_every_case_number_reads_back(area: str, day: date, serial: int) -> None:
    number = numbers.case_number(area, day, serial)
    assert CASE.validate_python(number) == number
    assert numbers.parse(number) == numbers.CaseNumber(area, day, serial)


@given(place=st.integers(0, 25), step=st.integers(1, 9))
def test_every_single_wrong_digit_is_found(place: int, step: int) -> None:
    wrong = NUMBER[:place] + str((int(NUMBER[place]) + step) % 10) + NUMBER[place + 1 :]
    with pytest.raises(ValidationError):
        CASE.validate_python(wrong)


@pytest.mark.parametrize("separator", [" ", "-", "　"])
def test_a_case_number_may_be_typed_in_groups(separator: str) -> None:
    assert CASE.validate_python(separator.join([NUMBER[:12], NUMBER[12:20], NUMBER[20:]])) == NUMBER


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "26 digits"),
        ("1" * 25, "26 digits"),
        ("a" * 26, "26 digits"),
        ("١" * 26, "26 digits"),
        ("\ud800", "26 digits"),
        (NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), "check digit"),
        (numbers._with_check("330902001001" + "20261301" + "00042"), "no day"),
    ],
)
def test_a_wrong_case_number_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CASE.validate_python(text)


@pytest.mark.parametrize(
    ("area", "serial", "reason"), [("330902", 1, "area code"), ("330902001001", 100_000, "5 digits")]
)
def test_parts_that_do_not_fit_make_no_number(area: str, serial: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        numbers.case_number(area, date(2026, 1, 1), serial)


@given(district=st.integers(0, 999_999).map("{:06}".format), serial=st.integers(0, 9_999_999))
def test_every_volunteer_number_reads_back(district: str, serial: int) -> None:
    number = numbers.volunteer_number(district, 2026, serial)
    assert VOLUNTEER.validate_python(number) == number
    assert numbers.parse_volunteer(number) == numbers.VolunteerNumber(district, 26, serial)


def test_the_form_is_described_to_clients() -> None:
    assert CASE.json_schema()["pattern"] == "^[0-9]{26}$"
    assert VOLUNTEER.json_schema()["pattern"] == "^[0-9]{16}$"


def test_a_mistyped_volunteer_number_is_refused() -> None:
    number = numbers.volunteer_number("330902", 2026, 7)
    with pytest.raises(ValidationError, match="check digit"):
        VOLUNTEER.validate_python(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_a_tracking_code_is_stable_and_depends_on_key_and_number() -> None:
    code = numbers.tracking_code(b"key", NUMBER)
    assert code == numbers.tracking_code(b"key", NUMBER)
    assert len(code) == numbers.TRACKING_LENGTH
    assert set(code) <= set(numbers.TRACKING_ALPHABET)
    assert code != numbers.tracking_code(b"other", NUMBER)
    assert code != numbers.tracking_code(b"key", NUMBER[:-2] + "00")


@given(key=st.binary(min_size=1))
def test_a_code_is_recognised_however_it_is_typed(key: bytes) -> None:
    code = numbers.tracking_code(key, NUMBER)
    swapped = code.translate(str.maketrans("852", "BSZ"))
    for typed in (code, code.lower(), f" {code[:4]} {code[4:]}", f"{code[:4]}-{code[4:]}", swapped):
        assert numbers.matches(typed, code)


@given(st.text())
def test_no_other_text_is_taken_for_the_code(text: str) -> None:
    assert not numbers.matches(text, "K7M4PQRT")


def test_broken_text_is_no_code_either() -> None:
    assert not numbers.matches("\ud800", "K7M4PQRT")
