"""The one way in which texts are cut into words for search."""

from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.plumbing.words import folded, plain, signs, words

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=20)


def test_neighbouring_signs_are_words() -> None:
    assert words("最低生活保障") == ["最低", "低生", "生活", "活保", "保障"]


def test_a_sign_by_itself_is_a_word() -> None:
    assert words("我 妈") == ["我", "妈"]


def test_letters_and_digits_are_whole_words_wherever_they_stand() -> None:
    assert words("办ＩＤ卡 2026年，A-12_b") == ["办", "id", "卡", "2026", "年", "a", "12", "b"]


def test_signs_beyond_the_basic_plane_are_chinese_too() -> None:
    assert words("𠮷田") == ["𠮷田"]


def test_nothing_has_no_words() -> None:
    assert words(" ，。!_-") == []


@given(HAN, st.data())
def test_any_two_signs_or_more_of_a_text_are_among_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    assert " ".join(words(part)) in " ".join(words(text))


@given(st.text(max_size=60))
def test_every_text_can_be_cut_and_no_word_is_empty(text: str) -> None:
    assert all(words(text))


def test_traditional_signs_are_recognised_as_simplified_ones() -> None:
    assert folded("拆遷評比，一票否決；無房証明") == "拆迁评比,一票否决;无房证明"


@given(HAN)
def test_what_is_folded_is_folded_once_and_for_all(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_signs_are_letters_and_digits_alone(text: str) -> None:
    assert all(one.isalnum() for one in signs(text))


def test_signs_that_nobody_sees_hide_no_word() -> None:
    for sign in ("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"):
        assert plain(f"{sign}低{sign}保 ID{sign}") == "低保 id"
        assert words(f"低{sign}保") == ["低保"]
