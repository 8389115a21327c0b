"""Telling those who are asked: the officer who answers for a case, and the level that it has come to."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from onewindow_casework.assignment.queries import answerable, away
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.messages.models import StaffMessage
from onewindow_casework.officers.models import KnownOfficer
from onewindow_casework.settings import settings_of
from onewindow_casework.supervision import rules
from onewindow_casework.supervision.models import Supervision
from onewindow_shared.contracts.access import Permission, Role
from onewindow_shared.contracts.supervision import Level, SupervisionKind, SupervisionState
from onewindow_shared.plumbing.messages import Message, Told, put
from onewindow_shared.plumbing.officers import may_answer_for
from onewindow_shared.plumbing.scope import DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit

PURPOSE = "casework.message"
_ABOVE = "officers_above"
_ORDERS = {SupervisionKind.URGE: "urge", SupervisionKind.SUPERVISE: "supervision_order"}


def asked(unit: Unit, case: CaseFile, one: Supervision, level: Level, answer_by: date | None) -> None:
    """Tell those at a level that an answer is awaited from them, each once for each time that they are asked.

    Where no account is known that stands there, the message names the level and its area alone.
    """
    if not settings_of(unit).can_send:
        return
    told: Told = {
        "case_no": case.case_no,
        "supervision": one.id,
        "step": one.step or None,
        "level": level,
        "area": _area(unit, case, level),
        "answer_by": answer_by.isoformat() if answer_by else None,
    }
    accounts: list[str | None] = [*_accounts(unit, case, level)]
    for account in accounts or [None]:
        number = _number(unit, one, account)
        put(unit, StaffMessage, Message(number, _kind(one, level), case.case_no, account, told))


def absences_of(unit: Unit, cases: Iterable[CaseFile]) -> None:
    """Find out at once who of those in charge of cases is away: it is asked of each of them."""
    away(unit, {case.handler for case in cases if case.handler is not None})


def _number(unit: Unit, one: Supervision, account: str | None) -> str:
    return unit.vault.blind_index(f"{one.id} {one.version} {account}", purpose=PURPOSE)


def _kind(one: Supervision, level: Level) -> str:
    if level is Level.OFFICER:
        return _ORDERS.get(SupervisionKind(one.kind), "overdue")
    return "escalation"


def _area(unit: Unit, case: CaseFile, level: Level) -> str:
    today = unit.heir(case.community)
    return {Level.STREET: today[:STREET], Level.DISTRICT: today[:DISTRICT]}.get(level, today)


def _accounts(unit: Unit, case: CaseFile, level: Level) -> list[str]:
    if level is Level.OFFICER:
        officer = answerable(unit, case)
        return [officer.subject] if officer else []
    here = [unit.heir(case.community)]
    return [
        one.subject
        for one in _above(unit).get(level, ())
        if may_answer_for(one, unit.heir(one.area), here, case.department, Permission.SUPERVISION_READ)
        and one.subject != case.applicant_subject
    ]


def _above(unit: Unit) -> Mapping[Level, list[KnownOfficer]]:
    """Return accounts without a department by the level that they stand at; asked once in a transaction."""
    found: dict[Level, list[KnownOfficer]] | None = unit.session.info.get(_ABOVE)
    if found is None:
        found = unit.session.info[_ABOVE] = {}
        query = select(KnownOfficer).where(KnownOfficer.active, KnownOfficer.department.is_(None))
        with unit.session.no_autoflush:
            for one in unit.session.scalars(query.order_by(KnownOfficer.subject)):
                level = rules.level_of(Role(role) for role in one.roles)
                found.setdefault(level, []).append(one)
    return found


def addressed(unit: Unit, message: Message) -> Told | None:
    """Say to whom a message goes; nobody is told any more of what is closed."""
    one = unit.session.get(Supervision, message.told["supervision"])
    if one is None or one.state == SupervisionState.CLOSED:
        return None
    told = message.told
    to = {"account": message.account} if message.account else {"level": told["level"], "area": told["area"]}
    return {"to": to}
