"""Finding needs and whom they fit, and showing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, cast, exists, func, literal, or_, select, union
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from onewindow_shared.contracts.needs import LeftOut, LeftOutWhy, NeedOut, NeedRow, NeedStatus
from onewindow_shared.contracts.volunteers import (
    Availability,
    Capacity,
    Purpose,
    ServiceCategory,
    VolunteerStatus,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.scope import STREET
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.needs.models import Asked, Need
from onewindow_volunteers.needs.rules import Candidate, Wanted, Weights
from onewindow_volunteers.people.holding import hold_whose
from onewindow_volunteers.people.models import Consent, Volunteer
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.training.models import Training

NEWEST_FIRST = Keyset([Need.id], newest_first=True)
VOLUNTEERS, NEEDS = table_of(Volunteer), table_of(Need)
AT_WORK = (NeedStatus.OFFERED, NeedStatus.ACCEPTED, NeedStatus.DONE)


@dataclass(frozen=True)
class Fit:
    """Somebody who fits a need."""

    volunteer_id: int
    subject: str
    sealed_name: str
    candidate: Candidate


def of(session: Session, need_id: int) -> Need:
    """Return a need within reach; raises `NotFound`."""
    return _found(session.scalar(select(Need).where(Need.id == need_id)))


def to_change(session: Session, need_id: int) -> Need:
    """Return a need that nobody else changes before this transaction ends."""
    hold_whose(session, NEEDS, need_id)
    return _found(session.scalar(select(Need).where(Need.id == need_id).with_for_update()))


def at_work(session: Session, volunteer_id: int) -> Sequence[Need]:
    """Return the needs that somebody is asked for or has accepted, kept from other writers."""
    taken = Need.status.in_((NeedStatus.OFFERED, NeedStatus.ACCEPTED))
    query = select(Need).where(Need.volunteer_id == volunteer_id, taken)
    return session.scalars(query.order_by(Need.id).with_for_update()).all()


def _found(need: Need | None) -> Need:
    if need is None:
        raise NotFound
    return need


def fitting(
    unit: Unit, need: Need, weights: Weights, since: datetime, most: int, only: str | None = None
) -> list[Fit]:
    """Return who fits a need best, wherever in its district they live, with how many needs they have.

    Where very many fit, those of the community, then of the street, then of the district are weighed, so many
    of each as the district sets.
    `rules.points` says the same of one volunteer; `since` is from when needs that are over still count.
    """
    load = _load(since)
    busy = func.coalesce(load.c.needs, 0)
    v = VOLUNTEERS.c
    obstacles = [~obstacle for obstacle in _obstacles(unit, need).values()]
    fits = [*_able(unit, need), *obstacles, *([v.volunteer_no == only] if only else [])]
    query = (
        select(
            v.id, v.subject, v.sealed_name, v.volunteer_no, v.community, v.availability, v.categories, busy
        )
        .join_from(VOLUNTEERS, load, load.c.volunteer_id == v.id, isouter=True)
        .where(v.id.in_(_nearest(unit, need, fits)))
        .order_by(_points(unit, need, weights, busy).desc(), v.volunteer_no)
    )
    return [
        Fit(
            volunteer_id,
            subject,
            sealed_name,
            Candidate(
                number,
                unit.heir(community),
                [Availability(one) for one in availability],
                [ServiceCategory(one) for one in categories],
                needs,
            ),
        )
        for (
            volunteer_id,
            subject,
            sealed_name,
            number,
            community,
            availability,
            categories,
            needs,
        ) in unit.session.execute(query.limit(most))
    ]


def _nearest(unit: Unit, need: Need, fits: Sequence[ColumnElement[bool]]) -> Any:
    """Select whom to weigh: each part walks one index and stops when it has enough."""
    v, most = VOLUNTEERS.c, settings_of(unit).match_pool
    here = unit.gathered(need.community)
    around = unit.gathered(here.area[:STREET])
    parts = [
        select(v.id).where(*fits, near).order_by(v.volunteer_no).limit(most).subquery()
        for near in (within(v, here), within(v, around), v.district == need.district)
    ]
    return union(*(select(part.c.id) for part in parts))


def left_out(unit: Unit, need: Need) -> list[LeftOut]:
    """Count who has the skill and is not asked, each by the first thing that is in the way."""
    why = case(*((obstacle, literal(why)) for why, obstacle in _obstacles(unit, need).items()), else_=None)
    able = select(why.label("why")).where(*_able(unit, need)).subquery()
    query = select(able.c.why, func.count()).where(able.c.why.is_not(None)).group_by(able.c.why)
    found: dict[str, int] = dict(unit.session.execute(query).all())
    return [LeftOut(why=why, volunteers=found[why]) for why in LeftOutWhy if why in found]


def _able(unit: Unit, need: Need) -> list[ColumnElement[bool]]:
    """Return who has the skill; whoever took the need down, perhaps for themselves, is not asked for it."""
    v = VOLUNTEERS.c
    skilled = [_holds(unit, v.skills, need.skill)] if need.skill else []
    serves = v.status == VolunteerStatus.REGISTERED
    return [v.district == need.district, serves, v.subject != need.taken_by, *skilled]


def _obstacles(unit: Unit, need: Need) -> dict[LeftOutWhy, ColumnElement[bool]]:
    """Return what keeps somebody who says to have the skill from being asked, in the order of telling."""
    v = VOLUNTEERS.c
    told, recorded = (
        exists().where(Consent.volunteer_id == v.id, Consent.purpose == purpose)
        for purpose in (Purpose.ACTIVITY_NOTICES, Purpose.SERVICE_RECORDS)
    )
    asked = exists().where(Asked.need_id == need.id, Asked.volunteer_id == v.id)
    found: dict[LeftOutWhy, ColumnElement[bool]] = {
        LeftOutWhy.MINOR: v.capacity.not_in((Capacity.ADULT, Capacity.SELF_SUPPORTING))
    }
    if need.trained:
        lasts = or_(Training.valid_until.is_(None), Training.valid_until >= unit.today)
        held = (Training.skill == need.skill, Training.held_on <= unit.today, lasts)
        found[LeftOutWhy.NOT_TRAINED] = ~exists().where(Training.volunteer_id == v.id, *held)
    return found | {LeftOutWhy.NOT_TOLD: ~told, LeftOutWhy.NOT_RECORDED: ~recorded, LeftOutWhy.ASKED: asked}


def _load(since: datetime) -> Any:
    n = NEEDS.c
    late = (n.status == NeedStatus.CONFIRMED) & (n.status_since >= since)
    query = select(n.volunteer_id, func.count().label("needs")).where(
        n.volunteer_id.is_not(None), n.status.in_(AT_WORK) | late
    )
    return query.group_by(n.volunteer_id).subquery()


def _points(unit: Unit, need: Need, weights: Weights, busy: ColumnElement[int]) -> Any:
    v = VOLUNTEERS.c
    here = unit.gathered(need.community)
    around = unit.gathered(here.area[:STREET])
    near = case((within(v, here), 1.0), (within(v, around), 1 / 2), else_=1 / 3)
    can = sum((_one_if(_holds(unit, v.availability, time)) for time in need.times), start=_nothing())
    willing = _one_if(_holds(unit, v.categories, need.category))
    return (
        near * weights.distance
        + can * (weights.time / len(need.times))
        + willing * weights.category
        + weights.load / (1.0 + busy)
    )


def _nothing() -> Any:
    return case((VOLUNTEERS.c.id.is_(None), 0.0), else_=0.0)


def _one_if(condition: ColumnElement[bool]) -> Any:
    return case((condition, 1.0), else_=0.0)


def _holds(unit: Unit, column: Any, value: str) -> ColumnElement[bool]:
    """Say whether a JSON list holds a text."""
    if unit.dialect == "postgresql":
        return cast(column, JSONB).contains([value])
    each = func.json_each(column).table_valued("value")
    return exists(select(1).select_from(each).where(each.c.value == value))


def wanted(unit: Unit, need: Need) -> Wanted:
    """Return what the rules take of a need."""
    times = [Availability(one) for one in need.times]
    return Wanted(unit.heir(need.community), ServiceCategory(need.category), times)


def row_of(need: Need) -> NeedRow:
    """Show a need in a list."""
    return NeedRow(
        need_id=need.id,
        community=need.community,
        category=ServiceCategory(need.category),
        skill=need.skill,
        trained=need.trained,
        times=[Availability(one) for one in need.times],
        minutes=need.minutes,
        status=NeedStatus(need.status),
        status_since=need.status_since,
        offered_until=need.offered_until,
    )


def shown(need: Need) -> NeedOut:
    """Show a need; nothing in it tells whose it is."""
    return NeedOut(
        **row_of(need).model_dump(),
        version=need.version,
        case_no=need.case_no,
        volunteer_no=need.volunteer_no,
        record_id=need.record_id,
    )
