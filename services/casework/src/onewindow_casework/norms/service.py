"""Entering norms, and setting areas beside them."""

from datetime import date

from onewindow_casework.norms import queries, rules
from onewindow_casework.norms.models import Norm
from onewindow_casework.values import queries as values
from onewindow_casework.values.service import living_area
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.norms import NormIn, NormOut, NormStandings
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


def profile(unit: Unit, wanted: Wanted, district: str, as_of: date | None) -> Page[NormOut]:
    """Return the norms of a district as it holds them on a day."""
    return queries.profile(unit, wanted, district[:DISTRICT], as_of or unit.today)


def history(unit: Unit, wanted: Wanted, district: str, code: str) -> Page[NormOut]:
    """Return everything that a district entered of a norm; raises `NotFound` where that is nothing."""
    must_find(unit.session, queries.entries(district[:DISTRICT], code).limit(1))
    return queries.history(unit, wanted, district[:DISTRICT], code)


def enter(unit: Unit, district: str, body: NormIn) -> NormOut:
    """Enter a norm of one's own district; what was entered before stays in its history."""
    if len(district) != DISTRICT or not unit.actor.scope.covers(district):
        raise NotFound
    row = keep(unit, district, body)
    unit.audit("norm.entered", "norm", body.code, area=district, detail={"binding": body.binding})
    return queries.show(row)


def keep(unit: Unit, district: str, body: NormIn) -> Norm:
    """Write an entry down."""
    unit.session.get(Area, district, with_for_update=True)
    row = Norm(district=district, entered_by=unit.actor.subject, entered_at=unit.now, **body.model_dump())
    unit.session.add(row)
    unit.session.flush()
    return row


def keep_shipped(unit: Unit, district: str, body: NormIn) -> None:
    """Enter a norm that comes with the project, unless the same was entered, or anybody said otherwise."""
    known = queries.entered(unit, district, body.code, body.valid_from)
    if known is None or (known.entered_by == unit.actor.subject and queries.as_entered(known) != body):
        keep(unit, district, body)


def standings(unit: Unit, code: str, as_of: date | None) -> NormStandings:
    """Set an area of a day's register beside the norms of its district; raises `NotFound` for another day."""
    day = as_of or unit.today
    area = living_area(unit, code, day)
    known = {kind: one.value for kind, one in values.known(unit, code, day).items()}
    return NormStandings(
        area=code,
        name=area.name,
        as_of=day,
        norms=[
            rules.beside(norm, norm.measure, known)
            for norm in queries.held(unit, code[:DISTRICT], day)
            if norm.measure is not None and rules.concerns(norm, AreaKind(area.kind))
        ],
    )
