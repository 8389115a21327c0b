"""Statements on hand-offs; the session's scope narrows every one of them."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_intake.handoffs.models import Offer
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset

OLDEST_FIRST = Keyset((Offer.id,))


def of(session: Session, case_no: str, offer_id: int) -> Offer:
    """Return an offer that is to be settled, waiting for whoever is settling it; or raise `NotFound`."""
    query = select(Offer).where(Offer.case_no == case_no, Offer.id == offer_id)
    return must_find(
        session,
        query.with_for_update().execution_options(populate_existing=True),
        "There is no such hand-off within your reach.",
    )


def open_of(session: Session, case_no: str) -> Offer | None:
    """Return the offer of a case that waits for an answer."""
    query = select(Offer).where(Offer.case_no == case_no, Offer.state == HandOffState.OFFERED)
    return session.scalar(query)


def of_case(case_no: str) -> Select[Offer]:
    """Return the offers of a case."""
    return select(Offer).where(Offer.case_no == case_no)


def open_for(taker: str) -> Select[Offer]:
    """Return what is offered to an officer and waits for an answer."""
    return select(Offer).where(Offer.taker == taker, Offer.state == HandOffState.OFFERED)
