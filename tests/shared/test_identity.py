"""Identity documents, ages, names and mobile numbers, in the forms in which people bring them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.cn import ric

from onewindow_shared.contracts.identity import (
    IdDocument,
    IdKind,
    Mobile,
    PersonName,
    Sex,
    age_on,
    birth_date,
    sex,
)

MOBILE: TypeAdapter[str] = TypeAdapter(Mobile)
NAME: TypeAdapter[str] = TypeAdapter(PersonName)


def document(kind: str, number: str) -> IdDocument:
    return IdDocument(kind=IdKind(kind), number=number)


def numbered(area: str, born: date, sequence: int) -> str:
    front = f"{area}{born:%Y%m%d}".zfill(14) + f"{sequence:03}"
    return front + ric.calc_check_digit(front + "0")


REAL = [
    ("resident_id", "11010519491231002X"),
    ("resident_id", "34052419800101001X"),
    ("resident_id", "440524188001010014"),
    ("resident_id", numbered("321181", date(1965, 3, 2), 11)),
    ("resident_id", numbered("330902", date(1938, 7, 9), 24)),
    ("hmt_residence_permit", numbered("830000", date(1990, 5, 6), 1)),
    ("hmt_residence_permit", numbered("810000", date(1990, 5, 6), 1)),
    ("foreign_permanent_resident", numbered("911840", date(1981, 8, 3), 7)),
    ("foreign_permanent_resident", "USA110066041015"),
    ("hk_macao_permit", "H12345678"),
    ("hk_macao_permit", "M1234567800"),
    ("taiwan_permit", "00012345"),
    ("taiwan_permit", "0001234501"),
    ("passport", "E12345678"),
]


@pytest.mark.parametrize(("kind", "number"), REAL)
def test_a_real_document_is_accepted_as_written(kind: str, number: str) -> None:
    assert document(kind, number).number == number


@pytest.mark.parametrize(
    "written", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_number_is_read_in_any_usual_writing(written: str) -> None:
    assert document("resident_id", written) == document("resident_id", "11010519491231002X")


@pytest.mark.parametrize(
    ("kind", "number", "reason"),
    [
        ("resident_id", "110105194912310021", "check digit"),
        ("resident_id", numbered("110105", date(2999, 1, 1), 2), "birth date"),
        ("resident_id", "11010519490230" + "002" + ric.calc_check_digit("110105194902300020"), "birth date"),
        ("resident_id", "110105491231002", "form of a resident_id"),
        ("resident_id", numbered("911840", date(1981, 8, 3), 7), "form of a resident_id"),
        ("resident_id", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "form of a resident_id"),
        ("hmt_residence_permit", "11010519491231002X", "form of a hmt_residence_permit"),
        ("foreign_permanent_resident", "911840198108030070", "check digit"),
        ("hk_macao_permit", "H1234567", "form of a hk_macao_permit"),
        ("taiwan_permit", "1234567A", "form of a taiwan_permit"),
        ("passport", "E1234-678", "form of a passport"),
        ("passport", "'; DROP TABLE x", "form of a passport"),
    ],
)
def test_a_wrong_number_is_refused_with_a_reason_and_without_being_repeated(
    kind: str, number: str, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason) as refusal:
        document(kind, number)
    assert number not in str(refusal.value)
    assert number not in refusal.value.errors()[0]["msg"]


@pytest.mark.parametrize("number", [None, 11010519491231002, "", "x" * 1000, "\ud800" * 9, ["1"]])
def test_what_is_no_number_at_all_is_a_plain_refusal(number: Any) -> None:
    with pytest.raises(ValidationError):
        IdDocument.model_validate({"kind": "resident_id", "number": number})


def test_an_unknown_kind_is_the_only_error_named() -> None:
    with pytest.raises(ValidationError) as refusal:
        IdDocument.model_validate({"kind": "library_card", "number": "11010519491231002X"})
    assert [error["loc"] for error in refusal.value.errors()] == [("kind",)]


def test_a_document_does_not_print_its_number() -> None:
    assert "1949" not in repr(document("resident_id", "11010519491231002X"))


def test_the_number_says_birth_and_sex() -> None:
    woman = document("resident_id", "11010519491231002X")
    assert (birth_date(woman), sex(woman)) == (date(1949, 12, 31), Sex.FEMALE)
    man = document("hmt_residence_permit", numbered("830000", date(1990, 5, 6), 1))
    assert (birth_date(man), sex(man)) == (date(1990, 5, 6), Sex.MALE)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("passport", "11010519491231002X"),
        ("foreign_permanent_resident", "USA110066041015"),
        ("taiwan_permit", "00012345"),
    ],
)
def test_other_numbers_say_nothing_about_the_person(kind: str, number: str) -> None:
    paper = document(kind, number)
    assert (birth_date(paper), sex(paper)) == (None, Sex.NOT_STATED)


def test_an_18_sign_number_finds_its_owner_under_any_kind_and_a_passport_does_not() -> None:
    number = numbered("830000", date(1990, 5, 6), 1)
    keys = {document(kind, number).lookup_key for kind in ("resident_id", "hmt_residence_permit")}
    assert keys == {number}
    assert document("passport", number).lookup_key not in keys
    assert document("taiwan_permit", "00012345").lookup_key != document("passport", "00012345").lookup_key


@given(
    area=st.integers(100000, 899999),
    born=st.dates(date(1880, 1, 1), date(2026, 1, 1)),
    sequence=st.integers(0, 999),
)
def test_every_well_formed_number_is_accepted_and_read_back(area: int, born: date, sequence: int) -> None:
    paper = document("resident_id", numbered(str(area), born, sequence))
    assert birth_date(paper) == born
    assert sex(paper) is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(place=st.integers(0, 16), step=st.integers(1, 9))
def test_every_single_wrong_digit_is_found(place: int, step: int) -> None:
    number = "11010519491231002X"
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(ValidationError):
        document("resident_id", wrong)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2010, 6, 1), date(2024, 5, 31), 13),
        (date(2010, 6, 1), date(2024, 6, 1), 14),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(2008, 2, 29), date(2024, 2, 28), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2026, 6, 1), date(2026, 6, 1), 0),
    ],
)
def test_the_birthday_itself_counts(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 6, 2), date(2026, 6, 1))


@given(birth=st.dates(), days=st.integers(0, 40_000))
def test_age_never_falls_and_grows_by_one_at_most(birth: date, days: int) -> None:
    day = date.fromordinal(min(birth.toordinal() + days, date.max.toordinal() - 1))
    assert age_on(birth, date.fromordinal(day.toordinal() + 1)) - age_on(birth, day) in (0, 1)


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+86 138 0013 8000",
        "0086-138-0013-8000",
        "8613800138000",
        "86 13800138000",
        "１３８００１３８０００",
        "＋８６　１３８００１３８０００",
        "(+86)13800138000",
        "013800138000",
        " 138–0013–8000 ",
    ],
)
def test_a_chinese_mobile_number_is_read_in_any_usual_writing(written: str) -> None:
    assert MOBILE.validate_python(written) == "+8613800138000"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("+852 6123 4567", "+85261234567"),
        ("00853 6612 3456", "+85366123456"),
        ("+1 202 555 0123", "+12025550123"),
        ("19912345678", "+8619912345678"),
    ],
)
def test_other_mobile_numbers_are_accepted_too(written: str, stored: str) -> None:
    assert MOBILE.validate_python(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0580-2022222",
        "+8657787654321",
        "1380013800",
        "1380013800A",
        "12345678901",
        "110",
        "+999123456789",
        "13800138000 ext 5",
        "+",
        "1" * 500,
        "�",
        "+852 2123 4567",
        None,
        13800138000,
    ],
)
def test_what_is_no_mobile_number_is_refused_without_being_repeated(written: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        MOBILE.validate_python(written)
    assert not written or str(written) not in refusal.value.errors()[0]["msg"]


@given(st.text())
def test_no_text_crashes_the_reading_of_numbers_and_names(text: str) -> None:
    for adapter in (MOBILE, NAME):
        try:
            once = adapter.validate_python(text)
        except ValidationError:
            continue
        assert adapter.validate_python(once) == once


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  张三 ", "张三"),
        ("张　三", "张 三"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("李〇", "李〇"),
        ("𠮷野", "𠮷野"),
        ("王\U0002ebf0", "王\U0002ebf0"),
        ("O’Brien", "O'Brien"),
        ("Jose\u0301", "José"),
        ("Anne-Marie St. John", "Anne-Marie St. John"),
        ("بکر", "بکر"),
    ],
)
def test_a_name_is_kept_in_any_script(written: str, stored: str) -> None:
    assert NAME.validate_python(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "张三😀",
        "Robert'); DROP TABLE cases;--",
        "张\x00三",
        "张\u200b三",
        "a\u202eb",
        "-",
        "张3",
        "x" * 51,
        "<b>x</b>",
        "�",
        "\ue000",
    ],
)
def test_what_is_no_name_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NAME.validate_python(written)
    assert not written.strip() or written not in refusal.value.errors()[0]["msg"]


def test_lengths_are_described_to_clients() -> None:
    number = IdDocument.model_json_schema()["properties"]["number"]
    assert (number["minLength"], number["maxLength"]) == (5, 20)
    assert NAME.json_schema()["maxLength"] == 50
