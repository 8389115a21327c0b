"""What comes of a volunteer in a batch, by the rules of single certificates."""

from onewindow_shared.contracts.certificate_batches import BatchOutcome
from onewindow_volunteers.certificates.rules import MOST_RECORDS


def outcome(records: int, *, agreed: bool) -> BatchOutcome:
    """Return what comes of somebody who agreed, or did not, and has so many records to be certified."""
    if not agreed:
        return BatchOutcome.NOT_AGREED_TO
    if not records:
        return BatchOutcome.NOTHING_TO_CERTIFY
    return BatchOutcome.TOO_MANY_RECORDS if records > MOST_RECORDS else BatchOutcome.CERTIFIED
