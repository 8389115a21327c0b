"""Use cases of papers: printing what was issued, and saying whether a paper is genuine."""

from datetime import datetime

from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.issued import service as reading
from onewindow_intake.papers import frozen, queries, rules
from onewindow_intake.papers.models import SHEET, TOKEN, IssuedPaper
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches
from onewindow_shared.contracts.papers import PaperCheck, Sheet, Standing
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

CHECKS = "/papers"
"""Where the page is that says what is known of a paper."""


def printed(unit: Unit, case_no: str, kind: DocumentKind) -> tuple[Sheet, datetime]:
    """Return the sheet of a document of a case and the moment of its issue; raise `NotFound`."""
    issued = reading.one(unit, case_no, kind)
    paper = issued.paper
    if paper is not None and paper.sheet_sealed is not None:
        return _sheet_of(unit, paper.sheet_sealed), paper.issued_at
    return _written(unit, issued.document, 1 if paper is None else paper.issue), issued.document.issued_at


def _written(unit: Unit, document: AnyDocument, issue: int) -> Sheet:
    number = frozen.number_of(document.case_no, document.kind, issue)
    address = f"{unit.settings.public_address}{CHECKS}/{frozen.token_of(unit.vault, number)}"
    return rules.sheet(document, number, frozen.code_of(unit.vault, number), address, unit.zone)


def check(unit: Unit, number: str, code: str) -> PaperCheck | None:
    """Say what is known of a paper by number and code; None if they do not belong together."""
    paper = queries.by_number(unit.session, number)
    fits = matches(code, frozen.code_of(unit.vault, number))
    return _checked(unit, paper) if fits and paper is not None else None


def check_token(unit: Unit, token: str) -> PaperCheck | None:
    """Say what is known of a paper by the random part of the address in its QR code."""
    paper = queries.by_token(unit.session, unit.vault.blind_index(token, purpose=TOKEN))
    return None if paper is None else _checked(unit, paper)


def _checked(unit: Unit, paper: IssuedPaper) -> PaperCheck:
    case = queries.case_of(unit.session, paper)
    kind, good = DocumentKind(paper.kind), queries.latest(unit.session, paper.case_no, paper.kind)
    return PaperCheck(
        standing=Standing.GENUINE if paper is good else Standing.REPLACED,
        number=paper.number,
        title=rules.KINDS[kind][1],
        issued_on=local_day(paper.issued_at, unit.zone),
        office=_office(unit, paper),
        applicant=case.applicant_masked,
        item_name=case.item_name,
        status=CaseStatus(case.status),
        status_label=STATUSES[CaseStatus(case.status)],
    )


def _office(unit: Unit, paper: IssuedPaper) -> str:
    if paper.document_sealed is not None:
        return frozen.opened(unit.vault, paper.document_sealed).office
    return _sheet_of(unit, paper.sheet_sealed or "").office


def _sheet_of(unit: Unit, sealed: str) -> Sheet:
    return Sheet.model_validate_json(unit.vault.open(sealed, purpose=SHEET))
