"""Writing down what happened to a case: its timeline, its version and the audit."""

from collections.abc import Mapping
from datetime import datetime

from onewindow_intake.cases.models import REASON, Case, Entry
from onewindow_intake.cases.rules import in_person
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.unit import Actor, Unit

THE_APPLICANT = "applicant"
CASEWORK = "casework"
"""Who did what casework told of."""
HANDED_IN, LINES_MET, SPOKEN_OF = "materials", "lines_met", "materials_said"
"""Papers came; or lines of the notice of corrections alone are said to be met; or something was only said of
papers, such as a remark or that one is not there."""


def enter(
    unit: Unit,
    case: Case,
    step: str,
    *,
    at: datetime | None = None,
    acting: Acting | None = None,
    reason: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> Entry:
    """Add a step to a case's history and give the case its next version; return the step.

    `at` is when it happened, now unless given; `acting` in whose quality on the applicant's side, and
    `reason` in the words of whoever did it; `detail` holds codes, days and states, no personal data.
    """
    case.version += 1
    entry = Entry(
        case_no=case.case_no,
        at=at or unit.now,
        step=step,
        status=case.status,
        by=doer(unit.actor),
        acting=acting,
        reason_sealed=unit.vault.sealed(reason, purpose=REASON),
    )
    unit.session.add(entry)
    as_whom = {} if acting is None else {"acting": acting}
    unit.audit(
        f"case.{step}",
        "case",
        case.case_no,
        area=case.community,
        detail={"status": case.status, "version": case.version, **as_whom, **(detail or {})},
    )
    return entry


def doer(actor: Actor) -> str:
    """Say who did something, as people of the case may read it."""
    return THE_APPLICANT if actor.roles and in_person(actor.roles) else actor.subject
