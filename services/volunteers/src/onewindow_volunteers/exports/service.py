"""Use cases of exports: slices of an area's volunteers, and all registrations of an account."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.identity import age_on
from onewindow_shared.contracts.volunteer_exports import VolunteerExportIn
from onewindow_shared.contracts.volunteers import MyRecordOut, VolunteerOut
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotPermitted, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people import queries
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.service import ENTITY
from onewindow_volunteers.settings import settings_of

NEWEST_FIRST = Keyset([Volunteer.id], newest_first=True)
TOLD = (selectinload(Volunteer.guardian), selectinload(Volunteer.consents))


def begin(unit: Unit, form: VolunteerExportIn) -> None:
    """Write down who takes volunteers away and why, or refuse full particulars."""
    if form.full and not permits(unit.actor.roles, Permission.VOLUNTEER_UNMASK):
        raise NotPermitted(detail=f"Full particulars need the permission {Permission.VOLUNTEER_UNMASK}.")
    if form.community is not None and not unit.actor.scope.covers(form.community):
        raise invalid({"community": "this community lies outside your area"})
    _audit(unit, form, "export_began")


def told(unit: Unit, shown: Sequence[VolunteerOut]) -> None:
    """Write down each minor whose full particulars were taken away (未成年人网络保护条例 art. 36)."""
    adult = settings_of(unit).adult_age
    for one in shown:
        if not isinstance(one, MyRecordOut) or age_on(one.particulars.birth_date, unit.today) >= adult:
            continue
        detail = {"minor": True, "guardian": one.particulars.guardian is not None, "export": True}
        unit.audit(f"{ENTITY}.disclosed", ENTITY, one.volunteer_no, area=one.community, detail=detail)


def end(unit: Unit, form: VolunteerExportIn, rows: int) -> None:
    """Write down how many volunteers were taken away."""
    _audit(unit, form, "exported", rows=rows)


def some(unit: Unit, form: VolunteerExportIn, wanted: Wanted) -> Page[VolunteerOut]:
    """Return the next volunteers, by number."""
    query = queries.chosen(unit, form.community, form.status).options(*TOLD)
    show = queries.own if form.full else queries.masked
    bound = f"export {form.community} {form.status}"
    return page(unit, query, queries.BY_NUMBER, wanted, bound=bound, show=lambda row: show(unit.vault, row))


def registrations(unit: Unit, wanted: Wanted) -> Page[MyRecordOut]:
    """List every registration of one's own account, newest first."""
    mine = select(Volunteer).where(Volunteer.subject == unit.actor.subject)
    return page(
        unit,
        mine.options(*TOLD),
        NEWEST_FIRST,
        wanted,
        bound="own registrations",
        show=lambda row: queries.own(unit.vault, row),
    )


def _audit(unit: Unit, form: VolunteerExportIn, action: str, **more: Any) -> None:
    chosen = form.model_dump(mode="json", exclude={"reason"})
    unit.audit(f"{ENTITY}.{action}", "volunteers", "list", reason=form.reason, detail={**chosen, **more})
