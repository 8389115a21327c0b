"""Use cases that show the documents of a case."""

from dataclasses import dataclass

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.models import Case
from onewindow_intake.custody.shown import slip_lines
from onewindow_intake.issued import queries, rules
from onewindow_intake.issued.rules import Happened
from onewindow_intake.issued.written import written
from onewindow_intake.papers.frozen import opened
from onewindow_intake.papers.models import IssuedPaper
from onewindow_intake.papers.queries import latest
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind, Issued, IssuedDocuments
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit


@dataclass(frozen=True)
class IssuedOne:
    """A document of a case."""

    document: AnyDocument
    paper: IssuedPaper | None
    """How it is kept; None for what was issued before documents were."""


def several(unit: Unit, case_no: str) -> IssuedDocuments:
    """List the documents that a case has."""
    found = of_case(unit, cases.of(unit.session, case_no))
    documents = [Issued(kind=kind, issued_at=step.at) for kind, step in found.items()]
    return IssuedDocuments(case_no=case_no, documents=documents)


def shown(unit: Unit, case_no: str, kind: DocumentKind) -> AnyDocument:
    """Show a document of a case; raise `NotFound` if none of this kind was issued.

    Where an original lies is no part of the paper: a custody slip tells it as it is now.
    """
    document = one(unit, case_no, kind).document
    if kind is DocumentKind.CUSTODY_SLIP:
        return document.model_copy(update={"lines": slip_lines(unit, case_no)})
    return document


def one(unit: Unit, case_no: str, kind: DocumentKind) -> IssuedOne:
    """Return a document of a case as it was issued; raise `NotFound` if none of this kind was.

    One from before documents were kept is written as its case stands now, until it is kept, too.
    """
    case = cases.of(unit.session, case_no)
    step = of_case(unit, case).get(kind)
    if step is None:
        raise NotFound(detail="No such document was issued.")
    paper = latest(unit.session, case_no, kind)
    if paper is not None and paper.document_sealed is not None:
        return IssuedOne(opened(unit.vault, paper.document_sealed), paper)
    return IssuedOne(written(unit, case, kind, step), paper)


def of_case(unit: Unit, case: Case) -> dict[DocumentKind, Happened]:
    """Return the documents of a case, each with the latest step that issued it."""
    return rules.issued(queries.issuing(unit.session, case.case_no), CaseStatus(case.status))
