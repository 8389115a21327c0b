"""Which standing matters an application comes upon, however it is worded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from onewindow_shared.contracts.admission import CommunityRole, DutyOf, MatterClass, MatterIn, MatterKind
from onewindow_shared.plumbing.words import signs

STATUTORY_DUTY = "statutory-duty"
"""The matter that an application comes upon when its basis makes the work a duty of government."""
NAME, CONTENT, DUTY, KIND = "name", "content", "duty_of", "kind"
WRITTEN = (NAME, CONTENT, "power_granted", "conditions", "training", "data_asked")
"""Fields of an application in which anything can be written, a forbidden matter too."""

_CLAUSES = re.compile(r"[,.;:!?，。；：！？、()（）\n]+")
_DENIED = ("不承担", "不参与", "不负责", "不涉及", "不实行", "不设", "不再", "不要求", "无需", "取消", "禁止")
_IN_THE_LEAD = re.compile(r"(社区|居委会|居民委员会|村委会).{0,8}(负责|牵头|包干|主责|责任主体)")
"""A clause that makes the community the responsible body, whatever role the form says it has."""
_ISSUING = ("出具", "开具", "盖章", "开证明")
_CERTIFICATE = "证明"
_TELLING = 4
"""Signs from which the name of a certificate tells it, without the word for certificate."""


@dataclass(frozen=True)
class Known:
    """A standing matter, as far as it is recognised."""

    code: str
    kind: MatterKind
    matter_class: MatterClass
    wordings: tuple[str, ...]
    main_only: bool = False
    whole_kind: bool = False


@dataclass(frozen=True)
class Asked:
    """An application, as far as it is written."""

    kind: MatterKind
    role: CommunityRole
    duty_of: DutyOf
    texts: Mapping[str, str]
    """Field -> what is written there; the name is among them."""


@dataclass(frozen=True)
class Hit:
    """A matter that an application comes upon: where, by which wording, and whether that refuses it."""

    code: str
    field: str
    wording: str
    refused: bool


def faults_of_matter(form: MatterIn) -> dict[str, str]:
    """Name what is wrong with a matter that a district adds to its own lists."""
    faults = {}
    if form.matter_class is MatterClass.PURCHASE:
        faults["matter_class"] = "purchased work is applied for"
    if form.matter_class is MatterClass.NOT_ISSUED and form.kind is not MatterKind.CERTIFICATE:
        faults["kind"] = "only certificates are not issued"
    if form.main_only and form.matter_class is not MatterClass.FORBIDDEN:
        faults["main_only"] = "only what is forbidden may be so for the responsible body alone"
    return faults


def hits(asked: Asked, known: Iterable[Known]) -> list[Hit]:
    """Return every standing matter that an application comes upon, each once, in the order of `known`."""
    found = [_hit(asked, one, list(_found(asked, one))) for one in known]
    return [hit for hit in found if hit is not None]


Place = tuple[str, str, str]
"""Field, the wording that was recognised, and the clause in which it stands."""


def _hit(asked: Asked, known: Known, places: Sequence[Place]) -> Hit | None:
    if not places:
        return None
    field, wording, _ = places[0]
    leads = asked.role is CommunityRole.MAIN or any(_IN_THE_LEAD.search(clause) for *_, clause in places)
    return Hit(known.code, field, wording, refused=leads or not known.main_only)


def _found(asked: Asked, known: Known) -> Iterator[Place]:
    if known.code == STATUTORY_DUTY and asked.duty_of is DutyOf.GOVERNMENT:
        yield DUTY, asked.duty_of, ""
    if known.whole_kind and asked.kind is known.kind:
        yield KIND, asked.kind, ""
    worded = _certificates if known.matter_class is MatterClass.NOT_ISSUED else _worded
    yield from worded(asked, known)


def _worded(asked: Asked, known: Known) -> Iterator[Place]:
    for field, clause in _clauses(asked):
        for wording in known.wordings:
            if all(part in clause for part in _parts(wording)):
                yield field, wording, clause


def _certificates(asked: Asked, known: Known) -> Iterator[Place]:
    """Recognise a certificate by its name; in running text only where somebody is to issue it."""
    for field, clause in _clauses(asked):
        named = asked.kind is MatterKind.CERTIFICATE and field == NAME
        if named or any(verb in clause for verb in _ISSUING):
            for wording in known.wordings:
                if signs(wording) in clause or (named and _means(clause, wording)):
                    yield field, wording, clause


def _means(clause: str, wording: str) -> bool:
    """Say whether this is the name of a certificate, in its parts or without the word for certificate."""
    if " " in wording:
        return all(part in clause for part in _parts(wording))
    core = signs(wording).removesuffix(_CERTIFICATE)
    return core == clause.removesuffix(_CERTIFICATE) or (len(core) >= _TELLING and core in clause)


def _clauses(asked: Asked) -> Iterator[tuple[str, str]]:
    for field, text in asked.texts.items():
        for clause in _CLAUSES.split(text):
            said = signs(clause)
            if said and not any(denied in said for denied in _DENIED):
                yield field, said


@lru_cache(maxsize=4096)
def _parts(wording: str) -> list[str]:
    return [signs(part) for part in wording.split()]
