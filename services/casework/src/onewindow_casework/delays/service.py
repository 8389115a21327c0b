"""Stating the reason of a delay, and publishing how often which was stated."""

from onewindow_casework.assignment.queries import answerable
from onewindow_casework.delays import queries, rules
from onewindow_casework.delays.models import WORDS
from onewindow_casework.disclosure.rules import days_of, period_of
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import taken, unless
from onewindow_casework.settings import settings_of
from onewindow_casework.timeline.service import Also, tell
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.delays import DelayFigures, DelayKind, DelayLine, DelayReasonIn
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.unit import Unit

STATE = "delay-reason"
"""The last part of the route."""


def state(unit: Unit, case_no: str, seen: int, body: DelayReasonIn) -> CaseFileOut:
    """State why a case is late, or state it better; its applicant reads the kind in plain words."""
    case = taken(unit, case_no, seen)
    delay = queries.latest(unit, case)
    if delay is None:
        raise MoveRefused(detail="The case is not late.", state=case.status, action=STATE)
    unless(_bar(unit, case))
    known = settings_of(unit).delay_reasons
    if body.kind not in known:
        raise invalid({"kind": f"one of {', '.join(known)}"})
    delay.kind, delay.stated_at, delay.stated_by = body.kind, unit.now, unit.actor.subject
    delay.words_sealed = unit.vault.sealed(body.words, purpose=WORDS)
    plainly = queries.told(unit, body.kind)
    tell(unit, case, "delay_explained", note=plainly, detail={"kind": body.kind}, also=Also(told=plainly))
    return cases.show(unit, case)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the route by which the caller may state the reason of a delay that nobody has stated."""
    if not permits(unit.actor.roles, Permission.SUPERVISION_ANSWER) or _bar(unit, case):
        return []
    delay = queries.latest(unit, case)
    return [STATE] if delay and delay.kind is None else []


def _bar(unit: Unit, case: CaseFile) -> rules.DelayBar | None:
    officer = answerable(unit, case)
    return rules.bar(unit.actor.subject, officer.subject if officer else None)


def figures(unit: Unit, district: str, period: str | None) -> DelayFigures:
    """Return how often cases of a district were late in a quarter, this one unless given, and why."""
    wanted = period or period_of(unit.today)
    counts = queries.counted(unit, district, *days_of(wanted))
    least = settings_of(unit).small_cell
    return DelayFigures(
        district=district,
        period=wanted,
        kinds=[DelayKind(kind=kind, told=told) for kind, told in settings_of(unit).delay_reasons.items()],
        lines=[
            DelayLine(item_code=item, kind=kind, count=n) for item, kind, n in rules.published(counts, least)
        ],
        multiples_of=least,
    )
