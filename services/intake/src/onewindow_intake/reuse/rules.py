"""Which papers need not be brought again (国务院关于在线政务服务的若干规定 art. 10; 个人信息保护法)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from onewindow_intake.checklist.rules import UNKNOWN, Paper, Papers, lacking
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import Origin
from onewindow_shared.plumbing.workdays import local_day


@dataclass(frozen=True)
class Before:
    """A paper of an earlier case, as the guide of that case calls it."""

    case_no: str
    item_name: str
    material: ItemMaterial
    paper: Paper
    near: bool = True
    """Whoever asks reaches that case; of any other they learn when a paper came and until when it is good."""


@dataclass(frozen=True)
class Offer:
    """A paper of an earlier case that is good for one that is asked for now."""

    material: ItemMaterial
    before: Before
    origin: Origin


def validity(material: ItemMaterial, default_days: int) -> int | None:
    """Return for how many calendar days the guide lets a paper be used again; None for not at all.

    What is asked for now decides, whatever the guide of the earlier case said.
    """
    return material.reusable_days or (default_days if material.reusable else None)


def same_paper(one: ItemMaterial, other: ItemMaterial) -> bool:
    """Say whether two guides ask for the same paper: of the same kind, or, without one, of the same name."""
    if one.kind and other.kind:
        return one.kind == other.kind
    return one.name == other.name


def offers(
    materials: Iterable[ItemMaterial],
    known: Papers,
    before: Sequence[Before],
    today: date,
    zone: tzinfo,
    default_days: int,
) -> Iterator[Offer]:
    """Yield what can be used again of papers that are not there yet, what is valid longest first.

    A paper that was itself used again is not: its validity counts from the day it was handed in.
    """
    for material in materials:
        days = validity(material, default_days)
        if days is None or known.get(material.code, UNKNOWN).received:
            continue
        found = [
            Offer(material, one, origin)
            for one in before
            if same_paper(material, one.material) and not lacking(material, one.paper.pieces)
            for origin in _origin(one, days, zone)
            if today <= origin.valid_until
        ]
        yield from sorted(found, key=lambda offer: offer.origin.valid_until, reverse=True)


def _origin(one: Before, days: int, zone: tzinfo) -> Iterator[Origin]:
    paper = one.paper
    if paper.received and paper.at is not None and paper.origin is None:
        day = local_day(paper.at, zone)
        yield Origin(
            case_no=one.case_no,
            material=one.material.code,
            handed_in_on=day,
            valid_until=day + timedelta(days=days),
        )
