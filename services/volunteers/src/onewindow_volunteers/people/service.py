"""What people do about volunteering: sign up, be verified, move, leave, return."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from math import ceil

from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import volunteer_number
from onewindow_shared.contracts.volunteer_life import MoveIn, ReturnIn
from onewindow_shared.contracts.volunteers import (
    Capacity,
    ConsentGiver,
    Purpose,
    RegistrationIn,
    VerificationIn,
    VerificationOutcome,
    VolunteerOut,
    VolunteerStatus,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import MoveRefused, Problem, RetryAfter, invalid
from onewindow_shared.plumbing.reference import community_faults
from onewindow_shared.plumbing.scope import DISTRICT, place
from onewindow_shared.plumbing.unit import Actor, Unit
from onewindow_shared.plumbing.workdays import local_day, midnight
from onewindow_volunteers.engagement.counting import counted
from onewindow_volunteers.people import queries, rules
from onewindow_volunteers.people.models import Consent, Guardian, Step, Volunteer, seal
from onewindow_volunteers.people.rules import Ages, Change, Faults, Person, Verdict, VolunteerAction
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.standing.queries import end, follow

PERSON_INDEX = "volunteers.person"
ENTITY = "volunteer"
ACCOUNT = "account"
DAY = timedelta(days=1)
GONE, GUARDIAN_OVERDUE, INACTIVE = "volunteer.gone", "guardian.overdue", "volunteer.inactive"
OF_AGE, KNOWN_AGAIN, UNVERIFIED = "volunteer.of_age", "volunteer.known_again", "volunteer.unverified"
PHONE_FORGOTTEN = "volunteer.phone_forgotten"
"""Timers: of what follows when somebody no longer serves, of the guardian's last day, of when somebody
may not have served for long, of the day on which a minor is one no longer, of what somebody had under an
earlier account, of the last day for being verified, and of the last day for confirming a new number."""


class AlreadyRegistered(Problem):
    """This person, or this account, is registered already; one person registers once."""

    type = "urn:onewindow:problem:already-registered"
    title = "Already registered"
    status = 409


class ErasedBefore(Problem):
    """This person had their data erased on request; whoever registers again says `after_erasure`."""

    type = "urn:onewindow:problem:erased-before"
    title = "Erased on request"
    status = 409


class TooManyChecks(RetryAfter):
    """This account has had as many identities checked as it may within a day; the community can help."""

    type = "urn:onewindow:problem:too-many-checks"
    title = "Too many identity checks"
    status = 429


@dataclass(frozen=True)
class Terms:
    """What this district asks of those who register."""

    ages: Ages
    checks_per_day: int
    """Identity checks that one account may cause within 24 hours."""
    events_secret: str = field(repr=False)


def ask(unit: Unit, terms: Terms, form: RegistrationIn) -> None:
    """Take down that an identity is about to be checked, or refuse a form that would not get in anyway."""
    _judged(unit, terms, form)
    if queries.is_registered(unit.session, unit.actor.subject):
        raise AlreadyRegistered
    asked = queries.checks_of(unit, unit.actor.subject, unit.now - DAY, terms.checks_per_day)
    if len(asked) >= terms.checks_per_day:
        raise TooManyChecks(retry_after=ceil((asked[-1] + DAY - unit.now).total_seconds()))
    unit.audit(rules.ASKED, ACCOUNT, unit.actor.subject, area=form.community)


def refuse(unit: Unit, form: RegistrationIn) -> None:
    """Take down that name and document were found not to belong together; neither is written."""
    unit.audit(rules.DIFFERED, ACCOUNT, unit.actor.subject, area=form.community)


def register(unit: Unit, terms: Terms, verdict: Verdict, form: RegistrationIn) -> VolunteerOut:
    """Sign somebody up; an identity that was found to match is verified and registered at once.

    That a minor lives on their own work no register tells: the community looks at the window.
    """
    person = _judged(unit, terms, form)
    volunteer = _enter(unit, form, person)
    if not form.after_erasure and queries.was_erased(unit.session, volunteer.person_index) is not None:
        raise ErasedBefore
    volunteer.guardian = _guardian(unit, form)
    _agree(unit, volunteer, form.consent)
    unit.session.add(volunteer)
    unit.session.flush()
    _audit(unit, volunteer, "signed_up")
    if verdict is Verdict.MATCHES and person.capacity is not Capacity.SELF_SUPPORTING:
        move(unit, volunteer, VolunteerAction.VERIFY)
        settle(unit, volunteer)
    else:
        unit.set_timer(UNVERIFIED, volunteer.volunteer_no, unit.now + settings_of(unit).verification_kept)
    return queries.masked(unit.vault, volunteer)


def _agree(unit: Unit, volunteer: Volunteer, purposes: Iterable[Purpose]) -> None:
    """Take down what the volunteer agrees to, and ask the guardian, who has to confirm it themselves."""
    settings = settings_of(unit)
    given = list(rules.consents(purposes, Capacity(volunteer.capacity)))
    volunteer.consents = [
        consent_of(unit, purpose, giver) for purpose, giver in given if giver is ConsentGiver.VOLUNTEER
    ]
    if volunteer.guardian is not None:
        volunteer.guardian.asked = [purpose for purpose, giver in given if giver is ConsentGiver.GUARDIAN]
        volunteer.guardian.confirmed_at = None
        volunteer.guardian.answer_by = unit.now + settings.guardian_answers
        unit.set_timer(GUARDIAN_OVERDUE, volunteer.volunteer_no, volunteer.guardian.answer_by)
    wait_for_age(unit, volunteer)


def wait_for_age(unit: Unit, volunteer: Volunteer) -> None:
    """Have it noticed when a minor comes of age."""
    if volunteer.capacity != Capacity.ADULT:
        grown = rules.of_age_on(queries.born(unit.vault, volunteer), settings_of(unit).ages)
        unit.set_timer(OF_AGE, volunteer.volunteer_no, midnight(grown, unit.zone))


def keep_of_age(unit: Unit, volunteer: Volunteer) -> None:
    """Take down in what capacity somebody is here today; whoever needs no guardian has none from now on.

    A guardian's data are kept no longer than they are needed (个人信息保护法 art. 19).
    """
    volunteer.capacity = rules.capacity_now(
        Capacity(volunteer.capacity), queries.born(unit.vault, volunteer), settings_of(unit).ages, unit.today
    )
    if volunteer.guardian is not None and not rules.needs_guardian(Capacity(volunteer.capacity)):
        unit.cancel_timer(GUARDIAN_OVERDUE, volunteer.volunteer_no)
        unit.session.delete(volunteer.guardian)
        volunteer.guardian = None


def nobody_agreed(volunteer: Volunteer) -> bool:
    """Say whether no guardian ever agreed to this minor's registration (个人信息保护法 art. 31)."""
    guardian = volunteer.guardian
    return volunteer.registered_at is None and guardian is not None and guardian.confirmed_at is None


def consent_of(unit: Unit, purpose: Purpose, giver: ConsentGiver) -> Consent:
    """Return what is written of a consent given now."""
    notice = settings_of(unit).privacy_notice
    return Consent(purpose=purpose, given_by=giver, notice=notice, given_at=unit.now)


def _judged(unit: Unit, terms: Terms, form: RegistrationIn) -> Person:
    person = rules.judge(form, terms.ages, unit.today)
    faults: Faults = {} if isinstance(person, Person) else person
    faults |= _phone_faults(unit.actor, terms, form.phone)
    faults |= community_faults(unit, form.community)
    if faults or not isinstance(person, Person):
        raise invalid(faults)
    return person


def _phone_faults(actor: Actor, terms: Terms, phone: str) -> Faults:
    expected = phone_proof(terms.events_secret, phone)
    if actor.phone_proof is not None and compare_digest(actor.phone_proof, expected):
        return {}
    return {"phone": "this is not the number that you are signed in with"}


def _enter(unit: Unit, form: RegistrationIn, person: Person) -> Volunteer:
    vault, district = unit.vault, form.community[:DISTRICT]
    serial = queries.next_serial(unit, district, unit.today.year)
    return Volunteer(
        **place(form.community),
        volunteer_no=volunteer_number(district, unit.today.year, serial),
        subject=unit.actor.subject,
        status=VolunteerStatus.REGISTERING,
        status_since=unit.now,
        person_index=vault.blind_index(form.id_document.lookup_key, purpose=PERSON_INDEX),
        id_kind=form.id_document.kind,
        sealed_id_number=seal(vault, Volunteer.sealed_id_number, form.id_document.number),
        sealed_name=seal(vault, Volunteer.sealed_name, form.name),
        sealed_birth_date=seal(vault, Volunteer.sealed_birth_date, person.birth.isoformat()),
        sealed_phone=seal(vault, Volunteer.sealed_phone, form.phone),
        sex=person.sex,
        capacity=person.capacity,
        skills=form.skills,
        availability=form.availability,
        categories=form.categories,
    )


def _guardian(unit: Unit, form: RegistrationIn) -> Guardian | None:
    vault, guardian = unit.vault, form.guardian
    if guardian is None:
        return None
    return Guardian(
        id_kind=guardian.id_document.kind,
        sealed_id_number=seal(vault, Guardian.sealed_id_number, guardian.id_document.number),
        sealed_name=seal(vault, Guardian.sealed_name, guardian.name),
        sealed_phone=seal(vault, Guardian.sealed_phone, guardian.phone),
    )


def settle(unit: Unit, volunteer: Volunteer) -> None:
    """Register whoever is verified, a minor only with the guardian's own word.

    A suspension that lasts follows the person: no leaving, returning or registering anew shakes it off.
    """
    guardian = volunteer.guardian
    waits = guardian is not None and guardian.confirmed_at is None
    if volunteer.status != VolunteerStatus.VERIFIED or waits:
        return
    if follow(unit.session, volunteer):
        move(unit, volunteer, VolunteerAction.STAY_SUSPENDED)
    else:
        enter_register(unit, volunteer, VolunteerAction.REGISTER)


def enter_register(unit: Unit, volunteer: Volunteer, action: VolunteerAction) -> None:
    """Have somebody serve from now on, and tell the other services."""
    volunteer.registered_at = volunteer.registered_at or unit.now
    move(unit, volunteer, action)
    unit.publish(
        VolunteerRegistered(
            volunteer_no=volunteer.volunteer_no, subject=volunteer.subject, community=volunteer.community
        )
    )


def move(
    unit: Unit,
    volunteer: Volunteer,
    action: VolunteerAction,
    reason: str | None = None,
    at: datetime | None = None,
) -> None:
    """Walk the table, or refuse; whoever no longer serves has their places given up.

    `at` is when it happened, if that was before it was noticed.
    """
    source = VolunteerStatus(volunteer.status)
    try:
        target = rules.walk(source, action)
    except CannotMoveError:
        raise MoveRefused(state=source, action=action) from None
    volunteer.status, volunteer.status_since = target, at or unit.now
    volunteer.ended_by = action if target is VolunteerStatus.LEFT else None
    _step(unit, volunteer, Change(source, target, volunteer.community), volunteer.status_since)
    if target is VolunteerStatus.REGISTERED:
        unit.set_timer(INACTIVE, volunteer.volunteer_no, unit.now + settings_of(unit).inactive_looks)
    if action is VolunteerAction.VERIFY:
        _is_known(unit, volunteer)
    if target is VolunteerStatus.LEFT:
        unit.cancel_timer(GUARDIAN_OVERDUE, volunteer.volunteer_no)
    if source is VolunteerStatus.REGISTERED or (target is VolunteerStatus.LEFT and nobody_agreed(volunteer)):
        unit.set_timer(GONE, volunteer.volunteer_no, unit.now)
    _audit(unit, volunteer, action, reason)


def _is_known(unit: Unit, volunteer: Volunteer) -> None:
    """Let go of what was kept against or beside a person who, as is proved now, wants to be here."""
    queries.forget_unconfirmed(unit.session, volunteer.person_index)
    queries.forget_erasure(unit.session, volunteer.person_index)
    if queries.had_another_account(unit.session, volunteer):
        unit.set_timer(KNOWN_AGAIN, volunteer.volunteer_no, unit.now)


def _step(unit: Unit, volunteer: Volunteer, change: Change, at: datetime) -> None:
    with counted(unit, volunteer.person_index):
        volunteer.steps.append(
            Step(
                at=at,
                source=change.source,
                target=change.target,
                counted_in=change.community,
                moved_from=change.moved_from,
            )
        )
    for community, n in rules.figures(change):
        unit.count(Metric.VOLUNTEERS_REGISTERED, n, community=community, day=local_day(at, unit.zone))


def _audit(unit: Unit, volunteer: Volunteer, action: str, reason: str | None = None) -> None:
    unit.audit(
        f"{ENTITY}.{action}",
        ENTITY,
        volunteer.volunteer_no,
        area=volunteer.community,
        reason=reason,
        detail={"status": volunteer.status, "capacity": volunteer.capacity},
    )


def verify(unit: Unit, volunteer_no: str, seen: int, found: VerificationIn) -> VolunteerOut:
    """Take down what the community found when it compared person and document."""
    disproved = found.outcome is VerificationOutcome.DISPROVED
    if disproved and found.reason is None:
        raise invalid({"reason": "say why the identity is disproved"})
    volunteer = to_change(unit, volunteer_no, seen)
    if disproved:
        move(unit, volunteer, VolunteerAction.DISPROVE, found.reason)
        end(unit.session, volunteer, unit.now)
    else:
        move(unit, volunteer, VolunteerAction.VERIFY)
        settle(unit, volunteer)
    return queries.masked(unit.vault, volunteer)


def leave(unit: Unit, volunteer_no: str, seen: int) -> VolunteerOut:
    """Let a volunteer go, at any time and without a reason (重庆市志愿服务条例 art. 11)."""
    volunteer = to_change(unit, volunteer_no, seen)
    move(unit, volunteer, VolunteerAction.LEAVE)
    return queries.masked(unit.vault, volunteer)


def come_back(unit: Unit, volunteer_no: str, seen: int, form: ReturnIn) -> VolunteerOut:
    """Take back whoever left by themselves, under their number and with their hours; minors as at first."""
    volunteer = to_change(unit, volunteer_no, seen)
    if Purpose.REGISTRATION not in form.consent:
        raise invalid({"consent": f"nobody is registered without consent to `{Purpose.REGISTRATION}`"})
    if not rules.may_return(volunteer.ended_by, registered_before=volunteer.registered_at is not None):
        raise MoveRefused(state=volunteer.status, action=VolunteerAction.RETURN)
    keep_of_age(unit, volunteer)
    for consent in volunteer.consents:
        unit.session.delete(consent)
    unit.session.flush()
    unit.session.expire(volunteer, ["consents"])
    _agree(unit, volunteer, form.consent)
    move(unit, volunteer, VolunteerAction.RETURN)
    settle(unit, volunteer)
    return queries.masked(unit.vault, volunteer)


def change_community(unit: Unit, volunteer_no: str, seen: int, form: MoveIn) -> VolunteerOut:
    """Let a volunteer belong to another community from today; figures of earlier days stay where they are."""
    volunteer = to_change(unit, volunteer_no, seen)
    status, old = VolunteerStatus(volunteer.status), volunteer.community
    faults = community_faults(unit, form.community)
    if form.community == unit.heir(old):
        faults["community"] = "this is the present one"
    if faults:
        raise invalid(faults)
    if status in {VolunteerStatus.SUSPENDED, VolunteerStatus.LEFT}:
        raise MoveRefused(state=status, action="move")
    for column, value in place(form.community).items():
        setattr(volunteer, column, value)
    _step(unit, volunteer, Change(status, status, form.community, moved_from=old), unit.now)
    _audit(unit, volunteer, "moved")
    return queries.masked(unit.vault, volunteer)


def to_change(unit: Unit, volunteer_no: str, seen: int) -> Volunteer:
    """Return a volunteer that nobody else changes meanwhile, as the caller saw them."""
    volunteer = queries.volunteer_to_change(unit.session, volunteer_no)
    expect_version(queries.masked(unit.vault, volunteer), seen)
    volunteer.version += 1
    return volunteer
