"""Lines of the one notice of corrections, each met or still open (行政许可法 art. 32, rules C2 T8-T10).

A line about a paper is met by that paper, as the check-list tells. Of a line about anything else the notice
itself keeps what the window has seen of it, and what the applicant declared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from onewindow_intake.checklist.rules import UNKNOWN, Look, Papers
from onewindow_shared.contracts.checklist import LineState
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.intake import DefectIn, LineIn, UnmetIn


class Answer(Contract):
    """What is known of one line about no paper, as its notice keeps it."""

    met: bool = False
    """The window has seen it."""
    declared: bool = False
    at: datetime | None = None
    """Since when it is met, by the window's eyes or the applicant's word."""
    seen_by: str | None = None


Answers = Mapping[int, Answer]
"""What is known of the lines about no paper, by their numbers."""
UNANSWERED = Answer()
_ROWS = TypeAdapter(dict[int, Answer])


@dataclass(frozen=True)
class Line:
    """One line of the notice as it stands."""

    number: int
    """Its place on the notice, from 1."""
    defect: DefectIn
    state: LineState
    at: datetime | None
    """Since when it is met or declared."""
    seen_by: str | None
    """Who at the window looked last."""


def answers(rows: Mapping[str, Any]) -> dict[int, Answer]:
    """Read what `rows` wrote."""
    return _ROWS.validate_python(rows)


def rows(known: Answers) -> dict[str, Any]:
    """Write what is known of lines for a column."""
    written = _ROWS.dump_python(dict(known), mode="json", exclude_defaults=True)
    return {str(number): answer for number, answer in written.items()}


def standing(notice: Iterable[DefectIn], known: Answers, papers: Papers) -> list[Line]:
    """Return the lines of a notice in their order, each with what became of it."""
    return [_line(number, defect, known, papers) for number, defect in enumerate(notice, start=1)]


def _line(number: int, defect: DefectIn, known: Answers, papers: Papers) -> Line:
    if defect.material is None:
        answer = known.get(number, UNANSWERED)
        return Line(number, defect, _state(answer.met, answer.declared), answer.at, answer.seen_by)
    paper = papers.get(defect.material, UNKNOWN)
    return Line(number, defect, _state(paper.received, paper.declared), paper.at, paper.seen_by)


def _state(met: bool, declared: bool) -> LineState:
    if met:
        return LineState.MET
    return LineState.DECLARED if declared else LineState.OPEN


def wrong(lines: Sequence[Line], said: Sequence[LineIn]) -> dict[str, str]:
    """Return what is wrong with what is said of lines: field -> reason."""
    by_number = {line.number: line for line in lines}
    times = Counter(one.line for one in said)
    faults = {}
    for place, one in enumerate(said):
        if one.line not in by_number:
            faults[f"lines.{place}.line"] = "no notice of corrections of this case has such a line"
        elif times[one.line] > 1:
            faults[f"lines.{place}.line"] = "this line is listed more than once"
        elif by_number[one.line].defect.material is not None:
            faults[f"lines.{place}.line"] = "its paper meets this line: hand that in"
    return faults


def answered(before: Answers, said: Iterable[LineIn], look: Look) -> dict[int, Answer]:
    """Return what is known of lines after the window saw some, or the applicant declared them met.

    It goes as with papers: what the window has seen stays whatever the applicant says, what it finds as it
    was declared is met since then, and its word that a line is not met takes the declaration away.
    """
    known = dict(before)
    for one in said:
        old = before.get(one.line, UNANSWERED)
        since = (old.at or look.at) if one.met else None
        if look.by is not None:
            known[one.line] = Answer(met=one.met, at=since, seen_by=look.by)
        elif not old.met:
            known[one.line] = Answer(declared=one.met, at=since, seen_by=old.seen_by)
    return known


def newly_in(lines: Iterable[Line], said: Iterable[LineIn]) -> set[int]:
    """Return the numbers of the lines that are said to be met and that the window has not seen already."""
    open_ones = {line.number for line in lines if line.state is not LineState.MET}
    return {one.line for one in said if one.met and one.line in open_ones}


def unmet(lines: Iterable[Line], *, declared: bool = False) -> list[Line]:
    """Return the lines about no paper that the window has not seen met.

    With `declared`, a line that the applicant says is met is not among them either.
    """
    counts = {LineState.MET, LineState.DECLARED} if declared else {LineState.MET}
    return [line for line in lines if line.defect.material is None and line.state not in counts]


def missing(lines: Iterable[Line]) -> dict[str, str]:
    """Name every line of `unmet`: field -> reason."""
    return {f"lines.{line.number}": "this line of the notice is not met" for line in unmet(lines)}


def wrongly_named(lines: Sequence[Line], demands: Sequence[UnmetIn]) -> dict[str, str]:
    """Return what is wrong with how demands name lines: field -> reason."""
    numbers = {line.number for line in lines}
    faults = {}
    for place, demand in enumerate(demands):
        described = demand.material is not None or demand.problem is not None
        if demand.line is None:
            if not described:
                faults[f"unmet.{place}"] = "name a line of the notice, its paper or its words"
        elif described:
            faults[f"unmet.{place}.line"] = "the number names a line alone"
        elif demand.line not in numbers:
            faults[f"unmet.{place}.line"] = "no notice of corrections of this case has such a line"
    return faults


def meant(lines: Iterable[Line], demand: UnmetIn) -> list[Line]:
    """Return the lines that a demand names; none where it goes beyond the notice.

    A paper stands for whatever the notice says of it, unless the words are those of one line.
    """
    if demand.line is not None:
        return [line for line in lines if line.number == demand.line]
    about = [line for line in lines if line.defect.material == demand.material]
    in_its_words = [line for line in about if line.defect.problem == demand.problem]
    return in_its_words if demand.material is None else in_its_words or about


def beyond(lines: Sequence[Line], demands: Iterable[UnmetIn]) -> list[UnmetIn]:
    """Return the demands that no line of the notice bears out."""
    return [demand for demand in demands if not meant(lines, demand)]


def still_wrong(lines: Sequence[Line], demands: Iterable[UnmetIn]) -> list[DefectIn]:
    """Return what the notice said in the lines that demands name and that the window has not seen met."""
    numbers = {line.number for demand in demands for line in meant(lines, demand)}
    return [line.defect for line in lines if line.number in numbers and line.state is not LineState.MET]


def wrongly_unmet(lines: Sequence[Line], demands: Sequence[UnmetIn]) -> dict[str, str]:
    """Name the demands of which the window has seen every line met: field -> reason."""
    return {
        f"unmet.{place}.{_naming(demand)}": "this was taken as corrected"
        for place, demand in enumerate(demands)
        if not still_wrong(lines, [demand])
    }


def _naming(demand: UnmetIn) -> str:
    if demand.line is not None:
        return "line"
    return "problem" if demand.material is None else "material"
