"""Masked forms show enough to recognise oneself and too little to be found by others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.masking import mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王*明"),
        ("欧阳明", "欧阳*"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿不都拉", "阿***"),
        ("买买提·艾力", "买**·艾*"),
        ("John Smith", "J*** S****"),
        ("J Smith", "* S****"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110***********002X"),
        ("USA110066041015", "USA********1015"),
        ("E12345678", "E******78"),
        ("00012345", "0*****45"),
        ("AB123", "A**23"),
        ("X1", "**"),
    ],
)
def test_document_numbers(number: str, shown: str) -> None:
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("13812345678", "138****5678"),
        ("+85261234567", "+852*****567"),
        ("+290123", "*******"),
        ("", ""),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.text(alphabet=st.characters(exclude_characters="* ·-"), min_size=1))
def test_nothing_is_ever_shown_whole(text: str) -> None:
    for mask in (mask_name, mask_id, mask_phone):
        assert "*" in mask(text)
