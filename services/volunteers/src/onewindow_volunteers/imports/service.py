"""Use cases of imports: a file becomes rows, the rows people who are asked to confirm.

A slice and how far it got are one transaction, so that a crash loses nothing and does nothing twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import ImportFault as FaultOut
from onewindow_shared.contracts.exchange import ImportStatus
from onewindow_shared.contracts.volunteer_imports import (
    SelfConfirmationIn,
    UnconfirmedOut,
    VolunteerImportIn,
    VolunteerImportOut,
)
from onewindow_shared.contracts.volunteers import RegistrationIn, VolunteerOut
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import NotFound, NotPermitted
from onewindow_shared.plumbing.reference import community_faults
from onewindow_shared.plumbing.scope import Scope, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.uploads import Cells
from onewindow_volunteers.imports import queries, rules
from onewindow_volunteers.imports.models import Import, ImportFault, ImportRow
from onewindow_volunteers.people import queries as people
from onewindow_volunteers.people.models import RefusedPerson, Unconfirmed, opened, seal
from onewindow_volunteers.people.rules import Faults, Person, Verdict, judge
from onewindow_volunteers.people.service import PERSON_INDEX, Terms, register
from onewindow_volunteers.settings import settings_of

ENTITY, PERSON = "volunteer_import", "unconfirmed"
NEXT_ROWS, ROWS_OLD, UNANSWERED = "import.slice", "import.rows_old", "import.unanswered"
"""Timers: of the next slice, of the day on which bad rows are forgotten, and of somebody's last day."""
PHONE_INDEX = "volunteers.unconfirmed_phone"
AT_ONCE = 25
"""People in a slice: few enough that nobody waits for the writer."""
MOST_REASON = 500
Sheet = Sequence[tuple[str, Cells]]


@dataclass(frozen=True)
class BadRow:
    """A row as it was written, and what is wrong with it."""

    place: int
    cells: Cells
    faults: Sequence[str]


def begin(unit: Unit, sheet: Sheet, form: VolunteerImportIn) -> VolunteerImportOut:
    """Keep the rows of a file, and set out to look at them."""
    area = unit.actor.scope.area
    if area is None:
        raise NotPermitted(detail="Only people who work in an area hand in files.")
    job = Import(
        status=ImportStatus.RUNNING,
        dry_run=form.dry_run,
        total=len(sheet),
        created_by=unit.actor.subject,
        area=area,
        created_at=unit.now,
    )
    unit.session.add(job)
    unit.session.flush()
    unit.session.add_all(
        ImportRow(
            import_id=job.id,
            place=n,
            row=row,
            sealed_cells=seal(unit.vault, ImportRow.sealed_cells, json.dumps(cells, ensure_ascii=False)),
        )
        for n, (row, cells) in enumerate(sheet)
    )
    _audit(unit, job, "begun", digest=form.digest)
    unit.set_timer(NEXT_ROWS, str(job.id), unit.now)
    return queries.shown(job)


def next_rows(unit: Unit, import_no: str, due_at: datetime) -> None:
    """Look at the next people of an import (timer)."""
    del due_at
    job = queries.to_go_on(unit.session, int(import_no))
    for row in queries.following(unit.session, job, AT_ONCE):
        _look_at(unit, job, row)
    if job.done < job.total:
        unit.set_timer(NEXT_ROWS, import_no, unit.now)
        return
    job.status, job.finished_at = ImportStatus.DONE, unit.now
    queries.forget_rows(unit.session, job.id, bad=False)
    if job.bad:
        unit.set_timer(ROWS_OLD, import_no, unit.now + settings_of(unit).unconfirmed_kept)
    _audit(unit, job, "done")


def rows_old(unit: Unit, import_no: str, due_at: datetime) -> None:
    """Forget the bad rows of an import (timer)."""
    del due_at
    queries.forget_rows(unit.session, int(import_no), bad=True)


def _look_at(unit: Unit, job: Import, row: ImportRow) -> None:
    found = rules.form_of(json.loads(opened(unit.vault, ImportRow.sealed_cells, row)))
    faults = _faults(unit, job, row, found) if isinstance(found, RegistrationIn) else found
    row.bad = bool(faults)
    job.done += 1
    job.bad += row.bad
    job.good += not row.bad
    unit.session.add_all(
        ImportFault(import_id=job.id, place=row.place, row=row.row, field=field, reason=why[:MOST_REASON])
        for field, why in faults.items()
    )
    if isinstance(found, RegistrationIn) and not faults and not job.dry_run:
        _ask(unit, job, found)
    unit.session.flush()


def _faults(unit: Unit, job: Import, row: ImportRow, form: RegistrationIn) -> Faults:
    """Say what keeps somebody from being asked, by the columns of the sheet."""
    judged = judge(form, settings_of(unit).ages, unit.today)
    faults: Faults = {} if isinstance(judged, Person) else judged
    if not Scope(area=job.area).covers(form.community):
        faults["community"] = "this community lies outside your area"
    else:
        faults |= community_faults(unit, form.community)
    row.person_index = _person_index(unit, form)
    why = _known(unit, row, row.person_index)
    return rules.at_columns(faults | ({"id_document.number": why} if why else {}))


def _known(unit: Unit, row: ImportRow, person_index: str) -> str | None:
    """Say why a person is not taken down a second time, or not any more."""
    before = queries.row_before(unit.session, row, person_index)
    if before is not None:
        return f"this person stands in {before} already"
    if people.was_erased(unit.session, person_index) is not None:
        return "this person's data were erased on request: only they themselves register again"
    if people.has_refused(unit.session, person_index):
        return "this person does not want to be handed in: only they themselves register"
    if queries.is_volunteer(unit.session, person_index):
        return "this person is a volunteer already"
    return "this person was handed in before" if queries.is_asked(unit.session, person_index) else None


def _ask(unit: Unit, job: Import, form: RegistrationIn) -> None:
    """Take somebody down who may confirm; no message is sent, and nothing counts before it."""
    secret = settings_of(unit).events_secret.get_secret_value()
    proof = phone_proof(secret, form.phone)
    told = form.model_copy(update={"consent": []})
    new = Unconfirmed(
        **place(form.community),
        person_index=_person_index(unit, form),
        phone_index=unit.vault.blind_index(proof, purpose=PHONE_INDEX),
        sealed_name=seal(unit.vault, Unconfirmed.sealed_name, form.name),
        sealed_form=seal(unit.vault, Unconfirmed.sealed_form, told.model_dump_json()),
        handed_in_by=job.created_by,
        handed_in_at=unit.now,
        confirm_by=unit.now + settings_of(unit).unconfirmed_kept,
    )
    unit.session.add(new)
    unit.session.flush()
    unit.set_timer(UNANSWERED, str(new.id), new.confirm_by)
    unit.audit(f"{PERSON}.handed_in", PERSON, str(new.id), area=form.community, detail={"import": job.id})


def unanswered(unit: Unit, unconfirmed_id: str, due_at: datetime) -> None:
    """Erase what was handed in of somebody who did not confirm in time (timer)."""
    del due_at
    row = unit.session.get(Unconfirmed, int(unconfirmed_id))
    if row is not None:
        _erase(unit, row, "lapsed")


def read(unit: Unit, import_no: int) -> VolunteerImportOut:
    """Show how far an import of one's own is."""
    return queries.shown(queries.of(unit.session, import_no, unit.actor.subject))


def imports(unit: Unit, wanted: Wanted) -> Page[VolunteerImportOut]:
    """List one's own imports, newest first."""
    query = queries.handed_in_by(unit.actor.subject)
    return page(unit, query, queries.NEWEST_FIRST, wanted, bound="volunteer imports", show=queries.shown)


def faults(unit: Unit, import_no: int, wanted: Wanted) -> Page[FaultOut]:
    """List what is wrong with the rows of an import of one's own."""
    job = queries.of(unit.session, import_no, unit.actor.subject)
    bound = f"faults of volunteer import {import_no}"
    query = queries.faults(job.id)
    return page(unit, query, queries.FAULTS_IN_ORDER, wanted, bound=bound, show=queries.fault_of)


def take_bad_rows(unit: Unit, import_no: int) -> None:
    """Write down that somebody takes the bad rows of an import of their own away."""
    _audit(unit, queries.of(unit.session, import_no, unit.actor.subject), "bad_rows_taken")


def bad_rows(unit: Unit, import_no: int, after: int, most: int) -> list[BadRow]:
    """Return the next bad rows of an import as they were written, with what is wrong."""
    job = queries.of(unit.session, import_no, unit.actor.subject)
    rows = queries.bad_rows(unit.session, job.id, after, most)
    reasons = queries.reasons(unit.session, rows)
    return [
        BadRow(
            row.place,
            json.loads(opened(unit.vault, ImportRow.sealed_cells, row)),
            [f"{fault.field}: {fault.reason}" for fault in reasons[row.place]],
        )
        for row in rows
    ]


def unconfirmed(unit: Unit, wanted: Wanted) -> Page[UnconfirmedOut]:
    """List who of one's area has not confirmed yet."""
    return _listed(unit, wanted, None)


def asked(unit: Unit, wanted: Wanted) -> Page[UnconfirmedOut]:
    """List who was handed in under the phone that one is signed in with."""
    return _listed(unit, wanted, _own_phone(unit))


def _listed(unit: Unit, wanted: Wanted, phone_index: str | None) -> Page[UnconfirmedOut]:
    query = queries.unconfirmed() if phone_index is None else queries.unconfirmed_at(phone_index)
    return page(
        unit,
        query,
        queries.UNCONFIRMED_IN_ORDER,
        wanted,
        bound=f"unconfirmed {phone_index}",
        show=lambda row: queries.unconfirmed_of(unit.vault, row),
    )


def form_of(unit: Unit, unconfirmed_id: int, told: SelfConfirmationIn) -> RegistrationIn:
    """Return the form that somebody confirms by phone and document, with what they agree to themselves."""
    row = _own(unit, unconfirmed_id)
    if row.person_index != unit.vault.blind_index(told.id_document.lookup_key, purpose=PERSON_INDEX):
        raise NotFound
    form = RegistrationIn.model_validate_json(opened(unit.vault, Unconfirmed.sealed_form, row))
    return form.model_copy(update={"consent": told.consent})


def confirm(
    unit: Unit, unconfirmed_id: int, terms: Terms, verdict: Verdict, told: SelfConfirmationIn
) -> VolunteerOut:
    """Register somebody who was handed in, now that they agree; a minor's guardian confirms as always."""
    form = form_of(unit, unconfirmed_id, told)
    unit.session.delete(_own(unit, unconfirmed_id))
    unit.cancel_timer(UNANSWERED, str(unconfirmed_id))
    return register(unit, terms, verdict, form)


def refuse(unit: Unit, unconfirmed_id: int) -> None:
    """Erase what was handed in under one's phone and one does not agree to; no file brings it again."""
    row = _own(unit, unconfirmed_id)
    if not people.has_refused(unit.session, row.person_index):
        unit.session.add(RefusedPerson(person_index=row.person_index, refused_at=unit.now))
    _erase(unit, row, "refused")


def _own(unit: Unit, unconfirmed_id: int) -> Unconfirmed:
    mine = queries.unconfirmed_at(_own_phone(unit)).where(Unconfirmed.id == unconfirmed_id)
    return must_find(unit.session, mine.with_for_update())


def _own_phone(unit: Unit) -> str:
    return unit.vault.blind_index(unit.actor.phone_proof or "", purpose=PHONE_INDEX)


def _person_index(unit: Unit, form: RegistrationIn) -> str:
    return unit.vault.blind_index(form.id_document.lookup_key, purpose=PERSON_INDEX)


def _erase(unit: Unit, row: Unconfirmed, why: str) -> None:
    unit.cancel_timer(UNANSWERED, str(row.id))
    unit.audit(f"{PERSON}.{why}", PERSON, str(row.id), area=row.community)
    unit.session.delete(row)


def _audit(unit: Unit, job: Import, action: str, **more: str) -> None:
    detail = {"dry_run": job.dry_run, "total": job.total, "good": job.good, "bad": job.bad, **more}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(job.id), area=job.area, detail=detail)
