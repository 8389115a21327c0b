"""The words of a text, for search: pairs of Chinese signs, and words of letters or digits.

Chinese has no spaces; every two neighbouring signs count as a word, so that whoever looks for two signs or
more of a text finds it. No dictionary is needed, and none gets old.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_FORMAT = "Cf"
"""Kind of the signs without width that come along when a text is copied."""


def plain(text: str) -> str:
    """Return a text in the one form in which texts are compared: half width, lower case, nothing unseen."""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != _FORMAT)
    return "".join(seen).lower()


def folded(text: str) -> str:
    """Return a text in the form in which what it means is recognised: plain, and in simplified signs."""
    return plain(text).translate(_simplified())


def signs(text: str) -> str:
    """Return the letters and digits of a text, folded: whatever is put between them does not hide a word."""
    return "".join(filter(str.isalnum, folded(text)))


@cache
def _simplified() -> dict[int, str]:
    file = Path(__file__).with_name("simplified.txt").read_text(encoding="utf-8")
    groups = [group for line in file.splitlines() if not line.startswith("#") for group in line.split()]
    return {ord(other): group[0] for group in groups for other in group[1:]}


def words(text: str) -> list[str]:
    """Return the words of a text in their order, doubles included; a Chinese sign by itself is a word."""
    found: list[str] = []
    for run in _RUNS.finditer(plain(text)):
        signs = run["han"] or ""
        found += [signs[n : n + 2] for n in range(max(1, len(signs) - 1))] if signs else [run[0]]
    return found
