"""What a decision in the same visit has to say, and what is kept of it (行政许可法 arts. 34, 38)."""

from datetime import datetime
from typing import Any

from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.intake import InstantDecisionIn


def wrong(form: InstantDecisionIn) -> dict[str, str]:
    """Return what is wrong with a decision: field -> reason."""
    if form.outcome is Outcome.REFUSE and form.reasons is None:
        return {"reasons": "a refusal has to state them"}
    return {}


def decision(form: InstantDecisionIn, case_no: str, remedies: str, at: datetime, by: str) -> dict[str, Any]:
    """Write a decision as a row, without its reasons; a refusal tells of the remedies."""
    return {
        "case_no": case_no,
        "outcome": form.outcome,
        "remedies": remedies if form.outcome is Outcome.REFUSE else None,
        "decided_at": at,
        "decided_by": by,
    }
