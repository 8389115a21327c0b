"""The sheets of a case's papers, made of what the case says; the same state is the same paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onewindow_casework.agency import service as agencies
from onewindow_casework.agency.models import MATTERS
from onewindow_casework.delivery import showing
from onewindow_casework.handling.models import EXTENDED, REASONS, SUSPENDED, CaseFile
from onewindow_casework.handling.rules import STEPS
from onewindow_casework.papers import rules
from onewindow_casework.reviews import inviting
from onewindow_casework.timeline import queries as timeline
from onewindow_casework.timeline.models import NOTE
from onewindow_shared.contracts.agency import AgencyState
from onewindow_shared.contracts.case_papers import CasePaper
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.catalogue import SpecialProcedure
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.papers import Fact
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.reviewcodes import CodeSent, review_code, review_link
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


@dataclass(frozen=True)
class Body:
    """What a paper says, when it was issued, and the how-manieth of its kind it is."""

    at: datetime
    opening: Sequence[str]
    facts: Sequence[Fact] = ()
    closing: Sequence[str] = ()
    place: int = 1
    address: str | None = None
    """What the QR code says, where that is not how the paper is checked."""


def facts(**said: str | None) -> list[Fact]:
    """Return labelled lines, without those of which nothing is said."""
    return [Fact(label=label, value=value) for label, value in said.items() if value]


def decision(unit: Unit, case: CaseFile, _place: int | None = None) -> Body | None:
    """The decision: granted, or refused with reasons and remedies (行政许可法 art. 38)."""
    made = case.decision
    if made is None:
        return None
    reasons = unit.vault.opened(made.reasons_sealed, purpose=REASONS)
    return Body(
        at=made.decided_at,
        opening=[rules.DECIDED[Outcome(made.outcome)].format(item=case.item_name)],
        facts=facts(理由=reasons, 决定人=made.decided_by_name),
        closing=[made.remedies] if made.remedies else [],
    )


def delivery(unit: Unit, case: CaseFile, _place: int | None = None) -> Body | None:
    """Proof of the delivery: how, to whom, and what shows it (行政许可法 art. 44)."""
    made = case.delivery
    if made is None:
        return None
    told = showing.delivery(unit, made)
    return Body(
        at=made.delivered_at,
        opening=[(rules.LEFT if told.refused else rules.DELIVERED).format(item=case.item_name)],
        facts=facts(
            送达方式=rules.METHODS[told.method],
            送达日期=chinese_day(told.delivered_on) if told.delivered_on else None,
            签收人=None if told.refused else told.receiver or case.applicant_masked,
            见证人=told.witness,
            承运单位=told.carrier,
            邮件编号=told.tracking_no,
            送达凭证=told.proof,
            送达人=told.delivered_by,
        ),
    )


def suspension(unit: Unit, case: CaseFile, place: int | None = None) -> Body | None:
    """The written notice of the time that a special procedure takes (行政许可法 art. 45)."""
    which = rules.which(len(case.suspensions), place)
    if which is None:
        return None
    told = case.suspensions[which - 1]
    reason = unit.vault.open(told.reason_sealed, purpose=SUSPENDED)
    procedure = rules.PROCEDURES[SpecialProcedure(told.procedure)]
    return Body(
        at=told.suspended_at,
        opening=[
            f"您申请的“{case.item_name}”依法需要{procedure}，所需时间为{told.days}个工作日，不计入办理期限。"
        ],
        facts=facts(原因=reason, 起止日期=_days(told.start, told.told_until)),
        closing=["依据：《中华人民共和国行政许可法》第四十五条。"],
        place=which,
    )


def extension(unit: Unit, case: CaseFile, _place: int | None = None) -> Body | None:
    """The written notice of the extension and its reason (行政许可法 art. 42)."""
    made = case.extension
    if made is None:
        return None
    reason = unit.vault.open(made.reason_sealed, purpose=EXTENDED)
    return Body(
        at=made.approved_at,
        opening=[f"您申请的“{case.item_name}”，经负责人批准，延长办理期限{made.days}个工作日。"],
        facts=facts(理由=reason, 批准人=made.approved_by_name),
        closing=["依据：《中华人民共和国行政许可法》第四十二条。"],
    )


def withdrawal(unit: Unit, case: CaseFile, _place: int | None = None) -> Body | None:
    """The slip of a case that was taken back: in whose quality, and why."""
    entry = timeline.last(unit, case, STEPS[CaseAction.WITHDRAW])
    if entry is None or case.withdrawn_as is None:
        return None
    reason = unit.vault.opened(entry.note_sealed, purpose=NOTE)
    return Body(
        at=entry.at,
        opening=[rules.WITHDRAWN.format(item=case.item_name)],
        facts=facts(撤回人=rules.ACTING[Acting(case.withdrawn_as)], 撤回理由=reason),
    )


def review_invitation(unit: Unit, case: CaseFile, _place: int | None = None) -> Body | None:
    """The invitation to review the handling, with the code that needs no account (好差评)."""
    until = inviting.last_day_of(unit, case)
    if until is None or case.closed_at is None:
        return None
    secret = unit.settings.events_secret.get_secret_value()
    code = review_code(secret, case.case_no, CodeSent.ON_PAPER)
    return Body(
        at=case.closed_at,
        opening=[f"您申请的“{case.item_name}”已经办结，请您评价我们的服务。一次办理评价一次，可以匿名。"],
        facts=facts(评价码=code, 评价截止=chinese_day(until)),
        closing=["扫描二维码，或者凭受理编号和评价码评价，不需要注册。"],
        address=review_link(unit.settings.public_address, case.case_no, code),
    )


def _days(first: date, last: date) -> str:
    return f"{chinese_day(first)}至{chinese_day(last)}"


def _of_agency(state: AgencyState, opening: str) -> Callable[[Unit, CaseFile, int | None], Body | None]:
    """Return what makes a form of an agency; of letters, what was entrusted is kept of the last one."""

    def body(unit: Unit, case: CaseFile, place: int | None = None) -> Body | None:
        entries = [entry for entry in agencies.steps(unit, case) if entry.state is state]
        which = rules.which(len(entries), place)
        if which is None:
            return None
        told = entries[which - 1]
        agency = agencies.find(unit, case)
        letter = state is AgencyState.ENTRUSTED and which == len(entries)
        matters = unit.vault.opened(agency.matters_sealed, purpose=MATTERS) if letter else None
        return Body(
            at=told.at,
            opening=[opening.format(item=case.item_name)],
            facts=facts(
                委托事项=matters,
                委托期限=f"至{chinese_day(told.until)}" if told.until else None,
                移交材料="、".join(agency.papers) if letter else None,
                说明=told.reason,
                代办次数=f"{agency.visits}次" if state is AgencyState.DONE else None,
                经办人=told.by,
            ),
            closing=[rules.FREE],
            place=which,
        )

    return body


BODIES: Mapping[CasePaper, Callable[[Unit, CaseFile, int | None], Body | None]] = {
    CasePaper.DECISION: decision,
    CasePaper.DELIVERY: delivery,
    CasePaper.SUSPENSION: suspension,
    CasePaper.EXTENSION: extension,
    CasePaper.WITHDRAWAL: withdrawal,
    CasePaper.AGENCY_ENTRUSTMENT: _of_agency(AgencyState.ENTRUSTED, "申请人委托代办员代为办理“{item}”。"),
    CasePaper.AGENCY_SUSPENSION: _of_agency(AgencyState.SUSPENDED, "“{item}”的代办中止。"),
    CasePaper.AGENCY_RESUMPTION: _of_agency(AgencyState.RESUMED, "“{item}”的代办继续进行。"),
    CasePaper.AGENCY_DONE: _of_agency(AgencyState.DONE, "“{item}”的代办已经办结。"),
    CasePaper.AGENCY_TERMINATION: _of_agency(AgencyState.TERMINATED, "“{item}”的代办终止。"),
    CasePaper.REVIEW_INVITATION: review_invitation,
}


def issued_on(unit: Unit, body: Body) -> str:
    """Return the day of issue as it is printed."""
    return chinese_day(local_day(body.at, unit.zone))
