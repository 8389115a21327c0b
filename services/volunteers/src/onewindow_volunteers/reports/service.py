"""Use cases of reports: a year by community, and samples that anybody can draw again."""

import hashlib
import hmac
from datetime import date, datetime, time
from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.metrics import UNITS, Metric
from onewindow_shared.contracts.records import RecordOut
from onewindow_shared.contracts.volunteer_reports import CommunityYear, SpotCheckIn, SpotCheckOut, YearReport
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import NotFound, NotPermitted
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.small_cells import multiples_for, rounded
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.records.queries import OLDEST_FIRST
from onewindow_volunteers.records.queries import shown as record_shown
from onewindow_volunteers.reports import queries, rules
from onewindow_volunteers.reports.models import SpotCheck, SpotCheckRecord
from onewindow_volunteers.reports.populations import populations
from onewindow_volunteers.reports.queries import Given
from onewindow_volunteers.settings import settings_of

SEEDS = "spot_checks.seeds"


def year_of(unit: Unit, area: str, year: int) -> YearReport:
    """Count a year of an area by community; the present year is counted up to today."""
    _expect_within(unit, area)
    if year > unit.today.year:
        raise NotFound(detail="This year has not begun.")
    settings = settings_of(unit)
    first, last = date(year, 1, 1), min(date(year, 12, 31), unit.today)
    since, until = (datetime.combine(date(y, 1, 1), time(), unit.zone) for y in (year, year + 1))
    registered, given = queries.registered(unit, area, last), queries.given(unit, first, last)
    active = queries.active(unit, first, last, settings.active_hours * 60)
    certified = queries.certified(unit, since, until)
    multiple = multiples_for(unit)
    residents = populations(unit)
    rows = []
    for one in queries.communities(unit, area):
        did, population = given.get(one.code, Given()), residents(one, last)
        here, busy = (rounded(of.get(one.code, 0), multiple) for of in (registered, active))
        records, late = (rounded(n, multiple) for n in (did.records, did.late))
        minutes = rounded(did.minutes, multiple and multiple * UNITS[Metric.SERVICE_MINUTES])
        minutes = minutes if records is not None else None
        rows.append(
            CommunityYear(
                community=one.code,
                name=one.name,
                population=population,
                registered=here,
                registration_rate=rules.rate(here, population),
                standing=rules.standing(
                    here, population, settings.target_floor_percent, settings.target_percent
                ),
                active=busy,
                active_rate=rules.rate(busy, here),
                records=records,
                minutes=minutes,
                minutes_per_volunteer=rules.rate(minutes, here),
                late_records=late,
                certificates=rounded(certified.get(one.code, 0), multiple),
            )
        )
    return YearReport(
        area=area,
        year=year,
        floor_percent=settings.target_floor_percent,
        target_percent=settings.target_percent,
        active_hours=settings.active_hours,
        communities=rows,
        multiples_of=multiple,
        as_of=unit.now,
    )


def draw(unit: Unit, form: SpotCheckIn) -> SpotCheckOut:
    """Draw a sample of confirmed records; nobody knows beforehand which, everybody can draw it again."""
    _expect_within(unit, form.area)
    records = queries.to_sample(unit, form.area, form.first_on, form.last_on)
    said = f"{form.area} {form.first_on} {form.last_on} {unit.now.isoformat()} {unit.actor.subject}"
    seed = hmac.digest(unit.vault.derive(SEEDS), said.encode(), hashlib.sha256).hex()[:32]
    drawn = rules.sample(seed, records, form.size or settings_of(unit).spot_check_size)
    one = SpotCheck(
        **place(form.area),
        first_on=form.first_on,
        last_on=form.last_on,
        seed=seed,
        drawn_from=len(records),
        size=len(drawn),
        drawn_by=unit.actor.subject,
        drawn_at=unit.now,
    )
    unit.session.add(one)
    unit.session.flush()
    unit.session.add_all(SpotCheckRecord(check_id=one.id, record_id=record) for record in drawn)
    detail = {"seed": seed, "drawn_from": len(records), "size": len(drawn)}
    unit.audit("spot_check.drawn", "spot_check", str(one.id), area=form.area, detail=detail)
    return _shown(one)


def several(unit: Unit, wanted: Wanted) -> Page[SpotCheckOut]:
    """List the samples of one's area, newest first."""
    _expect_checker(unit)
    return page(unit, select(SpotCheck), queries.NEWEST_FIRST, wanted, bound="spot checks", show=_shown)


def records(unit: Unit, check_no: int, wanted: Wanted) -> Page[RecordOut]:
    """List the records of a sample, as they stand now."""
    _expect_checker(unit)
    one = queries.check(unit.session, check_no)
    show = partial(record_shown, today=unit.today)
    bound = f"records of spot check {check_no}"
    return page(unit, queries.sampled(one), OLDEST_FIRST, wanted, bound=bound, show=show)


def _expect_checker(unit: Unit) -> None:
    """Of the departments only the one that checks reads samples (民政部令第67号 art. 21)."""
    if unit.actor.scope.department not in {None, settings_of(unit).checking_department}:
        raise NotPermitted(detail="Samples are read by civil affairs.")


def _expect_within(unit: Unit, area: str) -> None:
    if unit.session.get(Area, area) is None or not unit.actor.scope.covers(area):
        raise NotFound


def _shown(one: SpotCheck) -> SpotCheckOut:
    return SpotCheckOut(
        check_no=one.id,
        area=one.community,
        first_on=one.first_on,
        last_on=one.last_on,
        seed=one.seed,
        drawn_from=one.drawn_from,
        size=one.size,
        drawn_by=one.drawn_by,
        drawn_at=one.drawn_at,
    )
