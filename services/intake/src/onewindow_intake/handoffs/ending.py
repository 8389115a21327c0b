"""How offers end, by an answer or because somebody else has come to answer for the case."""

from onewindow_intake.handoffs import queries
from onewindow_intake.handoffs.models import Offer
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.plumbing.unit import Unit


def end(unit: Unit, made: Offer, state: HandOffState) -> None:
    """Bring an offer to its end."""
    made.state, made.settled_at = state, unit.now
    made.version += 1


def end_open(unit: Unit, case_no: str, responsible: str) -> None:
    """Withdraw the open offer of a case, which whoever is responsible from now on has not made."""
    waiting = queries.open_of(unit.session, case_no)
    if waiting is not None and waiting.giver != responsible:
        end(unit, waiting, HandOffState.WITHDRAWN)
