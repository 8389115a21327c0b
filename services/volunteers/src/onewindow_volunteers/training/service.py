"""Writing trainings down, and finding what somebody is trained in on a day."""

from datetime import date

from sqlalchemy import or_, select

from onewindow_shared.contracts.attending import TrainingIn, TrainingOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import held, volunteer
from onewindow_volunteers.training.models import Training

NEWEST_FIRST = Keyset([Training.id], newest_first=True)


def write_down(unit: Unit, form: TrainingIn) -> TrainingOut:
    """Write down that a volunteer of one's area was trained."""
    if form.held_on > unit.today:
        raise invalid({"held_on": "this lies ahead"})
    person = held(unit.session, form.volunteer_no)
    training = Training(**form.model_dump(exclude={"volunteer_no"}), volunteer_id=person.id)
    unit.session.add(training)
    unit.session.flush()
    detail = {"volunteer": person.volunteer_no}
    unit.audit("training.written_down", "training", str(training.id), area=person.community, detail=detail)
    return _shown(training, person, unit.today)


def of(unit: Unit, volunteer_no: str, wanted: Wanted) -> Page[TrainingOut]:
    """List a volunteer's trainings, newest first: one's own, or those of one's area."""
    person = volunteer(unit.session, volunteer_no)
    query = select(Training).where(Training.volunteer_id == person.id)
    return page(
        unit,
        query,
        NEWEST_FIRST,
        wanted,
        bound=f"trainings {volunteer_no}",
        show=lambda row: _shown(row, person, unit.today),
    )


def trained_in(unit: Unit, person: Volunteer, day: date) -> frozenset[str]:
    """Return the skills in which somebody is trained on a day."""
    lasts = or_(Training.valid_until.is_(None), Training.valid_until >= day)
    held = (Training.volunteer_id == person.id, Training.held_on <= day, lasts)
    return frozenset(unit.session.scalars(select(Training.skill).where(*held)))


def _shown(row: Training, person: Volunteer, today: date) -> TrainingOut:
    return TrainingOut(
        training_id=row.id,
        volunteer_no=person.volunteer_no,
        skill=row.skill,
        title=row.title,
        content=row.content,
        minutes=row.minutes,
        provider=row.provider,
        held_on=row.held_on,
        valid_until=row.valid_until,
        valid=row.valid_until is None or row.valid_until >= today,
    )
