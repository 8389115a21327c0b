"""Keeping invitations to review, and showing them to whoever proved the case's paper or phone."""

from collections.abc import Sequence
from hmac import compare_digest

from sqlalchemy import delete, select

from onewindow_intake.cases.likes import MOBILE
from onewindow_intake.cases.models import Case
from onewindow_intake.reviewing.models import Invitation
from onewindow_shared.contracts.events import ReviewInvited
from onewindow_shared.contracts.reviews import ReviewInvitation
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.reviewcodes import CodeSent, review_code, review_link
from onewindow_shared.plumbing.unit import Unit

MOST = 50
"""Invitations of one phone that are shown, the latest to end first."""


def invited(unit: Unit, event: ReviewInvited) -> None:
    """Take over what casework tells of a case: its events come in their order."""
    unit.session.execute(delete(Invitation).where(Invitation.case_no == event.case_no))
    case = unit.session.scalar(select(Case).where(Case.case_no == event.case_no))
    if case is not None and event.until is not None:
        kept = Invitation(
            case_no=case.case_no,
            mobile_index=case.mobile_index,
            until=event.until,
            follow_up=event.follow_up,
        )
        unit.session.add(kept)


def of_case(unit: Unit, case: Case) -> ReviewInvitation | None:
    """Return the invitation of a case that can be followed now, to whoever holds its paper."""
    kept = unit.session.get(Invitation, case.case_no)
    if kept is None or kept.until < unit.today:
        return None
    return _shown(unit, kept, case.item_name, CodeSent.ON_PAPER)


def to_phone(unit: Unit, case: Case) -> ReviewInvitation | None:
    """Return the invitation of a case that can be followed now, for the phone that the case names."""
    kept = unit.session.get(Invitation, case.case_no)
    if kept is None or kept.until < unit.today:
        return None
    return _shown(unit, kept, case.item_name, CodeSent.TO_PHONE)


def proves(unit: Unit, proof: str | None, phone: str) -> bool:
    """Say whether a token proves this phone."""
    expected = phone_proof(unit.settings.events_secret.get_secret_value(), phone)
    return proof is not None and compare_digest(proof, expected)


def of_phone(unit: Unit, phone: str) -> Sequence[ReviewInvitation]:
    """Return what the owner of a proved phone can review now."""
    query = (
        select(Invitation, Case.item_name)
        .join(Case, Case.case_no == Invitation.case_no)
        .where(
            Invitation.mobile_index == unit.vault.blind_index(phone, purpose=MOBILE),
            Invitation.until >= unit.today,
        )
        .order_by(Invitation.until.desc(), Invitation.case_no)
        .limit(MOST)
    )
    return [_shown(unit, kept, name, CodeSent.TO_PHONE) for kept, name in unit.session.execute(query)]


def _shown(unit: Unit, kept: Invitation, item_name: str, sent: CodeSent) -> ReviewInvitation:
    code = review_code(unit.settings.events_secret.get_secret_value(), kept.case_no, sent)
    return ReviewInvitation(
        case_no=kept.case_no,
        item_name=item_name,
        until=kept.until,
        follow_up=kept.follow_up,
        code=code,
        link=review_link(unit.settings.public_address, kept.case_no, code),
    )
