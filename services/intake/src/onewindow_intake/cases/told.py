"""What a case's applicant was told to bring, and what of it is not there."""

from onewindow_intake.cases import lines
from onewindow_intake.cases.defects import opened
from onewindow_intake.cases.lines import Line
from onewindow_intake.cases.models import DEFECTS, Case, Notice
from onewindow_intake.catalogue.queries import pinned
from onewindow_intake.checklist import rules as checklist
from onewindow_shared.contracts.catalogue import ItemGuide, ItemMaterial
from onewindow_shared.contracts.intake import DefectIn
from onewindow_shared.plumbing.unit import Unit


def guide_of(unit: Unit, case: Case) -> ItemGuide:
    """Return the guide that a case was posted under."""
    return pinned(unit.session, case)


def lines_of(unit: Unit, case: Case) -> list[Line]:
    """Return the lines of the one notice of corrections as they stand; nothing where none was given."""
    notice = unit.session.get(Notice, case.case_no)
    if notice is None:
        return []
    told = opened(unit.vault, notice.defects_sealed, purpose=DEFECTS)
    return lines.standing(told, lines.answers(notice.answers), checklist.papers(case.materials))


def asked_of(unit: Unit, case: Case) -> set[str]:
    """Name the papers that the notice of corrections asked for."""
    return {defect.material for defect in told_defects(unit, case) if defect.material}


def open_lines(unit: Unit, case: Case) -> list[Line]:
    """Return the lines of the notice about no paper that are neither seen nor declared met."""
    return lines.unmet(lines_of(unit, case), declared=True)


def still_lacking(unit: Unit, case: Case) -> list[ItemMaterial]:
    """Return the papers that are needed, or told in the notice of corrections, neither seen nor declared."""
    known = checklist.papers(case.materials)
    return checklist.absent(guide_of(unit, case).materials, known, asked_of(unit, case), declared=True)


def told_defects(unit: Unit, case: Case) -> list[DefectIn]:
    """Return what the one notice of corrections named; nothing where none was given."""
    notice = unit.session.get(Notice, case.case_no)
    return [] if notice is None else opened(unit.vault, notice.defects_sealed, purpose=DEFECTS)
