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
Station = tuple[str, datetime | None, datetime | None]
"""Its community, since when it is there, and until when."""


def computing(unit: Unit) -> Computed:
    """Read the stations, and return how many communities of an area had one on a day.

    A station counts for the community that stood for its own on that day: what two communities had before
    they became one is not changed by it.
    """
    columns = (ORGANISATIONS.c.community, ORGANISATIONS.c.opened_at, ORGANISATIONS.c.closed_at)
    query = select(*columns).where(ORGANISATIONS.c.kind == OrganisationKind.STATION)
    stations: list[Station] = [(code, since, until) for code, since, until in unit.session.execute(query)]
    communities = communities_at(unit)

    def there(since: datetime | None, until: datetime | None, day: date) -> bool:
        begun = since is None or local_day(since, unit.zone) <= day
        return begun and (until is None or local_day(until, unit.zone) > day)

    def computed(area: str, day: date) -> Counted:
        served = {unit.heirs.heir(code, day) for code, since, until in stations if there(since, until, day)}
        return {Metric.STATIONS: sum(code in served for code in communities(area, day))}

    return computed
