"""Figures of reviews point at nobody, whoever reads them: in multiples, and by nothing that leads to a case."""

from typing import Any

import pytest

from casework.office import Headers, Office, furnished, open_office
from casework.test_review_invitations import ask
from conftest import FreshDatabase
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import FACETS, OF_REVIEWS, Facet, Metric
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.rollups import Facets, Rollup, RollupDelta, fold
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, environment

PERIOD = "from=2026-11-01&to=2026-12-31"
GIVEN = Metric.REVIEWS_OF_CLOSINGS


def parts(office: Office, by: str, who: Headers) -> dict[str, dict[str, Any]]:
    said = office.read(f"metrics/areas/330902/parts?by={by}&{PERIOD}", who)
    assert said["reviews_multiples_of"] == 5
    return {part["key"]: part["figures"] for part in said["parts"]}


def test_an_unnamed_review_is_not_found_by_its_closing_day(office: Office) -> None:
    """Of seven closings one was reviewed, and unnamed: on which day it was closed, no staff learns."""
    for _ in range(6):
        office.closed(grid=f"{XIAN}001")
        office.api.clock.pass_(days=1)
    reviewed = office.closed(grid=f"{XIAN}002", channel="phone")
    assert ask(office, reviewed, "/review", level=1, anonymous=True).status_code == 201
    for who in (office.admin, office.agent, office.api.people.headers(Role.AUDITOR, "330902")):
        whole = office.read(f"metrics/areas/{XIAN}?{PERIOD}", who)
        assert (whole["multiples_of"], whole["reviews_multiples_of"]) == (None, 5)
        told = {metric: n for metric, n in whole["figures"].items() if metric in OF_REVIEWS}
        assert told == dict.fromkeys(OF_REVIEWS), "nor whether there was any"
        assert whole["figures"][Metric.CASES_CLOSINGS] == 7, "what is no review stays exact"
    by_day = {day: figures for day, figures in parts(office, "day", office.admin).items() if figures}
    assert {figures[GIVEN] for figures in by_day.values()} == {None}, "on no day more than on others"
    assert {figures[Metric.CASES_CLOSINGS] for figures in by_day.values()} == {0, 1}
    by_item = parts(office, "item", office.admin)
    assert {figures[metric] for figures in by_item.values() for metric in OF_REVIEWS} == {None}
    for by in ("channel", "grid"):
        found = parts(office, by, office.admin)
        assert len(found) == 2
        assert not [metric for figures in found.values() for metric in figures if metric in OF_REVIEWS], by


def test_reviews_are_told_in_multiples_to_everybody(office: Office) -> None:
    for level in (5, 5, 5, 5, 5, 2, 2):
        assert office.review(office.clerk, office.closed(), level=level).status_code == 201
    metrics = (GIVEN, Metric.REVIEWS_RATED, Metric.REVIEWS_5, Metric.REVIEWS_2, Metric.REVIEWS_1)
    for by, key in (
        ("community", XIAN),
        ("item", "cert-demo"),
        ("officer", "agent.xian"),
        ("day", "2026-11-23"),
    ):
        found = parts(office, by, office.admin)
        figures = found[key if key in found else next(iter(found))]
        expected = [5, 5, 5, None, None] if by != "officer" else [None, 5, 5, None, None]
        assert [figures.get(metric) for metric in metrics] == expected, by
    assert office.figures()[Metric.REVIEWS_RATED] == 7, "nothing is lost of what is counted"


def test_no_counter_of_reviews_is_known_by_channel_or_cell() -> None:
    for metric in OF_REVIEWS:
        assert FACETS[metric].isdisjoint({Facet.CHANNEL, Facet.GRID}), metric


def by_less(unit: Unit) -> list[tuple[str, ...]]:
    """Return by what reviews are still kept that leads to a case."""
    kept = unit.session.query(Rollup.metric, Rollup.facet).where(Rollup.facet.in_(("channel", "grid")))
    waiting = unit.session.query(RollupDelta.metric, RollupDelta.channel, RollupDelta.grid)
    return [*map(tuple, kept), *(tuple(row) for row in waiting if row.channel or row.grid)]


def test_what_was_kept_by_channel_and_cell_is_taken_out(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("casework", furnished)
    full = Facets("i-1", channel="web", grid=f"{XIAN}001")

    def as_before(unit: Unit) -> None:
        for metric in (Metric.REVIEWS_RATED, Metric.CASES_CLOSED):
            unit.count(metric, community=XIAN, by=full)

    with open_office(url) as office:
        office.api.system(as_before)
        office.api.system(lambda unit: fold(unit.session))
        office.api.system(as_before)
        before = office.figures()
        for name, value in environment(office.api.runtime.settings).items():
            monkeypatch.setenv(name, value)
    migrate("casework", url, down_to="0047_offers_of_ended_work")
    migrate("casework", url)
    with open_office(url) as office:
        assert office.figures() == before
        kept = office.api.system(by_less)
    assert {metric for metric, *_ in kept} == {Metric.CASES_CLOSED}
    assert len(set(kept)) == 3, "by channel, by cell, and what waits"
