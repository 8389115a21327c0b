"""When somebody can have been at a shift, and when a ruling finds that they were."""

from onewindow_shared.contracts.records import Proof, RulingIn
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Shift
from onewindow_volunteers.records import rules
from onewindow_volunteers.records.counting import count_ended
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.records.spans import Span, minutes_of, within
from onewindow_volunteers.settings import settings_of


def presence(unit: Unit, shift: Shift) -> rules.Presence:
    """Return when somebody can have been at a shift."""
    settings = settings_of(unit)
    early, longest = settings.attendance_early, settings.shift_lengths.longest
    return rules.Presence(shift.starts_at, shift.ends_at, early, longest)


def long_over(unit: Unit, record: ServiceRecord) -> bool:
    """Say whether it is too late for mending a check-out that was forgotten."""
    shift = unit.session.get_one(Shift, record.shift_id)
    return unit.now > shift.ends_at + settings_of(unit).check_outs_mended


def rule_times(unit: Unit, record: ServiceRecord, form: RulingIn) -> None:
    """Take down when somebody came and left, where a ruling finds it otherwise, or it was never recorded."""
    left_at = form.left_at or record.left_at
    if left_at is None:
        raise invalid({"left_at": "it was never recorded: say when they left"})
    if form.came_at is None and form.left_at is None:
        return
    if record.shift_id is None:
        raise invalid({"came_at": "the resident confirmed when they were helped"})
    shift = unit.session.get_one(Shift, record.shift_id)
    if faults := _faults(unit, shift, (form.came_at or record.came_at, left_at), form.minutes):
        raise invalid(faults)
    if record.left_at is None:
        record.minutes = 0
        count_ended(unit, record)
    if form.came_at is not None:
        record.came_at, record.came_proof, record.came_told_at = form.came_at, Proof.RULED, unit.now
        record.late_minutes = rules.came_late(record.came_at, shift.starts_at, settings_of(unit).late_grace)
    if form.left_at is not None:
        record.left_at, record.left_proof, record.left_told_at = form.left_at, Proof.RULED, unit.now


def _faults(unit: Unit, shift: Shift, times: Span, minutes: int) -> dict[str, str]:
    """Name what cannot be true; no more was given than the times hold of the shift."""
    holds = minutes_of(within(*times, (shift.starts_at, shift.ends_at)))
    faults = {"minutes": f"these times hold {holds} minutes of the shift"} if minutes > holds else {}
    return presence(unit, shift).faults(*times, unit.now) or faults
