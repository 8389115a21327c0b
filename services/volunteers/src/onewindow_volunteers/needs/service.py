"""Use cases of needs: taking one down, finding who fits, asking, helping, confirming."""

from datetime import datetime

from sqlalchemy import select

from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.activities import NoticeKind
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import NeedProgressed
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.needs import (
    CandidateOut,
    FactorOut,
    HelpGivenIn,
    MatchOut,
    NeedContactOut,
    NeedIn,
    NeedOut,
    NeedProofOut,
    NeedRow,
    NeedStatus,
    NeedTold,
    NeedWithdrawalIn,
    OfferIn,
)
from onewindow_shared.contracts.numbers import matches, parse, tracking_code
from onewindow_shared.contracts.records import Proof, RecordStatus
from onewindow_shared.contracts.volunteers import ServiceCategory
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotPermitted, invalid
from onewindow_shared.plumbing.reference import area_name, known_community
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.activities.models import Notice
from onewindow_volunteers.activities.problems import OfferOver
from onewindow_volunteers.needs import queries, rules
from onewindow_volunteers.needs.models import PERSONAL, Asked, Need
from onewindow_volunteers.needs.problems import DoesNotFit, NotWhileSo
from onewindow_volunteers.needs.rules import HELPED, MOST_CANDIDATES, NeedAction
from onewindow_volunteers.people.holding import hold_number
from onewindow_volunteers.people.models import Volunteer, opened, purpose_of, seal
from onewindow_volunteers.people.queries import expect_recording, still_serves
from onewindow_volunteers.records.counted import count_once
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.records.service import audit as audit_record
from onewindow_volunteers.records.service import record_by
from onewindow_volunteers.settings import settings_of

ENTITY, CODES = "need", "needs.codes"
OFFER_LAPSES, FORGOTTEN = "need.offer_lapses", "need.forgotten"
OWNER_ERASED = "need.owner_erased"
"""Timers: of an offer that nobody answers, of how long a need is kept, and of the need of somebody erased."""
FORGOTTEN_BY = "forgotten:"
BY_RESIDENT, NOTHING_CAME = "居民凭编号和查询码撤回", "长期没有进展，系统收回"
BY_ERASURE = "应本人要求删除个人信息，需求随之撤回"
NAME = purpose_of(Volunteer.sealed_name)


def take_down(unit: Unit, form: NeedIn) -> NeedTold:
    """Take a need down: it is a call from now on."""
    known_community(unit, form.community)
    own = unit.actor.roles <= PERSONAL_ROLES
    if not own and not unit.actor.scope.covers(form.community):
        raise NotPermitted(detail="This community lies outside your area.")
    if form.case_no and (why := rules.misplaced(parse(form.case_no), form.community, unit.today, unit.heir)):
        raise invalid({"case_no": why})
    need = Need(
        **place(form.community),
        case_no=form.case_no,
        category=form.category,
        skill=form.skill,
        trained=form.trained,
        times=form.times,
        minutes=form.minutes,
        sealed_name=seal(unit.vault, Need.sealed_name, form.name),
        sealed_phone=seal(unit.vault, Need.sealed_phone, form.phone),
        sealed_address=seal(unit.vault, Need.sealed_address, form.address),
        sealed_details=seal(unit.vault, Need.sealed_details, form.details),
        status=NeedStatus.OPEN,
        status_since=unit.now,
        taken_by=unit.actor.subject,
    )
    unit.session.add(need)
    unit.session.flush()
    _tell(unit, need, "taken_down")
    return NeedTold(**queries.shown(need).model_dump(), code=_code(unit, str(need.id)))


def match(unit: Unit, need_id: int) -> MatchOut:
    """Say who fits best, and why."""
    need = queries.of(unit.session, need_id)
    weights, wanted = settings_of(unit).match_weights, queries.wanted(unit, need)
    since = unit.now - settings_of(unit).match_load_kept
    found = queries.fitting(unit, need, weights, since, MOST_CANDIDATES)
    candidates = []
    for fit in found:
        one = fit.candidate
        factors = [
            FactorOut(factor=factor, figure=figure, weight=weight, points=weight * figure)
            for factor, figure in rules.figures(wanted, one).items()
            for weight in [weights.of(factor)]
        ]
        candidates.append(
            CandidateOut(
                volunteer_no=one.volunteer_no,
                name_masked=mask_name(unit.vault.open(fit.sealed_name, purpose=NAME)),
                community=one.community,
                points=rules.points(wanted, one, weights),
                factors=factors,
            )
        )
    left_out = queries.left_out(unit, need)
    return MatchOut(need_id=need.id, candidates=candidates, left_out=left_out)


def offer(unit: Unit, need_id: int, seen: int, form: OfferIn) -> NeedOut:
    """Ask a volunteer who fits; nobody is asked twice for the same need."""
    hold_number(unit.session, form.volunteer_no)
    need = _to_change(unit, need_id, seen)
    weights = settings_of(unit).match_weights
    found = queries.fitting(unit, need, weights, unit.now, 1, only=form.volunteer_no)
    _move(need, NeedAction.OFFER, unit.now)
    if not found:
        raise DoesNotFit
    asked = found[0]
    need.volunteer_id, need.volunteer_no = asked.volunteer_id, asked.candidate.volunteer_no
    need.helper, need.in_charge = asked.subject, unit.actor.name[:50]
    need.offered_until = unit.now + settings_of(unit).need_offer_kept
    unit.session.add(Asked(need_id=need.id, volunteer_id=asked.volunteer_id, at=unit.now))
    unit.set_timer(OFFER_LAPSES, str(need.id), need.offered_until)
    _tell_helper(unit, need, NoticeKind.OFFERED)
    return _kept(unit, need, NeedAction.OFFER)


def offer_has_lapsed(unit: Unit, need_id: str, due_at: datetime) -> None:
    """Take an offer back that nobody answered (timer)."""
    need = queries.to_change(unit.session, int(need_id))
    if need.status == NeedStatus.OFFERED and need.offered_until == due_at:
        _tell_helper(unit, need, NoticeKind.EXPIRED)
        _freed(unit, need, NeedAction.LAPSE)


def accept(unit: Unit, need_id: int, seen: int) -> NeedOut:
    """Take on what one was asked for."""
    need = _to_change(unit, need_id, seen)
    if need.offered_until is not None and need.offered_until <= unit.now:
        raise OfferOver
    _expect_recording(unit, need)
    _move(need, NeedAction.ACCEPT, unit.now)
    need.offered_until = None
    unit.cancel_timer(OFFER_LAPSES, str(need.id))
    return _kept(unit, need, NeedAction.ACCEPT)


def decline(unit: Unit, need_id: int, seen: int) -> NeedOut:
    """Say no, without a reason; one is not asked again."""
    need = _to_change(unit, need_id, seen)
    unit.cancel_timer(OFFER_LAPSES, str(need.id))
    return _freed(unit, need, NeedAction.DECLINE)


def give_back(unit: Unit, need_id: int, seen: int) -> NeedOut:
    """Give a need back that one had accepted."""
    return _freed(unit, _to_change(unit, need_id, seen), NeedAction.GIVE_BACK)


def _freed(unit: Unit, need: Need, action: NeedAction) -> NeedOut:
    _move(need, action, unit.now)
    told = _kept(unit, need, action)
    need.volunteer_id = need.volunteer_no = need.helper = need.offered_until = None
    return told.model_copy(update={"volunteer_no": None, "offered_until": None})


def give_up_needs(unit: Unit, person: Volunteer) -> None:
    """Make calls again of the needs of somebody who no longer serves, unless they serve again by now."""
    if still_serves(unit.session, person):
        return
    for need in queries.at_work(unit.session, person.id):
        unit.cancel_timer(OFFER_LAPSES, str(need.id))
        offered = need.status == NeedStatus.OFFERED
        _tell_helper(unit, need, NoticeKind.GIVEN_UP)
        _freed(unit, need, NeedAction.DECLINE if offered else NeedAction.GIVE_BACK)


def contact(unit: Unit, need_id: int) -> NeedContactOut:
    """Show the volunteer who accepted whom to help, and write down that it was shown."""
    need = queries.of(unit.session, need_id)
    if need.status != NeedStatus.ACCEPTED:
        raise NotWhileSo
    _audit(unit, need, "disclosed")
    return told(unit, need)


def told(unit: Unit, need: Need) -> NeedContactOut:
    """Return what a resident said of themselves and of what is to be done."""
    return NeedContactOut(
        name=opened(unit.vault, Need.sealed_name, need),
        phone=opened(unit.vault, Need.sealed_phone, need),
        address=opened(unit.vault, Need.sealed_address, need),
        details=opened(unit.vault, Need.sealed_details, need),
    )


def finish(unit: Unit, need_id: int, seen: int, form: HelpGivenIn) -> NeedOut:
    """Say that one has helped, and when; the resident has to confirm it."""
    need = _to_change(unit, need_id, seen)
    if form.left_at > unit.now or form.came_at < need.status_since:
        raise invalid({"came_at": "help lies between the acceptance and now"})
    _expect_recording(unit, need)
    _move(need, NeedAction.FINISH, unit.now)
    need.came_at, need.left_at = form.came_at, form.left_at
    return _kept(unit, need, NeedAction.FINISH)


def _expect_recording(unit: Unit, need: Need) -> None:
    if need.volunteer_id is not None:
        expect_recording(unit.session, need.volunteer_id)


def prove(unit: Unit, need_id: str, code: str) -> NeedProofOut | None:
    """Show a need to its resident; None if number and code do not fit."""
    need = unit.session.get(Need, int(need_id))
    if need is None or not matches(code, _code(unit, need_id)):
        return None
    settled = need.volunteer_id is not None and need.status != NeedStatus.OFFERED
    helper = unit.session.get(Volunteer, need.volunteer_id) if settled else None
    return NeedProofOut(
        status=NeedStatus(need.status),
        category=ServiceCategory(need.category),
        helper_masked=mask_name(opened(unit.vault, Volunteer.sealed_name, helper)) if helper else None,
        came_at=need.came_at,
        left_at=need.left_at,
    )


def confirm(unit: Unit, need_id: int) -> NeedOut:
    """Record what the resident, whose code was right, says was given; it counts once it is confirmed."""
    need = queries.to_change(unit.session, need_id)
    record = _record(unit, need)
    count_once(unit, record)
    _move(need, NeedAction.CONFIRM, unit.now)
    need.record_id = record.id
    audit_record(unit, record, "confirmed_by_resident")
    return _kept(unit, need, NeedAction.CONFIRM)


def _record(unit: Unit, need: Need) -> ServiceRecord:
    if need.came_at is None or need.left_at is None:
        raise MoveRefused(state=need.status, action=NeedAction.CONFIRM)
    day = local_day(need.came_at, unit.zone)
    return ServiceRecord(
        **place(need.community),
        volunteer_id=need.volunteer_id,
        volunteer_no=need.volunteer_no,
        subject=need.helper,
        activity=rules.title(ServiceCategory(need.category)),
        content=HELPED,
        organisation=area_name(unit.session, need.community),
        in_charge=need.in_charge,
        day=day,
        status=RecordStatus.PENDING,
        came_at=need.came_at,
        came_proof=Proof.RESIDENT,
        came_told_at=need.status_since,
        left_at=need.left_at,
        left_proof=Proof.RESIDENT,
        left_told_at=need.status_since,
        due_on=record_by(unit, day),
    )


def withdraw(unit: Unit, need_id: int, seen: int, form: NeedWithdrawalIn) -> NeedOut:
    """Give a need up, or help that was claimed and did not come; the reason is kept in the audit."""
    return _give_up(unit, _to_change(unit, need_id, seen), form.reason)


def _give_up(unit: Unit, need: Need, reason: str) -> NeedOut:
    _move(need, NeedAction.WITHDRAW, unit.now)
    need.offered_until = None
    unit.cancel_timer(OFFER_LAPSES, str(need.id))
    _tell_helper(unit, need, NoticeKind.WITHDRAWN)
    return _kept(unit, need, NeedAction.WITHDRAW, reason)


def withdraw_by_code(unit: Unit, need_id: int) -> None:
    """Give a need up for the resident whose code was right; whoever is asked or helps is told."""
    _give_up(unit, queries.to_change(unit.session, need_id), BY_RESIDENT)


def forgotten(unit: Unit, need_id: str, due_at: datetime) -> None:
    """Give up a need with which nothing has happened for long, or forget whose one was that ended (timer)."""
    del due_at
    need = queries.to_change(unit.session, int(need_id))
    from_then = need.status_since + settings_of(unit).need_kept
    if from_then > unit.now:
        unit.set_timer(FORGOTTEN, need_id, from_then)
        return
    if need.status not in rules.ENDS:
        _give_up(unit, need, NOTHING_CAME)
        return
    _forget(unit, need)


def owner_erased(unit: Unit, need_id: str, due_at: datetime) -> None:
    """Give up a need that somebody took down who had their data erased, and forget whose it was (timer)."""
    del due_at
    need = queries.to_change(unit.session, int(need_id))
    if need.status not in rules.ENDS:
        _give_up(unit, need, BY_ERASURE)
    _forget(unit, need)


def _forget(unit: Unit, need: Need) -> None:
    for column in PERSONAL:
        setattr(need, column.key, seal(unit.vault, column, ""))
    need.taken_by = f"{FORGOTTEN_BY}{need.id}"
    _audit(unit, need, "forgotten")


def several(unit: Unit, wanted: Wanted, status: NeedStatus | None) -> Page[NeedRow]:
    """List the needs of one's area, or those that one is asked for or helps with, newest first."""
    query = select(Need) if status is None else select(Need).where(Need.status == status)
    bound = f"needs {status}"
    return page(unit, query, queries.NEWEST_FIRST, wanted, bound=bound, show=queries.row_of)


def one(unit: Unit, need_id: int) -> NeedOut:
    """Show a need."""
    return queries.shown(queries.of(unit.session, need_id))


def _to_change(unit: Unit, need_id: int, seen: int) -> Need:
    need = queries.to_change(unit.session, need_id)
    expect_version(queries.shown(need), seen)
    return need


def _move(need: Need, action: NeedAction, now: datetime) -> None:
    try:
        need.status = rules.walk(NeedStatus(need.status), action)
    except CannotMoveError as error:
        raise MoveRefused(state=error.status, action=action) from None
    need.status_since, need.version = now, need.version + 1


def _kept(unit: Unit, need: Need, action: NeedAction, reason: str | None = None) -> NeedOut:
    _tell(unit, need, action, reason)
    return queries.shown(need)


def _tell(unit: Unit, need: Need, action: str, reason: str | None = None) -> None:
    """Write down what became of a need, and tell the case that it came up in."""
    unit.set_timer(FORGOTTEN, str(need.id), unit.now + settings_of(unit).need_kept)
    _audit(unit, need, action, reason)
    if need.case_no is not None:
        unit.publish(
            NeedProgressed(
                need_id=need.id,
                case_no=need.case_no,
                community=need.community,
                category=ServiceCategory(need.category),
                status=NeedStatus(need.status),
                at=unit.now,
                version=need.version,
            )
        )


def _tell_helper(unit: Unit, need: Need, kind: NoticeKind) -> None:
    """Leave word for whoever is asked for a need or helps with it, if anybody is."""
    if need.helper is None:
        return
    unit.session.add(
        Notice(
            **place(need.community),
            subject=need.helper,
            volunteer_id=need.volunteer_id,
            need_id=need.id,
            kind=kind,
            at=unit.now,
        )
    )


def _audit(unit: Unit, need: Need, action: str, reason: str | None = None) -> None:
    detail = {"status": need.status, "category": need.category, "volunteer_no": need.volunteer_no}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(need.id), area=need.community, reason=reason, detail=detail)


def _code(unit: Unit, need_id: str) -> str:
    return tracking_code(unit.vault.derive(CODES), need_id)
