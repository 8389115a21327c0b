"""Use cases of the route check: keeping the copy of the lists, and asking it."""

from collections.abc import Sequence
from datetime import date

from onewindow_intake.cases.models import Case
from onewindow_intake.routing import queries, rules
from onewindow_intake.routing.rules import Barred, Matter
from onewindow_shared.contracts.catalogue import Handler, ItemContent
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.routing import RouteCheckIn, RouteCheckOut, RouteFault
from onewindow_shared.plumbing.problems import URN, Problem, invalid
from onewindow_shared.plumbing.unit import Unit


class RouteBarred(Problem):
    """The district's lists keep this matter from the residents' committee; `reason` quotes the basis."""

    type = URN + "route-barred"
    title = "Not for the residents' committee"
    status = 409
    fault: RouteFault
    reason: str
    """In Chinese, for those at the window."""


def matters_changed(unit: Unit, events: Sequence[ListedMatterChanged]) -> None:
    """Keep what is told of the lists."""
    queries.keep(unit.session, [{**event.model_dump(), "heard_on": unit.today} for event in events])


def check_acceptance(unit: Unit, case: Case, item: ItemContent) -> None:
    """Refuse to accept what the lists keep from the committee today."""
    if item.handled_by is Handler.DEPARTMENT and item.issues_certificate is None:
        return
    barred = rules.of_item(item, queries.matters(unit, unit.today), unit.heir(case.community), unit.today)
    if barred is not None:
        raise RouteBarred(detail=f"{barred.detail}.", fault=barred.fault, reason=barred.reason)


def check(
    form: RouteCheckIn, item: ItemContent | None, matters: Sequence[Matter], day: date
) -> RouteCheckOut:
    """Answer a clerk before any paper is taken; raise `Invalid` for an item that is not offered."""
    if form.item_code is not None and item is None:
        raise invalid({"item_code": "no such item is offered"})
    barred = rules.of_item(item, matters, form.community, day) if item else None
    if barred is None and form.certificate is not None:
        barred = rules.of_certificate(form.certificate, matters, form.community, day)
    return _shown(barred, item)


def _shown(barred: Barred | None, item: ItemContent | None) -> RouteCheckOut:
    return RouteCheckOut(
        allowed=barred is None,
        handled_by=item.handled_by if item else None,
        fault=barred.fault if barred else None,
        reason=barred.reason if barred else None,
        matter=barred.matter if barred else None,
        basis=barred.basis if barred else None,
        instead=barred.instead if barred else None,
    )
