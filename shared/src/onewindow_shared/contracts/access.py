"""Roles, permissions and who has which: the one table that decides what a token may do."""

from collections.abc import Mapping
from enum import StrEnum

from onewindow_shared.contracts.common import Contract


class Role(StrEnum):
    """Roles of the suite; the Chinese terms are those of the glossary."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    WINDOW_CLERK = "window_clerk"
    AGENT_OFFICER = "agent_officer"
    DEPARTMENT_OFFICER = "department_officer"
    COMMUNITY_MANAGER = "community_manager"
    STREET_SUPERVISOR = "street_supervisor"
    DISTRICT_ADMIN = "district_admin"
    AUDITOR = "auditor"
    SERVICE_CLIENT = "service_client"


class Permission(StrEnum):
    """What a route may ask for; every route names exactly one, or says why it is public."""

    CASE_CREATE = "case.create"
    CASE_BATCH = "case.batch"
    CASE_READ = "case.read"
    VIEW_KEEP = "view.keep"
    CASE_EXPORT = "case.export"
    CASE_HAND_IN = "case.hand_in"
    CASE_ACCEPT = "case.accept"
    CASE_WITHDRAW = "case.withdraw"
    CASE_UNMASK = "case.unmask"
    CASE_HAND_OVER = "case.hand_over"
    CUSTODY_KEEP = "custody.keep"
    CONTACT_KEEP = "contact.keep"
    CONTACT_READ = "contact.read"
    DOCUMENT_READ = "document.read"
    CASE_ASSIGN = "case.assign"
    CASE_HANDLE = "case.handle"
    CASE_EXTEND = "case.extend"
    CASE_STEP = "case.step"
    CASE_REOPEN = "case.reopen"
    CASE_DECIDE = "case.decide"
    CASE_DELIVER = "case.deliver"
    CASE_REVIEW = "case.review"
    SUPERVISION_READ = "supervision.read"
    SUPERVISION_ISSUE = "supervision.issue"
    SUPERVISION_ANSWER = "supervision.answer"
    REVIEW_READ = "review.read"
    REVIEW_ANSWER = "review.answer"
    REVIEW_JUDGE = "review.judge"
    CERTIFICATE_APPLY = "certificate.apply"
    CERTIFICATE_READ = "certificate.read"
    CERTIFICATE_VERIFY = "certificate.verify"
    CERTIFICATE_SIGN = "certificate.sign"
    CERTIFICATE_UNMASK = "certificate.unmask"
    BURDEN_RECORD = "burden.record"
    DISCLOSURE_PUBLISH = "disclosure.publish"
    EVALUATION_READ = "evaluation.read"
    EVALUATION_RATE = "evaluation.rate"
    EVALUATION_APPRAISE = "evaluation.appraise"
    EVALUATION_MANAGE = "evaluation.manage"
    VOLUNTEER_REGISTER = "volunteer.register"
    VOLUNTEER_READ = "volunteer.read"
    VOLUNTEER_CORRECT = "volunteer.correct"
    VOLUNTEER_VERIFY = "volunteer.verify"
    VOLUNTEER_UNMASK = "volunteer.unmask"
    VOLUNTEER_IMPORT = "volunteer.import"
    VOLUNTEER_EXPORT = "volunteer.export"
    VOLUNTEER_SUSPEND = "volunteer.suspend"
    VOLUNTEER_RULE = "volunteer.rule"
    CATALOGUE_MANAGE = "catalogue.manage"
    ACTIVITY_MANAGE = "activity.manage"
    SHIFT_JOIN = "shift.join"
    NEED_TAKE = "need.take"
    NEED_READ = "need.read"
    NEED_MANAGE = "need.manage"
    RECORD_CONFIRM = "record.confirm"
    RECORD_RULE = "record.rule"
    RECORD_HEAR = "record.hear"
    RECORD_CHECK = "record.check"
    METRICS_READ = "metrics.read"
    DISTRICT_READ = "district.read"
    DISTRICT_MANAGE = "district.manage"
    REGISTER_KEEP = "register.keep"
    ORDER_READ = "order.read"
    ORDER_SEND = "order.send"
    ORDER_WORK = "order.work"
    ORDER_SETTLE = "order.settle"
    FUND_READ = "fund.read"
    FUND_MANAGE = "fund.manage"
    FUND_ALLOT = "fund.allot"
    FUND_USE = "fund.use"
    ADMISSION_READ = "admission.read"
    ADMISSION_APPLY = "admission.apply"
    ADMISSION_OPINE = "admission.opine"
    ADMISSION_REVIEW = "admission.review"
    ADMISSION_PUBLISH = "admission.publish"
    ACCOUNT_READ = "account.read"
    ACCOUNT_MANAGE = "account.manage"


_P = Permission
_RESIDENT = {
    _P.CASE_CREATE,
    _P.CASE_READ,
    _P.CASE_HAND_IN,
    _P.CASE_WITHDRAW,
    _P.CASE_REVIEW,
    _P.CERTIFICATE_APPLY,
    _P.CERTIFICATE_READ,
    _P.DOCUMENT_READ,
    _P.NEED_TAKE,
    _P.VOLUNTEER_REGISTER,
    _P.VOLUNTEER_READ,
    _P.VOLUNTEER_CORRECT,
    _P.ACCOUNT_READ,
}
_STAFF = {
    *(_P.CASE_READ, _P.VIEW_KEEP, _P.CONTACT_READ, _P.METRICS_READ, _P.DISTRICT_READ, _P.ACCOUNT_READ),
    _P.SUPERVISION_READ,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset(_RESIDENT),
    Role.VOLUNTEER: frozenset(_RESIDENT | {_P.SHIFT_JOIN, _P.NEED_READ, _P.RECORD_HEAR}),
    Role.WINDOW_CLERK: frozenset(
        _STAFF
        | {_P.CASE_CREATE, _P.CASE_BATCH, _P.CASE_HAND_IN, _P.CASE_ACCEPT, _P.CASE_WITHDRAW, _P.CASE_UNMASK}
        | {_P.CASE_DELIVER, _P.CASE_REVIEW, _P.CASE_EXPORT, _P.CASE_HAND_OVER, _P.DOCUMENT_READ}
        | {_P.REVIEW_READ, _P.REVIEW_ANSWER}
        | {_P.CERTIFICATE_APPLY, _P.CERTIFICATE_READ, _P.CERTIFICATE_VERIFY, _P.CERTIFICATE_UNMASK}
        | {_P.CUSTODY_KEEP, _P.CONTACT_KEEP, _P.CASE_STEP, _P.SUPERVISION_ANSWER}
        | {_P.NEED_TAKE, _P.NEED_READ}
        | {_P.VOLUNTEER_READ, _P.VOLUNTEER_VERIFY, _P.VOLUNTEER_CORRECT}
    ),
    Role.AGENT_OFFICER: frozenset(
        _STAFF
        | {_P.CASE_CREATE, _P.CASE_BATCH, _P.CASE_HAND_IN, _P.CASE_WITHDRAW, _P.CASE_UNMASK}
        | {_P.CASE_HANDLE, _P.CASE_DELIVER, _P.CASE_HAND_OVER, _P.DOCUMENT_READ}
        | {_P.CUSTODY_KEEP, _P.CONTACT_KEEP, _P.CASE_STEP, _P.SUPERVISION_ANSWER}
        | {_P.REVIEW_READ, _P.REVIEW_ANSWER}
        | {_P.NEED_TAKE, _P.NEED_READ}
    ),
    Role.DEPARTMENT_OFFICER: frozenset(
        _STAFF - {_P.METRICS_READ}
        | {_P.CASE_HANDLE, _P.CASE_DECIDE, _P.CASE_UNMASK, _P.CASE_HAND_OVER, _P.DOCUMENT_READ}
        | {_P.CUSTODY_KEEP, _P.CASE_STEP, _P.SUPERVISION_ANSWER, _P.RECORD_CHECK}
        | {_P.REVIEW_READ, _P.REVIEW_ANSWER}
        | {_P.EVALUATION_READ, _P.EVALUATION_RATE}
        | {_P.FUND_READ, _P.FUND_ALLOT, _P.ORDER_READ, _P.ORDER_SEND}
        | {_P.ADMISSION_READ, _P.ADMISSION_APPLY}
    ),
    Role.COMMUNITY_MANAGER: frozenset(
        _STAFF
        | {_P.CASE_ASSIGN, _P.CASE_STEP, _P.SUPERVISION_ISSUE, _P.SUPERVISION_ANSWER}
        | {_P.REVIEW_READ, _P.REVIEW_ANSWER}
        | {_P.VOLUNTEER_READ, _P.VOLUNTEER_VERIFY, _P.VOLUNTEER_UNMASK, _P.VOLUNTEER_SUSPEND}
        | {_P.VOLUNTEER_CORRECT}
        | {_P.VOLUNTEER_IMPORT, _P.VOLUNTEER_EXPORT, _P.ACTIVITY_MANAGE, _P.RECORD_CONFIRM, _P.RECORD_HEAR}
        | {_P.NEED_TAKE, _P.NEED_READ, _P.NEED_MANAGE}
        | {_P.CERTIFICATE_READ, _P.CERTIFICATE_VERIFY, _P.CERTIFICATE_SIGN, _P.CERTIFICATE_UNMASK}
        | {_P.EVALUATION_READ, _P.EVALUATION_RATE, _P.BURDEN_RECORD, _P.DISCLOSURE_PUBLISH}
        | {_P.FUND_READ, _P.FUND_USE, _P.CASE_EXPORT, _P.REGISTER_KEEP}
        | {_P.ORDER_READ, _P.ORDER_WORK}
        | {_P.ADMISSION_READ, _P.ADMISSION_OPINE}
    ),
    Role.STREET_SUPERVISOR: frozenset(
        _STAFF
        | {_P.CASE_ASSIGN, _P.CASE_EXTEND, _P.CASE_REOPEN, _P.CASE_STEP}
        | {_P.SUPERVISION_ISSUE, _P.SUPERVISION_ANSWER}
        | {_P.REVIEW_READ, _P.REVIEW_JUDGE}
        | {_P.VOLUNTEER_READ, _P.VOLUNTEER_EXPORT, _P.CERTIFICATE_READ, _P.NEED_READ}
        | {_P.EVALUATION_READ, _P.EVALUATION_RATE, _P.EVALUATION_APPRAISE}
        | {_P.FUND_READ, _P.CASE_EXPORT}
        | {_P.ORDER_READ, _P.ORDER_SETTLE}
        | {_P.RECORD_CONFIRM, _P.RECORD_HEAR, _P.RECORD_RULE, _P.RECORD_CHECK}
        | {_P.VOLUNTEER_RULE}
        | {_P.ADMISSION_READ, _P.ADMISSION_OPINE}
    ),
    Role.DISTRICT_ADMIN: frozenset(
        _STAFF
        | {_P.CASE_ASSIGN, _P.VOLUNTEER_READ, _P.DISTRICT_MANAGE, _P.ACCOUNT_MANAGE, _P.CATALOGUE_MANAGE}
        | {_P.REGISTER_KEEP}
        | {_P.CERTIFICATE_READ, _P.CASE_EXTEND, _P.CASE_REOPEN}
        | {_P.SUPERVISION_ISSUE, _P.SUPERVISION_ANSWER}
        | {_P.REVIEW_READ, _P.REVIEW_JUDGE}
        | {_P.EVALUATION_READ, _P.EVALUATION_APPRAISE, _P.EVALUATION_MANAGE}
        | {_P.FUND_READ, _P.FUND_MANAGE, _P.CASE_EXPORT}
        | {_P.ORDER_READ, _P.ORDER_SETTLE}
        | {_P.RECORD_CONFIRM, _P.RECORD_HEAR, _P.RECORD_RULE, _P.RECORD_CHECK}
        | {_P.VOLUNTEER_RULE}
        | {_P.VOLUNTEER_IMPORT, _P.VOLUNTEER_EXPORT}
        | {_P.ADMISSION_READ, _P.ADMISSION_REVIEW, _P.ADMISSION_PUBLISH}
    ),
    Role.AUDITOR: frozenset(
        _STAFF
        | {_P.VOLUNTEER_READ, _P.CERTIFICATE_READ, _P.EVALUATION_READ, _P.ADMISSION_READ, _P.RECORD_CHECK}
        | {_P.FUND_READ, _P.ORDER_READ}
        | {_P.REVIEW_READ}
    ),
    Role.SERVICE_CLIENT: frozenset({_P.METRICS_READ, _P.DISTRICT_READ}),
}
"""Which role holds which permission; agent and decider are never the same role (rules C2, agency).

Figures are kept by area, not by department: who reaches only a department's cases reads none.
"""

PERSONAL_ROLES = frozenset({Role.RESIDENT, Role.VOLUNTEER})
"""Roles that reach only what is their own, wherever they live."""


class Claims(Contract):
    """What a verified token says of its bearer."""

    subject: str
    name: str
    roles: frozenset[Role]
    area: str | None
    """Area prefix of 6, 9 or 12 digits; `null` for residents and volunteers."""
    department: str | None
    organisation: str | None
    phone_proof: str | None = None
    """Keyed fingerprint of the phone number that a one-time code was sent to; never the number."""
    session: str
    """Sign-in session the token belongs to; revoking it ends all its tokens."""
    expires_at: int
    """End of validity, seconds since the epoch."""


def permits(roles: frozenset[Role], permission: Permission) -> bool:
    """Say whether any of the roles holds the permission."""
    return any(permission in PERMISSIONS[role] for role in roles)


def reads_cases_counted(roles: frozenset[Role]) -> bool:
    """Say whether one of the roles reads both figures and the cases that they count."""
    both = {Permission.METRICS_READ, Permission.CASE_READ}
    return any(both <= PERMISSIONS[role] for role in roles)
