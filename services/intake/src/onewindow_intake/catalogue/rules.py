"""Finding items by what people type: Chinese, pinyin initials, or both mixed."""

import unicodedata
from collections.abc import Sequence

from pypinyin import Style, pinyin

Signs = Sequence[frozenset[str]]
"""What may be typed for each sign of a name: itself, and the initials of all its readings."""


def typed_as(name: str) -> Signs:
    """Return what may be typed for each sign of a name.

    Every reading of a sign counts, whatever its neighbours are: people type 银行 as yh and as yx.
    """
    return [_readings(sign) for sign in _plain(name)]


def found(signs: Signs, typed: str) -> bool:
    """Say whether something typed names a run of the signs."""
    wanted = _plain(typed)
    starts = range(len(signs) - len(wanted) + 1)
    return any(all(sign in signs[start + n] for n, sign in enumerate(wanted)) for start in starts)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _readings(sign: str) -> frozenset[str]:
    (readings,) = pinyin(sign, style=Style.FIRST_LETTER, heteronym=True) or [[sign]]
    return frozenset([sign, *(unicodedata.normalize("NFD", reading)[:1] for reading in readings)])
