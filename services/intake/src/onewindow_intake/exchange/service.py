"""Use cases of imports: a file becomes rows, the rows drafts in slices, all good drafts guides together.

A slice and how far it got are one transaction, so that a crash loses nothing and does nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from onewindow_intake.catalogue import queries as catalogue
from onewindow_intake.catalogue import rules as guides
from onewindow_intake.catalogue import service, tree
from onewindow_intake.catalogue.models import ItemCategory
from onewindow_intake.catalogue.owning import expect_owner
from onewindow_intake.catalogue.registers import registers
from onewindow_intake.catalogue.rules import Registers
from onewindow_intake.exchange import queries, rules
from onewindow_intake.exchange.models import Fault, Import, ImportRow
from onewindow_intake.exchange.rules import Book, Row, Wrong
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import ImportFault, ImportIn, ImportMode, ImportOut, ImportStatus
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit

if TYPE_CHECKING:
    from onewindow_intake.settings import Settings

NEXT_SLICE = "catalogue.import"
AT_ONCE = 25
"""Items in a slice: few enough that nobody waits for the writer."""
LATEST_FIRST = Keyset([Import.id], newest_first=True)
IN_ORDER = Keyset([Fault.id])


def begin(unit: Unit, book: Book, form: ImportIn) -> ImportOut:
    """Keep the rows of a file, and set out to import them."""
    expect_owner(unit)
    day = form.effective_from or unit.today
    if day < unit.today:
        raise invalid({"effective_from": "guides cannot have been in force before this"}, where="query")
    job = Import(
        status=ImportStatus.RUNNING,
        mode=form.mode,
        dry_run=form.dry_run,
        effective_from=day,
        categories=[category.model_dump(mode="json") for category in book.categories],
        total=len(book.repeated) + len(book.rows),
        done=len(book.repeated),
        added=0,
        changed=0,
        unchanged=0,
        bad=len(book.repeated),
        created_by=unit.actor.subject,
        created_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    unit.session.add_all(
        ImportRow(import_id=job.id, place=n, row=row.row, content=row.values, origins=dict(row.origins))
        for n, row in enumerate(book.rows, start=job.done)
    )
    _blame(unit, job, [*book.wrong, *book.repeated])
    detail = {"digest": form.digest, "items": job.total, "mode": form.mode, "dry_run": form.dry_run}
    unit.audit("catalogue.import_begun", "import", str(job.id), detail=detail)
    unit.set_timer(NEXT_SLICE, str(job.id), unit.now)
    return shown(job)


def next_slice(unit: Unit, import_no: str, due_at: datetime) -> None:
    """Look at the next items of an import; after the last one, publish what was found good."""
    job = queries.of(unit.session, int(import_no))
    categories = [CategoryIn.model_validate(one) for one in job.categories]
    roots = rules.roots_of(categories, tree.roots(unit.session))
    known = registers(unit, job.effective_from)
    for row in queries.following(unit.session, job.id, job.done, AT_ONCE):
        _look_at(unit, job, row, known, roots)
        job.done += 1
    if job.done < job.total:
        unit.set_timer(NEXT_SLICE, import_no, unit.now)
    else:
        _end(unit, job, categories)


def _look_at(unit: Unit, job: Import, row: ImportRow, known: Registers, roots: dict[str, str]) -> None:
    now = catalogue.in_force(unit.session, str(row.content.get("code")), job.effective_from)
    before = catalogue.content_of(now) if now is not None else None
    told = Row(row.row, row.content, row.origins)
    usual_days = cast("Settings", unit.settings).usual_promised_days
    found = rules.content_of(told, before, usual_days)
    if isinstance(found, ItemContent):
        against = service.misfits(unit, found, job.effective_from, known, roots)
        wrong = [rules.wrong_at(told, place, why) for place, why in against.items()]
    else:
        wrong = found
    if wrong or not isinstance(found, ItemContent):
        job.bad += 1
        _blame(unit, job, wrong)
        return
    if before == found:
        job.unchanged += 1
        return
    job.added += before is None
    job.changed += before is not None
    if not job.dry_run:
        row.item_code, row.staged = found.code, service.stage(unit, found).number


def _end(unit: Unit, job: Import, categories: Sequence[CategoryIn]) -> None:
    blamed = unit.session.scalar(queries.faults(job.id).limit(1)) is not None
    if blamed and job.mode == ImportMode.ALL_OR_NOTHING:
        queries.throw_away(unit.session, job.id)
        job.status = ImportStatus.REFUSED
    else:
        job.status = ImportStatus.DONE
        if not job.dry_run:
            _publish(unit, job, categories)
    job.finished_at = unit.now
    queries.forget_rows(unit.session, job.id)
    counts = {"added": job.added, "changed": job.changed, "bad": job.bad}
    unit.audit("catalogue.imported", "import", str(job.id), detail={"status": job.status, **counts})


def _publish(unit: Unit, job: Import, categories: Sequence[CategoryIn]) -> None:
    _keep(unit, categories)
    day = max(job.effective_from, unit.today)
    unit.session.flush()
    queries.put_in_force(unit.session, job.id, day)
    for code, number in queries.staged(unit.session, job.id):
        detail = {"version": number, "import": job.id, "effective_from": day.isoformat()}
        unit.audit("item.published", "item", code, detail=detail)


def _keep(unit: Unit, categories: Sequence[CategoryIn]) -> None:
    """Add the categories that are not there yet; those that are stay as they are."""
    roots = rules.roots_of(categories, tree.roots(unit.session))
    for category in categories:
        if unit.session.get(ItemCategory, category.code) is None:
            below_root = category.parent in guides.ROOTS
            new = ItemCategory(
                code=category.code,
                root=roots[category.code],
                parent=None if below_root else category.parent,
                name=category.name,
                name_en=category.name_en,
                revision=1,
            )
            unit.session.add(new)
            unit.session.flush()
            unit.audit("category.added", "category", category.code, detail={"parent": category.parent})


def _blame(unit: Unit, job: Import, wrong: Sequence[Wrong]) -> None:
    unit.session.add_all(
        Fault(import_id=job.id, row=one.row, field=one.field, reason=one.reason) for one in wrong
    )
    unit.session.flush()


def read(unit: Unit, import_no: int) -> ImportOut:
    """Show how far an import is."""
    return shown(queries.of(unit.session, import_no))


def imports(unit: Unit, wanted: Wanted) -> Page[ImportOut]:
    """List the imports, newest first."""
    return page(unit, queries.every(), LATEST_FIRST, wanted, bound="imports", show=shown)


def faults(unit: Unit, import_no: int, wanted: Wanted) -> Page[ImportFault]:
    """List what is wrong with the rows of an import."""
    queries.of(unit.session, import_no)
    bound = f"faults of import {import_no}"
    return page(unit, queries.faults(import_no), IN_ORDER, wanted, bound=bound, show=_fault)


def exported(unit: Unit) -> tuple[list[CategoryIn], list[ItemContent]]:
    """Return the catalogue of today as a file has it: the categories below the ten, and what is in force."""
    below = [
        CategoryIn(code=one.code, parent=one.parent, name=one.name, name_en=one.name_en)
        for one in tree.whole(unit.session)
        if one.parent is not None
    ]
    versions = catalogue.all_in_force(unit.session, unit.today)
    return below, [catalogue.content_of(version) for version in versions]


def shown(job: Import) -> ImportOut:
    """Show an import."""
    return ImportOut(
        import_no=job.id,
        status=ImportStatus(job.status),
        mode=ImportMode(job.mode),
        dry_run=job.dry_run,
        effective_from=job.effective_from,
        total=job.total,
        done=job.done,
        added=job.added,
        changed=job.changed,
        unchanged=job.unchanged,
        bad=job.bad,
        created_by=job.created_by,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def _fault(fault: Fault) -> ImportFault:
    return ImportFault(row=fault.row, field=fault.field, reason=fault.reason)
