"""Reminding applicants of a review, by the phone of their case."""

from sqlalchemy import select

from onewindow_intake.cases.models import APPLICANT, Case
from onewindow_intake.cases.people import opened
from onewindow_intake.messages.models import ApplicantMessage
from onewindow_intake.reviewing.service import to_phone
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.plumbing.messages import Message, Told, put
from onewindow_shared.plumbing.unit import Unit

PURPOSE = "intake.message"
REMINDED = "review_reminded"
"""The step of casework on the day on which an applicant who has said nothing is reminded."""
REVIEW_REMINDER = "review_reminder"


def reminded(unit: Unit, event: CaseProgressed) -> None:
    """Have whoever applied be reminded that they can still say how they were served."""
    number = unit.vault.blind_index(f"{event.case_no} {event.version}", purpose=PURPOSE)
    put(unit, ApplicantMessage, Message(number, REVIEW_REMINDER, event.case_no, None, {}))


def addressed(unit: Unit, message: Message) -> Told | None:
    """Say to which phone a reminder goes, and where to follow it; none once there is nothing to review."""
    case = unit.session.scalar(select(Case).where(Case.case_no == message.about))
    invitation = to_phone(unit, case) if case is not None else None
    if case is None or invitation is None:
        return None
    return {
        "to": {"phone": opened(unit.vault, case.applicant_sealed, APPLICANT).mobile},
        "case_no": case.case_no,
        "item_name": invitation.item_name,
        "until": invitation.until.isoformat(),
        "link": invitation.link,
    }
