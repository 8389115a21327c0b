"""Use cases of imports: a file becomes rows, the rows drafts in slices, all good drafts guides together.

A slice and how far it got are one transaction, so that a crash loses nothing and does nothing twice.
"""

from collections.abc import Sequence
from datetime import date, datetime

from onewindow_intake.catalogue import rules as guides
from onewindow_intake.catalogue import service, terms, tree
from onewindow_intake.catalogue.models import ItemCategory
from onewindow_intake.catalogue.owning import expect_owner
from onewindow_intake.catalogue.registers import registers
from onewindow_intake.catalogue.rules import Registers
from onewindow_intake.exchange import queries, rules, standing
from onewindow_intake.exchange.models import Fault, Import, ImportRow
from onewindow_intake.exchange.rules import Book, Row, Terms
from onewindow_intake.exchange.standing import Found
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import (
    ImportFault,
    ImportIn,
    ImportMode,
    ImportOut,
    ImportStatus,
    Section,
)
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.rows import MOST_REASON, Wrong
from onewindow_shared.plumbing.unit import Unit

NEXT_SLICE = "catalogue.import"
AT_ONCE = 25
"""Items in a slice: few enough that nobody waits for the writer."""
LATEST_FIRST = Keyset([Import.id], newest_first=True)
IN_ORDER = Keyset([Fault.id])
MOST_CODE = 64
OVERTAKEN = "another version came into force while this was imported: compare with it, and import again"


def begin(unit: Unit, book: Book, form: ImportIn) -> ImportOut:
    """Keep the rows of a file, and set out to import them.

    Terms are each district's own; everything else of a file is the owner's of the catalogue.
    """
    if book.categories or any(row.section is Section.ITEMS for row in book.rows):
        expect_owner(unit)
    day = form.effective_from or unit.today
    if day < unit.today:
        raise invalid({"effective_from": "guides cannot have been in force before this"}, where="query")
    rows, late = rules.due(book.rows, day)
    job = Import(
        status=ImportStatus.RUNNING,
        mode=form.mode,
        dry_run=form.dry_run,
        effective_from=day,
        reach=unit.actor.scope.area,
        categories=[category.model_dump(mode="json") for category in book.categories],
        total=len(book.refused) + len(book.rows),
        done=len(book.refused) + len(late),
        added=0,
        changed=0,
        unchanged=len(late),
        bad=len(book.refused),
        created_by=unit.actor.subject,
        created_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    found = standing.found(unit, day, day)
    unit.session.add_all(_kept(job, n, row, found) for n, row in enumerate(rows, start=job.done))
    _blame(unit, job, [*book.wrong, *book.refused])
    _blame(unit, job, late, assumed=True)
    detail = {"digest": form.digest, "items": job.total, "mode": form.mode, "dry_run": form.dry_run}
    unit.audit("catalogue.import_begun", "import", str(job.id), detail=detail)
    unit.set_timer(NEXT_SLICE, str(job.id), unit.now)
    return shown(job)


def _kept(job: Import, place: int, row: Row, found: Found) -> ImportRow:
    code = row.values.get("code")
    return ImportRow(
        import_id=job.id,
        place=place,
        row=row.row,
        content=row.values,
        origins=dict(row.origins),
        section=row.section,
        effective_from=row.span.effective_from,
        effective_to=row.span.effective_to,
        item_code=code if isinstance(code, str) and len(code) <= MOST_CODE else None,
        in_force=found.of(row),
    )


def next_slice(unit: Unit, import_no: str, due_at: datetime) -> None:
    """Look at the next rows of an import; after the last one, publish what was found good."""
    job = queries.of(unit.session, int(import_no))
    categories = [CategoryIn.model_validate(one) for one in job.categories]
    roots = rules.roots_of(categories, tree.roots(unit.session))
    known = registers(unit, job.effective_from)
    for row in queries.following(unit.session, job.id, job.done, AT_ONCE):
        if row.section == Section.ITEMS:
            _look_at(unit, job, row, known, roots)
        else:
            _look_at_terms(unit, job, row)
        job.done += 1
    if job.done < job.total:
        unit.set_timer(NEXT_SLICE, import_no, unit.now)
    else:
        _end(unit, job, categories)


def _look_at(unit: Unit, job: Import, row: ImportRow, known: Registers, roots: dict[str, str]) -> None:
    before = standing.version(unit, job, row)
    found = standing.told(unit, job, row)
    if not isinstance(found, ItemContent):
        _refuse(unit, job, found)
        return
    if before is not None and standing.says(before, found, row):
        job.unchanged += 1
        return
    told = standing.as_row(row)
    against = service.misfits(unit, found, standing.first_day(job, row), known, roots)
    if against:
        _refuse(unit, job, [rules.wrong_at(told, place, why) for place, why in against.items()])
        return
    _count(job, row, 1)
    _blame(unit, job, rules.assumed(told, found), assumed=True)
    if not job.dry_run:
        draft = service.stage(unit, found)
        row.staged, draft.effective_to = draft.number, row.effective_to


def _look_at_terms(unit: Unit, job: Import, row: ImportRow) -> None:
    found = rules.terms_of(standing.as_row(row))
    if not isinstance(found, Terms):
        _refuse(unit, job, found)
        return
    if standing.stands(unit, job, row, found):
        job.unchanged += 1
        return
    if wrong := standing.unfit(unit, job, row, found):
        _refuse(unit, job, [Wrong(row.row, field, why[:MOST_REASON]) for field, why in wrong.items()])
        return
    _count(job, row, 1)
    if not job.dry_run:
        row.staged = row.in_force or 0


def _refuse(unit: Unit, job: Import, wrong: Sequence[Wrong]) -> None:
    job.bad += 1
    _blame(unit, job, wrong)


def _count(job: Import, row: ImportRow, by: int) -> None:
    """Count a good row by what the import found when it began, whatever came into force meanwhile."""
    if row.in_force is None:
        job.added += by
    else:
        job.changed += by


def _end(unit: Unit, job: Import, categories: Sequence[CategoryIn]) -> None:
    _leave_out_overtaken(unit, job)
    if queries.blamed(unit.session, job.id) and job.mode == ImportMode.ALL_OR_NOTHING:
        queries.throw_away(unit.session, job.id)
        job.status = ImportStatus.REFUSED
        job.added = job.changed = 0
    else:
        job.status = ImportStatus.DONE
        if not job.dry_run:
            _publish(unit, job, categories)
    job.finished_at = unit.now
    queries.forget_rows(unit.session, job.id)
    counts = {"added": job.added, "changed": job.changed, "bad": job.bad}
    unit.audit("catalogue.imported", "import", str(job.id), detail={"status": job.status, **counts})


def _leave_out_overtaken(unit: Unit, job: Import) -> None:
    """Take out what somebody published otherwise while the import was running: theirs stays in force."""
    unit.session.flush()
    queries.held(unit.session, job.id)
    found = standing.found(unit, job.effective_from, max(job.effective_from, unit.today))
    rows = [row for section in Section for row in queries.good_ones(unit.session, job.id, section)]
    overtaken = [row for row in rows if found.of(standing.as_row(row)) != row.in_force]
    late = [
        row
        for row in rows
        if row.effective_to is not None and row.effective_to <= standing.since(unit, job, row)
    ]
    if not overtaken and not late:
        return
    _blame(unit, job, [Wrong(row.row, "code", OVERTAKEN) for row in overtaken])
    _blame(
        unit, job, [Wrong(row.row, "effective_to", "it was over before this was imported") for row in late]
    )
    left_out = {row.place: row for row in (*overtaken, *late)}
    queries.throw_away(unit.session, job.id, [*left_out])
    for row in left_out.values():
        job.bad += 1
        _count(job, row, -1)
        row.staged = None
    unit.session.flush()


def _publish(unit: Unit, job: Import, categories: Sequence[CategoryIn]) -> None:
    _keep(unit, categories)
    unit.session.flush()
    good = queries.good_ones(unit.session, job.id, Section.ITEMS)
    for told, day in sorted(
        {(row.effective_from, standing.since(unit, job, row)) for row in good},
        key=lambda one: one[0] or date.min,
    ):
        queries.put_in_force(unit.session, job.id, told, day)
    for row in good:
        first = standing.since(unit, job, row).isoformat()
        detail = {"version": row.staged, "import": job.id, "effective_from": first}
        unit.audit("item.published", "item", str(row.item_code), detail=detail)
    for row in queries.good_ones(unit.session, job.id, Section.OVERRIDES):
        form = Terms.model_validate(row.content)
        terms.put(
            unit, form.code, form.district, standing.since(unit, job, row), form.terms, by=job.created_by
        )


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


def _blame(unit: Unit, job: Import, wrong: Sequence[Wrong], *, assumed: bool = False) -> None:
    unit.session.add_all(
        Fault(import_id=job.id, row=one.row, field=one.field, reason=one.reason, assumed=assumed)
        for one in wrong
    )
    unit.session.flush()


def read(unit: Unit, import_no: int) -> ImportOut:
    """Show how far an import is."""
    return shown(queries.of(unit.session, import_no))


def imports(unit: Unit, wanted: Wanted) -> Page[ImportOut]:
    """List the imports, newest first."""
    return page(unit, queries.every(), LATEST_FIRST, wanted, bound="imports", show=shown)


def faults(unit: Unit, import_no: int, wanted: Wanted) -> Page[ImportFault]:
    """List what is wrong with the rows of an import, and what was assumed of them."""
    queries.of(unit.session, import_no)
    bound = f"faults of import {import_no}"
    return page(unit, queries.faults(import_no), IN_ORDER, wanted, bound=bound, show=_fault)


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
    return ImportFault(row=fault.row, field=fault.field, reason=fault.reason, assumed=fault.assumed)
