"""Use cases of certificates: issuing, printing, proving, and following what becomes of the records behind."""

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.masking import mask_id, mask_name
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.contracts.papers import Fact, Sheet
from onewindow_shared.contracts.service_certificates import (
    Cause,
    ProvedServiceCertificate,
    ServiceCertificateIn,
    ServiceCertificateOut,
    ServiceCertificateRevocationIn,
    ServiceCertificateStatus,
)
from onewindow_shared.contracts.volunteers import Purpose
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, NotPermitted, invalid
from onewindow_shared.plumbing.reference import area_name, known_community
from onewindow_shared.plumbing.scope import Scope, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.certificates import queries, rules
from onewindow_volunteers.certificates.models import CONTENT, CertifiedRecord, ServiceCertificate
from onewindow_volunteers.certificates.problems import NotAgreedTo, NothingToCertify, TakenBack
from onewindow_volunteers.certificates.rules import (
    MOST_RECORDS,
    REASONS,
    CertificateAction,
    Fate,
    Served,
)
from onewindow_volunteers.people.models import Volunteer, opened
from onewindow_volunteers.people.queries import agreed_to, latest_of, volunteer_to_change
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.settings import settings_of

ENTITY = "service_certificate"
CODES, SIGNATURES = "service_certificate.codes", "service_certificate.signatures"


def issue(unit: Unit, reach: Scope, form: ServiceCertificateIn) -> ServiceCertificateOut:
    """Issue a certificate of what a community has confirmed; one that says the same is not issued twice.

    Staff certify what was served within their `reach`, wherever the volunteer lives (谁记录谁证明).
    """
    known_community(unit, form.community)
    own = unit.actor.roles <= PERSONAL_ROLES
    if not own and not reach.covers(form.community):
        raise NotPermitted(detail="This community lies outside your area.")
    person = _asked_by_oneself(unit, form) if own else _asked_by_staff(unit, reach, form)
    served = queries.served(unit, person.id, form.community, form.first_on, form.last_on)
    if not served:
        raise NothingToCertify
    if len(served) > MOST_RECORDS:
        raise invalid({"first_on": f"these are more than {MOST_RECORDS} records: take a shorter time"})
    if own and taken_back(unit, person, form.community, served):
        raise TakenBack
    return queries.shown(unit.session, certify(unit, person, form.community, served))


def _asked_by_oneself(unit: Unit, form: ServiceCertificateIn) -> Volunteer:
    mine = latest_of(unit.session, unit.actor.subject).volunteer_no
    if form.volunteer_no not in {None, mine}:
        raise invalid({"volunteer_no": "this is not your number"})
    return volunteer_to_change(unit.session, mine)


def _asked_by_staff(unit: Unit, reach: Scope, form: ServiceCertificateIn) -> Volunteer:
    if form.volunteer_no is None:
        raise invalid({"volunteer_no": "say whose service is certified"})
    person = volunteer_to_change(unit.session, form.volunteer_no)
    if not reach.covers(person.community) and not queries.served_in(unit, person.id, form.community):
        raise NotFound
    if not agreed_to(unit.session, person.id, Purpose.SERVICE_RECORDS):
        raise NotAgreedTo
    return person


def taken_back(unit: Unit, person: Volunteer, community: str, served: Sequence[Served]) -> bool:
    """Say whether staff revoked what says the same and issued none anew; at the window they can."""
    edition = rules.edition(community, served)
    if queries.in_force(unit.session, person.id, edition) is not None:
        return False
    return queries.was_taken_back(unit.session, person.id, edition)


def certify(
    unit: Unit, person: Volunteer, community: str, served: Sequence[Served], *, by: str | None = None
) -> ServiceCertificate:
    """Write a certificate of confirmed records, or return the one in force that says the same.

    The volunteer's row is held meanwhile, so that of two who ask at once one finds what the other wrote.
    `by` is the account that asked for it, where that is not whoever acts.
    """
    edition = rules.edition(community, served)
    found = queries.in_force(unit.session, person.id, edition)
    if found is not None:
        return found
    number = f"{person.volunteer_no}-ZM{queries.next_of(unit, person.id)}"
    name = opened(unit.vault, Volunteer.sealed_name, person)
    content = _sheet(unit, number, name, person, community, served).model_dump_json()
    certificate = ServiceCertificate(
        **place(community),
        certificate_no=number,
        status=ServiceCertificateStatus.ISSUED,
        volunteer_id=person.id,
        volunteer_no=person.volunteer_no,
        subject=person.subject,
        holder_masked=mask_name(name),
        first_on=min(one.day for one in served),
        last_on=max(one.day for one in served),
        minutes=sum(one.minutes for one in served),
        edition=edition,
        content_sealed=unit.vault.seal(content, purpose=CONTENT),
        issued_at=unit.now,
        issued_by=by or unit.actor.subject,
        records=[CertifiedRecord(record_id=one.record_id, minutes=one.minutes) for one in served],
    )
    certificate.signature = _signature(unit, certificate, content)
    unit.session.add(certificate)
    unit.session.flush()
    unit.count(Metric.SERVICE_CERTIFICATES_ISSUED, community=certificate.community)
    _audit(unit, certificate, "issued")
    return certificate


def _sheet(
    unit: Unit, number: str, name: str, person: Volunteer, community: str, served: Sequence[Served]
) -> Sheet:
    """Return what the paper says; the address in its QR code ends in number and code, which are not sent."""
    code = _code(unit, number)
    minutes = sum(one.minutes for one in served)
    hours = rules.in_hours(minutes, settings_of(unit).certificate_hour_step)
    first, last = min(one.day for one in served), max(one.day for one in served)
    return Sheet(
        title="志愿服务记录证明",
        number=number,
        code=code,
        check_address=f"{unit.settings.public_address}/service-certificates#{number}.{code}",
        addressee=None,
        opening=[f"兹证明下列志愿者参加了志愿服务，经确认的服务时间共计{hours}。"],
        facts=[
            Fact(label="姓名", value=name),
            Fact(label="证件号码", value=mask_id(opened(unit.vault, Volunteer.sealed_id_number, person))),
            Fact(label="志愿者编号", value=person.volunteer_no),
            Fact(label="服务期间", value=f"{chinese_day(first)}至{chinese_day(last)}"),
            Fact(label="服务时间", value=f"{hours}（记录为{rules.exactly(minutes)}）"),
            Fact(label="记录单位", value=area_name(unit.session, community)),
        ],
        tables=[rules.table(served)],
        closing=[
            "服务时间为志愿者实际付出的时间，不含往返途中时间。",
            "本证明无偿出具，可凭证明编号和核验码查验（《志愿服务记录与证明出具办法（试行）》）。",
        ],
        office=area_name(unit.session, community),
        dated=chinese_day(unit.today),
    )


def _code(unit: Unit, number: str) -> str:
    return tracking_code(unit.vault.derive(CODES), number)


def _signature(unit: Unit, one: ServiceCertificate, content: str) -> str:
    figures = (one.first_on.isoformat(), one.last_on.isoformat(), str(one.minutes), one.edition)
    said = (one.certificate_no, one.community, one.volunteer_no, one.holder_masked, *figures, content)
    return rules.signature(unit.vault.derive(SIGNATURES), *said)


def one(unit: Unit, certificate_no: str) -> ServiceCertificateOut:
    """Return a certificate within reach."""
    return queries.shown(unit.session, queries.of(unit.session, certificate_no))


def printed(unit: Unit, certificate_no: str) -> tuple[Sheet, datetime]:
    """Return the sheet of a certificate as it was issued, and when; that it is printed is written down.

    What is out of force is not printed: the sheet would not say so.
    """
    certificate = queries.of(unit.session, certificate_no)
    if certificate.status != ServiceCertificateStatus.ISSUED:
        raise MoveRefused(state=certificate.status, action="print")
    return print_out(unit, certificate)


def print_out(unit: Unit, certificate: ServiceCertificate) -> tuple[Sheet, datetime]:
    """Return a certificate's sheet and when it was issued, and write down that it is printed."""
    _audit(unit, certificate, "printed")
    content = unit.vault.open(certificate.content_sealed, purpose=CONTENT)
    if not content:
        raise NotFound(detail="The holder had it erased; it can still be verified.")
    return Sheet.model_validate_json(content), certificate.issued_at


def prove(unit: Unit, certificate_no: str, code: str) -> ProvedServiceCertificate | None:
    """Return what is proved by number and code; None if they, or the signature, do not fit."""
    fits = matches(code, _code(unit, certificate_no))
    found = queries.by_number(unit.session, certificate_no)
    if not fits or found is None:
        return None
    if not _genuine(unit, found):
        return None
    return ProvedServiceCertificate(
        **queries.row(found).model_dump(exclude={"volunteer_no", "community"}),
        issued_by=area_name(unit.session, found.community),
        holder=found.holder_masked,
        valid=queries.valid(unit.session, found),
        replaced_by=found.replaced_by,
    )


def _genuine(unit: Unit, certificate: ServiceCertificate) -> bool:
    content = unit.vault.open(certificate.content_sealed, purpose=CONTENT)
    return compare_digest(certificate.signature, _signature(unit, certificate, content))


def strip(unit: Unit, certificate: ServiceCertificate) -> None:
    """Erase the sheet, which names its holder; what is left is signed anew, if it is genuine."""
    if _genuine(unit, certificate):
        certificate.content_sealed = unit.vault.seal("", purpose=CONTENT)
        certificate.signature = _signature(unit, certificate, "")
        certificate.version += 1


def withdraw(unit: Unit, certificate: ServiceCertificate) -> None:
    """Revoke a certificate that is in force, since its holder wants to be forgotten."""
    if certificate.status == ServiceCertificateStatus.ISSUED:
        _end(unit, certificate, CertificateAction.REVOKE, cause=Cause.ERASED)


def revoke(
    unit: Unit, certificate_no: str, seen: int, form: ServiceCertificateRevocationIn
) -> ServiceCertificateOut:
    """Take a certificate back; whoever verifies it sees that it is out of force."""
    certificate = queries.of(unit.session, certificate_no, to_move=True)
    expect_version(queries.shown(unit.session, certificate), seen)
    _end(unit, certificate, CertificateAction.REVOKE, cause=Cause.STAFF, reason=form.reason)
    return queries.shown(unit.session, certificate)


def record_changed(unit: Unit, record_id: str, due_at: datetime) -> None:
    """Replace or revoke what was issued of a record that was settled otherwise."""
    del due_at
    record = unit.session.get_one(ServiceRecord, int(record_id))
    person = unit.session.get_one(Volunteer, record.volunteer_id, with_for_update=True)
    for certificate in queries.in_force_over(unit.session, record.id):
        fate = queries.fate_of(unit.session, certificate)
        if fate is Fate.REVOKED or (fate is Fate.REPLACED and person.erased_at is not None):
            _end(unit, certificate, CertificateAction.REVOKE, cause=Cause.CORRECTED)
        elif fate is Fate.REPLACED:
            served = queries.still_served(unit.session, certificate)
            new = certify(unit, person, certificate.community, served)
            _end(unit, certificate, CertificateAction.REPLACE, replaced_by=new.certificate_no)


def _end(
    unit: Unit,
    certificate: ServiceCertificate,
    action: CertificateAction,
    *,
    cause: Cause | None = None,
    reason: str | None = None,
    replaced_by: str | None = None,
) -> None:
    status = ServiceCertificateStatus(certificate.status)
    target = rules.MOVES.get((status, action))
    if target is None:
        raise MoveRefused(state=status, action=action)
    certificate.status, certificate.ended_at = target, unit.now
    unit.count(Metric.SERVICE_CERTIFICATES_CORRECTED, community=certificate.community)
    certificate.cause, certificate.reason, certificate.replaced_by = cause, reason, replaced_by
    certificate.version += 1
    unit.session.flush()
    _audit(unit, certificate, target, reason or (cause and REASONS.get(cause)))


def _audit(unit: Unit, certificate: ServiceCertificate, action: str, reason: str | None = None) -> None:
    detail = {"status": certificate.status, "minutes": certificate.minutes}
    number, area = certificate.certificate_no, certificate.community
    unit.audit(f"{ENTITY}.{action}", ENTITY, number, area=area, reason=reason, detail=detail)
