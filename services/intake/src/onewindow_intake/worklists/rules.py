"""What the words of a search mean on a list of cases."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.catalogue.rules import ROOTS
from onewindow_shared.contracts.intake import Channel, ServiceCategory
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.contracts.worklists import CaseFilter, CaseSort
from onewindow_shared.plumbing.words import plain, words
from onewindow_shared.plumbing.workdays import midnight

CATEGORIES: Mapping[ServiceCategory, str] = {ServiceCategory(code): name for code, (name, _) in ROOTS.items()}
CHANNELS: Mapping[Channel, str] = {
    Channel.WINDOW: "窗口",
    Channel.WEB: "网上",
    Channel.MOBILE: "手机",
    Channel.PHONE: "电话",
    Channel.KIOSK: "自助机",
    Channel.HOME_VISIT: "上门",
}

EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)
"""Days between which every case lies."""
Code = TypeVar("Code", bound=StrEnum)


EVERY_STATUS = frozenset(CaseStatus)
ASKED = frozenset({CaseStatus.CORRECTION, CaseStatus.TOLERANT_ACCEPTED})
"""States in which the applicant was asked for something."""
OPEN = EVERY_STATUS - ENDS - {CaseStatus.DRAFT}
MOST_RANGES = 12
"""Ranges of an index from which a list is put together; where more are asked for, one is sifted instead."""


NUMBER_END = 6
"""Digits at the end of a case number by which it is found: the serial of the day, and the check digit."""


_TYPED = re.compile(r"\s*(\d[\d\s-]*?)(?:-[a-z]{2}\d+)?\s*")
"""A number, perhaps in groups, and what stands behind it where it is the number of a paper."""


def natural(chosen: CaseFilter) -> CaseSort | None:
    """Return the order that a filter by a time lies in; None where no time is asked for that orders."""
    if chosen.overdue or chosen.due_in is not None:
        return CaseSort.DUE
    return CaseSort.NOTICE if chosen.notice_in is not None else None


def order(chosen: CaseFilter) -> CaseSort:
    """Return the order of a list."""
    return natural(chosen) or chosen.sort or CaseSort.RECEIVED


def wrong_order(chosen: CaseFilter) -> dict[str, str]:
    """Refuse an order in which a list would have to pass over most of its area: field -> reason."""
    needed = natural(chosen)
    if needed is CaseSort.DUE and chosen.notice_in is not None:
        return {"notice_in": "a case that awaits a notice has no due date yet"}
    if needed is None or chosen.sort in {None, needed}:
        return {}
    return {"sort": f"this is listed in the order `{needed}`"}


@dataclass(frozen=True)
class Meaning:
    """What one word may stand for."""

    part: str
    """Of what the item is called, or of the number where it is digits."""
    statuses: frozenset[CaseStatus]
    categories: frozenset[ServiceCategory]


@dataclass(frozen=True)
class Named:
    """What an item is or was called, and where it belongs or belonged."""

    item: str
    name: str
    called: str
    """What people call it, a line each."""
    category: str
    department: str

    def fits(self, meaning: Meaning) -> bool:
        """Say whether a word stands for this item."""
        named = meaning.part in plain(self.name) or meaning.part in self.called
        return named or meaning.part == self.department or self.category in meaning.categories


@dataclass(frozen=True)
class Word:
    """What one word of a search stands for: a case is found if it is in one of these."""

    items: frozenset[str]
    statuses: frozenset[CaseStatus]
    digits: str | None
    """The end of the number, or all of it."""
    too_short: bool = False
    """A number that is the name of nothing, and of which no index finds the end."""

    @property
    def items_only(self) -> bool:
        """Whether nothing but the item can make a case fit; of no item, nothing can."""
        return not self.statuses and self.digits is None

    @property
    def number_only(self) -> bool:
        """Whether nothing but the number can make a case fit."""
        return self.digits is not None and not self.items and not self.statuses

    @property
    def statuses_only(self) -> bool:
        """Whether nothing but the state can make a case fit."""
        return bool(self.statuses) and not self.items and self.digits is None


def meanings(text: str) -> list[Meaning]:
    """Say what each word of a text may stand for."""
    return [
        Meaning(word, frozenset(_labelled(STATUSES, word)), frozenset(_labelled(CATEGORIES, word)))
        for word in dict.fromkeys(words(text))
    ]


def read(text: str, named: Callable[[Sequence[Meaning]], Sequence[Named]]) -> list[Word]:
    """Say what each word of a text stands for; a case is found if each stands for something of it.

    `named` finds the items that any of the words may stand for.
    """
    found = meanings(_number(text) or text)
    items = named(found) if found else []
    return [_word(meaning, frozenset(one.item for one in items if one.fits(meaning))) for meaning in found]


def wrong_words(said: Iterable[Word]) -> dict[str, str]:
    """Refuse words that no case could be found by: field -> reason."""
    if any(word.too_short for word in said):
        return {"q": f"a case is found by the last {NUMBER_END} digits of its number, or more"}
    return {}


def _word(meaning: Meaning, items: frozenset[str]) -> Word:
    number = meaning.part.isdecimal()
    whole = len(meaning.part) >= NUMBER_END
    named = bool(items or meaning.statuses)
    return Word(
        items, meaning.statuses, meaning.part if number and whole else None, number and not (whole or named)
    )


def _number(text: str) -> str | None:
    """Return the number of a case that was typed in groups, or off one of its papers; None if it is none."""
    typed = plain("".join(sign for sign in text if unicodedata.category(sign) != "Cf"))
    found = _TYPED.fullmatch(typed)
    return re.sub(r"[\s-]", "", found[1]) if found else None


def _labelled(labels: Mapping[Code, str], word: str) -> tuple[Code, ...]:
    return tuple(code for code, label in labels.items() if word in plain(label) or word == code)


def day_begins(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day of the district begins, within what databases can hold."""
    return midnight(min(max(day, EARLIEST), LATEST), zone)


def day_ends(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day of the district is over."""
    return day_begins(day, zone) + timedelta(days=1)
