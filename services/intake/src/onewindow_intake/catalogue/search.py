"""Finding items by what people type: parts of names, pinyin initials, or a whole sentence.

There is no dictionary and no model: every two neighbouring signs are a word, and rare words weigh most.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pypinyin import Style, pinyin

from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.plumbing.words import plain, words

Signs = Sequence[frozenset[str]]
"""What may be typed for each sign of a name: itself, and the initials of all its readings."""
NAMED, TOLD, WHOLE, PART = 3, 1, 1000, 500
"""Weights: a word of a name, one of the conditions; all that was typed is the name, or stands in it."""
IN_CONDITIONS = 200
ENOUGH = 0.5
"""Share of what was typed that the conditions alone have to hold."""
LEAST: Final = 2
_SAID = (
    *("请问", "你好", "您好", "我们家", "我们", "我要", "我想", "我家", "我妈", "我爸", "我的", "给我"),
    *("帮我", "帮忙", "替我", "妈妈", "爸爸", "母亲", "父亲", "奶奶", "爷爷", "一下", "怎么办理", "怎么办"),
    *("怎么", "如何", "哪里", "哪儿", "在哪", "什么", "需要", "可不可以", "可以", "能不能", "能否", "是否"),
    *("有没有", "没有", "这样", "这个", "那个", "事项", "办理", "办一个", "办个", "申请", "申办", "要办"),
    *("想办", "去办", "手续", "材料", "条件", "流程", "多久", "多少", "想要", "现在", "今年", "已经"),
    *("了吗", "的吗", "吗", "呢", "的", "了", "吧"),
)
"""What people say around what they want."""
_STOP = re.compile("|".join(sorted(map(re.escape, _SAID), key=len, reverse=True)))


@dataclass(frozen=True)
class Entry:
    """An item as it is searched."""

    names: Sequence[Signs]
    """Its name, and what else people call it."""
    signs: frozenset[str]
    """Everything that may be typed for any sign of its names."""
    conditions: str
    weights: Mapping[str, int]
    """Its words, and the signs of its names, with the weight of where they stand."""


@dataclass(frozen=True)
class Index:
    """How much each word tells: the rarer among the items, the more."""

    rarity: Mapping[str, float]
    unknown: float


def entry(content: ItemContent) -> Entry:
    """Prepare an item."""
    names = [content.name, *content.aliases]
    conditions = "\n".join(content.conditions)
    weights = dict.fromkeys(words(conditions), TOLD)
    named = [word for name in names for word in (*words(name), *plain(name))]
    weights |= dict.fromkeys(named, NAMED)
    signs = [typed_as(name) for name in names]
    return Entry(signs, frozenset(chain(*chain(*signs))), _closed(conditions), weights)


def index(entries: Iterable[Entry]) -> Index:
    """Weigh the words of all items."""
    every = list(entries)
    having = Counter(word for one in every for word in one.weights)
    return Index({word: math.log(1 + len(every) / n) for word, n in having.items()}, math.log(1 + len(every)))


@dataclass(frozen=True)
class Question:
    """What was typed, prepared once for all items."""

    closed: str
    """Without spaces."""
    rarity: Mapping[str, float]
    """Its words, without what people only say around them."""


def question(typed: str, whole: Index) -> Question:
    """Prepare what was typed."""
    asked = set(words(_STOP.sub(" ", plain(typed))))
    return Question(_closed(typed), {word: whole.rarity.get(word, whole.unknown) for word in asked})


def score(one: Entry, asked: Question) -> int:
    """Say how well an item answers what was typed; 0 if it does not."""
    points = 0
    if one.signs.issuperset(asked.closed):
        points = max((_named(signs, asked.closed) for signs in one.names), default=0)
    if len(asked.closed) >= LEAST and asked.closed in one.conditions:
        points += IN_CONDITIONS
    return points + _told(one, asked.rarity)


def _told(one: Entry, rarity: Mapping[str, float]) -> int:
    hits = rarity.keys() & one.weights.keys()
    if not any(one.weights[word] == NAMED for word in hits):
        told = sum(rarity[word] for word in hits)
        if not hits or told < ENOUGH * sum(rarity.values()):
            return 0
    return round(10 * sum(rarity[word] * one.weights[word] for word in hits))


def _named(signs: Signs, closed: str) -> int:
    if not found(signs, closed):
        return 0
    return WHOLE if len(closed) == len(signs) else PART


def typed_as(name: str) -> Signs:
    """Return what may be typed for each sign of a name.

    Every reading of a sign counts, whatever its neighbours are: people type 银行 as yh and as yx.
    """
    return [_readings(sign) for sign in _closed(name)]


def found(signs: Signs, typed: str) -> bool:
    """Say whether something typed names a run of the signs."""
    wanted = _closed(typed)
    starts = range(len(signs) - len(wanted) + 1)
    return any(all(sign in signs[start + n] for n, sign in enumerate(wanted)) for start in starts)


def _closed(text: str) -> str:
    return "".join(plain(text).split())


def _readings(sign: str) -> frozenset[str]:
    (readings,) = pinyin(sign, style=Style.FIRST_LETTER, heteronym=True) or [[sign]]
    return frozenset([sign, *(unicodedata.normalize("NFD", reading)[:1] for reading in readings)])
