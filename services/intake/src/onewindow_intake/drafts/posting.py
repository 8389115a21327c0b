"""Drafts whose case is being written: each is as it was submitted, or its case is not written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from onewindow_intake.cases.rows import Filed
from onewindow_intake.cases.writing import Kept
from onewindow_intake.drafts import queries
from onewindow_intake.drafts.models import Draft, resource
from onewindow_shared.contracts.cases import CaseCreated
from onewindow_shared.contracts.drafts import DraftSaved
from onewindow_shared.plumbing.conditional import stale
from onewindow_shared.plumbing.problems import NotFound, Problem
from onewindow_shared.plumbing.unit import AUDIT, Unit

Other = TypeVar("Other")


@dataclass(frozen=True)
class Changed:
    """A draft that is no longer what was submitted."""

    current: DraftSaved | None
    """As it was saved since; None where it was discarded."""

    @property
    def problem(self) -> Problem:
        """What whoever submitted it is told."""
        if self.current is None:
            return NotFound(detail="The draft was discarded meanwhile.")
        return stale(self.current)


def write_as_seen(
    unit: Unit, write: Callable[[Unit, Sequence[Filed]], Sequence[Kept | Other]], batch: Sequence[Filed]
) -> Sequence[Kept | Other | Changed]:
    """Write the applications whose drafts nobody has changed since, and leave of these drafts their case.

    Whoever saves such a draft meanwhile waits for this transaction, or this one for them.
    """
    begun = sorted(one.begun.draft_id for one in batch if one.begun)
    if not begun:
        return write(unit, batch)
    drafts = {draft.id: draft for draft in queries.to_close(unit.session, begun)}
    changed = {one.key: found for one in batch if (found := _changed(drafts, one)) is not None}
    fresh = [one for one in batch if one.key not in changed]
    answers = list(write(unit, fresh)) if fresh else []
    for one, answer in zip(fresh, answers, strict=True):
        if one.begun is not None and isinstance(answer, Kept):
            _close(unit, drafts[one.begun.draft_id], one, answer)
    kept = iter(answers)
    return [changed.get(one.key) or next(kept) for one in batch]


def _changed(drafts: Mapping[int, Draft], one: Filed) -> Changed | None:
    if one.begun is None:
        return None
    draft = drafts.get(one.begun.draft_id)
    if draft is None:
        return Changed(None)
    as_seen = draft.case_no is not None or draft.version == one.begun.version
    return None if as_seen else Changed(resource(draft))


def _close(unit: Unit, draft: Draft, one: Filed, answer: Kept) -> None:
    """Erase what a draft said; what is left names its case until the draft would have expired."""
    if draft.case_no is not None:
        return
    draft.case_no = CaseCreated.model_validate_json(answer.body).case_no
    draft.content_sealed = None
    draft.version += 1
    of = {"action": "draft.submitted", "entity_type": "draft", "entity_id": str(draft.id)}
    unit.add(AUDIT, {**one.audit, **of, "area": draft.community, "detail": {}})
