"""Statements on cases that were made offline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from onewindow_intake.cases.models import Case, OfflineCase
from onewindow_shared.plumbing.unit import Unit


@dataclass(frozen=True)
class Known:
    """A case that a client has handed in before."""

    fingerprint: str
    case_no: str
    status: str
    received_at: datetime
    accepted_on: date | None
    item_version: int
    community: str
    judged: str
    reason: str


def known(unit: Unit, client: str, names: Iterable[str]) -> dict[str, Known]:
    """Return what a client has handed in under these names."""
    query = (
        select(
            OfflineCase,
            Case.status,
            Case.received_at,
            Case.accepted_on,
            Case.item_version,
            Case.community,
        )
        .join(Case, Case.case_no == OfflineCase.case_no)
        .where(OfflineCase.client == client, OfflineCase.client_id.in_(list(names)))
    )
    return {
        one.client_id: Known(
            one.fingerprint,
            one.case_no,
            status,
            received_at,
            accepted_on,
            item_version,
            community,
            one.judged,
            one.reason,
        )
        for one, status, received_at, accepted_on, item_version, community in unit.session.execute(query)
    }
