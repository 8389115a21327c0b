"""The words of a text, for search: pairs of Chinese signs, and words of letters or digits.

Chinese has no spaces; every two neighbouring signs count as a word, so that whoever looks for two signs or
more of a text finds it. No dictionary is needed, and none gets old.
"""

import re
import unicodedata

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")


def plain(text: str) -> str:
    """Return a text in the one form in which texts are compared: half width and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """Return the words of a text in their order, doubles included; a Chinese sign by itself is a word."""
    found: list[str] = []
    for run in _RUNS.finditer(plain(text)):
        signs = run["han"] or ""
        found += [signs[n : n + 2] for n in range(max(1, len(signs) - 1))] if signs else [run[0]]
    return found
