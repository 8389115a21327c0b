"""What is typed for a name: its own signs, pinyin in full or by initials, or words of an English name."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, pinyin

from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.plumbing.words import plain

Spelling = Sequence[Sequence[str]]
"""For each sign of a name the sign and all its readings; for each word of an English name the word alone.

A reading may be cut to its initial, the sign or word that is typed last anywhere.
"""


def spellings(content: ItemContent) -> list[Spelling]:
    """Return how each name of an item is spelled: its own, what people call it, the English one."""
    chinese = [spelled(name) for name in (content.name, *content.aliases)]
    return [*chinese, [(word,) for word in plain(content.name_en).split()]]


def spelled(name: str) -> Spelling:
    """Return every sign of a name with all its readings, whatever its neighbours are."""
    return [_readings(sign) for sign in "".join(plain(name).split())]


def typed(options: Sequence[str]) -> list[str]:
    """Return what may be typed for a sign wherever it stands: itself, its readings, their initials."""
    sign, *readings = options
    return [sign, *readings, *(reading[0] for reading in readings)]


def spells(spelling: Spelling, wanted: str) -> bool:
    """Say whether what was typed, in small letters and without spaces, is a run of a name."""
    return any(_begins(spelling[start:], wanted) for start in range(len(spelling)))


def pairs(spelling: Spelling) -> Iterable[str]:
    """Return every first letter, and every two letters that may follow each other in what is typed."""
    for options in spelling:
        for one in options:
            yield one[0]
            yield from map("".join, pairwise(one))
    for before, after in pairwise(spelling):
        yield from {last[-1] + first[0] for last in typed(before) for first in after}


def _begins(spelling: Spelling, wanted: str) -> bool:
    reached = {0}
    for options in spelling:
        beyond: set[int] = set()
        for at in reached:
            rest = wanted[at:]
            if any(one.startswith(rest) for one in options):
                return True
            beyond |= {at + len(one) for one in typed(options) if rest.startswith(one)}
        reached = beyond
    return len(wanted) in reached


@lru_cache(maxsize=8192)
def _readings(sign: str) -> tuple[str, ...]:
    (readings,) = pinyin(sign, style=Style.NORMAL, heteronym=True) or [[sign]]
    letters = ("".join(filter(str.isascii, unicodedata.normalize("NFD", one.casefold()))) for one in readings)
    return tuple(dict.fromkeys([sign, *filter(None, letters)]))
