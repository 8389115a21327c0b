"""Reading the whole register of a district."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union

from onewindow_casework.areas.models import AreaChange, Predecessor, Successor
from onewindow_casework.areas.queries import HOLDS
from onewindow_casework.exchange.models import RegisterImport, RegisterImportFault, RegisterImportRow
from onewindow_casework.exchange.rules import SHEETS, Register, Step, norm_key, value_key
from onewindow_casework.grids.models import GridCell
from onewindow_casework.norms.models import Norm
from onewindow_casework.norms.queries import as_entered
from onewindow_casework.values.models import AreaValue
from onewindow_casework.values.queries import said
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import ImportFault, ImportMode, ImportStatus
from onewindow_shared.contracts.register_files import AreaRow, GridRow, RegisterImportNow, ValueRow
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit

IN_ORDER = Keyset([RegisterImportFault.id])


def register(unit: Unit, district: str) -> Register:
    """Return everything that the register has of a district: some hundreds of areas, and what they have."""
    here = AreaValue.area.startswith(district, autoescape=True)
    return _register(unit, district, here, GridCell.district == district, Norm.district == district)


def beside(unit: Unit, district: str, steps: Iterable[Step]) -> Register:
    """Return what of a district's register is needed to check some rows: its areas, and what stands there."""
    rows: dict[str, list[Any]] = {name: [] for name in SHEETS}
    for step in steps:
        rows[step.sheet].append(step.row)
    cells = {code for row in rows["grids"] for code in (row.code, row.heir)}
    return _register(
        unit,
        district,
        AreaValue.area.in_({row.area for row in rows["values"]}),
        and_(GridCell.district == district, GridCell.code.in_(cells - {None})),
        and_(Norm.district == district, Norm.code.in_({row.code for row in rows["norms"]})),
    )


def _register(
    unit: Unit,
    district: str,
    of_values: ColumnElement[bool],
    of_cells: ColumnElement[bool],
    of_norms: ColumnElement[bool],
) -> Register:
    session = unit.session
    areas = select(Area).where(Area.code.startswith(district, autoescape=True)).order_by(Area.code)
    grids = select(GridCell).where(of_cells).order_by(GridCell.code)
    values = map(_value, session.scalars(_newest(AreaValue, of_values, AreaValue.area, AreaValue.kind)))
    norms = map(as_entered, session.scalars(_newest(Norm, of_norms, Norm.code)))
    return Register(
        district=district,
        areas={
            row.code: AreaRow.model_validate(_named(row, AreaRow.model_fields))
            for row in session.scalars(areas)
        },
        decided=_decided(unit, district),
        values={value_key(row): row for row in values},
        grids={
            row.code: GridRow.model_validate(_named(row, GridRow.model_fields))
            for row in session.scalars(grids)
        },
        norms={norm_key(row): row for row in norms},
    )


def _decided(unit: Unit, district: str) -> frozenset[str]:
    before, after = (
        select(table.code).join(AreaChange).where(HOLDS, AreaChange.district == district)
        for table in (Predecessor, Successor)
    )
    return frozenset(unit.session.scalars(union(before, after)))


def _newest(table: Any, those: ColumnElement[bool], *key: Any) -> Select[Any]:
    """Select of everything that was entered for one day the newest."""
    rank = func.row_number().over(partition_by=(*key, table.valid_from), order_by=table.id.desc())
    ranked = select(table.id, rank.label("rank")).where(those).subquery()
    newest = select(table).join(ranked, ranked.c.id == table.id).where(ranked.c.rank == 1)
    return newest.order_by(*key, table.valid_from.asc().nulls_first(), table.id)


def _named(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _value(row: AreaValue) -> ValueRow:
    return ValueRow.model_validate(said(row))


def job(unit: Unit, import_no: int) -> RegisterImport:
    """Return an import, or raise `NotFound`."""
    query = select(RegisterImport).where(RegisterImport.id == import_no)
    return must_find(unit.session, query, "There is no such import.")


def following(unit: Unit, job: RegisterImport, most: int) -> list[Step]:
    """Return the next rows of an import."""
    rows = select(RegisterImportRow).where(
        RegisterImportRow.import_id == job.id, RegisterImportRow.place >= job.done
    )
    return [
        Step(one.sheet, one.row, SHEETS[one.sheet].model_validate(one.content), new=one.new)
        for one in unit.session.scalars(rows.order_by(RegisterImportRow.place).limit(most))
    ]


def shown(job: RegisterImport) -> RegisterImportNow:
    """Return how far an import is."""
    return RegisterImportNow(
        import_no=job.id,
        status=ImportStatus(job.status),
        mode=ImportMode(job.mode),
        dry_run=job.dry_run,
        total=job.total,
        done=job.done,
        added=job.added,
        changed=job.changed,
        unchanged=job.unchanged,
        bad=job.bad,
    )


def faults(unit: Unit, wanted: Wanted, job: RegisterImport) -> Page[ImportFault]:
    """Return a page of what is wrong with an import, in the order of its file."""
    query, bound = _faults(job), f"faults of register import {job.id}"
    return page(unit, query, IN_ORDER, wanted, bound=bound, show=_fault)


def all_faults(unit: Unit, job: RegisterImport) -> list[ImportFault]:
    """Return everything that is wrong with an import."""
    return [_fault(one) for one in unit.session.scalars(_faults(job).order_by(RegisterImportFault.id))]


def _faults(job: RegisterImport) -> Select[RegisterImportFault]:
    return select(RegisterImportFault).where(RegisterImportFault.import_id == job.id)


def _fault(one: RegisterImportFault) -> ImportFault:
    return ImportFault(row=one.row, field=one.field, reason=one.reason, assumed=False)
