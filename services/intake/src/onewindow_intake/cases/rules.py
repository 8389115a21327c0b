"""Rules of receiving, accepting and refusing applications (行政许可法 art. 32, rules C2 T1-T10, T20)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from onewindow_intake.cases.channels import WAYS, Sight
from onewindow_shared.contracts.access import PERSONAL_ROLES, Role
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.intake import (
    CaseIn,
    Channel,
    DefectIn,
    RefusalGround,
    RefusalIn,
)
from onewindow_shared.contracts.lifecycle import (
    CaseAction,
    CaseStatus,
    Move,
    Owner,
    walk,
)
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.outcomes import MissedSupplement
from onewindow_shared.plumbing.workdays import BeyondCalendar, Due, WorkCalendar, close_of_business, local_day

ROUTED = (
    CaseAction.CORRECT_ON_SPOT,
    CaseAction.ACCEPT,
    CaseAction.ACCEPT_TOLERANTLY,
    CaseAction.DECIDE_AT_ONCE,
    CaseAction.SUPPLEMENT,
    CaseAction.REQUEST_CORRECTION,
    CaseAction.REFUSE_ACCEPTANCE,
    CaseAction.WITHDRAW,
)
"""What this service has routes for."""
GROUNDS: Mapping[CaseStatus, frozenset[RefusalGround]] = {
    CaseStatus.RECEIVED: frozenset({RefusalGround.NOT_REQUIRED, RefusalGround.NOT_COMPETENT}),
    CaseStatus.CORRECTION: frozenset({RefusalGround.NOT_CONFORMING}),
}
"""Papers that are wrong are a ground only after the one notice has been given (T2, T10)."""
CAME_TO_NOTHING = (
    CaseStatus.NOT_ACCEPTED,
    CaseStatus.WITHDRAWN,
    CaseStatus.DEEMED_WITHDRAWN,
    CaseStatus.ACCEPTANCE_REVOKED,
)
"""After these an application is made again with good reason, and hands nothing on."""

FUTURE, LONG_PAST = "this lies in the future", "this lies too far back"


@dataclass(frozen=True)
class Terms:
    """What this district has settled within the law; days are working days unless a name says otherwise."""

    notice_days: int
    closing_hour: int
    least_correction_days: int
    most_correction_days: int
    oldest_receipt_days: int
    oldest_consent: timedelta
    remedies: str
    online_notice_days: int
    supplement_missed: MissedSupplement
    consent_text: str
    duplicate_window: timedelta | None = None
    """For how long a case of the same person and item is decided about; null where windows are only told."""
    duplicate_likeness: float | None = None
    """How like another applicant has to be to be decided about, too; null where only the same is."""
    renewed_within: timedelta = timedelta(0)
    """How far back a notice in a case that was taken back is compared with the one of the next case."""


@dataclass(frozen=True)
class Standing:
    """What decides whether a case can be moved now."""

    status: CaseStatus
    notice_due_at: datetime
    correction_due_at: datetime | None
    complete: bool
    """Everything needed is there, as the window saw it or as the applicant declared it in time."""
    supplement_due_at: datetime | None = None


def in_person(roles: Collection[Role]) -> bool:
    """Say whether somebody acts for themselves, not for an office."""
    return PERSONAL_ROLES.issuperset(roles)


def sees_papers(roles: Collection[Role]) -> bool:
    """Say whether somebody's word on a paper is a sighting; whoever acts for the applicant declares only."""
    return Role.WINDOW_CLERK in roles


def posted(
    form: CaseIn,
    roles: Collection[Role],
    now: datetime,
    terms: Terms,
    *,
    calendar: WorkCalendar,
    zone: tzinfo,
) -> dict[str, str]:
    """Return what is wrong with an application whatever its item: field -> reason."""
    wrong = _elsewhere(form)
    way = WAYS[form.channel]
    if not in_person(roles) and not way.staff:
        wrong["channel"] = "one applies by this channel with an account of one's own"
    if in_person(roles):
        wrong |= _in_ones_own_name(form)
    received_at, given_at = form.received_at, form.consent.given_at
    if received_at is not None and received_at > now:
        wrong["received_at"] = FUTURE
    elif received_at is not None and long_past(calendar, received_at, now, terms.oldest_receipt_days, zone):
        wrong["received_at"] = LONG_PAST
    if given_at is not None and given_at > now:
        wrong["consent.given_at"] = FUTURE
    elif given_at is not None and given_at < now - terms.oldest_consent:
        wrong["consent.given_at"] = LONG_PAST
    return wrong


def _in_ones_own_name(form: CaseIn) -> dict[str, str]:
    wrong = {}
    if not WAYS[form.channel].own:
        wrong["channel"] = "one's own application comes by web, mobile or kiosk"
    if form.first_contact_officer is not None:
        wrong["first_contact_officer"] = "the window settles this"
    if form.received_at is not None:
        wrong["received_at"] = "this is for papers taken at a window"
    if form.accepting_community is not None:
        wrong["accepting_community"] = "this is for windows"
    if form.duplicate is not None:
        wrong["duplicate"] = "the window settles this"
    return wrong


def _elsewhere(form: CaseIn) -> dict[str, str]:
    wrong = {}
    if form.accepting_community == form.community:
        wrong["accepting_community"] = "leave this out where the case belongs to the window's own community"
    if form.result_at is not None and form.result_at not in {form.accepting_community, form.community}:
        wrong["result_at"] = "one of the two communities hands back the result"
    return wrong


def long_past(calendar: WorkCalendar, at: datetime, now: datetime, days: int, zone: tzinfo) -> bool:
    """Say whether more than so many working days are over since a moment."""
    try:
        return calendar.due(local_day(at, zone), days).day < local_day(now, zone)
    except BeyondCalendar:
        return True


def seen_by(channel: Channel, roles: Collection[Role]) -> bool:
    """Say whether what is said of papers at the posting is a sighting."""
    return sees_papers(roles) and WAYS[channel].sight is not Sight.NOTHING


def beyond(notice: Sequence[DefectIn], demands: Sequence[DefectIn]) -> list[DefectIn]:
    """Return the demands that are no line of a notice: a told paper carries no new fault in other words."""
    return [demand for demand in demands if demand not in notice]


def untold(notice: Sequence[DefectIn], papers: Collection[str]) -> list[str]:
    """Return the papers that no line of a notice is about."""
    told = {defect.material for defect in notice}
    return [paper for paper in papers if paper not in told]


def answer_days(channel: str, terms: Terms) -> int:
    """Return the working days within which an answer is in time: fewer for applications that came online."""
    return (
        min(terms.notice_days, terms.online_notice_days)
        if WAYS[Channel(channel)].online
        else terms.notice_days
    )


def notice_due(
    calendar: WorkCalendar, received_on: date, days: int, closing_hour: int, zone: tzinfo
) -> datetime:
    """Return until when the notice of corrections can be given (art. 32(4), counted by 民法典 art. 203)."""
    return _closing(calendar.due(received_on, days).day, closing_hour, zone)


def completion_due(calendar: WorkCalendar, accepted_on: date, days: int) -> Due:
    """Return the last day of the promised limit."""
    return calendar.due(accepted_on, days)


def correction_due(
    calendar: WorkCalendar, today: date, deadline: date, terms: Terms, zone: tzinfo
) -> datetime | str:
    """Return when a deadline for corrections ends, or what is wrong with it."""
    try:
        earliest = calendar.due(today, terms.least_correction_days).day
        latest = calendar.due(today, terms.most_correction_days).day
    except BeyondCalendar:
        return "the calendar ends before any possible deadline"
    if deadline < earliest:
        return f"leave at least {terms.least_correction_days} working days: {earliest} or later"
    if deadline > latest:
        return f"at most {terms.most_correction_days} working days: {latest} or earlier"
    return date_ends(calendar, deadline, terms.closing_hour, zone)


def least_time(calendar: WorkCalendar, today: date, terms: Terms, zone: tzinfo) -> tuple[date, datetime]:
    """Return the earliest day that is set today for what an applicant brings, and when it is over."""
    day = calendar.due(today, terms.least_correction_days).day
    return day, date_ends(calendar, day, terms.closing_hour, zone)


def date_ends(calendar: WorkCalendar, day: date, closing_hour: int, zone: tzinfo) -> datetime:
    """Return when a date that was set is over: on a day off, with the next working day (民法典 art. 203)."""
    return _closing(calendar.due(day, 0).day, closing_hour, zone)


def _closing(day: date, hour: int, zone: tzinfo) -> datetime:
    return close_of_business(day, zone, hour).astimezone(UTC)


def acceptance_day(status: CaseStatus, complete_on: date | None, today: date) -> date:
    """Return the day the limits run from: today (T6), or the day all corrections were in (T8)."""
    if status is CaseStatus.CORRECTION and complete_on is not None:
        return complete_on
    return today


def refused(status: CaseStatus, form: RefusalIn) -> dict[str, str]:
    """Return what is wrong with a refusal: field -> reason."""
    wrong = {}
    if form.ground not in GROUNDS.get(status, ()):
        wrong["ground"] = f"a case that is {status} is not refused on this ground"
    if (form.ground is RefusalGround.NOT_COMPETENT) != (form.competent_body is not None):
        wrong["competent_body"] = "name the competent body if, and only if, the matter is not ours"
    if (form.ground is RefusalGround.NOT_CONFORMING) != bool(form.unmet):
        wrong["unmet"] = "name what of the notice was not met if, and only if, that is the ground"
    return wrong


def settled_by_time(case: Standing, now: datetime) -> bool:
    """Say whether the law has already moved the case, even if no timer has run since (T5, T9, T12).

    Whoever handed in everything by the deadline does not lose the case to a slow window: a declaration made
    in time is enough, and the case waits until the window has looked. When it finds a paper missing after
    all, the case is incomplete again and the deadline counts.
    """
    if case.status is CaseStatus.RECEIVED:
        return now >= case.notice_due_at
    if case.status is CaseStatus.CORRECTION and case.correction_due_at is not None:
        return now >= case.correction_due_at and not case.complete
    if case.status is CaseStatus.TOLERANT_ACCEPTED and case.supplement_due_at is not None:
        return now >= case.supplement_due_at
    return False


def move(case: Standing, action: CaseAction, roles: Collection[Role], now: datetime) -> Move:
    """Return the move of intake that `action` makes now, or raise `CannotMoveError`.

    Handing in papers leaves a case that waits for corrections where it is.
    """
    if settled_by_time(case, now):
        raise CannotMoveError("a case", case.status, action)
    if action is CaseAction.CORRECT_ON_SPOT and case.status is CaseStatus.CORRECTION:
        on_the_spot = walk(CaseStatus.RECEIVED, action, roles)
        return Move(on_the_spot.rule, case.status, action, case.status, Owner.INTAKE, on_the_spot.by)
    found = walk(case.status, action, roles)
    if found.owner is not Owner.INTAKE:
        raise CannotMoveError("a case", case.status, action)
    return found


def taken_back_elsewhere(status: CaseStatus, action: CaseAction, roles: Collection[Role]) -> bool:
    """Say whether somebody may take a case back, but where it is worked on by now (T20)."""
    if action is not CaseAction.WITHDRAW:
        return False
    try:
        return walk(status, action, roles).owner is Owner.CASEWORK
    except CannotMoveError:
        return False


OF_THE_AUTHORITY = frozenset({CaseAction.REFUSE_ACCEPTANCE, CaseAction.DECIDE_AT_ONCE})
"""Moves that a window elsewhere, which accepts on the authority's behalf, leaves to the authority's own."""


def kept_from(item: ItemContent) -> frozenset[CaseAction]:
    """Return the moves that an item does not know: nothing of it may come later, or it takes its time."""
    known = {
        CaseAction.ACCEPT_TOLERANTLY: any(material.deferrable for material in item.materials),
        CaseAction.DECIDE_AT_ONCE: item.instant,
    }
    return frozenset(action for action, may in known.items() if not may)


def possible(
    case: Standing, roles: Collection[Role], now: datetime, barred: Collection[CaseAction] = ()
) -> list[CaseAction]:
    """List what these roles may do with a case here and now; nothing while the law is about to move it."""
    return [action for action in ROUTED if action not in barred and _can(case, action, roles, now)]


def _can(case: Standing, action: CaseAction, roles: Collection[Role], now: datetime) -> bool:
    try:
        move(case, action, roles, now)
    except CannotMoveError:
        return False
    return True
