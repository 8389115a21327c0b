"""Which documents a case has: one table from what happened to what was issued."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from onewindow_shared.contracts.catalogue import Handler
from onewindow_shared.contracts.documents_issued import DocumentKind
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.contracts.parties import Acting

ISSUED: Mapping[str, tuple[DocumentKind, ...]] = {
    "received": (DocumentKind.RECEIPT,),
    "materials": (DocumentKind.RECEIPT,),
    "lines_met": (DocumentKind.RECEIPT,),
    "material_reused": (DocumentKind.RECEIPT,),
    "accepted": (DocumentKind.ACCEPTANCE,),
    "deemed_accepted": (DocumentKind.DEEMED_ACCEPTANCE,),
    "tolerant_accepted": (DocumentKind.ACCEPTANCE, DocumentKind.TOLERANT_PROMISE),
    "supplemented": (DocumentKind.SUPPLEMENT_RECEIPT,),
    "supplement_missed": (DocumentKind.DEEMED_WITHDRAWAL,),
    "acceptance_revoked": (DocumentKind.REVOCATION,),
    "original_taken": (DocumentKind.CUSTODY_SLIP,),
    "original_returned": (DocumentKind.CUSTODY_SLIP,),
    "correction": (DocumentKind.CORRECTION_NOTICE,),
    "decided_at_once": (DocumentKind.INSTANT_DECISION,),
    "not_accepted": (DocumentKind.NON_ACCEPTANCE,),
    "withdrawn": (DocumentKind.WITHDRAWAL,),
    "deemed_withdrawn": (DocumentKind.DEEMED_WITHDRAWAL,),
}
"""Step of a case's history -> the documents that it leaves."""

OF_THE_AUTHORITY = frozenset(
    {
        DocumentKind.ACCEPTANCE,
        DocumentKind.DEEMED_ACCEPTANCE,
        DocumentKind.CORRECTION_NOTICE,
        DocumentKind.NON_ACCEPTANCE,
        DocumentKind.DEEMED_WITHDRAWAL,
        DocumentKind.REVOCATION,
        DocumentKind.INSTANT_DECISION,
    }
)
"""Documents in the name of whoever has the power over the item; the window only gives them out (行政许可法
arts. 26, 32). The others say what the window itself took or gave back."""


DISTRICT = "{district}"
"""Where the setting `remedies` wants the name of the case's district."""


def office(kind: DocumentKind, handled_by: Handler, department: str | None, community: str) -> str:
    """Name whose document it is: the department's, where it is of the authority and its name is known."""
    if kind in OF_THE_AUTHORITY and handled_by is Handler.DEPARTMENT and department:
        return department
    return community


def remedies(text: str, district: str) -> str:
    """Name in words on remedies the district whose government reconsiders (行政复议法 art. 24)."""
    return text.replace(DISTRICT, district)


@dataclass(frozen=True)
class Happened:
    """A step of a case's history."""

    step: str
    status: CaseStatus
    at: datetime
    by: str
    acting: Acting | None
    reason_sealed: str | None


def issued(history: Iterable[Happened], status: CaseStatus) -> dict[DocumentKind, Happened]:
    """Return the documents of a case that now has `status`, each with the latest step that issued it.

    An end that did not last, because the applicant had taken the case back before, leaves no document.
    """
    return {
        kind: step
        for step in history
        if step.status not in ENDS or step.status is status
        for kind in ISSUED.get(step.step, ())
    }
