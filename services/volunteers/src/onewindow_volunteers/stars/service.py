"""Applying for the next star, objecting, granting; honours and incentives."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.stars import (
    HonourIn,
    HonourKind,
    HonourOut,
    ObjectionIn,
    ObjectionOut,
    ObjectionRow,
    StarIn,
    StarOut,
    StarRow,
    StarRulingIn,
    StarStatus,
)
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotPermitted, invalid
from onewindow_shared.plumbing.scope import place, published
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight
from onewindow_volunteers.people.models import Volunteer, opened, seal
from onewindow_volunteers.people.queries import held, latest_held, volunteer
from onewindow_volunteers.records.queries import total
from onewindow_volunteers.records.service import last_day_of
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.stars import rules
from onewindow_volunteers.stars.models import Honour, Star, StarObjection
from onewindow_volunteers.stars.problems import NoStarYet, PublicityOver
from onewindow_volunteers.stars.queries import granted

ENTITY = "star"
LEVELS = {
    1: Metric.STARS_1,
    2: Metric.STARS_2,
    3: Metric.STARS_3,
    4: Metric.STARS_4,
    5: Metric.STARS_5,
}
"""Levels that are counted; a district that has more counts no figure of those."""
PUBLICITY_OVER = f"{ENTITY}.publicity_over"
TOO_FEW = "公示期满时确认的服务时间不足"
NEWEST_FIRST = Keyset([Star.id], newest_first=True)
HONOURS = Keyset([Honour.id], newest_first=True)
DAY = timedelta(days=1)
OBJECTIONS = Keyset([StarObjection.id])


def apply(unit: Unit, form: StarIn) -> StarOut:
    """Apply for one's next star; everybody may see it, and object, for some working days."""
    del form
    person = latest_held(unit.session, unit.actor.subject)
    following = rules.next_level(granted(unit.session, person.id), settings_of(unit).star_hours)
    minutes = total(unit.session, person.id)
    if person.status != VolunteerStatus.REGISTERED or following is None or minutes < following[1]:
        raise NoStarYet
    star = Star(
        **place(person.community),
        volunteer_id=person.id,
        volunteer_no=person.volunteer_no,
        subject=person.subject,
        holder_masked=mask_name(opened(unit.vault, Volunteer.sealed_name, person)),
        level=following[0],
        minutes=minutes,
        wanted_minutes=following[1],
        status=StarStatus.PUBLICISED,
        open_until=last_day_of(unit, unit.today, settings_of(unit).star_publicity_days),
    )
    unit.session.add(star)
    unit.session.flush()
    unit.set_timer(PUBLICITY_OVER, str(star.id), midnight(star.open_until + DAY, unit.zone))
    _audit(unit, star, "applied")
    return _shown(unit, star)


def publicity(unit: Unit, wanted: Wanted, status: StarStatus) -> Page[StarRow]:
    """List the stars that everybody may see, newest first."""
    query = published(select(Star).where(Star.status == status))
    return page(unit, query, NEWEST_FIRST, wanted, bound=f"stars {status}", show=_row)


def mine(unit: Unit, wanted: Wanted) -> Page[StarOut]:
    """List one's own stars, or those of one's area; newest first."""
    return page(unit, select(Star), NEWEST_FIRST, wanted, bound="own stars", show=partial(_shown, unit))


def object_to(unit: Unit, star_id: int, form: ObjectionIn) -> ObjectionOut:
    """Say why a star should not be granted, while it is open; once."""
    star = must_find(unit.session, published(select(Star).where(Star.id == star_id)))
    if star.status != StarStatus.PUBLICISED or unit.today > star.open_until:
        raise PublicityOver
    if star.subject == unit.actor.subject:
        raise NotPermitted(detail="Nobody objects to a star of their own.")
    objection = StarObjection(
        star_id=star.id,
        subject=unit.actor.subject,
        at=unit.now,
        sealed_statement=seal(unit.vault, StarObjection.sealed_statement, form.statement),
    )
    unit.session.add(objection)
    unit.session.flush()
    _audit(unit, star, "objected")
    return ObjectionOut(star_id=star.id, at=unit.now)


def objections(unit: Unit, star_id: int, wanted: Wanted) -> Page[ObjectionRow]:
    """List what was said against a star of one's area, for whoever decides."""
    star = must_find(unit.session, select(Star).where(Star.id == star_id))
    query, bound = select(StarObjection).where(StarObjection.star_id == star.id), f"objections {star_id}"
    return page(unit, query, OBJECTIONS, wanted, bound=bound, show=partial(said, unit))


def said(unit: Unit, row: StarObjection) -> ObjectionRow:
    """Show what was said against a star."""
    statement = opened(unit.vault, StarObjection.sealed_statement, row)
    return ObjectionRow(star_id=row.star_id, at=row.at, statement=statement)


def publicity_over(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Grant a star that nobody objects to, if the hours are still there (timer)."""
    del due_at
    star = unit.session.get_one(Star, int(entity_id), with_for_update=True)
    if star.status != StarStatus.PUBLICISED:
        return
    minutes = total(unit.session, star.volunteer_id)
    fate = rules.fate(minutes, star.wanted_minutes, _objections(unit, star))
    if fate is rules.Fate.GRANTED:
        _decide(unit, star, StarStatus.GRANTED, None)
    elif fate is rules.Fate.REFUSED:
        _decide(unit, star, StarStatus.REFUSED, TOO_FEW)


def rule(unit: Unit, star_id: int, seen: int, form: StarRulingIn) -> StarOut:
    """Decide where somebody objects, once the publicity is over."""
    star = must_find(unit.session, select(Star).where(Star.id == star_id).with_for_update())
    expect_version(_shown(unit, star), seen)
    if star.status != StarStatus.PUBLICISED or unit.today <= star.open_until:
        raise MoveRefused(state=star.status, action="rule")
    _decide(unit, star, StarStatus.GRANTED if form.grant else StarStatus.REFUSED, form.reason)
    return _shown(unit, star)


def _decide(unit: Unit, star: Star, status: StarStatus, reason: str | None) -> None:
    star.status, star.shown = status, status is not StarStatus.REFUSED
    star.decided_at, star.decided_by, star.reason = unit.now, unit.actor.subject, reason
    star.version += 1
    if status is StarStatus.GRANTED and star.level in LEVELS:
        unit.count(LEVELS[star.level], community=star.community)
    _audit(unit, star, status, reason)


def _objections(unit: Unit, star: Star) -> int:
    query = select(func.count()).select_from(StarObjection).where(StarObjection.star_id == star.id)
    return unit.session.scalar(query) or 0


def honour(unit: Unit, form: HonourIn) -> HonourOut:
    """Record an honour or an incentive that a volunteer of one's area was given."""
    if form.given_on > unit.today:
        raise invalid({"given_on": "this lies ahead"})
    person = held(unit.session, form.volunteer_no)
    row = Honour(**form.model_dump(exclude={"volunteer_no"}), volunteer_id=person.id)
    unit.session.add(row)
    unit.session.flush()
    detail = {"volunteer": person.volunteer_no, "kind": form.kind}
    unit.audit("honour.recorded", "honour", str(row.id), area=person.community, detail=detail)
    return _honour(person.volunteer_no, row)


def honours(unit: Unit, volunteer_no: str, wanted: Wanted) -> Page[HonourOut]:
    """List a volunteer's honours and incentives, newest first."""
    person = volunteer(unit.session, volunteer_no)
    query = select(Honour).where(Honour.volunteer_id == person.id)
    show, bound = partial(_honour, person.volunteer_no), f"honours {volunteer_no}"
    return page(unit, query, HONOURS, wanted, bound=bound, show=show)


def _honour(volunteer_no: str, row: Honour) -> HonourOut:
    return HonourOut(
        honour_id=row.id,
        volunteer_no=volunteer_no,
        kind=HonourKind(row.kind),
        title=row.title,
        given_by=row.given_by,
        given_on=row.given_on,
    )


def _row(star: Star) -> StarRow:
    return StarRow(
        star_id=star.id,
        holder=star.holder_masked,
        community=star.community,
        level=star.level,
        status=StarStatus(star.status),
        open_until=star.open_until,
    )


def _shown(unit: Unit, star: Star) -> StarOut:
    return StarOut(
        **_row(star).model_dump(),
        version=star.version,
        volunteer_no=star.volunteer_no,
        minutes=star.minutes,
        objections=_objections(unit, star),
        decided_at=star.decided_at,
        reason=star.reason,
    )


def _audit(unit: Unit, star: Star, action: str, reason: str | None = None) -> None:
    detail = {"status": star.status, "level": star.level}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(star.id), area=star.community, reason=reason, detail=detail)
