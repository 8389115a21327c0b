"""What has to be said of each outcome of a contact (rules B1.6: tell, or help to find, the right body)."""

from onewindow_shared.contracts.contacts import ContactOutcome, OutcomeIn
from onewindow_shared.plumbing.rollups import Facets

SENT_ON = frozenset({ContactOutcome.REFERRED, ContactOutcome.NOT_OURS})
"""Outcomes that say where the person was sent (首问负责)."""


def faults(form: OutcomeIn) -> dict[str, str]:
    """Return what an outcome lacks or says too much: field -> reason."""
    wrong = {}
    body = form.referred_to
    if (form.case_no is not None) != (form.outcome is ContactOutcome.BECAME_CASE):
        wrong["case_no"] = "name the case if, and only if, the contact became one"
    if (body is not None) != (form.outcome in SENT_ON):
        wrong["referred_to"] = "name the body if, and only if, somebody was sent to one"
    elif body is not None and body.address is None and body.phone is None:
        wrong["referred_to"] = "say where the body is or how it can be called"
    if form.outcome is ContactOutcome.ANSWERED and form.answer is None:
        wrong["answer"] = "say what the answer was"
    return wrong


def counted_by(channel: str, officer: str) -> Facets:
    """Return by what a contact is counted."""
    return Facets(channel=channel, officer=officer)
