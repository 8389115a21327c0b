"""Originals as contracts; whom one was returned to is masked."""

from onewindow_intake.custody import queries
from onewindow_intake.custody.models import NOTE, RETURNED_TO, SIGNATURE, Paper, Step
from onewindow_shared.contracts.custody import CustodyAct, CustodyParticulars, CustodyStep, Original, SlipLine
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.unit import Unit


def original(vault: Vault, paper: Paper) -> Original:
    """Show an original with its chain; its version is the number of links."""
    last = paper.steps[-1]
    return Original(
        original_id=paper.id,
        version=last.number,
        case_no=paper.case_no,
        community=paper.community,
        material=paper.material,
        name=paper.name,
        count=paper.count,
        note=vault.opened(paper.note_sealed, purpose=NOTE),
        place=last.place,
        holder=last.holder,
        returned=last.act == CustodyAct.RETURNED,
        steps=[_step(vault, step) for step in paper.steps],
    )


def slip_lines(unit: Unit, case_no: str) -> list[SlipLine]:
    """Name every original that was taken for a case, in the order in which they were taken."""
    papers = unit.session.scalars(queries.of_case(case_no).order_by(Paper.id))
    return [slip_line(unit.vault, paper) for paper in papers]


def slip_line(vault: Vault, paper: Paper) -> SlipLine:
    """Show an original on a slip."""
    first, last = paper.steps[0], paper.steps[-1]
    back = last.act == CustodyAct.RETURNED
    return SlipLine(
        name=paper.name,
        count=paper.count,
        note=vault.opened(paper.note_sealed, purpose=NOTE),
        place=last.place,
        taken_at=first.at,
        taken_by=first.by,
        returned_at=last.at if back else None,
        returned_to=_returned_to(vault, last),
    )


def particulars(vault: Vault, paper: Paper) -> CustodyParticulars:
    """Show in full to whom an original went back."""
    last = paper.steps[-1]
    return CustodyParticulars(
        original_id=paper.id,
        returned_to=vault.opened(last.returned_to_sealed, purpose=RETURNED_TO),
        signature=vault.opened(last.signature_sealed, purpose=SIGNATURE),
    )


def _step(vault: Vault, step: Step) -> CustodyStep:
    return CustodyStep(
        act=CustodyAct(step.act),
        at=step.at,
        by=step.by,
        place=step.place,
        holder=step.holder,
        returned_to=_returned_to(vault, step),
        signed=step.signature_sealed is not None,
    )


def _returned_to(vault: Vault, step: Step) -> str | None:
    name = vault.opened(step.returned_to_sealed, purpose=RETURNED_TO)
    return mask_name(name) if name else None
