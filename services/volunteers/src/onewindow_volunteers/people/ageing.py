"""A minor comes of age: from that day on the law knows no guardian, and neither does the register."""

from datetime import datetime

from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.queries import born, whoever
from onewindow_volunteers.people.rules import of_age_on
from onewindow_volunteers.people.service import ENTITY, keep_of_age, settle, wait_for_age
from onewindow_volunteers.settings import settings_of


def comes_of_age(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Let somebody decide alone from now on; whoever waited for the guardian is registered (timer)."""
    del due_at
    person = whoever(unit.session, entity_id)
    if of_age_on(born(unit.vault, person), settings_of(unit).ages) > unit.today:
        wait_for_age(unit, person)
        return
    keep_of_age(unit, person)
    person.version += 1
    unit.audit(
        f"{ENTITY}.came_of_age",
        ENTITY,
        person.volunteer_no,
        area=person.community,
        detail={"capacity": person.capacity},
    )
    wait_for_age(unit, person)
    settle(unit, person)
