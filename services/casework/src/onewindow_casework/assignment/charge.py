"""Putting somebody in charge of a case: the one way in which that changes."""

from collections.abc import Sequence

from onewindow_casework.assignment import queries, rules
from onewindow_casework.assignment.known import cannot_handle
from onewindow_casework.assignment.models import Charge
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.assignment import ChargeHow
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit

ACCEPTED = frozenset({ChargeHow.CLAIMED, ChargeHow.HANDED_ON})
"""Ways of coming in charge that are an acceptance; being given a case is none."""
CHARGES = table_of(Charge)
GIVE = "case.give"
"""Timer that gives a new case to somebody by rule."""


def put(unit: Unit, case: CaseFile, officer: str, name: str, how: ChargeHow) -> None:
    """Put an officer in charge; an offer that waits for an answer is taken back with it."""
    if case.handler is not None:
        take_back_offer(unit, case)
    case.handler, case.handler_name = officer, name
    if how in ACCEPTED:
        taken_over(unit, case)
    _add(unit, case, officer, name, how)
    tell(unit, case, "assigned", note=name, detail={"officer": officer, "how": how})


def take_back_offer(unit: Unit, case: CaseFile) -> None:
    """Take back an offer that nobody has answered."""
    for offer in unit.session.scalars(queries.offers(case).filter_by(state=HandOffState.OFFERED)):
        offer.state, offer.settled_at = HandOffState.WITHDRAWN, unit.now
        offer.version += 1


def taken_over(unit: Unit, case: CaseFile) -> None:
    """Release the first person asked: somebody has taken the case over by their own word or deed."""
    case.first_contact_released_at = case.first_contact_released_at or unit.now


def noted(unit: Unit, case: CaseFile) -> None:
    """Write down that the caller stands in for the officer in charge, the first time they do something."""
    me = unit.actor.subject
    taken_over(unit, case)
    if case.handler not in {None, me} and me not in queries.agents(unit, case):
        _add(unit, case, me, unit.actor.name, ChargeHow.STOOD_IN)


def put_back(unit: Unit, case: CaseFile) -> None:
    """Have nobody in charge: whoever was asked first answers and follows again, until somebody takes over."""
    officer = case.handler
    take_back_offer(unit, case)
    case.handler = case.handler_name = case.first_contact_released_at = None
    tell(unit, case, "unassigned", detail={"officer": officer})


def _add(unit: Unit, case: CaseFile, officer: str, name: str, how: ChargeHow) -> None:
    row = {"case_id": case.id, "officer": officer, "name": name, "how": how}
    unit.add(CHARGES, row | {"at": unit.now, "by": unit.actor.subject})


def by_rule(unit: Unit, case: CaseFile) -> bool:
    """Give a case to whom the roster says: first of its community, then of its department."""
    for entries in queries.pool(unit, case):
        entry = _chosen(unit, case, entries)
        if entry is not None:
            queries.given_now(unit, entry.subject)
            put(unit, case, entry.subject, entry.name, ChargeHow.BY_RULE)
            return True
    return False


def _chosen(unit: Unit, case: CaseFile, entries: Sequence[rules.Listed]) -> rules.Listed | None:
    """Return to whom the rule gives a case; an account that has ended since it was put there is none."""
    able = {one.subject: one for one in queries.candidates(unit, entries)}
    by_subject = {entry.subject: entry for entry in entries}
    while (
        subject := rules.chosen(able.values(), case.item_code, case.category, case.applicant_subject)
    ) is not None:
        if cannot_handle(unit, subject, case) is None:
            return by_subject[subject]
        del able[subject]
    return None
