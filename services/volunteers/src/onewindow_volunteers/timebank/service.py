"""Use cases of the time bank: opening an account, earning, giving, and counting it all again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.ledger import Proof
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.timebank import (
    TimeAccountIn,
    TimeAccountOut,
    TimeGiftIn,
    TimeMovement,
    TimePostingOut,
    TimeTransferIn,
)
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing import ledger as books
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.scope import DISTRICT, Scope, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import latest_held, latest_of
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.timebank import ledger, rules
from onewindow_volunteers.timebank.models import BOOKS, TimeAccount, TimeEntry
from onewindow_volunteers.timebank.problems import NotEnoughTime, NoTimeAccount, OverCap

SYSTEM = "system"
NEWEST_FIRST = Keyset([TimeEntry.posting_id], newest_first=True)


def open_account(unit: Unit, form: TimeAccountIn) -> TimeAccountOut:
    """Open an account; help that is confirmed from now on is credited."""
    del form
    person = _person(unit)
    account = TimeAccount(
        **place(person.community),
        code=rules.of_volunteer(person.volunteer_no),
        volunteer_id=person.id,
        subject=person.subject,
        balance=0,
        opened_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    unit.audit("time.opened", "time_account", account.code, area=account.community)
    return _shown(unit, account, person)


def mine(unit: Unit) -> TimeAccountOut:
    """Show one's own account."""
    person = latest_of(unit.session, unit.actor.subject)
    return _shown(unit, _account(unit, person), person)


def postings(unit: Unit, wanted: Wanted) -> Page[TimePostingOut]:
    """List what moved on one's own account, newest first."""
    code = _account(unit, latest_of(unit.session, unit.actor.subject)).code
    query = select(TimeEntry).where(TimeEntry.account == code).options(joinedload(TimeEntry.posting))
    return page(unit, query, NEWEST_FIRST, wanted, bound=f"postings of {code}", show=posting)


def give(unit: Unit, form: TimeGiftIn) -> TimeAccountOut:
    """Give credit to one's community."""
    person = _person(unit)
    into = rules.of_community(person.community)
    ledger.open_common(unit, into, person.community, kept=True)
    return _moved(unit, person, TimeMovement.GIFT, form.minutes, into)


def transfer(unit: Unit, form: TimeTransferIn) -> TimeAccountOut:
    """Give credit to another volunteer of the district, whose account has to have room."""
    person = _person(unit)
    if form.to == person.volunteer_no or form.to[:DISTRICT] != person.volunteer_no[:DISTRICT]:
        raise invalid({"to": "another volunteer of the district"})
    return _moved(unit, person, TimeMovement.TRANSFER, form.minutes, rules.of_volunteer(form.to))


def _moved(unit: Unit, person: Volunteer, movement: TimeMovement, minutes: int, into: str) -> TimeAccountOut:
    own = rules.of_volunteer(person.volunteer_no)
    held = ledger.held(unit, own, into)
    if held[own] < minutes:
        raise NotEnoughTime
    if movement is TimeMovement.TRANSFER and held[into] + minutes > settings_of(unit).time_bank_cap:
        raise OverCap
    ledger.post(unit, movement, minutes, own, into, by=person.volunteer_no)
    account = _account(unit, person)
    unit.session.refresh(account)
    return _shown(unit, account, person)


def record_counts(unit: Unit, record_id: str, due_at: datetime) -> None:
    """Credit what a record of help counts now, beside what it brought before (timer).

    It can run any number of times; whoever has no account is credited nothing.
    """
    del due_at
    record = unit.session.get_one(ServiceRecord, int(record_id))
    own = rules.of_volunteer(record.volunteer_no)
    common, source = rules.of_community(record.community), rules.of_source(record.district)
    if unit.session.get(TimeAccount, own) is None:
        return
    ledger.open_common(unit, source, record.district, kept=False)
    ledger.open_common(unit, common, record.community, kept=True)
    held = ledger.held(unit, own, common)[own]
    given = record.minutes or 0 if record.status == RecordStatus.CONFIRMED else 0
    counts = rules.credit(given, settings_of(unit).time_bank_rate)
    change = counts + ledger.brought(unit, record.id, source)
    if change > 0:
        kept, over = rules.shared(change, held, settings_of(unit).time_bank_cap)
        steps = [(TimeMovement.EARN, kept, source, own), (TimeMovement.OVER_CAP, over, source, common)]
    else:
        over = min(-change, ledger.brought(unit, record.id, common))
        correct = TimeMovement.CORRECT
        steps = [(correct, over, common, source), (correct, -change - over, own, source)]
    for movement, minutes, out_of, into in steps:
        if minutes:
            ledger.post(unit, movement, minutes, out_of, into, by=SYSTEM, record_id=record.id)


def proof(unit: Unit, reach: Scope) -> Proof:
    """Count the whole ledger again; accounts outside of `reach` are counted and not named."""
    found = books.proof(unit.session, BOOKS)
    unlike = select(TimeAccount).where(TimeAccount.code.in_(found.unlike)).order_by(TimeAccount.code)
    named = [one.code for one in unit.session.scalars(unlike) if reach.covers(one.community)]
    return found.model_copy(update={"unlike": named})


def _person(unit: Unit) -> Volunteer:
    person = latest_held(unit.session, unit.actor.subject)
    if person.status != VolunteerStatus.REGISTERED:
        raise MoveRefused(state=person.status, action="time_bank")
    return person


def _account(unit: Unit, person: Volunteer) -> TimeAccount:
    account = unit.session.get(TimeAccount, rules.of_volunteer(person.volunteer_no))
    if account is None:
        raise NoTimeAccount
    return account


def _shown(unit: Unit, account: TimeAccount, person: Volunteer) -> TimeAccountOut:
    return TimeAccountOut(
        volunteer_no=person.volunteer_no,
        minutes=account.balance or 0,
        cap_minutes=settings_of(unit).time_bank_cap,
        opened_at=account.opened_at,
    )


def posting(entry: TimeEntry) -> TimePostingOut:
    """Show a movement as it changed one account."""
    return TimePostingOut(
        posting_no=entry.posting_id,
        movement=TimeMovement(entry.posting.movement),
        minutes=entry.minutes,
        at=entry.posting.at,
    )
