"""Keeping the documents of cases that are older than the keeping, a slice of cases at a time."""

from datetime import datetime

from onewindow_intake.issued.service import of_case
from onewindow_intake.papers import queries
from onewindow_intake.papers.issuing import freeze
from onewindow_shared.plumbing.unit import Unit

KEEP_NEXT = "papers.keep_next"
AT_ONCE = 50


def keep_next(unit: Unit, after: str, due_at: datetime) -> None:
    """Timer: keep what the next cases have, written as they stand now; it goes on until there are no more."""
    cases = queries.cases_after(unit.session, int(after), AT_ONCE)
    for case in cases:
        freeze(unit, case, of_case(unit, case).items())
    if cases:
        unit.set_timer(KEEP_NEXT, str(cases[-1].id), due_at)
