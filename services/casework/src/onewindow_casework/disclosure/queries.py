"""Reading what a community publishes; nothing here names a person."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from onewindow_casework.burden.queries import weighing
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.disclosure import rules
from onewindow_casework.disclosure.models import Publication
from onewindow_casework.evaluations.models import EvaluationPair
from onewindow_casework.evaluations.queries import show_result
from onewindow_casework.funding.models import FundPosting
from onewindow_casework.lists.models import ListEntry
from onewindow_casework.lists.queries import card, listed_page
from onewindow_casework.orders.models import BarredOrder, Refusal
from onewindow_casework.orders.refusals import show_public
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.burden import BurdenFigure, BurdenKind
from onewindow_shared.contracts.certificates import CertificateStatus
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.disclosure import (
    BarredLine,
    CertificateLine,
    MoneyLine,
    PublicationOut,
    PublicMatter,
    Section,
)
from onewindow_shared.contracts.evaluations import ResultOut
from onewindow_shared.contracts.funding import Movement
from onewindow_shared.contracts.orders import Bar, PublicRefusal
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.scope import published
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

LATEST = 20


def matters(unit: Unit, wanted: Wanted, community: str) -> Page[PublicMatter]:
    """Return a page of the community's list of the day, by code."""
    return listed_page(unit, wanted, community, unit.today, show=_matter)


def _matter(entry: ListEntry) -> PublicMatter:
    found = card(entry)
    return PublicMatter(
        code=found.code,
        name=found.name,
        kind=found.kind,
        matter_class=found.matter_class,
        department=found.department,
        first_day=found.first_day,
        last_day=found.last_day,
    )


def money(unit: Unit, community: str, first: date, last: date) -> list[MoneyLine]:
    """Return what moved in a community's money in a period, by kind of movement.

    What was taken back in the same period did not move.
    """
    query = (
        select(FundPosting.movement, func.sum(FundPosting.fen))
        .where(within(FundPosting, unit.gathered(community)), FundPosting.day.between(first, last))
        .group_by(FundPosting.movement)
        .having(func.sum(FundPosting.fen) != 0)
        .order_by(FundPosting.movement)
    )
    return [
        MoneyLine(movement=Movement(movement), fen=int(fen)) for movement, fen in unit.session.execute(query)
    ]


def certificates(unit: Unit, community: str, first: date, last: date) -> list[CertificateLine]:
    """Count a community's certificates of a period by kind; each is about a person."""
    since = midnight(first, unit.zone)
    after = midnight(last + timedelta(days=1), unit.zone)
    issued = (Certificate.issued_at >= since) & (Certificate.issued_at < after)
    ended = (Certificate.ended_at >= since) & (Certificate.ended_at < after)
    refused = ended & (Certificate.status == CertificateStatus.REFUSED)
    query = (
        select(Certificate.kind, func.count().filter(issued), func.count().filter(refused))
        .where(within(Certificate, unit.gathered(community)), issued | refused)
        .group_by(Certificate.kind)
        .order_by(Certificate.kind)
    )
    least = settings_of(unit).small_cell
    return [
        CertificateLine(kind=kind, issued=rules.published(yes, least), refused=rules.published(no, least))
        for kind, yes, no in unit.session.execute(query)
    ]


def burden(unit: Unit, community: str, year: int) -> list[BurdenFigure]:
    """Return what weighs on a community in a year.

    The sum of certificates is left out where it, or a part of it, is not published: one could be told from
    the other.
    """
    figures = weighing(unit, community, year).figures
    years = {when: _all_published(unit, community, when) for when in (year, year - 1)}
    return [_published(figure, years, year) for figure in figures]


def _all_published(unit: Unit, community: str, year: int) -> bool:
    lines = certificates(unit, community, date(year, 1, 1), date(year, 12, 31))
    return all(line.issued is not None for line in lines)


def _published(figure: BurdenFigure, years: Mapping[int, bool], year: int) -> BurdenFigure:
    if figure.kind is not BurdenKind.CERTIFICATES or all(years.values()):
        return figure
    left_out = {
        "count": figure.count if years[year] else None,
        "year_before": figure.year_before if years[year - 1] else None,
    }
    return figure.model_copy(update=left_out)


def evaluation(unit: Unit, community: str) -> list[ResultOut]:
    """Return the latest published results of a community."""
    query = select(EvaluationPair).where(within(EvaluationPair, unit.gathered(community)))
    newest = query.order_by(EvaluationPair.id.desc()).limit(LATEST)
    return [show_result(unit, one) for one in unit.session.scalars(published(newest))]


def barred(unit: Unit, community: str, first: date, last: date) -> list[BarredLine]:
    """Count the orders to a community that the system refused in a period, by sender and reason."""
    query = (
        select(BarredOrder.department, BarredOrder.reason, func.count())
        .where(within(BarredOrder, unit.gathered(community)), BarredOrder.tried_on.between(first, last))
        .group_by(BarredOrder.department, BarredOrder.reason)
        .order_by(BarredOrder.department, BarredOrder.reason)
    )
    return [
        BarredLine(department=department, reason=Bar(reason), count=n)
        for department, reason, n in unit.session.execute(query)
    ]


def refused(unit: Unit, community: str) -> list[PublicRefusal]:
    """Return the latest refusals of a community with a result."""
    newest = (
        select(Refusal)
        .where(within(Refusal, unit.gathered(community)))
        .order_by(Refusal.id.desc())
        .limit(LATEST)
    )
    return [show_public(one) for one in unit.session.scalars(published(newest))]


def publications(unit: Unit, community: str, since: int) -> Sequence[Publication]:
    """Return what was to be published from a year on, newest first."""
    query = select(Publication).where(
        within(Publication, unit.gathered(community)), Publication.period >= f"{since}Q1"
    )
    newest = query.order_by(Publication.period.desc(), Publication.section)
    return unit.session.scalars(newest).all()


def show(one: Publication) -> PublicationOut:
    """Return a publication."""
    return PublicationOut(
        version=one.version,
        section=Section(one.section),
        period=one.period,
        due_on=one.due_on,
        provisional=one.provisional,
        published_on=one.published_on,
        content=one.content,
    )
