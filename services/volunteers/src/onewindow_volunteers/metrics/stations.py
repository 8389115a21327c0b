"""Which communities have a volunteer station on a day (rules C5: V9)."""

from datetime import date, datetime

from sqlalchemy import select

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.organisations import OrganisationKind
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.figures import Computed
from onewindow_shared.plumbing.reference import communities_at
from onewindow_shared.plumbing.rollups import Counted
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.organisations.models import Organisation

ORGANISATIONS = table_of(Organisation)


def computing(unit: Unit) -> Computed:
    """Read the stations, and return how many communities of an area have one on a day."""
    columns = (ORGANISATIONS.c.community, ORGANISATIONS.c.closed_at)
    query = select(*columns).where(ORGANISATIONS.c.kind == OrganisationKind.STATION)
    stations: list[tuple[str, datetime | None]] = [(code, at) for code, at in unit.session.execute(query)]
    communities = communities_at(unit)

    def computed(area: str, day: date) -> Counted:
        open_in = {
            unit.heir(community)
            for community, closed_at in stations
            if closed_at is None or local_day(closed_at, unit.zone) > day
        }
        return {Metric.STATIONS: sum(unit.heir(code) in open_in for code in communities(area, day))}

    return computed
