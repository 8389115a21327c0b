"""What is kept of oneself, list by list: every table that names a person is read by one of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.volunteer_exports import (
    OwnAskedToStay,
    OwnAsking,
    OwnCalendar,
    OwnHourEntry,
    OwnNeed,
    OwnPhoneChange,
    OwnStep,
    OwnTimeAccount,
)
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities import signups
from onewindow_volunteers.activities.models import BusyQuarter, Notice, Signup
from onewindow_volunteers.base import Base
from onewindow_volunteers.certificates import queries as certificates
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.evaluations import service as evaluations
from onewindow_volunteers.evaluations.models import ServiceEvaluation
from onewindow_volunteers.exports import service
from onewindow_volunteers.feeds.models import CalendarFeed
from onewindow_volunteers.inactivity.models import Asking
from onewindow_volunteers.needs import service as needs
from onewindow_volunteers.needs.models import Asked, Need
from onewindow_volunteers.needs.queries import row_of
from onewindow_volunteers.organisations import service as organisations
from onewindow_volunteers.organisations.models import Member
from onewindow_volunteers.people.models import Consent, Guardian, PhoneChange, Step, Volunteer, opened
from onewindow_volunteers.records import hearing
from onewindow_volunteers.records import service as records
from onewindow_volunteers.records.models import CountedSpan, HourEntry, ServiceRecord, Statement
from onewindow_volunteers.standing import queries as standing
from onewindow_volunteers.standing.models import Suspension
from onewindow_volunteers.stars import service as stars
from onewindow_volunteers.stars.models import Honour, Star, StarObjection
from onewindow_volunteers.timebank import service as timebank
from onewindow_volunteers.timebank.models import TimeAccount, TimeEntry
from onewindow_volunteers.training import service as training
from onewindow_volunteers.training.models import Training

Reader = Callable[[Unit, Wanted], Page[Any]]


@dataclass(frozen=True)
class Kept:
    """A list of one's own: the name of its file, what reads it, and the tables whose rows it tells of."""

    name: str
    read: Callable[..., Page[Any]]
    tables: Sequence[type[Base]]


def _own(query: Select[Any], *keys: InstrumentedAttribute[Any], show: Callable[..., Any]) -> Reader:
    """Return what reads rows of one's own, newest first; `show` makes a row of the unit and the row."""
    keyset = Keyset(keys, newest_first=True)

    def read(unit: Unit, wanted: Wanted) -> Page[Any]:
        mine = query.where(Volunteer.subject == unit.actor.subject)
        bound = f"own {keys[0].class_.__tablename__}"
        return page(unit, mine, keyset, wanted, bound=bound, show=partial(show, unit))

    return read


def _step(unit: Unit, row: Step) -> OwnStep:
    del unit
    source, target = VolunteerStatus(row.source), VolunteerStatus(row.target)
    return OwnStep(at=row.at, source=source, target=target, community=row.counted_in)


def _entry(unit: Unit, row: HourEntry) -> OwnHourEntry:
    del unit
    return OwnHourEntry(record_id=row.record_id, minutes=row.minutes, at=row.at, why=row.why)


def _asking(unit: Unit, row: Asked) -> OwnAsking:
    del unit
    return OwnAsking(need_id=row.need_id, at=row.at)


def _calendar(unit: Unit, row: CalendarFeed) -> OwnCalendar:
    del unit
    return OwnCalendar(since=row.since)


def _stay(unit: Unit, row: Asking) -> OwnAskedToStay:
    del unit
    return OwnAskedToStay(asked_at=row.asked_at, answer_by=row.answer_by, stayed_at=row.stayed_at)


def _phone(unit: Unit, row: PhoneChange) -> OwnPhoneChange:
    phone = opened(unit.vault, PhoneChange.sealed_phone, row)
    return OwnPhoneChange(phone=phone, asked_at=row.asked_at, confirm_by=row.confirm_by)


def _account(unit: Unit, row: TimeAccount) -> OwnTimeAccount:
    del unit
    return OwnTimeAccount(minutes=row.balance or 0, opened_at=row.opened_at)


def _of(table: Any) -> Select[Any]:
    return select(table).join(Volunteer, Volunteer.id == table.volunteer_id)


def _postings(unit: Unit, wanted: Wanted) -> Page[Any]:
    query = select(TimeEntry).join(TimeAccount, TimeAccount.code == TimeEntry.account)
    mine = query.where(TimeAccount.subject == unit.actor.subject).options(joinedload(TimeEntry.posting))
    keys = Keyset([TimeEntry.posting_id, TimeEntry.account], newest_first=True)
    return page(unit, mine, keys, wanted, bound="own postings", show=timebank.posting)


def _objections(unit: Unit, wanted: Wanted) -> Page[Any]:
    mine = select(StarObjection).where(StarObjection.subject == unit.actor.subject)
    show = partial(stars.said, unit)
    return page(unit, mine, stars.OBJECTIONS, wanted, bound="own objections", show=show)


def _suspensions(unit: Unit, wanted: Wanted) -> Page[Any]:
    query, show = select(Suspension), partial(standing.shown, unit.vault)
    return page(unit, query, standing.NEWEST_FIRST, wanted, bound="own suspensions", show=show)


def needs_of(unit: Unit, subject: str, wanted: Wanted) -> Page[OwnNeed]:
    """List the needs that an account took down, which are nobody's own before somebody helps."""
    mine = select(Need).where(Need.taken_by == subject)
    keyset = Keyset([Need.id], newest_first=True)
    return page(unit, mine, keyset, wanted, bound=f"needs of {subject}", show=partial(_need, unit))


def _need(unit: Unit, row: Need) -> OwnNeed:
    return OwnNeed(**row_of(row).model_dump(), **needs.told(unit, row).model_dump())


OWN = (
    Kept("registrations", service.registrations, (Volunteer, Guardian, Consent)),
    Kept("phone-changes", _own(_of(PhoneChange), PhoneChange.volunteer_id, show=_phone), (PhoneChange,)),
    Kept("steps", _own(_of(Step), Step.id, show=_step), (Step,)),
    Kept("signups", signups.mine, (Signup, BusyQuarter)),
    Kept("notices", signups.notices, (Notice,)),
    Kept("service-records", records.mine, (ServiceRecord, CountedSpan)),
    Kept("record-statements", _own(_of(Statement), Statement.id, show=hearing.shown), (Statement,)),
    Kept(
        "evaluations",
        _own(_of(ServiceEvaluation), ServiceEvaluation.id, show=evaluations.shown),
        (ServiceEvaluation,),
    ),
    Kept("hour-entries", _own(_of(HourEntry), HourEntry.id, show=_entry), (HourEntry,)),
    Kept("stars", stars.mine, (Star,)),
    Kept("objections", _objections, (StarObjection,)),
    Kept("memberships", organisations.mine, (Member,)),
    Kept("suspensions", _suspensions, (Suspension,)),
    Kept("needs-helped", lambda unit, wanted: needs.several(unit, wanted, None), (Need,)),
    Kept("needs-asked", _own(_of(Asked), Asked.need_id, Asked.volunteer_id, show=_asking), (Asked,)),
    Kept("time-account", _own(_of(TimeAccount), TimeAccount.code, show=_account), (TimeAccount,)),
    Kept("time-postings", _postings, (TimeEntry,)),
    Kept("calendar", _own(_of(CalendarFeed), CalendarFeed.volunteer_id, show=_calendar), (CalendarFeed,)),
    Kept("asked-to-stay", _own(_of(Asking), Asking.volunteer_id, show=_stay), (Asking,)),
    Kept("certificates", certificates.several, (ServiceCertificate,)),
)
"""Lists that are read as whoever asks."""
BY_NUMBER = (
    Kept("trainings", training.of, (Training,)),
    Kept("honours", stars.honours, (Honour,)),
)
"""Lists that are read for each number that one had."""
TAKEN_DOWN = Kept("needs-taken-down", needs_of, (Need,))
