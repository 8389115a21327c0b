"""Use cases of tracking: whoever holds number and code sees where the case stands, and nothing else."""

from collections.abc import Sequence
from datetime import UTC

from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.cases.models import Case, Notice
from onewindow_intake.cases.moving import standing
from onewindow_intake.cases.shown import TRACKING
from onewindow_intake.cases.told import guide_of, open_lines, still_lacking
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.papers.rules import CONSEQUENCES
from onewindow_intake.reference import calendar_of
from onewindow_intake.reviewing import service as reviewing
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.rules import Deferred, owed
from onewindow_intake.tracking import queries, rules, words
from onewindow_intake.tracking.rules import Limit
from onewindow_shared.contracts.cases import (
    Awaited,
    AwaitedLine,
    AwaitedPaper,
    PublicContact,
    TrackedCase,
)
from onewindow_shared.contracts.intake import TrackingIn
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.contracts.outcomes import MissedSupplement
from onewindow_shared.plumbing.reference import office_name
from onewindow_shared.plumbing.unit import Unit


def look_up(unit: Unit, case_no: str, form: TrackingIn, phone: str) -> TrackedCase | None:
    """Return the case, or None if number and code do not belong together.

    Raises `BadCursor` where they do, and the page that is asked for is none of this case.
    """
    case = queries.case(unit.session, case_no)
    fits = matches(form.code, tracking_code(unit.vault.derive(TRACKING), case_no))
    return _tracked(unit, case, phone, form.cursor) if fits and case is not None else None


def _tracked(unit: Unit, case: Case, phone: str, cursor: str | None) -> TrackedCase:
    status = CaseStatus(case.status)
    office = office_name(unit, case.community)
    steps = queries.entries(unit, case.case_no, cursor)
    return TrackedCase(
        case_no=case.case_no,
        item_name=case.item_name,
        status=status,
        status_label=STATUSES[status],
        applicant=case.applicant_masked,
        received_at=case.received_at,
        correction_due_at=case.correction_due_at if status is CaseStatus.CORRECTION else None,
        supplement_due_at=case.supplement_due_at if status is CaseStatus.TOLERANT_ACCEPTED else None,
        due_on=case.due_on,
        provisional=case.provisional,
        timeline=steps.items[::-1],
        earlier=steps.next,
        awaited=_awaited(unit, case, status, office),
        next_step=words.NEXT[status],
        review=reviewing.of_case(unit, case),
        contact=PublicContact(office=office, phone=phone),
    )


def _awaited(unit: Unit, case: Case, status: CaseStatus, office: str) -> Awaited | None:
    papers: list[AwaitedPaper] = []
    lines: list[AwaitedLine] = []
    owes, also = True, ""
    if status is CaseStatus.CORRECTION:
        owes = not standing(case).complete
        papers, lines = _to_correct(unit, case) if owes else ([], [])
    if status is CaseStatus.TOLERANT_ACCEPTED:
        deferred = _owed(unit, case)
        owes = bool(deferred)
        papers = _to_supplement(unit, case, deferred)
        promise = unit.session.get_one(TolerantAcceptance, case.case_no)
        also = CONSEQUENCES[MissedSupplement(promise.consequence)] if owes else ""
    awaits = rules.wait(status, owes=owes)
    if awaits is None:
        return None
    limit = _limit(unit, case, status, owes=owes)
    calendar = calendar_of(unit.session)
    shown = None if limit is None else rules.explained(calendar, limit, unit.now, unit.zone)
    return rules.awaited(awaits, office, papers, lines, shown, also=also)


def _limit(unit: Unit, case: Case, status: CaseStatus, *, owes: bool) -> Limit | None:
    """Return what runs now; nothing does before a case is received, nor while a procedure suspends it."""
    if status is CaseStatus.RECEIVED:
        in_time = unit.now < case.answer_due_at
        days = case.answer_days if in_time else case.notice_days
        return rules.of_notice(case.received_on, days, case.answer_due_at if in_time else case.notice_due_at)
    if status is CaseStatus.CORRECTION:
        notice = unit.session.get_one(Notice, case.case_no)
        return rules.of_date(notice.deadline, notice.due_at, "补正期限")
    if status is CaseStatus.TOLERANT_ACCEPTED and owes:
        first = min(_owed(unit, case), key=lambda paper: paper.due_at)
        return rules.of_date(first.due_on, first.due_at, "补交期限")
    if status is CaseStatus.SUSPENDED or case.accepted_on is None or case.due_on is None:
        return None
    return rules.of_promise(
        calendar_of(unit.session),
        case.accepted_on,
        case.due_on,
        case.promised_days,
        unit.zone,
        unit.settings.close_of_business_hour,
    )


def _owed(unit: Unit, case: Case) -> list[Deferred]:
    return owed(deferred_papers(unit, case), checklist.papers(case.materials))


def _to_correct(unit: Unit, case: Case) -> tuple[list[AwaitedPaper], list[AwaitedLine]]:
    due = unit.session.get_one(Notice, case.case_no).due_at
    papers = [AwaitedPaper(name=paper.name, until=due) for paper in still_lacking(unit, case)]
    return papers, [rules.awaited_line(line.number, due) for line in open_lines(unit, case)]


def _to_supplement(unit: Unit, case: Case, deferred: Sequence[Deferred]) -> list[AwaitedPaper]:
    names = {paper.code: paper.name for paper in guide_of(unit, case).materials}
    return [
        AwaitedPaper(name=names[paper.material], until=paper.due_at.astimezone(UTC)) for paper in deferred
    ]
