"""Use cases of papers: issuing one, printing it again, and saying whether one is genuine."""

import hashlib
import secrets
from datetime import datetime

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.issued import service as issued
from onewindow_intake.papers import queries, rules
from onewindow_intake.papers.models import SHEET, TOKEN, IssuedPaper
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.contracts.papers import Fact, PaperCheck, Sheet, Standing
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

CODES = "papers"
"""What the key of verification codes is derived for."""
CHECKS = "/api/intake/v1/paper-checks"


def issue(unit: Unit, case_no: str, kind: DocumentKind) -> tuple[Sheet, datetime]:
    """Return a paper of a case and the moment of its issue; what was issued before is the same paper."""
    case = cases.of(unit.session, case_no, to_move=True)
    document = issued.one(unit, case_no, kind)
    edition = rules.edition(document)
    paper = queries.latest(unit.session, case_no, kind)
    if paper is None or paper.edition != edition:
        paper = _write(unit, document, edition, 1 if paper is None else paper.issue + 1)
    paper.prints += 1
    unit.audit(
        "paper.printed",
        "paper",
        paper.number,
        area=case.community,
        detail={"kind": kind, "prints": paper.prints, "content": paper.content_hash},
    )
    return _sheet(unit, paper), paper.issued_at


def _write(unit: Unit, document: AnyDocument, edition: str, place: int) -> IssuedPaper:
    letters, title = rules.KINDS[document.kind]
    number, token = f"{document.case_no}-{letters}{place}", secrets.token_urlsafe(16)
    body = rules.body(document, unit.zone)
    day = unit.today if document.kind in rules.GROWING else local_day(document.issued_at, unit.zone)
    sheet = Sheet(
        title=title,
        number=number,
        code=_code(unit, number),
        check_address=f"{unit.settings.public_address}{CHECKS}/{token}",
        addressee=document.applicant,
        opening=body.opening,
        facts=[
            Fact(label="申请事项", value=document.item_name),
            Fact(label="受理编号", value=document.case_no),
            *rules.people(document),
            *rules.window(document),
            *body.facts,
        ],
        tables=body.tables,
        closing=body.closing,
        signature=body.signature,
        office=document.office,
        dated=chinese_day(day),
    )
    content = sheet.model_dump_json()
    paper = IssuedPaper(
        number=number,
        case_no=document.case_no,
        kind=document.kind,
        issue=place,
        edition=edition,
        token_index=unit.vault.blind_index(token, purpose=TOKEN),
        sheet_sealed=unit.vault.seal(content, purpose=SHEET),
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        issued_at=unit.now,
        issued_by=unit.actor.subject,
        prints=0,
    )
    unit.session.add(paper)
    return paper


def check(unit: Unit, number: str, code: str) -> PaperCheck | None:
    """Say what is known of a paper by number and code; None if they do not belong together."""
    paper = queries.by_number(unit.session, number)
    fits = matches(code, _code(unit, number))
    return _checked(unit, paper) if fits and paper is not None else None


def check_token(unit: Unit, token: str) -> PaperCheck | None:
    """Say what is known of a paper by the random part of the address in its QR code."""
    paper = queries.by_token(unit.session, unit.vault.blind_index(token, purpose=TOKEN))
    return None if paper is None else _checked(unit, paper)


def _checked(unit: Unit, paper: IssuedPaper) -> PaperCheck:
    case = queries.case_of(unit.session, paper)
    sheet = _sheet(unit, paper)
    return PaperCheck(
        standing=Standing.GENUINE if _good(unit, paper) else Standing.REPLACED,
        number=paper.number,
        title=sheet.title,
        issued_on=local_day(paper.issued_at, unit.zone),
        office=sheet.office,
        applicant=case.applicant_masked,
        item_name=case.item_name,
        status_label=STATUSES[CaseStatus(case.status)],
    )


def _good(unit: Unit, paper: IssuedPaper) -> bool:
    """Say whether a paper still stands; a custody slip does until more was taken or something went back."""
    if paper is not queries.latest(unit.session, paper.case_no, paper.kind):
        return False
    if paper.kind != DocumentKind.CUSTODY_SLIP:
        return True
    return paper.edition == rules.edition(issued.one(unit, paper.case_no, DocumentKind.CUSTODY_SLIP))


def _sheet(unit: Unit, paper: IssuedPaper) -> Sheet:
    return Sheet.model_validate_json(unit.vault.open(paper.sheet_sealed, purpose=SHEET))


def _code(unit: Unit, number: str) -> str:
    return tracking_code(unit.vault.derive(CODES), number)
