"""What of each paper came and what is missing: one rule, which every outcome asks (行政许可法 art. 32)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from pydantic import TypeAdapter

from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import Origin, Pieces
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.intake import DefectIn, MaterialChangeIn, MaterialForm, MaterialIn
from onewindow_shared.plumbing.workdays import local_day

NOT_THERE = "未提交"
"""What a notice says of a paper that is missing altogether."""


class Paper(Contract):
    """What is known of one paper, as its case keeps it."""

    received: bool = False
    """The window has seen it, in the form and number that the guide of the case asks for."""
    declared: bool = False
    pieces: Pieces = Pieces()
    documents: tuple[str, ...] = ()
    at: datetime | None = None
    """When it came, by the window's eyes or the applicant's word."""
    seen_at: datetime | None = None
    seen_by: str | None = None
    origin: Origin | None = None

    @property
    def there(self) -> bool:
        """The window has seen it, or the applicant says it was handed in."""
        return self.received or self.declared


Papers = Mapping[str, Paper]
"""What is known of the papers of a case, by their codes."""
UNKNOWN = Paper()
_ROWS = TypeAdapter(dict[str, Paper])


@dataclass(frozen=True)
class Look:
    """Under which circumstances something is said of papers."""

    at: datetime
    by: str | None = None
    """Who at the window sees them; without, they are declared."""
    files_only: bool = False
    """They come by a channel that knows no paper."""


def papers(rows: Mapping[str, Any]) -> dict[str, Paper]:
    """Read what `rows` wrote."""
    return _ROWS.validate_python(rows)


def rows(known: Papers) -> dict[str, Any]:
    """Write what is known of papers for a column."""
    written: dict[str, Any] = _ROWS.dump_python(dict(known), mode="json", exclude_defaults=True)
    return written


def asked(material: ItemMaterial) -> Pieces:
    """Return what the guide asks for."""
    several = material.copies
    match material.form:
        case MaterialForm.ORIGINAL | MaterialForm.FORM:
            return Pieces(originals=several)
        case MaterialForm.COPY:
            return Pieces(copies=several)
        case MaterialForm.ORIGINAL_AND_COPY:
            return Pieces(originals=1, copies=several)
        case MaterialForm.ELECTRONIC:
            return Pieces(electronic=True)


def lacking(material: ItemMaterial, pieces: Pieces) -> Pieces:
    """Return what is still to come of a paper.

    What came electronically stands for paper (国务院关于在线政务服务的若干规定 arts. 8-10). Where the guide
    does not state a form, any will do.
    """
    if pieces.electronic:
        return Pieces()
    if not material.form_stated and pieces.originals + pieces.copies >= material.copies:
        return Pieces()
    wanted = asked(material)
    return Pieces(
        originals=max(0, wanted.originals - pieces.originals),
        copies=max(0, wanted.copies - pieces.copies),
        electronic=wanted.electronic,
    )


def wrong_materials(known: Collection[str], given: Sequence[MaterialIn]) -> dict[str, str]:
    """Name every paper that the item does not know, that is listed twice, or that came and did not."""
    times = Counter(material.code for material in given)
    wrong = {}
    for place, material in enumerate(given):
        if material.code not in known:
            wrong[f"materials.{place}.code"] = "this item has no such material"
        elif times[material.code] > 1:
            wrong[f"materials.{place}.code"] = "this material is listed more than once"
        if not material.received and said_of(material):
            wrong[f"materials.{place}.received"] = "what did not come has no pieces"
    return wrong


def said_of(said: MaterialIn) -> Pieces | None:
    """Return the pieces that are spoken of, if any are."""
    pieces = Pieces(
        originals=said.originals or 0,
        copies=said.copies or 0,
        electronic=bool(said.electronic or said.documents),
    )
    silent = (said.originals, said.copies, said.electronic) == (None, None, None) and not said.documents
    return None if silent else pieces


def handed_in(
    before: Papers, given: Iterable[MaterialIn], materials: Mapping[str, ItemMaterial], look: Look
) -> dict[str, Paper]:
    """Return what is known of the papers after the window saw some, or the applicant declared them.

    What the window has seen stays as it is, whatever the applicant says of it. A paper that the window finds
    as it was declared came when it was declared: nobody loses days to a slow window, and nobody gains any by
    declaring what is not there, since the window's word that it is not takes the declaration away. Files that
    nothing is said of stay with a paper that came.
    """
    known = dict(before)
    for said in given:
        old, material = before.get(said.code, UNKNOWN), materials[said.code]
        if look.by is not None:
            known[said.code] = _seen(old, said, material, look)
        elif not old.received:
            known[said.code] = _declared(old, said, material, look)
    return known


def _seen(old: Paper, said: MaterialIn, material: ItemMaterial, look: Look) -> Paper:
    if not said.received:
        return Paper(seen_at=look.at, seen_by=look.by)
    named = said_of(said)
    if named is None and old.there and not lacking(material, old.pieces):
        pieces, documents = old.pieces, old.documents
    else:
        pieces, documents = named or _silent(material, look), _files(old, said)
    as_before = old.received or (old.declared and (named is None or _within(named, old.pieces)))
    received = not lacking(material, pieces)
    return Paper(
        received=received,
        pieces=pieces,
        documents=documents,
        at=(old.at if as_before else look.at) if received else None,
        seen_at=look.at,
        seen_by=look.by,
        origin=old.origin if (pieces, documents) == (old.pieces, old.documents) else None,
    )


def _files(old: Paper, said: MaterialIn) -> tuple[str, ...]:
    return tuple(said.documents) if "documents" in said.model_fields_set else old.documents


def _silent(material: ItemMaterial, look: Look) -> Pieces:
    """Return what came where nothing was said of how."""
    return Pieces(electronic=True) if look.files_only else asked(material)


def _within(found: Pieces, declared: Pieces) -> bool:
    """Say whether what was found is what was declared; a declaration that left open how fits any."""
    return not declared or (
        found.originals <= declared.originals
        and found.copies <= declared.copies
        and found.electronic <= declared.electronic
    )


def _declared(old: Paper, said: MaterialIn, material: ItemMaterial, look: Look) -> Paper:
    documents = _files(old, said) if said.received else ()
    by_file = said.received and (look.files_only or bool(documents))
    named = said_of(said) or Pieces(electronic=by_file)
    whole = said.received and not (named and lacking(material, named))
    at = look.at if whole else None
    if old.seen_by is not None and old.pieces:
        return old.model_copy(update={"declared": whole, "at": at})
    return Paper(declared=whole, pieces=named, documents=documents, at=at)


def changed(code: str, old: Paper, change: MaterialChangeIn, *, seen: bool) -> list[MaterialIn]:
    """Say of a whole paper what `change` says of a part; nothing where only the remark changes.

    What the window says is added to what it saw before, what the applicant says to what they declared.
    """
    said = change.model_dump(exclude_none=True, exclude={"acting", "remark"})
    if set(said) - {"received"} and said.get("received", True):
        before = old if (old.seen_by is not None) is seen else UNKNOWN
        files = {"documents": before.documents} if before.documents else {}
        said = {**before.pieces.model_dump(), **files, **said}
        said["received"] = any(value for name, value in said.items() if name != "received")
    return [MaterialIn(code=code, **said)] if said else []


def newly_in(before: Papers, given: Iterable[MaterialIn]) -> set[str]:
    """Name the papers of which something comes that the window has not seen already."""
    return {said.code for said in given if said.received and not before.get(said.code, UNKNOWN).received}


def remarked(before: Mapping[str, str], said: Mapping[str, str | None]) -> dict[str, str]:
    """Return the remarks on papers after something was said of some; null takes one away."""
    return {code: remark for code, remark in {**before, **said}.items() if remark is not None}


def came_on(moments: Iterable[datetime | None], not_before: date, zone: tzinfo) -> date:
    """Return the day of the last of the moments at which something came, `not_before` if all came earlier."""
    days = [local_day(moment, zone) for moment in moments if moment is not None]
    return max([not_before, *days])


def missing(
    materials: Iterable[ItemMaterial],
    known: Papers,
    asked_for: Collection[str] = (),
    *,
    declared: bool = False,
) -> dict[str, str]:
    """Name every paper that is needed and that the window has not seen: field -> reason.

    Needed are the required ones and those that the notice of corrections `asked_for`. With `declared`, a
    paper that the applicant says was handed in is not missing either.
    """
    return {
        f"materials.{material.code}": _reason(material, known.get(material.code, UNKNOWN))
        for material in absent(materials, known, asked_for, declared=declared)
    }


def absent(
    materials: Iterable[ItemMaterial],
    known: Papers,
    asked_for: Collection[str] = (),
    *,
    declared: bool = False,
) -> list[ItemMaterial]:
    """Return the papers that `missing` names."""
    return [
        material
        for material in materials
        if (material.required or material.code in asked_for)
        and not _counts(known.get(material.code, UNKNOWN), declared=declared)
    ]


def _counts(paper: Paper, *, declared: bool) -> bool:
    return paper.there if declared else paper.received


def _reason(material: ItemMaterial, paper: Paper) -> str:
    if paper.declared or not paper.pieces:
        return f"not handed in: {material.name}"
    lacks = lacking(material, paper.pieces)
    parts = [f"{n} {what}" for n, what in ((lacks.originals, "original(s)"), (lacks.copies, "copies")) if n]
    return f"{' and '.join([*parts, *(['the file'] if lacks.electronic else [])])} lacking: {material.name}"


def in_words(pieces: Pieces) -> str:
    """Say how much of a paper there is, as papers do: 原件1份、复印件2份."""
    parts = [f"{what}{n}份" for what, n in (("原件", pieces.originals), ("复印件", pieces.copies)) if n]
    return "、".join([*parts, *(["电子材料"] if pieces.electronic else [])])


def told_missing(materials: Iterable[ItemMaterial], known: Papers) -> list[str]:
    """Name the needed papers that nobody says were handed in, with what lacks where a part is there."""
    lacking_ones = absent(materials, known, declared=True)
    named = ((paper.name, known.get(paper.code, UNKNOWN), paper) for paper in lacking_ones)
    return [f"{name}（{_problem(asked, paper)}）" if paper.pieces else name for name, paper, asked in named]


def without(known: Papers, defective: Collection[str]) -> dict[str, Paper]:
    """Return what is known of the papers when some count as not handed in."""
    return {
        code: Paper(seen_at=paper.seen_at, seen_by=paper.seen_by) if code in defective else paper
        for code, paper in known.items()
    }


def all_defects(
    named: Sequence[DefectIn], materials: Iterable[ItemMaterial], known: Papers
) -> list[DefectIn]:
    """Return what a notice has to list: what the window named, and every needed paper that is not there.

    What the one notice leaves out can never be demanded, so nothing that is plainly missing is left out.
    """
    told = {defect.material for defect in named}
    return [
        *named,
        *(
            DefectIn(material=material.code, problem=_problem(material, known.get(material.code, UNKNOWN)))
            for material in absent(materials, known, declared=True)
            if material.code not in told
        ),
    ]


def not_looked_at(
    named: Sequence[DefectIn], materials: Iterable[ItemMaterial], known: Papers
) -> dict[str, str]:
    """Name every needed paper that a notice is silent about and nobody has looked at: field -> reason.

    The notice is the last word on what is wrong (行政许可法 art. 32): what is declared is looked at before.
    """
    told = {defect.material for defect in named}
    return {
        f"materials.{material.code}": f"declared, and not looked at yet: {material.name}"
        for material in absent(materials, known)
        if known.get(material.code, UNKNOWN).declared and material.code not in told
    }


def _problem(material: ItemMaterial, paper: Paper) -> str:
    return f"缺少{in_words(lacking(material, paper.pieces))}" if paper.pieces else NOT_THERE


def taken_back(before: Papers, after: Papers) -> list[str]:
    """Name the papers that the window had seen, and that it now says are not there."""
    return [code for code, paper in before.items() if paper.received and not after[code].there]
