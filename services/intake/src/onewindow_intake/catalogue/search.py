"""Finding items by what people type: parts of names, their pinyin, English words, or a whole sentence.

There is no dictionary and no model: every two neighbouring signs are a word, and rare words weigh most.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import itemgetter
from typing import Final

from onewindow_intake.catalogue import spelling
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.plumbing.words import plain, words

Signs = Sequence[frozenset[str]]
"""What may be typed for each sign of a name: itself, and the initials of all its readings."""
NAMED, TOLD, WHOLE, PART, SPELLED = 3, 1, 1000, 500, 400
"""Weights: a word of a name, one of the conditions; the name is what was typed, has it, is spelled so."""
IN_CONDITIONS = 200
ENOUGH = 0.5
"""Share of what was typed that the conditions alone have to hold."""
LEAST: Final = 2
ROUNDING: Final = 1e-6
"""More than sums of rarities may be off by."""
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
    spellings: Sequence[spelling.Spelling]
    conditions: str
    weights: Mapping[str, int]
    """Its words, and the signs of its names, with the weight of where they stand."""


Codes = frozenset[str]
Postings = Mapping[str, Codes]


@dataclass(frozen=True)
class Index:
    """How much each word tells, the rarer among the items the more, and which items have it."""

    rarity: Mapping[str, float]
    unknown: float
    named: Postings
    """By word of a name: the codes of the items."""
    told: Postings
    """By word of the conditions, where it is in no name of the item."""
    runs: Postings
    """By one or two neighbouring signs that may be typed for a name, or two that stand in the conditions."""


def entry(content: ItemContent) -> Entry:
    """Prepare an item."""
    names = [content.name, *content.aliases]
    conditions = "\n".join(content.conditions)
    weights = dict.fromkeys(words(conditions), TOLD)
    named = [word for name in names for word in (*words(name), *plain(name))]
    weights |= dict.fromkeys(named, NAMED)
    signs = [typed_as(name) for name in names]
    return Entry(
        signs, frozenset(chain(*chain(*signs))), spelling.spellings(content), _closed(conditions), weights
    )


def index(entries: Mapping[str, Entry]) -> Index:
    """Weigh the words of all items, by code, and say where each stands."""
    having = Counter(word for one in entries.values() for word in one.weights)
    return Index(
        {word: math.log(1 + len(entries) / n) for word, n in having.items()},
        math.log(1 + len(entries)),
        _postings(entries, lambda one: _weighing(one, NAMED)),
        _postings(entries, lambda one: _weighing(one, TOLD)),
        _postings(entries, _runs),
    )


def _postings(entries: Mapping[str, Entry], parts: Callable[[Entry], Iterable[str]]) -> Postings:
    having: dict[str, list[str]] = defaultdict(list)
    for code, one in entries.items():
        for part in parts(one):
            having[part].append(code)
    return {part: frozenset(codes) for part, codes in having.items()}


def _weighing(one: Entry, weight: int) -> Iterable[str]:
    return (word for word, found in one.weights.items() if found == weight)


def _runs(one: Entry) -> Iterable[str]:
    spelled = chain.from_iterable(map(spelling.pairs, one.spellings))
    typed = {first + second for signs in one.names for a, b in pairwise(signs) for first in a for second in b}
    return {*one.signs, *typed, *spelled, *map("".join, pairwise(one.conditions))}


@dataclass(frozen=True)
class Question:
    """What was typed, prepared once for all items."""

    closed: str
    """Without spaces."""
    rarity: Mapping[str, float]
    """Its words, without what people only say around them."""
    spelled: bool
    """Whether letters are among it: signs alone spell nothing."""


def question(typed: str, whole: Index) -> Question:
    """Prepare what was typed."""
    asked = set(words(_STOP.sub(" ", plain(typed))))
    closed = _closed(typed)
    letters = any(sign.isascii() and sign.isalpha() for sign in closed)
    return Question(closed, {word: whole.rarity.get(word, whole.unknown) for word in asked}, letters)


def candidates(asked: Question, whole: Index) -> Codes:
    """Return every item that may answer what was typed, if anything was: the score of all others is 0."""
    closed = asked.closed
    runs = list(map("".join, pairwise(closed))) if len(closed) >= LEAST else list(closed)
    having = sorted((whole.runs.get(run, frozenset()) for run in runs), key=len)
    found = set(having[0].intersection(*having))
    total = rest = sum(asked.rarity.values())
    for word, rarity in sorted(asked.rarity.items(), key=itemgetter(1), reverse=True):
        found |= whole.named.get(word, frozenset())
        if rest >= ENOUGH * total - ROUNDING:
            found |= whole.told.get(word, frozenset())
        rest -= rarity
    return frozenset(found)


def score(one: Entry, asked: Question) -> int:
    """Say how well an item answers what was typed; 0 if it does not."""
    points = 0
    if one.signs.issuperset(asked.closed):
        points = max((_named(signs, asked.closed) for signs in one.names), default=0)
    if not points and asked.spelled and any(spelling.spells(name, asked.closed) for name in one.spellings):
        points = SPELLED
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
    spelled = spelling.spelled(name)
    return [frozenset([sign, *(reading[0] for reading in readings)]) for sign, *readings in spelled]


def found(signs: Signs, typed: str) -> bool:
    """Say whether something typed names a run of the signs."""
    wanted = _closed(typed)
    starts = range(len(signs) - len(wanted) + 1)
    return any(all(sign in signs[start + n] for n, sign in enumerate(wanted)) for start in starts)


def _closed(text: str) -> str:
    return "".join(plain(text).split())
