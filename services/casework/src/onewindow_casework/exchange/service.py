"""Taking a file into the register slice by slice, and writing the register out.

A file is checked as a whole before anything of it is written, and without keeping anybody waiting. Each slice
and how far it got are one transaction, so that a crash loses nothing and does nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from onewindow_casework.districts.service import keep_area
from onewindow_casework.exchange import queries, rules
from onewindow_casework.exchange.models import RegisterImport, RegisterImportFault, RegisterImportRow
from onewindow_casework.exchange.rules import Plan, Register, Step
from onewindow_casework.grids.models import GridCell
from onewindow_casework.grids.service import tell
from onewindow_casework.norms.service import keep as keep_norm
from onewindow_casework.values.service import keep_all
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import AreaChanged
from onewindow_shared.contracts.exchange import ImportFault, ImportMode, ImportStatus
from onewindow_shared.contracts.register_files import RegisterImportIn, RegisterImportNow, RegisterImportOut
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.rows import Wrong
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, place
from onewindow_shared.plumbing.unit import Unit

NEXT_SLICE = "register.import"
AT_ONCE = 100
"""Rows in a slice: few enough that nobody waits for the writer."""
ROWS = table_of(RegisterImportRow)


def exported(unit: Unit, district: str) -> Register:
    """Return the register of one's own district."""
    _reached(unit, district)
    return queries.register(unit, district)


def take_in(unit: Unit, district: str, plan: Plan, form: RegisterImportIn) -> RegisterImportOut:
    """Begin to write what a file adds to the register of one's own district and changes in it.

    Nothing is written by a dry run, nor where a row is bad and all or nothing is wanted. Somebody may have
    decided otherwise since the file was checked: that refuses it as well, as long as nothing is written; of
    what comes later such rows alone are left out.
    """
    _reached(unit, district)
    job = _begun(unit, district, plan, form)
    strict = form.mode is ImportMode.ALL_OR_NOTHING
    steps = [] if form.dry_run or (plan.wrong and strict) else plan.in_order()
    _lock(unit, district)
    first = _as_it_is_now(unit, district, steps[:AT_ONCE])
    refused = strict and bool(plan.wrong or first.wrong)
    _blame(unit, job, plan.wrong)
    if refused:
        _blame(unit, job, first.wrong)
        job.bad += len({one.row for one in first.wrong})
    else:
        job.total = len(steps)
        _take(unit, job, steps[:AT_ONCE], first)
        _keep(unit, job, steps[AT_ONCE:])
    if job.done < job.total:
        unit.set_timer(NEXT_SLICE, str(job.id), unit.now)
    else:
        _end(unit, job, ImportStatus.REFUSED if refused else ImportStatus.DONE)
    told = queries.shown(job)
    return RegisterImportOut(**dict(told), faults=queries.all_faults(unit, job))


def next_slice(unit: Unit, import_no: str, due_at: datetime) -> None:
    """Write the next rows of an import (timer)."""
    del due_at
    job = queries.job(unit, int(import_no))
    steps = queries.following(unit, job, AT_ONCE)
    _lock(unit, job.district)
    _take(unit, job, steps, _as_it_is_now(unit, job.district, steps))
    if job.done < job.total:
        unit.set_timer(NEXT_SLICE, import_no, unit.now)
    else:
        _end(unit, job, ImportStatus.DONE)


def read(unit: Unit, district: str, import_no: int) -> RegisterImportNow:
    """Show how far an import of one's own district is."""
    return queries.shown(_found(unit, district, import_no))


def faults(unit: Unit, district: str, import_no: int, wanted: Wanted) -> Page[ImportFault]:
    """Return what is wrong with an import of one's own district."""
    return queries.faults(unit, wanted, _found(unit, district, import_no))


def _found(unit: Unit, district: str, import_no: int) -> RegisterImport:
    _reached(unit, district)
    job = queries.job(unit, import_no)
    if job.district != district:
        raise NotFound
    return job


def _begun(unit: Unit, district: str, plan: Plan, form: RegisterImportIn) -> RegisterImport:
    job = RegisterImport(
        **form.model_dump(),
        district=district,
        status=ImportStatus.RUNNING,
        total=0,
        done=0,
        added=sum(len(sheet.added) for sheet in plan.sheets),
        changed=sum(len(sheet.changed) for sheet in plan.sheets),
        unchanged=sum(sheet.unchanged for sheet in plan.sheets),
        bad=len({one.row for one in plan.wrong}),
        created_by=unit.actor.subject,
        created_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    return job


def _keep(unit: Unit, job: RegisterImport, steps: Sequence[Step]) -> None:
    """Keep the rows that come later."""
    for number, step in enumerate(steps, start=job.done):
        row = {"sheet": step.sheet, "row": step.called, "new": step.new}
        content = step.row.model_dump(mode="json")
        unit.add(ROWS, {"import_id": job.id, "place": number, "content": content, **row})


def _lock(unit: Unit, district: str) -> None:
    """Let nobody else change the register of a district until this transaction ends."""
    unit.session.get(Area, district, with_for_update=True)


def _as_it_is_now(unit: Unit, district: str, steps: Sequence[Step]) -> Plan:
    """Check rows against what the register has by now."""
    return rules.planned(rules.book_of_steps(steps), queries.beside(unit, district, steps))


def _take(unit: Unit, job: RegisterImport, steps: Sequence[Step], plan: Plan) -> None:
    """Write a slice; what was overtaken since the file was checked is left out and named."""
    _write(unit, job.district, plan)
    _blame(unit, job, plan.wrong)
    overtaken = {one.row for one in plan.wrong}
    for step in steps:
        if step.called in overtaken:
            job.bad += 1
            job.added -= step.new
            job.changed -= not step.new
    job.done += len(steps)


def _write(unit: Unit, district: str, plan: Plan) -> None:
    for row in rules.heirs_first(plan.areas.good):
        area = unit.session.get(Area, row.code)
        keep_area(unit, AreaChanged(**row.model_dump(), population=area.population if area else None))
    keep_all(unit, [(row.area, row) for row in plan.values.good])
    for new in plan.grids.added.values():
        cell = GridCell(**new.model_dump(), **place(new.code[:COMMUNITY]))
        unit.session.add(cell)
        tell(unit, cell)
    for renamed in plan.grids.changed.values():
        unit.session.get_one(GridCell, renamed.code).name = renamed.name
    for norm in plan.norms.good:
        keep_norm(unit, district, norm)


def _blame(unit: Unit, job: RegisterImport, wrong: Sequence[Wrong]) -> None:
    unit.session.add_all(
        RegisterImportFault(import_id=job.id, row=one.row, field=one.field, reason=one.reason)
        for one in wrong
    )


def _end(unit: Unit, job: RegisterImport, status: ImportStatus) -> None:
    job.status, job.finished_at = status, unit.now
    unit.session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == job.id))
    unit.session.flush()
    detail = queries.shown(job).model_dump(mode="json") | {"digest": job.digest}
    unit.audit("register.imported", "register", job.district, area=job.district, detail=detail)


def _reached(unit: Unit, district: str) -> None:
    if len(district) != DISTRICT or not unit.actor.scope.covers(district):
        raise NotFound
