"""What people do about volunteering: sign up, be verified, leave, look."""

from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from math import ceil

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.identity import age_on
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import volunteer_number
from onewindow_shared.contracts.volunteers import (
    DisclosureIn,
    DisclosureOut,
    MyRecordOut,
    RegistrationIn,
    VerificationIn,
    VerificationOutcome,
    VolunteerOut,
    VolunteerRow,
    VolunteerStatus,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import MoveRefused, Problem, RetryAfter, invalid
from onewindow_shared.plumbing.scope import DISTRICT, place
from onewindow_shared.plumbing.unit import Actor, Unit
from onewindow_volunteers.people import queries, rules
from onewindow_volunteers.people.models import Consent, Guardian, Step, Volunteer, seal
from onewindow_volunteers.people.rules import Ages, Faults, Person, Verdict, VolunteerAction

PERSON_INDEX = "volunteers.person"
ENTITY = "volunteer"
ACCOUNT = "account"
DAY = timedelta(days=1)


class AlreadyRegistered(Problem):
    """This person, or this account, is registered already; one person registers once."""

    type = "urn:onewindow:problem:already-registered"
    title = "Already registered"
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
    notice: str
    """Version of the notice that people consent to."""
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
    """Sign somebody up; an identity that was found to match is verified and registered at once."""
    person = _judged(unit, terms, form)
    volunteer = _enter(unit, form, person)
    volunteer.guardian = _guardian(unit, form)
    volunteer.consents = [
        Consent(purpose=purpose, given_by=giver, notice=terms.notice, given_at=unit.now)
        for purpose, giver in rules.consents(form.consent, person.capacity)
    ]
    unit.session.add(volunteer)
    unit.session.flush()
    _audit(unit, volunteer, "signed_up")
    if verdict is Verdict.MATCHES:
        _admit(unit, volunteer)
    return queries.masked(unit.vault, volunteer)


def _judged(unit: Unit, terms: Terms, form: RegistrationIn) -> Person:
    person = rules.judge(form, terms.ages, unit.today)
    faults: Faults = {} if isinstance(person, Person) else person
    faults |= _phone_faults(unit.actor, terms, form.phone)
    faults |= queries.community_faults(unit.session, form.community)
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


def _admit(unit: Unit, volunteer: Volunteer) -> None:
    _move(unit, volunteer, VolunteerAction.VERIFY)
    _move(unit, volunteer, VolunteerAction.REGISTER)
    volunteer.registered_at = unit.now
    unit.publish(
        VolunteerRegistered(
            volunteer_no=volunteer.volunteer_no, subject=volunteer.subject, community=volunteer.community
        )
    )


def _move(unit: Unit, volunteer: Volunteer, action: VolunteerAction, reason: str | None = None) -> None:
    source = VolunteerStatus(volunteer.status)
    try:
        target = rules.walk(source, action)
    except rules.CannotMoveError:
        raise MoveRefused(state=source, action=action) from None
    volunteer.status, volunteer.status_since = target, unit.now
    volunteer.steps.append(Step(at=unit.now, source=source, target=target))
    change = rules.counted(source, target)
    if change:
        unit.count(Metric.VOLUNTEERS_REGISTERED, change, community=volunteer.community)
    _audit(unit, volunteer, action, reason)


def _audit(unit: Unit, volunteer: Volunteer, action: str, reason: str | None = None) -> None:
    unit.audit(
        f"{ENTITY}.{action}",
        ENTITY,
        volunteer.volunteer_no,
        area=volunteer.community,
        reason=reason,
        detail={"status": volunteer.status, "capacity": volunteer.capacity},
    )


def mine(unit: Unit) -> MyRecordOut:
    """Return one's own record in full."""
    return queries.own(unit.vault, queries.latest_of(unit.session, unit.actor.subject))


def one(unit: Unit, volunteer_no: str) -> VolunteerOut:
    """Return a volunteer with masked particulars."""
    return queries.masked(unit.vault, queries.volunteer(unit.session, volunteer_no))


def several(
    unit: Unit, wanted: Wanted, community: str | None, status: VolunteerStatus | None
) -> Page[VolunteerRow]:
    """Return a page of the volunteers in one's area."""
    return queries.volunteers(unit, wanted, community, status)


def verify(unit: Unit, volunteer_no: str, seen: int, found: VerificationIn) -> VolunteerOut:
    """Take down what the community found when it compared person and document."""
    disproved = found.outcome is VerificationOutcome.DISPROVED
    if disproved and found.reason is None:
        raise invalid({"reason": "say why the identity is disproved"})
    volunteer = _to_change(unit, volunteer_no, seen)
    if disproved:
        _move(unit, volunteer, VolunteerAction.DISPROVE, found.reason)
    else:
        _admit(unit, volunteer)
    return queries.masked(unit.vault, volunteer)


def leave(unit: Unit, volunteer_no: str, seen: int) -> VolunteerOut:
    """Let a volunteer go, at any time and without a reason (重庆市志愿服务条例 art. 11)."""
    volunteer = _to_change(unit, volunteer_no, seen)
    _move(unit, volunteer, VolunteerAction.LEAVE)
    return queries.masked(unit.vault, volunteer)


def _to_change(unit: Unit, volunteer_no: str, seen: int) -> Volunteer:
    volunteer = queries.volunteer_to_change(unit.session, volunteer_no)
    expect_version(queries.masked(unit.vault, volunteer), seen)
    volunteer.version += 1
    return volunteer


def disclose(unit: Unit, ages: Ages, volunteer_no: str, why: DisclosureIn) -> DisclosureOut:
    """Show an officer the full particulars, and write down who saw them and why.

    未成年人网络保护条例 art. 36: only those in charge hold the permission, and a minor is recorded as one.
    """
    volunteer = queries.volunteer(unit.session, volunteer_no)
    particulars = queries.particulars(unit.vault, volunteer)
    minor = age_on(particulars.birth_date, unit.today) < ages.adult
    unit.audit(
        f"{ENTITY}.disclosed",
        ENTITY,
        volunteer_no,
        area=volunteer.community,
        reason=why.reason,
        detail={"minor": minor, "guardian": particulars.guardian is not None},
    )
    return DisclosureOut(volunteer_no=volunteer_no, minor=minor, particulars=particulars)
