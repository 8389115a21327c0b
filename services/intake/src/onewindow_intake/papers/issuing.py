"""Issuing documents: what a step of a case leaves is written down with the step, whoever prints it later."""

from collections.abc import Iterable

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.history import CASEWORK
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.issued.queries import happened
from onewindow_intake.issued.rules import ISSUED, Happened
from onewindow_intake.issued.written import written
from onewindow_intake.papers import queries
from onewindow_intake.papers.frozen import opened, row
from onewindow_intake.papers.models import IssuedPaper
from onewindow_intake.papers.rules import edition
from onewindow_shared.contracts.documents_issued import DocumentKind
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.unit import Unit


def issue(unit: Unit, case: Case, entry: Entry) -> None:
    """Issue what a step leaves, as the case stands now; whatever else the step changes is written before."""
    if kinds := ISSUED.get(entry.step):
        unit.session.flush()
        step = happened(entry)
        freeze(unit, case, ((kind, step) for kind in kinds))


def issue_withdrawal(unit: Unit, event: CaseProgressed) -> None:
    """Issue the slip of a case that was taken back in casework."""
    case = cases.of(unit.session, event.case_no, to_move=True)
    if case.status == event.status:
        acting = Acting(event.acting) if event.acting else None
        step = Happened(event.step, CaseStatus(event.status), event.at, CASEWORK, acting, None)
        freeze(unit, case, [(DocumentKind.WITHDRAWAL, step)])


def freeze(unit: Unit, case: Case, documents: Iterable[tuple[DocumentKind, Happened]]) -> None:
    """Write documents down; one that says what its last issue says is not issued again."""
    for kind, step in documents:
        document = written(unit, case, kind, step)
        last = queries.latest(unit.session, case.case_no, kind)
        if last is not None and edition(document) == _edition_of(unit, last):
            continue
        made = row(unit.vault, document, 1 if last is None else last.issue + 1)
        unit.session.add(IssuedPaper(**made))
        unit.audit(
            "paper.issued",
            "paper",
            made["number"],
            area=case.community,
            detail={"kind": kind, "content": made["content_hash"]},
        )


def _edition_of(unit: Unit, paper: IssuedPaper) -> str | None:
    if paper.document_sealed is None:
        return paper.edition
    return edition(opened(unit.vault, paper.document_sealed))
