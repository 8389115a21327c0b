"""Who may register as a volunteer, and a registration's life as a table (rules C4)."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from onewindow_shared.contracts.common import YEARS
from onewindow_shared.contracts.identity import IdDocument, Sex, age_on, birth_date, sex
from onewindow_shared.contracts.machines import step
from onewindow_shared.contracts.volunteers import (
    Capacity,
    ConsentGiver,
    GuardianIn,
    Purpose,
    RegistrationIn,
    VolunteerStatus,
)

Faults = dict[str, str]
"""Wrong fields by path, and what is wrong with each; never the value."""


class VolunteerAction(StrEnum):
    """What is done to a registration."""

    VERIFY = "verify"
    REGISTER = "register"
    SUSPEND = "suspend"
    RESUME = "resume"
    LEAVE = "leave"
    DISPROVE = "disprove"
    LAPSE = "lapse"
    """The guardian did not confirm in time, or does not agree."""
    RETURN = "return"
    REST = "rest"
    """Not active for long, and without an answer when asked: nothing is erased."""
    STAY_SUSPENDED = "stay_suspended"
    """A suspension lasts that was there before this registration, or before the volunteer returned."""


_S, _A = VolunteerStatus, VolunteerAction
MOVES = {
    (_S.REGISTERING, _A.VERIFY): _S.VERIFIED,
    (_S.VERIFIED, _A.REGISTER): _S.REGISTERED,
    (_S.VERIFIED, _A.STAY_SUSPENDED): _S.SUSPENDED,
    (_S.REGISTERED, _A.SUSPEND): _S.SUSPENDED,
    (_S.SUSPENDED, _A.RESUME): _S.REGISTERED,
    (_S.REGISTERING, _A.LEAVE): _S.LEFT,
    (_S.VERIFIED, _A.LEAVE): _S.LEFT,
    (_S.REGISTERED, _A.LEAVE): _S.LEFT,
    (_S.SUSPENDED, _A.LEAVE): _S.LEFT,
    (_S.REGISTERING, _A.DISPROVE): _S.LEFT,
    (_S.VERIFIED, _A.DISPROVE): _S.LEFT,
    (_S.REGISTERED, _A.DISPROVE): _S.LEFT,
    (_S.SUSPENDED, _A.DISPROVE): _S.LEFT,
    (_S.REGISTERING, _A.LAPSE): _S.LEFT,
    (_S.VERIFIED, _A.LAPSE): _S.LEFT,
    (_S.REGISTERED, _A.LAPSE): _S.LEFT,
    (_S.SUSPENDED, _A.LAPSE): _S.LEFT,
    (_S.REGISTERED, _A.REST): _S.LEFT,
    (_S.LEFT, _A.RETURN): _S.VERIFIED,
}
"""Leaving is possible at any time (重庆市志愿服务条例 art. 11); who left by themselves, or rests, returns."""


def walk(status: VolunteerStatus, action: VolunteerAction) -> VolunteerStatus:
    """Return the status that `action` leads to, or raise `CannotMoveError`."""
    return step(MOVES, "a registration", status, action)


def counted(source: VolunteerStatus, target: VolunteerStatus) -> int:
    """Return by how much a step changes the number of registered volunteers (rules C5, V1)."""
    return (target is _S.REGISTERED) - (source is _S.REGISTERED)


@dataclass(frozen=True)
class Change:
    """One step of a registration: from which status to which, in which community."""

    source: VolunteerStatus
    target: VolunteerStatus
    community: str
    moved_from: str | None = None
    """The community that it left with this step."""


def figures(change: Change) -> Iterator[tuple[str, int]]:
    """Yield by how much a step changes the number of registered volunteers of each community.

    Whoever moves counts in the new community from that day; earlier days stay with the old one.
    """
    if change.moved_from is None:
        moved = {change.community: counted(change.source, change.target)}
    else:
        here = int(change.target is _S.REGISTERED)
        moved = {change.moved_from: -here, change.community: here}
    yield from ((community, n) for community, n in moved.items() if n)


@dataclass(frozen=True)
class Ages:
    """Ages in full years at which the law draws its lines."""

    youngest: int = 8
    """民法典 art. 20: before it there is no capacity at all."""
    data_consent: int = 14
    """个人信息保护法 art. 31: before it the guardian consents to the data."""
    self_supporting: int = 16
    """民法典 art. 18: from it on one's own work can make one count as an adult."""
    adult: int = 18
    """民法典 art. 17."""


def capacity(age: int, ages: Ages, *, self_supporting: bool) -> Capacity | None:
    """Return in what capacity somebody of this age may register; None for those too young."""
    if age < ages.youngest:
        return None
    if age >= ages.adult:
        return Capacity.ADULT
    if self_supporting and age >= ages.self_supporting:
        return Capacity.SELF_SUPPORTING
    return Capacity.CHILD if age < ages.data_consent else Capacity.YOUTH


def needs_guardian(found: Capacity) -> bool:
    """Say whether somebody registers only with a guardian."""
    return found in {Capacity.CHILD, Capacity.YOUTH}


def capacity_now(before: Capacity, born: date, ages: Ages, today: date) -> Capacity:
    """Return in what capacity somebody returns who was registered before."""
    age, alone = age_on(born, today), before is Capacity.SELF_SUPPORTING
    return capacity(age, ages, self_supporting=alone) or before


def of_age_on(born: date, ages: Ages) -> date:
    """Return the first day on which somebody is an adult (民法典 art. 17)."""
    year = born.year + ages.adult
    return born.replace(year=year, day=min(born.day, monthrange(year, born.month)[1]))


def may_return(ended_by: str | None, *, registered_before: bool) -> bool:
    """Say whether a registration that ended is taken up again: if the volunteer left, or rests."""
    return ended_by in {VolunteerAction.LEAVE, VolunteerAction.REST} and registered_before


@dataclass(frozen=True)
class Person:
    """What a registration says of somebody, once it is found right."""

    birth: date
    sex: Sex
    capacity: Capacity


def judge(form: RegistrationIn, ages: Ages, today: date) -> Person | Faults:
    """Return who registers, or every field that keeps them from it."""
    born, faults = born_on(form.id_document, form.birth_date, today, "")
    faults |= _sex_faults(form) | _consent_faults(form)
    if born is None:
        return faults
    found = capacity(age_on(born, today), ages, self_supporting=form.self_supporting)
    if found is None:
        return faults | {_birth_field(form.id_document): f"volunteers are {ages.youngest} or older"}
    faults |= _guardian_faults(form, found, ages, today)
    return faults or Person(born, _sex(form), found)


def born_on(document: IdDocument, stated: date | None, today: date, path: str) -> tuple[date | None, Faults]:
    """Return the birth date by document or statement; None with the field that is wrong."""
    written = birth_date(document)
    if written and stated and written != stated:
        return None, {f"{path}birth_date": "the document says another date; leave this out"}
    born = written or stated
    if born is None:
        return None, {f"{path}birth_date": "this kind of document holds no birth date: state it"}
    if born > today:
        return None, {f"{path}{_birth_field(document)}": "the birth date lies ahead"}
    if born.year not in YEARS:
        return None, {f"{path}{_birth_field(document)}": "nobody alive was born then"}
    return born, {}


def _birth_field(document: IdDocument) -> str:
    return "id_document.number" if birth_date(document) else "birth_date"


def _sex(form: RegistrationIn) -> Sex:
    written = sex(form.id_document)
    return (form.sex or written) if written is Sex.NOT_STATED else written


def _sex_faults(form: RegistrationIn) -> Faults:
    differs = form.sex is not None and form.sex is not _sex(form)
    return {"sex": "the document says otherwise; leave this out"} if differs else {}


def _consent_faults(form: RegistrationIn) -> Faults:
    if Purpose.REGISTRATION in form.consent:
        return {}
    return {"consent": f"nobody is registered without consent to `{Purpose.REGISTRATION}`"}


def _guardian_faults(form: RegistrationIn, found: Capacity, ages: Ages, today: date) -> Faults:
    guardian = form.guardian
    if not needs_guardian(found):
        return {"guardian": "adults register by themselves; leave this out"} if guardian else {}
    if guardian is None:
        return {"guardian": f"below {ages.adult} a guardian has to agree"}
    return _unfit_guardian(guardian, form, ages, today)


def _unfit_guardian(guardian: GuardianIn, form: RegistrationIn, ages: Ages, today: date) -> Faults:
    if guardian.id_document.lookup_key == form.id_document.lookup_key:
        return {"guardian.id_document.number": "the guardian is somebody else"}
    if guardian.phone == form.phone:
        return {"guardian.phone": "the guardian confirms by a phone of their own"}
    born, faults = born_on(guardian.id_document, guardian.birth_date, today, "guardian.")
    if born is not None and age_on(born, today) < ages.adult:
        return {f"guardian.{_birth_field(guardian.id_document)}": f"a guardian is {ages.adult} or older"}
    return faults


def consents(purposes: Iterable[Purpose], found: Capacity) -> Iterator[tuple[Purpose, ConsentGiver]]:
    """Yield what was agreed to and by whom: children by their guardian, youths together with theirs."""
    guarded = needs_guardian(found)
    for purpose in purposes:
        if purpose is not Purpose.PARTICIPATION or not guarded:
            child = found is Capacity.CHILD
            yield purpose, ConsentGiver.GUARDIAN if child else ConsentGiver.VOLUNTEER
    if guarded:
        yield Purpose.PARTICIPATION, ConsentGiver.GUARDIAN


def agreed_from_now(
    given: Collection[Purpose], wanted: Collection[Purpose], *, others: Collection[Purpose] = ()
) -> tuple[set[Purpose], set[Purpose]] | Faults:
    """Return what somebody agrees to anew and what no longer, or why not; `others` is not theirs to say."""
    if Purpose.REGISTRATION in given and Purpose.REGISTRATION not in wanted:
        return {"consent": f"nobody stays registered without consent to `{Purpose.REGISTRATION}`: leave"}
    if elsewhere := sorted(set(wanted).symmetric_difference(given).intersection(others)):
        return {"consent": f"somebody else agrees, or no longer agrees, to {', '.join(elsewhere)}"}
    return set(wanted).difference(given), set(given).difference(wanted)


def told_by_others(found: Capacity, by: ConsentGiver) -> frozenset[Purpose]:
    """Return the purposes that somebody does not agree to themselves, nor take back here.

    A child's guardian agrees to all (个人信息保护法 art. 31); a guardian who is against taking part refuses.
    """
    if by is ConsentGiver.GUARDIAN:
        return frozenset({Purpose.PARTICIPATION}) if found is Capacity.CHILD else frozenset(Purpose)
    if found is Capacity.CHILD:
        return frozenset(Purpose)
    return frozenset({Purpose.PARTICIPATION}) if needs_guardian(found) else frozenset()


class Verification(StrEnum):
    """How a registration is verified; the rules leave it to the district."""

    AUTOMATIC = "automatic"
    """At once, when the identity check finds that name and number belong together."""
    COMMUNITY = "community"
    """By the community, which compares the person with the document at the window."""


class Verdict(StrEnum):
    """What an identity check found."""

    MATCHES = "matches"
    DIFFERS = "differs"
    """Name and number do not belong together."""
    UNSURE = "unsure"
    """No answer: the community verifies at the window."""


ASKED, DIFFERED = "identity.asked", "identity.differed"
"""What the audit says of identity checks."""


class IdentityCheck(Protocol):
    """Compares a name with an identity document; a site plugs in its real-name service."""

    async def compare(self, name: str, document: IdDocument) -> Verdict:
        """Return what the check found; an error or a late answer counts as `UNSURE`."""
