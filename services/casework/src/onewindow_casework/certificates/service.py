"""Use cases of certificates: asking, applying, verifying, issuing, taking back."""

from datetime import datetime
from typing import Any

from onewindow_casework.certificates import clocks, listed, paper, queries, rules
from onewindow_casework.certificates.models import (
    CONTENT,
    FINDING,
    HOLDER,
    PARTICULARS,
    Certificate,
    CertificateFact,
)
from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.certificates import (
    CertificateAction,
    CertificateDisclosureIn,
    CertificateIn,
    CertificateOut,
    CertificateParticulars,
    CertificateRefusalIn,
    CertificateStatus,
    CheckIn,
    CheckOut,
    FoundFact,
    RevocationIn,
    Verdict,
    VerificationIn,
)
from onewindow_shared.contracts.masking import mask_id, mask_name
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.papers import Sheet
from onewindow_shared.plumbing import wordings
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, NotPermitted, Problem, invalid
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

NEXT_STEPS = {
    Verdict.MAY_ISSUE: "可向居民委员会申请，免费办理。",
    Verdict.NOT_ISSUED: "居民委员会不出具；请向列明的机构办理，或者请要求提供的单位自行核查。",
    Verdict.UNKNOWN: "清单中没有这一事项；要求提供的单位应先申请社区工作事项准入。",
}
LISTED_REASON = "属于不应由居民委员会出具的证明事项"


class AlreadyReplaced(Problem):
    """Another application is to take the place of this certificate already."""

    type = "urn:onewindow:problem:certificate-already-replaced"
    title = "Already being replaced"
    status = 409


class NotIssuedToday(Problem):
    """The lists in force today do not have the committee issue this certificate."""

    type = "urn:onewindow:problem:certificate-not-issued-today"
    title = "Not issued today"
    status = 409


def check(unit: Unit, body: CheckIn) -> CheckOut:
    """Say whether a community's committee issues a certificate, however it is worded."""
    known_community(unit, body.community)
    certificates = listed.certificates(unit, body.community, unit.today)
    found = wordings.check(body.wording, [one.known for one in certificates.values()])
    return CheckOut(
        verdict=found.verdict,
        matches=[certificates[code].shown() for code in found.matches],
        similar=[certificates[code].shown() for code in found.similar],
        next_step=NEXT_STEPS[found.verdict],
    )


def one(unit: Unit, certificate_no: str) -> CertificateOut:
    """Return a certificate within reach."""
    return queries.show(unit, queries.find(unit, certificate_no))


def apply(unit: Unit, body: CertificateIn) -> CertificateOut:
    """Take an application; what the committee does not issue is refused in writing at once."""
    known_community(unit, body.community)
    own = unit.actor.roles <= PERSONAL_ROLES
    if not own and not unit.actor.scope.covers(body.community):
        raise NotPermitted(detail="This community lies outside your area.")
    kind = listed.certificates(unit, body.community, unit.today).get(body.kind)
    if kind is None:
        raise invalid({"kind": "on no list: whoever demands it has to apply for its admission"})
    complex_ = body.complex or own
    due = clocks.due(unit, unit.today, complex_=complex_)
    document = body.holder.id_document
    index = unit.vault.blind_index(document.lookup_key, purpose=HOLDER)
    if body.replaces is not None:
        _check_replaced(unit, body, index)
    certificate = Certificate(
        certificate_no=queries.next_number(unit, body.community),
        **place(body.community),
        status=CertificateStatus.APPLIED,
        kind=body.kind,
        name=kind.card.name,
        applicant_subject=unit.actor.subject if own else None,
        holder_masked=mask_name(body.holder.name),
        holder_id_masked=mask_id(document.number),
        holder_index=index,
        particulars_sealed=unit.vault.seal(body.model_dump_json(), purpose=PARTICULARS),
        complex=complex_,
        applied_at=unit.now,
        due_on=due.day,
        provisional=due.provisional,
        replaces=body.replaces,
        facts=[],
    )
    if not kind.known.issued:
        certificate.instead = kind.card.instead
        _refuse(unit, certificate, LISTED_REASON, kind.basis)
    unit.session.add(certificate)
    unit.session.flush()
    _audit(unit, certificate, "applied", kind=body.kind, status=certificate.status)
    return queries.show(unit, certificate)


def _check_replaced(unit: Unit, body: CertificateIn, index: str) -> None:
    try:
        old = queries.find(unit, body.replaces or "")
    except NotFound:
        raise invalid({"replaces": "there is no such certificate within your reach"}) from None
    if (old.status, old.community, old.kind) != (CertificateStatus.ISSUED, body.community, body.kind):
        raise invalid({"replaces": "only an issued certificate of this kind and community is replaced"})
    if old.holder_index != index:
        raise invalid({"replaces": "that certificate is about somebody else"})


def verify(unit: Unit, certificate_no: str, seen: int, body: VerificationIn) -> CertificateOut:
    """Write down which facts were verified, how and by whom."""
    certificate = _moved(unit, certificate_no, seen, CertificateAction.VERIFY)
    certificate.facts += [
        CertificateFact(
            source=fact.source,
            finding_sealed=unit.vault.seal(fact.finding, purpose=FINDING),
            verified_by=unit.actor.subject,
            verified_by_name=unit.actor.name,
            verified_at=unit.now,
        )
        for fact in body.facts
    ]
    return _done(unit, certificate, "verified", sources=[fact.source for fact in body.facts])


def issue(unit: Unit, certificate_no: str, seen: int) -> CertificateOut:
    """Issue a certificate whose facts were verified: its content is frozen, and one it replaces is over."""
    certificate = _seen(unit, certificate_no, seen)
    _check_listed(unit, certificate)
    sheet = paper.sheet(unit, certificate, _application(unit, certificate))
    _move(unit, certificate, CertificateAction.ISSUE)
    certificate.content_sealed = unit.vault.seal(sheet.model_dump_json(), purpose=CONTENT)
    certificate.signed_by, certificate.signed_by_name = unit.actor.subject, unit.actor.name
    certificate.issued_at = unit.now
    unit.count(Metric.CERTIFICATES_ISSUED, community=certificate.community, item=certificate.kind)
    if certificate.replaces is not None:
        _replace(unit, certificate, certificate.replaces)
    return _done(unit, certificate, "issued")


def _check_listed(unit: Unit, certificate: Certificate) -> None:
    """What was on the lists at the application may have gone since."""
    kind = listed.certificates(unit, certificate.community, unit.today).get(certificate.kind)
    if kind is None or not kind.known.issued:
        raise NotIssuedToday(detail="The lists in force today do not have it: refuse the application.")


def _replace(unit: Unit, new: Certificate, old_no: str) -> None:
    """Take the old one out of force, unless it was revoked meanwhile: that stays so."""
    old = queries.find(unit, old_no, to_move=True)
    if old.status == CertificateStatus.REVOKED:
        return
    _move(unit, old, CertificateAction.REPLACE)
    old.replaced_by, old.ended_at = new.certificate_no, unit.now
    _done(unit, old, "replaced", by=new.certificate_no)


def refuse(unit: Unit, certificate_no: str, seen: int, body: CertificateRefusalIn) -> CertificateOut:
    """Refuse an application, with the basis."""
    certificate = _moved(unit, certificate_no, seen, CertificateAction.REFUSE)
    _refuse(unit, certificate, body.reason, body.basis)
    return _done(unit, certificate, "refused")


def _refuse(unit: Unit, certificate: Certificate, reason: str, basis: str) -> None:
    certificate.status, certificate.ended_at = CertificateStatus.REFUSED, unit.now
    certificate.reason, certificate.basis, certificate.replaces = reason, basis, None
    unit.count(Metric.CERTIFICATES_REFUSED, community=certificate.community, item=certificate.kind)


def withdraw(unit: Unit, certificate_no: str, seen: int) -> CertificateOut:
    """Take an application back."""
    certificate = _moved(unit, certificate_no, seen, CertificateAction.WITHDRAW)
    certificate.ended_at, certificate.replaces = unit.now, None
    return _done(unit, certificate, "withdrawn")


def revoke(unit: Unit, certificate_no: str, seen: int, body: RevocationIn) -> CertificateOut:
    """Take an issued certificate back; whoever verifies it sees that it is out of force."""
    certificate = _moved(unit, certificate_no, seen, CertificateAction.REVOKE)
    certificate.reason, certificate.ended_at = body.reason, unit.now
    return _done(unit, certificate, "revoked")


def disclose(unit: Unit, certificate_no: str, body: CertificateDisclosureIn) -> CertificateParticulars:
    """Show everything that a certificate tells, and write down to whom and why (个人信息保护法 art. 6)."""
    certificate = queries.find(unit, certificate_no)
    application = _application(unit, certificate)
    _audit(unit, certificate, "disclosed", reason=body.reason)
    return CertificateParticulars(
        certificate_no=certificate.certificate_no,
        name=application.holder.name,
        id_kind=application.holder.id_document.kind,
        id_number=application.holder.id_document.number,
        purpose=application.purpose,
        recipient=application.recipient,
        statement=application.statement,
        facts=[
            FoundFact(
                source=shown.source,
                verified_by=shown.verified_by,
                verified_at=shown.verified_at,
                finding=unit.vault.open(fact.finding_sealed, purpose=FINDING),
            )
            for shown, fact in zip(queries.show(unit, certificate).facts, certificate.facts, strict=True)
        ],
    )


def issued_sheet(unit: Unit, certificate_no: str) -> tuple[Sheet, datetime]:
    """Return the sheet of a certificate as it was issued, and when; that it is printed is written down."""
    certificate = queries.find(unit, certificate_no)
    if certificate.content_sealed is None or certificate.issued_at is None:
        raise NotFound(detail="It has not been issued.")
    _audit(unit, certificate, "printed")
    content = unit.vault.open(certificate.content_sealed, purpose=CONTENT)
    return Sheet.model_validate_json(content), certificate.issued_at


def _application(unit: Unit, certificate: Certificate) -> CertificateIn:
    return CertificateIn.model_validate_json(
        unit.vault.open(certificate.particulars_sealed, purpose=PARTICULARS)
    )


def _seen(unit: Unit, certificate_no: str, seen: int) -> Certificate:
    certificate = queries.find(unit, certificate_no, to_move=True)
    expect_version(queries.show(unit, certificate), seen)
    return certificate


def _moved(unit: Unit, certificate_no: str, seen: int, action: CertificateAction) -> Certificate:
    certificate = _seen(unit, certificate_no, seen)
    _move(unit, certificate, action)
    return certificate


def _move(unit: Unit, certificate: Certificate, action: CertificateAction) -> None:
    target = rules.walk(CertificateStatus(certificate.status), action, unit.actor.roles)
    if target is None:
        detail = f"A certificate that is {certificate.status} cannot {action}."
        raise MoveRefused(detail=detail, state=certificate.status, action=action)
    certificate.status = target


def _done(unit: Unit, certificate: Certificate, step: str, **detail: Any) -> CertificateOut:
    certificate.version += 1
    unit.session.flush()
    _audit(unit, certificate, step, **detail)
    return queries.show(unit, certificate)


def _audit(
    unit: Unit, certificate: Certificate, step: str, *, reason: str | None = None, **detail: Any
) -> None:
    unit.audit(
        f"certificate.{step}",
        "certificate",
        certificate.certificate_no,
        area=certificate.community,
        reason=reason,
        detail=detail,
    )
