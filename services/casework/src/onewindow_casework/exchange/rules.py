"""From the rows of a file to what is to be written, or to what is wrong with them."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from onewindow_casework.values.rules import faults_of
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.norms import NormIn
from onewindow_shared.contracts.register import ValueKind
from onewindow_shared.contracts.register_files import AreaRow, GridRow, ValueRow
from onewindow_shared.plumbing.rows import Wrong, wrong_fields
from onewindow_shared.plumbing.scope import COMMUNITY, STREET

RowT = TypeVar("RowT", bound=Contract)
Faults = dict[str, str]
Cells = Mapping[str, Any]
Sheets = Mapping[str, Sequence[tuple[str, Cells]]]
"""Sheet -> its rows, each with how it is called."""
SHEETS: Mapping[str, type[Contract]] = {
    "areas": AreaRow,
    "values": ValueRow,
    "grids": GridRow,
    "norms": NormIn,
}
WITH_HEIRS = ("areas", "grids")
ValueKey = tuple[str, ValueKind, date | None]
NormKey = tuple[str, date | None]


@dataclass(frozen=True)
class Register:
    """What there is of a district, by what makes a row the only one of its kind."""

    district: str
    areas: Mapping[str, AreaRow] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    """Codes that decisions on areas name."""
    values: Mapping[ValueKey, ValueRow] = field(default_factory=dict)
    grids: Mapping[str, GridRow] = field(default_factory=dict)
    norms: Mapping[NormKey, NormIn] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet(Generic[RowT]):
    """The rows of a sheet that its contract takes."""

    rows: Mapping[str, RowT]
    """How a row is called -> what it says."""
    wrong: Sequence[Wrong]


@dataclass(frozen=True)
class Book:
    """A file that was read."""

    areas: Sheet[AreaRow]
    values: Sheet[ValueRow]
    grids: Sheet[GridRow]
    norms: Sheet[NormIn]


@dataclass
class Sifted(Generic[RowT]):
    """What is to be written of a sheet."""

    added: dict[str, RowT] = field(default_factory=dict)
    """How a row is called -> what it says."""
    changed: dict[str, RowT] = field(default_factory=dict)
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def good(self) -> list[RowT]:
        """The rows to write."""
        return [*self.added.values(), *self.changed.values()]


@dataclass(frozen=True)
class Step:
    """A row that is to be written."""

    sheet: str
    called: str
    row: Contract
    new: bool


@dataclass(frozen=True)
class Plan:
    """What an import comes to."""

    areas: Sifted[AreaRow]
    values: Sifted[ValueRow]
    grids: Sifted[GridRow]
    norms: Sifted[NormIn]

    @property
    def sheets(self) -> tuple[Sifted[Any], ...]:
        """All of them."""
        return self.areas, self.values, self.grids, self.norms

    @property
    def wrong(self) -> list[Wrong]:
        """Everything that is wrong."""
        return [one for sheet in self.sheets for one in sheet.wrong]

    def in_order(self) -> list[Step]:
        """Return what is to be written, so that every row finds there what it leans on."""
        steps = {
            name: [
                Step(name, called, row, new=new)
                for rows, new in ((sheet.added, True), (sheet.changed, False))
                for called, row in rows.items()
            ]
            for name, sheet in zip(SHEETS, self.sheets, strict=True)
        }
        for name in WITH_HEIRS:
            depths = _depths([step.row for step in steps[name]])
            steps[name].sort(key=lambda step: depths[getattr(step.row, "code", "")])
        return [step for name in SHEETS for step in steps[name]]


def _depths(rows: Iterable[Any]) -> dict[str, tuple[int, int, str]]:
    """Return what orders codes: larger areas before smaller ones, heirs before whom they stand for."""
    heirs = {row.code: row.heir for row in rows}

    def depth(code: str) -> int:
        passed = 0
        while (heir := heirs.get(code)) is not None and passed < len(heirs):
            code, passed = heir, passed + 1
        return passed

    return {code: (len(code), depth(code), code) for code in heirs}


def heirs_first(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Return areas, larger ones before smaller ones, heirs before whom they stand for."""
    depths = _depths(rows)
    return sorted(rows, key=lambda row: depths[row.code])


def book_of_steps(steps: Iterable[Step]) -> Book:
    """Return rows that are to be written as a file of their own."""
    sheets: dict[str, list[tuple[str, Cells]]] = {}
    for step in steps:
        sheets.setdefault(step.sheet, []).append((step.called, dict(step.row)))
    return book_of(sheets)


def book_of(sheets: Sheets) -> Book:
    """Read the rows of a file by their contracts."""
    return Book(
        areas=_read(AreaRow, sheets.get("areas", ())),
        values=_read(ValueRow, sheets.get("values", ())),
        grids=_read(GridRow, sheets.get("grids", ())),
        norms=_read(NormIn, sheets.get("norms", ())),
    )


def _read(model: type[RowT], rows: Iterable[tuple[str, Cells]]) -> Sheet[RowT]:
    good: dict[str, RowT] = {}
    wrong: list[Wrong] = []
    for row, cells in rows:
        try:
            good[row] = model.model_validate(cells)
        except ValidationError as error:
            wrong += wrong_fields(row, error)
    return Sheet(good, wrong)


def planned(book: Book, known: Register) -> Plan:
    """Say what a file changes in a register, and what of it cannot be."""
    areas = _areas(book.areas, known)
    there = {**known.areas, **{row.code: row for row in areas.good}}
    values = _sift(book.values, value_key, known.values, lambda row, _: _of_value(row, there))
    cells = {**known.grids, **{row.code: row for row in book.grids.rows.values()}}
    grids = _sift(
        book.grids, lambda row: row.code, known.grids, lambda row, now: _of_grid(row, now, there, cells)
    )
    return Plan(areas, values, grids, _sift(book.norms, norm_key, known.norms))


def value_key(row: ValueRow) -> ValueKey:
    """Return what there is one value of."""
    return row.area, row.kind, row.valid_from


def norm_key(row: NormIn) -> NormKey:
    """Return what there is one norm of."""
    return row.code, row.valid_from


def _areas(sheet: Sheet[AreaRow], known: Register) -> Sifted[AreaRow]:
    """Sift areas until each row that is left leans on none that went."""
    rows = dict(sheet.rows)
    wrong: list[Wrong] = list(sheet.wrong)
    while True:
        there = {**known.areas, **{row.code: row for row in rows.values()}}
        found = _sift(
            Sheet(rows, ()),
            lambda row: row.code,
            known.areas,
            partial(_of_area, known=known, there=there),
        )
        wrong += found.wrong
        if not found.wrong:
            found.wrong = wrong
            return found
        bad = {one.row for one in found.wrong}
        rows = {called: row for called, row in rows.items() if called not in bad}


def _sift(
    sheet: Sheet[RowT],
    key: Callable[[RowT], Hashable],
    known: Mapping[Any, RowT],
    faults: Callable[[RowT, RowT | None], Faults] | None = None,
) -> Sifted[RowT]:
    found: Sifted[RowT] = Sifted(wrong=list(sheet.wrong))
    first: dict[Hashable, str] = {}
    for called, row in sheet.rows.items():
        its = key(row)
        now = known.get(its)
        why = faults(row, now) if faults is not None else {}
        if first.setdefault(its, called) != called:
            why = {"": f"this stands in {first[its]} already"}
        if why:
            found.wrong += [Wrong(called, name, reason) for name, reason in why.items()]
        elif now is None:
            found.added[called] = row
        elif now == row:
            found.unchanged += 1
        else:
            found.changed[called] = row
    return found


def _of_area(row: AreaRow, now: AreaRow | None, known: Register, there: Mapping[str, AreaRow]) -> Faults:
    if not row.code.startswith(known.district):
        return {"code": "lies outside the district"}
    return _of_new(row, there) if now is None else _of_known(row, now, known.decided)


def _of_new(row: AreaRow, there: Mapping[str, AreaRow]) -> Faults:
    if len(row.code) == COMMUNITY and row.code[:STREET] not in there:
        return {"code": "begins with no street of the register"}
    if row.heir is not None and not _ends_somewhere(row, there):
        return {"heir": "leads to no area that goes on"}
    return {}


def _of_known(row: AreaRow, now: AreaRow, decided: frozenset[str]) -> Faults:
    if now == row:
        return {}
    if row.code in decided:
        return {"code": "a decision names this area: it is changed by decisions alone"}
    if row.model_copy(update={"name": now.name}) != now:
        return {"code": "areas begin, end and become others by decisions alone"}
    return {}


def _ends_somewhere(row: AreaRow, there: Mapping[str, AreaRow]) -> bool:
    passed, heir = {row.code}, row.heir
    while heir is not None:
        if heir in passed or heir not in there:
            return False
        passed.add(heir)
        heir = there[heir].heir
    return True


def _of_value(row: ValueRow, there: Mapping[str, AreaRow]) -> Faults:
    area = there.get(row.area)
    if area is None:
        return {"area": "no such area in the register"}
    if area.effective_until is not None and row.valid_from and row.valid_from > area.effective_until:
        return {"valid_from": f"the area ended on {area.effective_until}"}
    return faults_of(row.kind, by_district=True, larger=len(row.area) < COMMUNITY)


def _of_grid(
    row: GridRow, now: GridRow | None, areas: Mapping[str, AreaRow], cells: Mapping[str, GridRow]
) -> Faults:
    if row.code[:COMMUNITY] not in areas:
        return {"code": "begins with no community of the register"}
    if now is None and row.heir is not None and row.heir not in cells:
        return {"heir": "no such cell in the register"}
    if now is not None and row.model_copy(update={"name": now.name}) != now:
        return {"code": "cells begin and end by decisions alone"}
    return {}
