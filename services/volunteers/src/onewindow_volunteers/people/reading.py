"""Looking at volunteers: at oneself, masked, or in full with a reason that is written down."""

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.identity import age_on
from onewindow_shared.contracts.volunteers import (
    DisclosureIn,
    DisclosureOut,
    MyRecordOut,
    VolunteerOut,
    VolunteerRow,
    VolunteerStatus,
)
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people import queries
from onewindow_volunteers.people.rules import Ages
from onewindow_volunteers.people.service import ENTITY


def mine(unit: Unit) -> MyRecordOut:
    """Return one's own record in full."""
    return queries.own(unit.vault, queries.latest_of(unit.session, unit.actor.subject))


def one(unit: Unit, volunteer_no: str) -> VolunteerOut:
    """Return a volunteer with masked particulars."""
    return queries.masked(unit.vault, queries.volunteer(unit.session, volunteer_no))


def several(
    unit: Unit, wanted: Wanted, community: str | None, status: VolunteerStatus | None
) -> Page[VolunteerRow]:
    """Return a page of the volunteers in one's area."""
    return queries.volunteers(unit, wanted, community, status)


def disclose(unit: Unit, ages: Ages, volunteer_no: str, why: DisclosureIn) -> DisclosureOut:
    """Show an officer the full particulars, and write down who saw them and why.

    未成年人网络保护条例 art. 36: only those in charge hold the permission, and a minor is recorded as one.
    """
    volunteer = queries.volunteer(unit.session, volunteer_no)
    particulars = queries.particulars(unit.vault, volunteer)
    minor = age_on(particulars.birth_date, unit.today) < ages.adult
    unit.audit(
        f"{ENTITY}.disclosed",
        ENTITY,
        volunteer_no,
        area=volunteer.community,
        reason=why.reason,
        detail={"minor": minor, "guardian": particulars.guardian is not None},
    )
    return DisclosureOut(volunteer_no=volunteer_no, minor=minor, particulars=particulars)
