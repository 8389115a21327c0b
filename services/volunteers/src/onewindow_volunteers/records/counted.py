"""The same minutes of a person count once: in the record that was made first, whatever they came from."""

from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Shift
from onewindow_volunteers.records import queries
from onewindow_volunteers.records.counting import count_ended
from onewindow_volunteers.records.models import CountedSpan, ServiceRecord
from onewindow_volunteers.records.spans import Span, first_minutes, minutes_of, within, without


def count_once(unit: Unit, record: ServiceRecord) -> None:
    """Give a record, whose end is known, the minutes that no other record of the person counts."""
    given = _given(record, _whole(unit, record))
    with unit.session.no_autoflush:
        own = without(given, queries.counted_elsewhere(unit, record, given))
    record.minutes = minutes_of(own)
    record.elsewhere_minutes = minutes_of(given) - record.minutes
    unit.session.add(record)
    unit.session.flush()
    _keep(unit, record, own)
    count_ended(unit, record)


def rule_minutes(unit: Unit, record: ServiceRecord, minutes: int) -> None:
    """Have a record count so many minutes: those that were proved first, then others of its time.

    民政部令第67号 art. 7: no more than its time holds, less what other records count of it.
    """
    whole = _whole(unit, record)
    free = without([whole], queries.counted_elsewhere(unit, record, [whole]))
    if minutes > minutes_of(free):
        most = minutes_of(free)
        raise invalid({"minutes": f"this record's time holds {most} minutes that no other record counts"})
    proved = without(free, without(free, _given(record, whole)))
    queries.forget_spans(unit.session, record.id)
    _keep(unit, record, first_minutes([*proved, *without(free, proved)], minutes))
    record.minutes = minutes


def _whole(unit: Unit, record: ServiceRecord) -> Span:
    """Return the time of the shift, or that of the help that the resident confirmed."""
    if record.shift_id is not None:
        shift = unit.session.get_one(Shift, record.shift_id)
        return shift.starts_at, shift.ends_at
    return record.came_at, record.left_at or record.came_at


def _given(record: ServiceRecord, whole: Span) -> list[Span]:
    return within(record.came_at, record.left_at or record.came_at, whole)


def _keep(unit: Unit, record: ServiceRecord, spans: list[Span]) -> None:
    unit.session.add_all(
        CountedSpan(record_id=record.id, volunteer_id=record.volunteer_id, starts_at=start, ends_at=end)
        for start, end in spans
    )
    unit.session.flush()
