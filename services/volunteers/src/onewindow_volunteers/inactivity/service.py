"""Use cases of inactivity: noticing it, asking, hearing the answer, letting a registration rest."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete

from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.messages import pause
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.inactivity import queries, rules
from onewindow_volunteers.inactivity.models import Asking
from onewindow_volunteers.people.holding import hold_people
from onewindow_volunteers.people.models import Volunteer, opened
from onewindow_volunteers.people.queries import whoever
from onewindow_volunteers.people.rules import VolunteerAction
from onewindow_volunteers.people.service import ENTITY, INACTIVE, move
from onewindow_volunteers.settings import settings_of

PREFIX = "/api/volunteers/v1/inactivity-answers"
LINKS = "volunteers.inactivity_link"
AGAIN = timedelta(days=1)
UNANSWERED_BY = "volunteer.unanswered"
"""Timer of the day by which somebody who was asked answers."""


@dataclass(frozen=True)
class Letter:
    """What somebody is sent, once."""

    number: str
    """The same however often the sending is tried: whoever delivers it can tell repeats."""
    volunteer_id: int
    asked_at: datetime
    phone: str = field(repr=False)
    link: str = field(repr=False)
    answer_by: datetime


def notice(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Ask somebody who has not been active for long whether they stay, or look again later (timer)."""
    del due_at
    someone, settings = whoever(unit.session, entity_id), settings_of(unit)
    if someone.status != VolunteerStatus.REGISTERED:
        return
    last = queries.last_active(unit.session, someone)
    from_then = rules.months_after(last, settings.inactive_months, unit.zone)
    if from_then > unit.now or not settings.can_send:
        unit.set_timer(
            INACTIVE, entity_id, max(from_then, unit.now + AGAIN) if not settings.can_send else from_then
        )
        return
    asking = unit.session.get(Asking, someone.id) or Asking(volunteer_id=someone.id)
    asking.asked_at, asking.sent_at, asking.answer_by, asking.stayed_at = unit.now, None, None, None
    asking.try_at, asking.tries = unit.now, 0
    asking.link_index = _index(unit, _secret(unit, asking))
    unit.session.add(asking)
    _audit(unit, someone, "asked_to_stay")


def next_letter(unit: Unit) -> Letter | None:
    """Return what is to be sent next, None if there is nothing."""
    asking = queries.unsent(unit.session, unit.now)
    if asking is None:
        return None
    someone = unit.session.get_one(Volunteer, asking.volunteer_id)
    secret = _secret(unit, asking)
    return Letter(
        number=f"stay-{hashlib.sha256(secret.encode()).hexdigest()[:32]}",
        volunteer_id=someone.id,
        asked_at=asking.asked_at,
        phone=opened(unit.vault, Volunteer.sealed_phone, someone),
        link=f"{unit.settings.public_address}{PREFIX}/{secret}",
        answer_by=unit.now + settings_of(unit).inactive_answers,
    )


def was_not_sent(unit: Unit, letter: Letter) -> None:
    """Try a letter again later that nobody took over: others are not kept waiting by it."""
    if asking := _unsent(unit, letter):
        asking.tries += 1
        asking.try_at = unit.now + pause(asking.tries)


def _unsent(unit: Unit, letter: Letter) -> Asking | None:
    hold_people(unit.session, [letter.volunteer_id])
    asking = unit.session.get(Asking, letter.volunteer_id, with_for_update=True)
    gone = asking is None or asking.sent_at is not None or asking.asked_at != letter.asked_at
    return None if gone else asking


def was_sent(unit: Unit, letter: Letter) -> None:
    """Take down that somebody was sent the link: the days in which they answer run from now on."""
    asking = _unsent(unit, letter)
    if asking is None:
        return
    someone = unit.session.get_one(Volunteer, letter.volunteer_id)
    asking.sent_at, asking.answer_by = unit.now, letter.answer_by
    unit.set_timer(UNANSWERED_BY, someone.volunteer_no, letter.answer_by)
    _audit(unit, someone, "stay_sent")


def still_asked(unit: Unit, secret: str) -> datetime:
    """Return until when a link can be answered; raises `NotFound` once it cannot."""
    return _asking(unit, secret)[1]


def stay(unit: Unit, secret: str) -> None:
    """Keep whoever has the link registered, if they are; following it again changes nothing."""
    asking, _ = _asking(unit, secret)
    if asking.stayed_at is not None:
        return
    asking.stayed_at = unit.now
    someone = unit.session.get_one(Volunteer, asking.volunteer_id)
    again = rules.months_after(unit.now, settings_of(unit).inactive_months, unit.zone)
    unit.cancel_timer(UNANSWERED_BY, someone.volunteer_no)
    unit.set_timer(INACTIVE, someone.volunteer_no, again)
    _audit(unit, someone, "stays")


def unanswered_in_time(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Let a registration rest from the day by which nobody answered; nothing is erased (timer)."""
    someone = whoever(unit.session, entity_id)
    asking = unit.session.get(Asking, someone.id, with_for_update=True)
    if someone.status != VolunteerStatus.REGISTERED or asking is None or asking.answer_by != due_at:
        return
    if queries.last_active(unit.session, someone) >= asking.asked_at:
        unit.set_timer(INACTIVE, entity_id, unit.now)
        return
    someone.version += 1
    move(unit, someone, VolunteerAction.REST, at=due_at)


def forget(unit: Unit, someone: Volunteer) -> None:
    """Ask somebody nothing any more."""
    unit.cancel_timer(INACTIVE, someone.volunteer_no)
    unit.cancel_timer(UNANSWERED_BY, someone.volunteer_no)
    unit.session.execute(delete(Asking).where(Asking.volunteer_id == someone.id))


def _asking(unit: Unit, secret: str) -> tuple[Asking, datetime]:
    asking = queries.by_link(unit.session, _index(unit, secret))
    if asking is None or asking.answer_by is None or asking.answer_by <= unit.now:
        raise NotFound
    return asking, asking.answer_by


def _secret(unit: Unit, asking: Asking) -> str:
    """Return the secret of a link, which no table holds; it says nothing of whom it is about."""
    said = f"{asking.volunteer_id} {asking.asked_at.timestamp()}".encode()
    return base64.urlsafe_b64encode(hmac.digest(unit.vault.derive(LINKS), said, hashlib.sha256)).decode()[:43]


def _index(unit: Unit, secret: str) -> str:
    return unit.vault.blind_index(secret, purpose=LINKS)


def _audit(unit: Unit, someone: Volunteer, action: str) -> None:
    unit.audit(f"{ENTITY}.{action}", ENTITY, someone.volunteer_no, area=someone.community)
