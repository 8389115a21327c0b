"""What organisers do: draft, publish and call off activities (志愿服务条例 arts. 12-17)."""

from datetime import datetime

from sqlalchemy import select

from onewindow_shared.contracts.activities import (
    ActivityIn,
    ActivityOut,
    ActivityRow,
    ActivityStatus,
    CallOffIn,
    Insurance,
    NoticeKind,
    SignupStatus,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import place, published
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.activities import queries, rules
from onewindow_volunteers.activities.models import Activity, Notice, Shift, ShiftRole, Signup
from onewindow_volunteers.activities.rules import ActivityAction, SignupAction
from onewindow_volunteers.organisations.queries import covering, name_of, organiser_faults, qualified
from onewindow_volunteers.settings import settings_of

ENTITY = "activity"
ENDS, REMINDER, BEGINS = "activity.ends", "shift.reminder", "shift.begins"


def draft(unit: Unit, form: ActivityIn) -> ActivityOut:
    """Draft an activity of one's area."""
    activity = Activity(status=ActivityStatus.DRAFT, leader=unit.actor.subject)
    _fill(unit, activity, form)
    unit.session.add(activity)
    unit.session.flush()
    _audit(unit, activity, "drafted")
    return queries.whole(activity)


def redraft(unit: Unit, activity_id: int, seen: int, form: ActivityIn) -> ActivityOut:
    """Change what was drafted; once published an activity stays as it was announced."""
    activity = _to_change(unit, activity_id, seen)
    if activity.status != ActivityStatus.DRAFT:
        raise MoveRefused(state=activity.status, action="redraft")
    activity.shifts = []
    unit.session.flush()
    _fill(unit, activity, form)
    unit.session.flush()
    _audit(unit, activity, "redrafted")
    return queries.whole(activity)


def discard(unit: Unit, activity_id: int, seen: int) -> None:
    """Delete what was drafted and nobody was told of."""
    activity = _to_change(unit, activity_id, seen)
    if activity.status != ActivityStatus.DRAFT:
        raise MoveRefused(state=activity.status, action="discard")
    _audit(unit, activity, "discarded")
    unit.session.delete(activity)


def _fill(unit: Unit, activity: Activity, form: ActivityIn) -> None:
    known_community(unit, form.community)
    faults = rules.drafted(form, settings_of(unit).shift_lengths)
    if not unit.actor.scope.covers(form.community):
        faults["community"] = "this community lies outside your area"
    faults |= organiser_faults(unit, form.community, form.organisation_id, form.organisation)
    if faults:
        raise invalid(faults)
    for column, value in place(form.community).items():
        setattr(activity, column, value)
    for name in (
        "title",
        "category",
        "organisation_id",
        *rules.TOLD,
        "hazardous",
        "skill",
        "minors",
    ):
        setattr(activity, name, getattr(form, name))
    activity.organisation = form.organisation or name_of(unit.session, form.organisation_id)
    activity.in_charge = form.in_charge or unit.actor.name[:50]
    activity.insurance = form.insurance.model_dump(mode="json") if form.insurance else None
    activity.shifts = [
        Shift(
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            roles=[ShiftRole(name=role.name, capacity=role.capacity) for role in shift.roles],
        )
        for shift in form.shifts
    ]


def publish(unit: Unit, activity_id: int, seen: int) -> ActivityOut:
    """Announce an activity that says everything it must; 422 names what it does not."""
    activity = _to_change(unit, activity_id, seen)
    lacking = organiser_faults(unit, activity.community, activity.organisation_id, activity.organisation)
    lacking = lacking or _stand_on_papers(unit, activity)
    _move(activity, ActivityAction.PUBLISH)
    lengths, drafted = settings_of(unit).shift_lengths, queries.whole(activity)
    if faults := lacking | rules.unpublishable(drafted, lengths, unit.now, unit.zone):
        raise invalid(faults, kind="missing")
    activity.published = True
    unit.set_timer(ENDS, str(activity.id), max(shift.ends_at for shift in activity.shifts))
    for shift in activity.shifts:
        at = shift.starts_at - settings_of(unit).reminded_before
        if at > unit.now:
            unit.set_timer(REMINDER, str(shift.id), at)
        unit.set_timer(BEGINS, str(shift.id), shift.starts_at)
    _count_hazard(unit, activity)
    _audit(unit, activity, "published")
    return queries.whole(activity)


def _count_hazard(unit: Unit, activity: Activity) -> None:
    if activity.hazardous:
        day = local_day(min(shift.starts_at for shift in activity.shifts), unit.zone)
        insured = int(activity.insurance is not None)
        for metric, n in ((Metric.ACTIVITIES_HAZARDOUS, 1), (Metric.ACTIVITIES_INSURED, insured)):
            unit.count(metric, n, community=activity.community, day=day)


def _stand_on_papers(unit: Unit, activity: Activity) -> rules.Faults:
    """Insure a dangerous activity by its organisation's policy; name the qualification that it lacks."""
    if activity.organisation_id is None or not activity.shifts:
        return {}
    first = local_day(min(shift.starts_at for shift in activity.shifts), unit.zone)
    last = local_day(max(shift.ends_at for shift in activity.shifts), unit.zone)
    policy = covering(unit.session, activity.organisation_id, first, last)
    if activity.hazardous and activity.insurance is None and policy is not None:
        insured = Insurance(
            insurer=policy.issuer,
            policy_no=policy.number,
            valid_from=policy.valid_from,
            valid_until=policy.valid_until,
        )
        activity.insurance = insured.model_dump(mode="json")
    if qualified(unit.session, activity.organisation_id, first, last):
        return {}
    return {"organisation_id": "its qualification does not cover the activity"}


def call_off(unit: Unit, activity_id: int, seen: int, why: CallOffIn) -> ActivityOut:
    """Call off what is to come, and tell everybody who has, is offered or waits for a place in it, once.

    Shifts that have begun, or to which somebody came, took place: an activity with some of them ends, and
    their places stay.
    """
    activity = _to_change(unit, activity_id, seen)
    begun = any(shift.starts_at <= unit.now for shift in activity.shifts)
    begun = begun or queries.anybody_came(unit.session, activity.id)
    action = ActivityAction.END if begun else ActivityAction.CALL_OFF
    _expect_move(activity, action)
    concerned = queries.open_signups(unit.session, activity.id, unit.now)
    for signup in concerned:
        _called_off(unit, signup)
    _move(activity, action)
    activity.called_off = why.reason
    unit.cancel_timer(ENDS, str(activity.id))
    for shift in activity.shifts:
        unit.cancel_timer(REMINDER, str(shift.id))
    _audit(unit, activity, "called_off", told=len(concerned))
    return queries.whole(activity)


def _called_off(unit: Unit, signup: Signup) -> None:
    status = SignupStatus(signup.status)
    queries.leave_line(unit.session, signup)
    signup.status = rules.walk_signup(status, SignupAction.CALL_OFF)
    signup.status_since, signup.offered_until = unit.now, None
    signup.version += 1
    unit.session.flush()
    queries.be_free(unit, signup)
    tell(unit, signup, NoticeKind.CALLED_OFF)


def tell(unit: Unit, signup: Signup, kind: NoticeKind) -> None:
    """Leave word for somebody about their place."""
    unit.session.add(
        Notice(
            **place(signup.community),
            subject=signup.subject,
            volunteer_id=signup.volunteer_id,
            signup_id=signup.id,
            activity_id=signup.activity_id,
            kind=kind,
            at=unit.now,
        )
    )


def is_about_to_begin(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Remind everybody who has a place in a shift, once; not when it has begun meanwhile (timer)."""
    del due_at
    shift = unit.session.get_one(Shift, int(entity_id))
    for signup in queries.all_placed(unit.session, shift.id) if shift.starts_at > unit.now else []:
        tell(unit, signup, NoticeKind.REMINDER)


def has_ended(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """End an activity after its last shift (timer)."""
    activity = queries.activity_to_change(unit.session, int(entity_id))
    _move(activity, ActivityAction.END)
    activity.version += 1
    _audit(unit, activity, "ended")


def announced(unit: Unit, wanted: Wanted, community: str | None) -> Page[ActivityRow]:
    """List what is announced, newest first."""
    query = published(select(Activity))
    if community is not None:
        query = query.where(within(Activity, unit.gathered(community)))
    bound = f"announced {community}"
    return page(unit, query, queries.NEWEST_ACTIVITIES, wanted, bound=bound, show=queries.row_of)


def drafts(unit: Unit, wanted: Wanted) -> Page[ActivityRow]:
    """List the drafts of one's area, newest first."""
    query = select(Activity).where(Activity.status == ActivityStatus.DRAFT)
    return page(unit, query, queries.NEWEST_ACTIVITIES, wanted, bound="drafts", show=queries.row_of)


def one_draft(unit: Unit, activity_id: int) -> ActivityOut:
    """Show a draft of one's area."""
    return queries.whole(queries.draft(unit.session, activity_id))


def one(unit: Unit, activity_id: int) -> ActivityOut:
    """Show an activity that is announced."""
    return queries.whole(queries.announced(unit.session, activity_id))


def _to_change(unit: Unit, activity_id: int, seen: int) -> Activity:
    activity = queries.activity_to_change(unit.session, activity_id)
    expect_version(queries.whole(activity), seen)
    activity.version += 1
    return activity


def _move(activity: Activity, action: ActivityAction) -> None:
    activity.status = _expect_move(activity, action)
    activity.takes_place = activity.status != ActivityStatus.CANCELLED


def _expect_move(activity: Activity, action: ActivityAction) -> ActivityStatus:
    """Return what an action leads to, or refuse."""
    try:
        return rules.walk_activity(ActivityStatus(activity.status), action)
    except CannotMoveError as error:
        raise MoveRefused(state=error.status, action=action) from None


def _audit(unit: Unit, activity: Activity, action: str, **detail: int) -> None:
    told = {"status": activity.status, "version": activity.version, **detail}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(activity.id), area=activity.community, detail=told)
