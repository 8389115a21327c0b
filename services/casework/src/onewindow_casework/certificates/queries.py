"""Statements on certificates, and showing them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from onewindow_casework.certificates.models import (
    Certificate,
    CertificateFact,
    CertificateSerial,
)
from onewindow_casework.certificates.rules import OPEN, actions
from onewindow_shared.contracts.certificates import (
    CertificateOut,
    CertificateRow,
    CertificateStatus,
    FactOut,
    FactSource,
)
from onewindow_shared.contracts.common import Code, CommunityCode, Page
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.bulk import count_on
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import Problem
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((Certificate.id,), newest_first=True)
LAST_SERIAL = 99_999


class CertificateNumbersUsedUp(Problem):
    """This community has given out every certificate number of the day."""

    type = "urn:onewindow:problem:certificate-numbers-used-up"
    title = "No number left"
    status = 409


@dataclass(frozen=True)
class Filters:
    """Which certificates a list is of; a dependency of the list's route."""

    status: Annotated[CertificateStatus | None, Query()] = None
    kind: Annotated[Code | None, Query()] = None
    community: Annotated[CommunityCode | None, Query()] = None


def find(unit: Unit, certificate_no: str, *, to_move: bool = False) -> Certificate:
    """Return a certificate within the actor's reach, kept from other writers if it is to be moved."""
    query = select(Certificate).where(Certificate.certificate_no == certificate_no)
    return must_find(unit.session, query.with_for_update() if to_move else query)


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[CertificateRow]:
    """Return a page of the certificates within the actor's reach, newest first."""
    given = {name: value for name, value in vars(filters).items() if value is not None}
    query = select(Certificate).filter_by(**given)
    bound = f"certificates {unit.actor.subject} {filters}"
    return page(unit, query, NEWEST, wanted, bound=bound, show=lambda one: _row(unit, one))


def next_number(unit: Unit, community: str) -> str:
    """Return the next number of a community's day."""
    key = {"community": community, "day": unit.today}
    after = count_on(unit.session, CertificateSerial.next, key, start=1)
    if after - 1 > LAST_SERIAL:
        raise CertificateNumbersUsedUp
    return case_number(community, unit.today, after - 1)


def show(unit: Unit, one: Certificate) -> CertificateOut:
    """Return a certificate as everybody who reaches it may see it."""
    status = CertificateStatus(one.status)
    return CertificateOut(
        **_row(unit, one).model_dump(),
        holder_id=one.holder_id_masked,
        complex=one.complex,
        fee_fen=one.fee_fen,
        facts=[_fact(fact) for fact in one.facts],
        issued_at=one.issued_at,
        signed_by=one.signed_by_name,
        reason=one.reason,
        basis=one.basis,
        instead=one.instead,
        replaces=one.replaces,
        replaced_by=one.replaced_by,
        actions=actions(status, unit.actor.roles),
    )


def _row(unit: Unit, one: Certificate) -> CertificateRow:
    status = CertificateStatus(one.status)
    return CertificateRow(
        certificate_no=one.certificate_no,
        version=one.version,
        community=one.community,
        kind=one.kind,
        name=one.name,
        status=status,
        holder=one.holder_masked,
        applied_at=one.applied_at,
        due_on=one.due_on,
        provisional=one.provisional,
        overdue=_overdue(status, one.due_on, unit.today),
    )


def _overdue(status: CertificateStatus, due_on: date, today: date) -> bool:
    return status in OPEN and today > due_on


def _fact(fact: CertificateFact) -> FactOut:
    return FactOut(
        source=FactSource(fact.source), verified_by=fact.verified_by_name, verified_at=fact.verified_at
    )
