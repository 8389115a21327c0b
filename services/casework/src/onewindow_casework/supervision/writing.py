"""Writing down what happens to a supervision, and having time look at it again."""

from datetime import date

from onewindow_casework.clocks.queries import ends_at
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.supervision import rules
from onewindow_casework.supervision.models import WORDS, Supervision, SupervisionStep
from onewindow_shared.contracts.supervision import Level, SupervisionKind, SupervisionState
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit

LATE = "supervision.late"
"""Timer at the close of business of the day by which an answer, or what it promised, is awaited."""
ASKED = "asked"
STEPS = table_of(SupervisionStep)


def begun(unit: Unit, case: CaseFile, kind: SupervisionKind, step: int, level: Level) -> Supervision:
    """Return a new supervision that stands at a level; nothing is asked yet."""
    return Supervision(
        version=0,
        case_id=case.id,
        community=case.community,
        street=case.street,
        district=case.district,
        department=case.department,
        kind=kind,
        step=step,
        issued_level=level,
        issued_by=unit.actor.subject,
        level=level,
        state=SupervisionState.ASKED,
        since=unit.today,
    )


def await_by(unit: Unit, one: Supervision, counted_from: date, days: int, day: date) -> None:
    """Have something come by a day; where nobody is further up, no time looks at it."""
    one.counted_from, one.days, one.awaited_by = counted_from, days, day
    watch(unit, one)


def await_nothing(unit: Unit, one: Supervision) -> None:
    """Have nothing come any more."""
    one.counted_from, one.days, one.awaited_by = None, 0, None
    unit.cancel_timer(LATE, str(one.id))


def watch(unit: Unit, one: Supervision) -> None:
    """Have the awaited day looked at when it is over."""
    last = one.state == SupervisionState.ASKED and rules.above(Level(one.level)) is None
    if one.awaited_by is not None and one.awaited_by != date.max and not last:
        unit.set_timer(LATE, str(one.id), ends_at(unit, one.awaited_by))
    else:
        unit.cancel_timer(LATE, str(one.id))


def write(
    unit: Unit,
    case: CaseFile,
    one: Supervision,
    what: str,
    *,
    words: str | None = None,
    rung: rules.Rung | None = None,
) -> None:
    """Write down what happened; a rung has a day of its own, everything else that of now."""
    one.version += 1
    level = rung.level if rung else Level(one.level)
    awaited_by = rung.reply_by if rung else one.awaited_by
    on = rung.on if rung else unit.today
    row = {
        "supervision_id": one.id,
        "what": what,
        "level": level,
        "on_day": on,
        "at": unit.now,
        "by": unit.actor.subject,
        "by_name": unit.actor.name if unit.actor.roles else "system",
        "text_sealed": unit.vault.sealed(words, purpose=WORDS),
        "awaited_by": awaited_by,
        "skipped": bool(rung and rung.skipped),
    }
    unit.add(STEPS, row)
    detail = {
        "supervision": one.id,
        "kind": one.kind,
        "step": one.step,
        "level": level,
        "on": on.isoformat(),
        "awaited_by": awaited_by.isoformat() if awaited_by else None,
    }
    unit.audit(f"supervision.{what}", "case", case.case_no, area=case.community, detail=detail)
