"""Writing each kind of document from the rows of its case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onewindow_intake.cases.defects import opened
from onewindow_intake.cases.history import CASEWORK
from onewindow_intake.cases.models import REASON, REFUSED_BECAUSE, UNMET, Case, Notice, Refusal
from onewindow_intake.cases.shown import TRACKING, masked_name, open_notice
from onewindow_intake.cases.told import guide_of, open_lines, still_lacking, told_defects
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.checklist.rules import Papers
from onewindow_intake.custody.shown import slip_lines
from onewindow_intake.departments.service import department_name
from onewindow_intake.instant.models import REASONS, AtOnce
from onewindow_intake.issued import rules
from onewindow_intake.issued.proofs import OF_THE_CASE, Proof, proof
from onewindow_intake.issued.rules import Happened
from onewindow_intake.parties import people as parties
from onewindow_intake.tolerance import rules as tolerance
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.rules import Deferred
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.contracts.documents_issued import (
    ActedBy,
    AnyDocument,
    CorrectionNotice,
    CustodySlip,
    DeemedWithdrawalNotice,
    Defect,
    DeferredPaper,
    DocumentKind,
    InstantDecision,
    Receipt,
    RefusalDocument,
    RevocationNotice,
    SupplementReceipt,
    TolerantPromise,
    WithdrawalSlip,
)
from onewindow_shared.contracts.intake import DefectIn, RefusalGround
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.contracts.outcomes import MissedSupplement, SignedHow
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.reference import office_name
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


@dataclass(frozen=True)
class Source:
    """What a document is written from."""

    unit: Unit
    case: Case
    guide: ItemGuide
    kind: DocumentKind
    step: Happened

    @property
    def head(self) -> dict[str, Any]:
        """What every document says."""
        case = self.case
        return {
            "case_no": case.case_no,
            "item_code": case.item_code,
            "item_name": case.item_name,
            "applicant": case.applicant_masked,
            "acted": self._acted(),
            "household": [one.name for one in parties.masked_household(self.unit.vault, case.parties)],
            "community": case.community,
            "office": self._office(),
            "window": self._name(case.accepting_community or case.community),
            "issued_at": self.step.at,
            "issued_by": self.step.by,
        }

    @property
    def known(self) -> Papers:
        """What is known of the papers."""
        return checklist.papers(self.case.materials)

    def remedies(self, text: str) -> str:
        """Name in words on remedies the district whose government reconsiders (行政复议法 art. 24)."""
        return rules.remedies(text, self._name(self.case.district))

    def _office(self) -> str:
        case, session = self.case, self.unit.session
        department = department_name(session, case.district, case.department)
        community = self._name(case.community)
        return rules.office(self.kind, self.guide.handled_by, department, community)

    def _name(self, code: str) -> str:
        """Name the area that stood for a code when it happened."""
        return office_name(self.unit, code, local_day(self.step.at, self.unit.zone))

    def _acted(self) -> ActedBy | None:
        if self.step.by == CASEWORK and self.step.acting is None:
            return None
        acting = self.step.acting or Acting(self.case.posted_as)
        return ActedBy(acting=acting, name=masked_name(self.unit.vault, self.case, acting))

    def row(self, model: type[Any]) -> Any:
        """Return the row that a step left."""
        return self.unit.session.get_one(model, self.case.case_no)

    def defects(self, listed: Iterable[DefectIn]) -> list[Defect]:
        """Name the papers of defects."""
        names = {material.code: material.name for material in self.guide.materials}
        return [Defect(**defect.model_dump(), name=names.get(defect.material or "")) for defect in listed]

    def deferred(self, papers: Sequence[Deferred]) -> list[DeferredPaper]:
        """Show papers that were to come later."""
        names = {material.code: material.name for material in self.guide.materials}
        came = {code: known.at for code, known in self.known.items() if known.received}
        return [
            DeferredPaper(
                code=paper.material,
                name=names[paper.material],
                due_on=paper.due_on,
                due_at=paper.due_at,
                received_at=came.get(paper.material),
            )
            for paper in papers
        ]


def _proof(kind: Proof) -> Callable[[Source], Receipt]:
    def write(source: Source) -> Receipt:
        case = source.case
        told = {
            **{column: getattr(case, column) for column in OF_THE_CASE},
            "tracking_code": tracking_code(source.unit.vault.derive(TRACKING), case.case_no),
            "notice_due_at": open_notice(case),
            "first_contact_officer": case.first_contact_officer or None,
        }
        return proof(kind, source.head, told, source.guide.materials, source.known)

    return write


def _correction(source: Source) -> CorrectionNotice:
    notice: Notice = source.row(Notice)
    return CorrectionNotice(
        **source.head,
        kind=DocumentKind.CORRECTION_NOTICE,
        deadline=notice.deadline,
        due_at=notice.due_at,
        defects=source.defects(told_defects(source.unit, source.case)),
    )


def _refusal(source: Source) -> RefusalDocument:
    refusal: Refusal = source.row(Refusal)
    vault = source.unit.vault
    return RefusalDocument(
        **source.head,
        kind=DocumentKind.NON_ACCEPTANCE,
        ground=RefusalGround(refusal.ground),
        reason=vault.open(refusal.reason_sealed, purpose=REFUSED_BECAUSE),
        competent_body=refusal.competent_body,
        unmet=source.defects(opened(vault, refusal.unmet_sealed, purpose=UNMET)),
        remedies=source.remedies(refusal.remedies),
    )


def _withdrawal(source: Source) -> WithdrawalSlip:
    reason = source.unit.vault.opened(source.step.reason_sealed, purpose=REASON)
    return WithdrawalSlip(**source.head, kind=DocumentKind.WITHDRAWAL, reason=reason)


def _promise(source: Source) -> TolerantPromise:
    case = source.case
    promise: TolerantAcceptance = source.row(TolerantAcceptance)
    return TolerantPromise(
        **source.head,
        kind=DocumentKind.TOLERANT_PROMISE,
        signed_by=Acting(promise.signed_by),
        signed_how=SignedHow(promise.signed_how),
        signed_at=promise.signed_at,
        deferred=source.deferred(deferred_papers(source.unit, case)),
        consequence=MissedSupplement(promise.consequence),
        accepted_on=case.accepted_on,
        due_on=case.due_on,
        provisional=case.provisional,
    )


def _supplement(source: Source) -> SupplementReceipt:
    papers = deferred_papers(source.unit, source.case)
    awaited = tolerance.awaited(papers, source.known)
    return SupplementReceipt(
        **source.head,
        kind=DocumentKind.SUPPLEMENT_RECEIPT,
        handed_in=source.deferred([paper for paper in papers if paper not in awaited]),
        awaited=source.deferred(awaited),
    )


def _missed(source: Source) -> dict[str, Any]:
    """Say which papers did not come, and which day that was set was the first to pass without one."""
    papers = tolerance.missed(deferred_papers(source.unit, source.case), source.known, source.step.at)
    return {
        "due_at": min(paper.due_at for paper in papers),
        "missing": [paper.name for paper in source.deferred(papers)],
    }


def _decision(source: Source) -> InstantDecision:
    decision: AtOnce = source.row(AtOnce)
    return InstantDecision(
        **source.head,
        kind=DocumentKind.INSTANT_DECISION,
        outcome=Outcome(decision.outcome),
        reasons=source.unit.vault.opened(decision.reasons_sealed, purpose=REASONS),
        remedies=decision.remedies and source.remedies(decision.remedies),
    )


def _revocation(source: Source) -> RevocationNotice:
    promise: TolerantAcceptance = source.row(TolerantAcceptance)
    return RevocationNotice(
        **source.head,
        kind=DocumentKind.REVOCATION,
        **_missed(source),
        remedies=source.remedies(promise.remedies),
    )


def _deemed_withdrawal(source: Source) -> DeemedWithdrawalNotice:
    if source.case.accepted_on is not None:
        return DeemedWithdrawalNotice(
            **source.head,
            kind=DocumentKind.DEEMED_WITHDRAWAL,
            awaited="supplement",
            **_missed(source),
        )
    notice: Notice = source.row(Notice)
    papers = [paper.name for paper in still_lacking(source.unit, source.case)]
    lines = [line.defect.problem for line in open_lines(source.unit, source.case)]
    return DeemedWithdrawalNotice(
        **source.head,
        kind=DocumentKind.DEEMED_WITHDRAWAL,
        awaited="corrections",
        due_at=notice.due_at,
        missing=[*papers, *lines],
    )


def _custody(source: Source) -> CustodySlip:
    case = source.case
    return CustodySlip(
        **source.head,
        kind=DocumentKind.CUSTODY_SLIP,
        responsible_officer=case.responsible_officer or None,
        lines=slip_lines(source.unit, case.case_no),
        held=case.originals_held,
    )


WRITERS: Mapping[DocumentKind, Callable[[Source], AnyDocument]] = {
    DocumentKind.RECEIPT: _proof(DocumentKind.RECEIPT),
    DocumentKind.ACCEPTANCE: _proof(DocumentKind.ACCEPTANCE),
    DocumentKind.DEEMED_ACCEPTANCE: _proof(DocumentKind.DEEMED_ACCEPTANCE),
    DocumentKind.CORRECTION_NOTICE: _correction,
    DocumentKind.NON_ACCEPTANCE: _refusal,
    DocumentKind.TOLERANT_PROMISE: _promise,
    DocumentKind.SUPPLEMENT_RECEIPT: _supplement,
    DocumentKind.REVOCATION: _revocation,
    DocumentKind.INSTANT_DECISION: _decision,
    DocumentKind.WITHDRAWAL: _withdrawal,
    DocumentKind.DEEMED_WITHDRAWAL: _deemed_withdrawal,
    DocumentKind.CUSTODY_SLIP: _custody,
}


def written(unit: Unit, case: Case, kind: DocumentKind, step: Happened) -> AnyDocument:
    """Write a document of a case as its rows stand now."""
    return WRITERS[kind](Source(unit, case, guide_of(unit, case), kind, step))
