"""What people do about what is late: give orders from above, answer them, ask again, close them."""

from collections.abc import Mapping

from onewindow_casework.assignment import charge
from onewindow_casework.assignment.queries import answerable
from onewindow_casework.clocks.queries import hold_calendar, last_day
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import unless
from onewindow_casework.messages import service as messages
from onewindow_casework.settings import settings_of
from onewindow_casework.supervision import queries, rules
from onewindow_casework.supervision.models import OF_THE_CASE, Supervision
from onewindow_casework.supervision.writing import ASKED, await_by, await_nothing, begun, watch, write
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.supervision import (
    Level,
    SecondOrderIn,
    SupervisionAction,
    SupervisionAnswerIn,
    SupervisionClosureIn,
    SupervisionIn,
    SupervisionKind,
    SupervisionOut,
    SupervisionState,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, Problem, invalid
from onewindow_shared.plumbing.unit import Unit


class SupervisionOpen(Problem):
    """This level has given such an order already; it is asked again there, once it is answered."""

    type = "urn:onewindow:problem:supervision-open"
    title = "Ordered already"
    status = 409


def issue(unit: Unit, case_no: str, body: SupervisionIn) -> SupervisionOut:
    """Give an order from above; a second open one of the kind and the level breaks a constraint."""
    hold_calendar(unit)
    case = cases.locked(unit, case_no)
    unless(_bar_to_issue(unit, case, body.kind))
    if not case.open:
        raise MoveRefused(detail="The case has ended.", state=case.status, action="supervise")
    one = begun(unit, case, body.kind, OF_THE_CASE, rules.level_of(unit.actor.roles))
    _ask(unit, one, body.reply_days)
    unit.session.add(one)
    unit.session.flush()
    watch(unit, one)
    write(unit, case, one, ASKED, words=body.text)
    messages.asked(unit, case, one, Level.OFFICER, one.awaited_by)
    return queries.show(unit, one, case)


def _ask(unit: Unit, one: Supervision, wanted: int | None) -> None:
    """Have an answer come in the days of the order, or of the district's setting for its kind."""
    settings = settings_of(unit)
    usual = {
        SupervisionKind.URGE: settings.urge_reply_days,
        SupervisionKind.SUPERVISE: settings.supervise_reply_days,
    }
    if wanted is not None and wanted > settings.reply_days_most:
        raise invalid({"reply_days": f"an answer has {settings.reply_days_most} working days at most"})
    days = wanted or usual[SupervisionKind(one.kind)]
    day = last_day(unit, unit.today, days).day
    one.days, one.counted_from, one.awaited_by = days, unit.today, day


def answer(
    unit: Unit, case_no: str, supervision_id: int, seen: int, body: SupervisionAnswerIn
) -> SupervisionOut:
    """Answer; where a limit is over, the answer holds until the day by which the work will be done."""
    case, one, to = _to_move(unit, case_no, supervision_id, seen, SupervisionAction.ANSWER)
    one.state = to
    officer = answerable(unit, case)
    if officer and officer.subject == unit.actor.subject:
        charge.noted(unit, case)
    if one.kind == SupervisionKind.OVERDUE:
        latest = last_day(unit, unit.today, settings_of(unit).answer_holds_days).day
        if body.done_by is not None and not unit.today <= body.done_by <= latest:
            raise invalid({"done_by": f"lies between {unit.today} and {latest}"})
        start = body.done_by or latest
        await_by(unit, one, start, 0, last_day(unit, start, 0).day)
    elif body.done_by is not None:
        raise invalid({"done_by": "an order is answered in words"})
    else:
        await_nothing(unit, one)
    write(unit, case, one, SupervisionAction.ANSWER, words=body.text)
    return queries.show(unit, one, case)


def again(unit: Unit, case_no: str, supervision_id: int, seen: int, body: SecondOrderIn) -> SupervisionOut:
    """Ask again: the answer does not do."""
    case, one, to = _to_move(unit, case_no, supervision_id, seen, SupervisionAction.AGAIN)
    one.level = max(Level(one.level), rules.level_of(unit.actor.roles), key=rules.rank)
    _ask(unit, one, body.reply_days)
    one.state = to
    watch(unit, one)
    write(unit, case, one, SupervisionAction.AGAIN, words=body.text)
    messages.asked(unit, case, one, Level.OFFICER, one.awaited_by)
    return queries.show(unit, one, case)


def close(
    unit: Unit, case_no: str, supervision_id: int, seen: int, body: SupervisionClosureIn
) -> SupervisionOut:
    """Close an order: content with the answer, or taking it back."""
    case, one, to = _to_move(unit, case_no, supervision_id, seen, SupervisionAction.CLOSE)
    one.state = to
    await_nothing(unit, one)
    write(unit, case, one, SupervisionAction.CLOSE, words=body.remark)
    return queries.show(unit, one, case)


def _to_move(
    unit: Unit, case_no: str, supervision_id: int, seen: int, action: SupervisionAction
) -> tuple[CaseFile, Supervision, SupervisionState]:
    hold_calendar(unit)
    case = cases.locked(unit, case_no)
    one = queries.one_of_case(unit, case, supervision_id)
    expect_version(queries.show(unit, one, case), seen)
    to = rules.walk(SupervisionKind(one.kind), SupervisionState(one.state), action)
    if to is None:
        detail = f"A supervision that is {one.state} has no {action}."
        raise MoveRefused(detail=detail, state=one.state, action=action)
    unless(_bar(unit, case, one, action))
    return case, one, to


def _bar(
    unit: Unit, case: CaseFile, one: Supervision, action: SupervisionAction
) -> rules.SupervisionBar | None:
    officer = answerable(unit, case)
    standing = rules.Standing(
        kind=SupervisionKind(one.kind),
        level=Level(one.level),
        issued=Level(one.issued_level),
        issuer=one.issued_by,
        answerable=officer.subject if officer else None,
        applicant=case.applicant_subject,
    )
    level = rules.level_of(unit.actor.roles)
    return rules.bar(action, standing, actor=unit.actor.subject, level=level)


def _bar_to_issue(unit: Unit, case: CaseFile, kind: SupervisionKind) -> rules.SupervisionBar | None:
    return rules.bar_to_issue(
        rules.level_of(unit.actor.roles),
        _lowest(unit)[kind],
        actor=unit.actor.subject,
        applicant=case.applicant_subject,
    )


def _lowest(unit: Unit) -> Mapping[SupervisionKind, Level]:
    settings = settings_of(unit)
    return {
        SupervisionKind.URGE: settings.urge_from,
        SupervisionKind.SUPERVISE: settings.supervise_from,
    }


NEEDS: Mapping[SupervisionAction, Permission] = {
    SupervisionAction.ANSWER: Permission.SUPERVISION_ANSWER,
    SupervisionAction.AGAIN: Permission.SUPERVISION_ISSUE,
    SupervisionAction.CLOSE: Permission.SUPERVISION_ISSUE,
}


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may give, answer, repeat or close orders now."""
    roles = unit.actor.roles
    if not case.open or not permits(roles, Permission.SUPERVISION_READ):
        return []
    may_issue = permits(roles, Permission.SUPERVISION_ISSUE) and any(
        _bar_to_issue(unit, case, kind) is None for kind in _lowest(unit)
    )
    waiting = unit.session.scalars(
        queries.of_case(case).where(queries.still_open()).order_by(Supervision.id)
    ).all()
    return [
        *(["supervisions"] if may_issue else []),
        *(
            f"supervisions/{one.id}/{action}"
            for one in waiting
            for action in rules.BY_PEOPLE
            if rules.walk(SupervisionKind(one.kind), SupervisionState(one.state), action)
            and permits(roles, NEEDS[action])
            and _bar(unit, case, one, action) is None
        ),
    ]


def list_of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[SupervisionOut]:
    """Return the supervisions of a case, the newest first."""
    case = cases.find(unit, case_no)
    return page(
        unit,
        queries.of_case(case),
        queries.NEWEST,
        wanted,
        bound=f"supervisions {case_no}",
        show=lambda one: queries.show(unit, one, case),
    )
