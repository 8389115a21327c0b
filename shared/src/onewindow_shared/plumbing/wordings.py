"""Which certificate somebody means, and whether the lists have a residents' committee issue it.

Casework, which owns the lists, and intake, which keeps a copy, both ask here, so that they answer the same.

A wording that means anything on the list of what is not issued is refused, whatever else it means: no
wording is answered with "may issue" by likeness. Likeness only suggests what somebody may have meant.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.certificates import Verdict
from onewindow_shared.plumbing.words import folded, signs, words

_CLAUSES = re.compile(r"[,，;；。.、!！?？\n]+|和|以及|还有|并且|而且|跟")
_FILLERS = re.compile(r"的|一份|一个|一张|张(?=证明)|个(?=证明)|(?<=[开办写打])[份个张](?![人体])")
_TAIL = re.compile(r"证明(?:信|书|材料)?$")
_HARMLESS = re.compile(
    r"(?:社区|居委会|居民委员会|街道|请问|请|麻烦|帮|给|我们|我家|我|本人|本|你们|孩子|儿子|女儿|上学|读书|入学|报名|"
    r"用于|用|为了|为|来|办理|办|开具|出具|开|要|想|需要|能不能|可以|吗|么|这个|这里|这|里|现在|现|目前|已经|在|一直|"
    r"[0-9一二两三四五六七八九十几多]+年|了|书|信|盖章|盖个章|学校|单位|申请|低保|救助|补助|援助|助学金|居民|家庭|经济)*+"
)
"""What may stand beside the name of a certificate that is issued; anything else may change what is asked."""
SIMILAR = 0.4
"""Share of common pairs of signs from which a name is suggested."""
MOST_SIMILAR = 3
ISSUED = frozenset({MatterClass.AUTONOMY, MatterClass.ASSIST, MatterClass.PURCHASE})
"""Classes whose certificates the committee issues; as the other two stands what must not be asked of it."""


@dataclass(frozen=True)
class Known:
    """A certificate that a list names, and how people word it."""

    code: str
    matter_class: MatterClass
    wordings: tuple[str, ...]
    """Name and aliases."""
    phrases: tuple[str, ...] = ()
    """Parts apart by a space occur in one clause."""

    @property
    def issued(self) -> bool:
        """Whether the committee issues it."""
        return self.matter_class in ISSUED


@dataclass(frozen=True)
class Finding:
    """What a wording means: the verdict, what it means for certain, and what it may have meant."""

    verdict: Verdict
    matches: tuple[str, ...]
    similar: tuple[str, ...]


def check(wording: str, known: Sequence[Known]) -> Finding:
    """Say whether a committee issues what somebody asks for."""
    clauses = [_bare(clause) for clause in _CLAUSES.split(folded(wording)) if _bare(clause)]
    whole = _bare(wording)
    refused = [entry.code for entry in known if not entry.issued and _means_refused(entry, clauses, whole)]
    plainly = [_plainly(clause, known) for clause in clauses]
    allowed = list(dict.fromkeys(code for code in plainly if code is not None))
    if refused:
        return Finding(Verdict.NOT_ISSUED, (*refused, *allowed), ())
    if allowed and all(code or _HARMLESS.fullmatch(one) for code, one in zip(plainly, clauses, strict=True)):
        return Finding(Verdict.MAY_ISSUE, tuple(allowed), ())
    return Finding(Verdict.UNKNOWN, (), _similar(wording, known))


def _means_refused(entry: Known, clauses: Iterable[str], whole: str) -> bool:
    """A refused one is meant even without the word 证明, and where its name runs over two clauses."""
    names = [_bare(one) for one in entry.wordings]
    cores = [core for name in names if len(core := _TAIL.sub("", name)) > 2]
    return any(one in whole for one in (*names, *cores)) or any(
        all(part in clause for part in _parts(phrase)) for phrase in entry.phrases for clause in clauses
    )


def _plainly(clause: str, known: Iterable[Known]) -> str | None:
    """Return the one that may be issued which a clause asks for, saying nothing beyond it but why."""
    for entry in known:
        if entry.issued and any(_only(clause, parts) for parts in _ways(entry)):
            return entry.code
    return None


def _ways(entry: Known) -> Iterator[list[str]]:
    for wording in sorted(entry.wordings, key=len, reverse=True):
        yield [_bare(wording)]
    for phrase in entry.phrases:
        yield _parts(phrase)


def _only(clause: str, parts: Sequence[str]) -> bool:
    if not all(part in clause for part in parts):
        return False
    for part in parts:
        clause = clause.replace(part, "", 1)
    return _HARMLESS.fullmatch(clause) is not None


def _similar(wording: str, known: Sequence[Known]) -> tuple[str, ...]:
    asked = _pairs(folded(wording))
    likeness = {
        entry.code: max(_likeness(asked, _pairs(_TAIL.sub("", one))) for one in entry.wordings)
        for entry in known
    }
    best = sorted(likeness, key=lambda code: (-likeness[code], code))
    return tuple(code for code in best if likeness[code] >= SIMILAR)[:MOST_SIMILAR]


def _likeness(asked: frozenset[str], name: frozenset[str]) -> float:
    return len(asked & name) / len(name) if name else 0.0


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(words(text)) - {"证明"}


def _parts(phrase: str) -> list[str]:
    return [_bare(part) for part in phrase.split()]


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _FILLERS.sub("", signs(text))
