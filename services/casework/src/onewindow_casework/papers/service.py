"""Printing a case's papers, and saying whether one is genuine."""

from datetime import date, datetime

from sqlalchemy import func, select

from onewindow_casework.districts.models import Department
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile, Reopening
from onewindow_casework.papers import rules, sheets
from onewindow_shared.contracts.case_papers import CasePaper, CasePaperProof
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.contracts.papers import Fact, Sheet
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import office_name
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

CODES = "case.papers"
"""What the key of verification codes is derived for."""
OF_OUTCOME = frozenset({CasePaper.DECISION, CasePaper.DELIVERY, CasePaper.REVIEW_INVITATION})


def issue(unit: Unit, case_no: str, kind: CasePaper, place: int | None = None) -> tuple[Sheet, datetime]:
    """Return a paper of a case as it is printed, and when it was issued."""
    case = cases.find(unit, case_no)
    body = sheets.BODIES[kind](unit, case, place)
    if body is None or place not in {None, _place(unit, case, kind, body)}:
        raise NotFound(detail="This case has no such paper.")
    number = rules.number_of(case_no, kind, _place(unit, case, kind, body))
    unit.audit("paper.printed", "paper", number, area=case.community, detail={"kind": kind})
    code = _code(unit, number)
    office = _office(unit, case, kind, local_day(body.at, unit.zone))
    sheet = Sheet(
        title=rules.TITLES[kind],
        number=number,
        code=code,
        check_address=body.address or f"{unit.settings.public_address}/case-papers#{number}.{code}",
        addressee=case.applicant_masked,
        opening=body.opening,
        facts=[
            Fact(label="申请事项", value=case.item_name),
            Fact(label="受理编号", value=case.case_no),
            *body.facts,
        ],
        tables=[],
        closing=body.closing,
        office=office,
        dated=sheets.issued_on(unit, body),
    )
    return sheet, body.at


def look_up(unit: Unit, number: str, code: str) -> CasePaperProof | None:
    """Return what is known of a paper; None where number and code are not of one that is good now."""
    read = rules.read_number(number)
    if read is None or not matches(code, _code(unit, number.strip().upper())):
        return None
    case_no, kind, place = read
    case = unit.session.scalar(select(CaseFile).where(CaseFile.case_no == case_no))
    body = sheets.BODIES[kind](unit, case, place) if case is not None else None
    if case is None or body is None or _place(unit, case, kind, body) != place:
        return None
    return CasePaperProof(
        number=rules.number_of(case_no, kind, place),
        title=rules.TITLES[kind],
        issued_on=local_day(body.at, unit.zone),
        office=_office(unit, case, kind, local_day(body.at, unit.zone)),
        applicant=case.applicant_masked,
        item_name=case.item_name,
    )


def _place(unit: Unit, case: CaseFile, kind: CasePaper, body: sheets.Body) -> int:
    """Return the running number of a paper: an outcome after a reopening is another one."""
    if kind not in OF_OUTCOME:
        return body.place
    query = select(func.count()).select_from(Reopening).where(Reopening.case_id == case.id)
    return 1 + unit.session.scalars(query).one()


def _office(unit: Unit, case: CaseFile, kind: CasePaper, day: date) -> str:
    """Return who issued a paper: the department decides, the community delivers and acts as agent."""
    department = unit.session.get(Department, (case.district, case.department))
    if kind in {CasePaper.DECISION, CasePaper.SUSPENSION, CasePaper.EXTENSION} and department is not None:
        return department.name
    return office_name(unit, case.community, day)


def _code(unit: Unit, number: str) -> str:
    return tracking_code(unit.vault.derive(CODES), number)
