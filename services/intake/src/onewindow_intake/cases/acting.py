"""In whose quality somebody moves a case: the law and the letter of entrustment are asked each time."""

from collections.abc import Mapping

from onewindow_intake.cases import people
from onewindow_intake.cases.models import APPLICANT, Case
from onewindow_intake.cases.rules import in_person
from onewindow_intake.parties import rules
from onewindow_intake.parties.models import GUARDIAN
from onewindow_intake.parties.rules import Side
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.parties import Acting, EntrustmentIn, Power
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit


def acting_in(unit: Unit, case: Case, said: Acting | None, power: Power) -> Acting:
    """Say in whose quality a case is moved, or raise `Invalid` for who may not.

    Whoever posted the case from an account of their own acts as they did then; a window says who is there.
    """
    side = side_of(unit, case)
    own = Acting(case.posted_as) if in_person(unit.actor.roles) else None
    if own is not None and said not in {None, own}:
        raise invalid({"acting": f"with this account you act as the {own}"})
    acting = said or own or (Acting.GUARDIAN if side.guardian else Acting.APPLICANT)
    if reason := rules.may_not(side, acting, power, unit.today):
        raise invalid({"acting": reason})
    return acting


POWERS: Mapping[CaseAction, Power] = {
    CaseAction.CORRECT_ON_SPOT: Power.CORRECT,
    CaseAction.SUPPLEMENT: Power.CORRECT,
    CaseAction.WITHDRAW: Power.WITHDRAW,
}
"""What an entrusted person needs for a move of the applicant's side."""


def barred_here(unit: Unit, case: Case) -> frozenset[CaseAction]:
    """Return the moves that an account of somebody's own does not have in the quality it posted with."""
    if not in_person(unit.actor.roles):
        return frozenset()
    side, own = side_of(unit, case), Acting(case.posted_as)
    return frozenset(
        action for action, power in POWERS.items() if rules.may_not(side, own, power, unit.today)
    )


def side_of(unit: Unit, case: Case) -> Side:
    """Return the applicant's side of a case, today."""
    letter = case.entrustment
    document = people.document_of(people.opened(unit.vault, case.applicant_sealed, APPLICANT))
    named = any(party.role == GUARDIAN for party in case.parties)
    return Side(
        minor=rules.is_minor(document, unit.today),
        guardian=named and rules.guarded(document, case.received_on, unit.today),
        entrustment=None if letter is None else EntrustmentIn.model_validate(letter),
    )
