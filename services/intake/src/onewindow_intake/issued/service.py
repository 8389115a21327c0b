"""Use cases that show the documents of a case."""

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.moving import guide_of
from onewindow_intake.issued import queries, rules
from onewindow_intake.issued.rules import Happened
from onewindow_intake.issued.written import WRITERS, Source
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind, Issued, IssuedDocuments
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit


def several(unit: Unit, case_no: str) -> IssuedDocuments:
    """List the documents that a case has."""
    found = _of(unit, cases.of(unit.session, case_no))
    documents = [Issued(kind=kind, issued_at=step.at) for kind, step in found.items()]
    return IssuedDocuments(case_no=case_no, documents=documents)


def one(unit: Unit, case_no: str, kind: DocumentKind) -> AnyDocument:
    """Write a document of a case; raise `NotFound` if none of this kind was issued."""
    case = cases.of(unit.session, case_no)
    step = _of(unit, case).get(kind)
    if step is None:
        raise NotFound(detail="No such document was issued.")
    return WRITERS[kind](Source(unit, case, guide_of(unit, case), kind, step))


def _of(unit: Unit, case: Case) -> dict[DocumentKind, Happened]:
    return rules.issued(queries.history(unit.session, case.case_no), CaseStatus(case.status))
