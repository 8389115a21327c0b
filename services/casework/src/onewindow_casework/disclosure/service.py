"""The public page of a community, and the quarterly publications that make it binding."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from onewindow_casework.disclosure import clocks, queries, rules
from onewindow_casework.disclosure.facts import AlreadyPublished
from onewindow_casework.disclosure.models import Publication
from onewindow_casework.disclosure.slices import slice_of
from onewindow_shared.contracts.common import Contract, Page
from onewindow_shared.contracts.disclosure import DisclosurePage, PublicationOut, PublicMatter, Section
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing import bulk
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

PUBLICATIONS = bulk.table_of(Publication)
QUARTER_OVER = "disclosure.quarter_over"
"""Timer at the end of a quarter."""
QUARTER_DUE = "disclosure.quarter_due"
"""Timer that makes a quarter due for the next communities."""


def page(unit: Unit, community: str) -> DisclosurePage:
    """Return what everybody may know of a community.

    Beside its list, which is paged, everything on it is bounded: by the kinds of movement, certificate and
    burden, by departments and reasons, to the latest twenty, or to two years of quarters.
    """
    area = _community(unit, community)
    today, first = unit.today, date(unit.today.year, 1, 1)
    return DisclosurePage(
        community=community,
        name=area.name,
        day=today,
        year=today.year,
        matters=queries.matters(unit, Wanted(), community),
        money=queries.money(unit, community, first, today),
        certificates=queries.certificates(unit, community, first, today),
        burden=queries.burden(unit, community, today.year),
        evaluation=queries.evaluation(unit, community),
        barred=queries.barred(unit, community, first, today),
        refused=queries.refused(unit, community),
        publications=[queries.show(one) for one in queries.publications(unit, community, today.year - 1)],
    )


def matters(unit: Unit, wanted: Wanted, community: str) -> Page[PublicMatter]:
    """Return a page of a community's list of the day."""
    _community(unit, community)
    return queries.matters(unit, wanted, community)


def _community(unit: Unit, code: str) -> Area:
    area = unit.session.get(Area, code)
    if area is None or area.kind in LARGER:
        raise NotFound
    if not area.lives(unit.today):
        raise NotFound(detail=f"This community {area.why_not(unit.today)}.")
    return area


def publish(unit: Unit, community: str, period: str, section: Section, seen: int) -> PublicationOut:
    """Publish a section for a quarter as it is now; it stays as it was published."""
    query = select(Publication).filter_by(community=community, period=period, section=section)
    one = must_find(unit.session, query.with_for_update())
    expect_version(queries.show(one), seen)
    if one.published_on is not None:
        raise AlreadyPublished
    one.content = {"lines": _content(unit, community, period, section)}
    one.published_on, one.published_by, one.version = unit.today, unit.actor.subject, one.version + 1
    if unit.today <= one.due_on:
        unit.count(Metric.DISCLOSURES_ON_TIME, community=community, day=rules.judged_on(one.due_on))
    unit.session.flush()
    detail = {"period": period, "section": section}
    unit.audit("disclosure.published", "community", community, area=community, detail=detail)
    return queries.show(one)


def _content(unit: Unit, community: str, period: str, section: Section) -> list[Any]:
    first, last = rules.days_of(period)
    lines: Sequence[Contract]
    if section is Section.MONEY:
        lines = queries.money(unit, community, first, last)
    elif section is Section.CERTIFICATES:
        lines = queries.certificates(unit, community, first, last)
    else:
        lines = queries.burden(unit, community, first.year)
    return [line.model_dump(mode="json") for line in lines]


def begin(unit: Unit) -> None:
    """Have the quarters watched from the present one on; nothing happens if they are."""
    if unit.session.scalar(select(Timer.id).where(Timer.kind == QUARTER_OVER).limit(1)) is None:
        _watch(unit, rules.period_of(unit.today))


def _watch(unit: Unit, period: str) -> None:
    unit.set_timer(QUARTER_OVER, period, midnight(rules.first_after(period), unit.zone))


def quarter_over(unit: Unit, period: str, due_at: datetime) -> None:
    """Have every section of every community made due for a quarter that is over, and watch the next one."""
    _watch(unit, rules.period_of(rules.first_after(period)))
    unit.set_timer(QUARTER_DUE, period, unit.now)
    unit.audit("disclosure.due", "quarter", period, detail={"due_at": due_at.isoformat()})


def quarter_due(unit: Unit, key: str, due_at: datetime) -> None:
    """Make every section of the next communities due for a quarter."""
    period = key.partition(":")[0]
    due = clocks.due(unit, rules.days_of(period)[1])
    same = {"version": 1, "period": period, "due_on": due.day, "provisional": due.provisional}
    for community in slice_of(unit, QUARTER_DUE, key, ""):
        for section in Section:
            unit.add(PUBLICATIONS, same | {"section": section, **place(community)})
            unit.count(Metric.DISCLOSURES_DUE, community=community, day=rules.judged_on(due.day))
