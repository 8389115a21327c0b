"""The sheet of a certificate: what it certifies, who verified it how, and where it can be checked."""

from onewindow_casework.certificates.models import Certificate
from onewindow_shared.contracts.certificates import CertificateIn, FactSource
from onewindow_shared.contracts.masking import mask_id
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.contracts.papers import Fact, Listing, Sheet
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.reference import area_name
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

CODES = "certificate.codes"
SOURCES = {
    FactSource.REGISTER: "居民登记",
    FactSource.VISIT: "入户核实",
    FactSource.DOCUMENT: "查验证件材料",
    FactSource.NEIGHBOURS: "走访邻里",
    FactSource.DEPARTMENT: "向部门核实",
}


def code_of(unit: Unit, certificate_no: str) -> str:
    """Return the code that proves, with the number, that a certificate was issued."""
    return tracking_code(unit.vault.derive(CODES), certificate_no)


def sheet(unit: Unit, certificate: Certificate, application: CertificateIn) -> Sheet:
    """Return what the paper says; the address in its QR code ends in number and code, which are not sent."""
    number = certificate.certificate_no
    code = code_of(unit, number)
    holder = application.holder
    return Sheet(
        title=certificate.name,
        number=number,
        code=code,
        check_address=f"{unit.settings.public_address}/certificates#{number}.{code}",
        addressee=application.recipient,
        opening=[f"兹证明：{application.statement}"],
        facts=[
            Fact(label="姓名", value=holder.name),
            Fact(label="证件号码", value=mask_id(holder.id_document.number)),
            Fact(label="用途", value=application.purpose),
        ],
        tables=[
            Listing(
                title="核实情况",
                head=["方式", "核实人", "日期"],
                rows=[
                    [
                        SOURCES[FactSource(fact.source)],
                        fact.verified_by_name,
                        chinese_day(local_day(fact.verified_at, unit.zone)),
                    ]
                    for fact in certificate.facts
                ],
            )
        ],
        closing=["本证明免费出具，仅用于上述用途。", f"签发人：{unit.actor.name}"],
        office=area_name(unit.session, certificate.community),
        dated=chinese_day(unit.today),
    )
