"""Posting cases, the one path with a writer of its own: simultaneous applications share a transaction.

An application is checked against reference data held in this process, becomes plain rows, and is written
with whatever else waits: case, timeline, audit, counters, timer, event and the answer under its
`Idempotency-Key`, all or nothing. Everybody is answered after the commit.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial

from fastapi import Response
from sqlalchemy.exc import IntegrityError

from onewindow_intake.cases import writing
from onewindow_intake.cases.filing import Checked, Filing, Row, check
from onewindow_intake.cases.numbering import Numbers
from onewindow_intake.cases.problems import DuplicateUndecided
from onewindow_intake.cases.rows import FIRST_VERSION, Filed, filed
from onewindow_intake.cases.rules import Terms
from onewindow_intake.cases.writing import Kept, answer_under
from onewindow_intake.drafts.posting import Changed, write_as_seen
from onewindow_intake.drafts.rules import Begun
from onewindow_intake.duplicates.posting import Earlier, Write, write_undoubted
from onewindow_intake.duplicates.rules import Weighing
from onewindow_intake.duplicates.service import expect_earlier
from onewindow_intake.officers.service import cannot_answer
from onewindow_intake.reference import Reference, Snapshot
from onewindow_shared.contracts.cases import CaseCreated
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.plumbing.groupcommit import GroupCommitter
from onewindow_shared.plumbing.idempotency import created, fingerprint
from onewindow_shared.plumbing.problems import KeyReused, Problem, invalid
from onewindow_shared.plumbing.runtime import Run, Runtime, only_once_at_a_time
from onewindow_shared.plumbing.scope import NOTHING, Scope
from onewindow_shared.plumbing.unit import system_actor

Outcome = Kept | Earlier | Changed
WRITERS = {"sqlite": 1, "postgresql": 2}


@dataclass(frozen=True)
class Name:
    """Under which an application is posted once."""

    subject: str
    key: str
    fingerprint: str


class Desk:
    """Takes applications in this process."""

    def __init__(self, runtime: Runtime, reference: Reference, terms: Terms, serial_block: int) -> None:
        self._runtime = runtime
        self._reference = reference
        self.terms = terms
        self.zone = runtime.settings.zone
        self._numbers = Numbers(runtime, serial_block)
        self._committer = GroupCommitter[Filed, Outcome](self._commit, WRITERS[runtime.database.dialect])

    async def post(self, run: Run, key: str, form: CaseIn) -> Response:
        """Post an application once per key; raises what `filing.check` raises, and `KeyReused`."""
        async with only_once_at_a_time(self._runtime, run.actor.subject, key):
            print_ = fingerprint(self._runtime.vault, run.operation, form)
            kept = await self._kept(run, Name(run.actor.subject, key, print_), form)
        if kept.fingerprint != print_:
            raise KeyReused(detail="Use a new key for a new request.")
        response = created(kept.body, replayed=kept.old)
        response.headers["ETag"] = f'"{FIRST_VERSION}"'
        return response

    async def submit(self, run: Run, subject: str, form: CaseIn, begun: Begun) -> CaseCreated:
        """Post the one case of a draft, whoever asks for it, unless the draft has changed by then."""
        key = str(begun.draft_id)
        async with only_once_at_a_time(self._runtime, subject, key):
            kept = await self._kept(run, Name(subject, key, ""), form, begun)
        return CaseCreated.model_validate_json(kept.body)

    async def _kept(self, run: Run, name: Name, form: CaseIn, begun: Begun | None = None) -> Kept:
        try:
            ready = await self._filed(run, name, form, begun)
        except Problem:
            known = await self._runtime.read(run.actor, answer_under, name.subject, name.key)
            if known is None:
                raise
            return known
        return await self.write(ready, run.actor.scope)

    async def write(self, ready: Filed, reach: Scope = NOTHING) -> Kept:
        """Write an application together with whatever else waits; the answer may be an older one's.

        Raises `DuplicateUndecided`, which names the earlier case only within `reach`, and where its draft
        has changed `VersionStale`, or `NotFound`.
        """
        kept = await self._committer.submit(ready)
        if isinstance(kept, Changed):
            raise kept.problem
        if isinstance(kept, Earlier):
            raise DuplicateUndecided(
                detail="Say in `duplicate` what you make of the earlier case.",
                earlier=kept.case_no if reach.covers(kept.community) else None,
                community=kept.community,
            )
        return kept

    async def _filed(self, run: Run, name: Name, form: CaseIn, begun: Begun | None) -> Filed:
        filing = Filing(form, run.actor, self._runtime.settings.clock(), self.zone, self.terms)
        ready = await self.filed(filing, {**asdict(name), "created_at": filing.now})
        return replace(ready, weighing=self.weighing(filing), begun=begun)

    def weighing(self, filing: Filing, *, asked_later: bool = False) -> Weighing | None:
        """Return what a window makes of earlier cases; None where nobody has to decide about them."""
        if self.terms.duplicate_window is None or filing.own:
            return None
        choice, reach = filing.form.duplicate, filing.actor.scope
        return Weighing(choice, reach, self.terms.duplicate_likeness, asked_later)

    async def filed(self, filing: Filing, record: Row) -> Filed:
        """Write the rows of an application, or raise what `filing.check` raises, and `NumbersUsedUp`."""
        checked = check(filing, await self._snapshot(filing))
        await self._colleagues_work_here(checked)
        await self._earlier_is_known(filing)
        case_no = await self._numbers.next(filing.form.community, filing.received_on)
        return filed(checked, case_no, record, self._runtime.vault, self._runtime.name)

    async def _colleagues_work_here(self, checked: Checked) -> None:
        """Refuse colleagues who do not work on such cases, as first contact (首问负责) or for a letter."""
        filing, form = checked.filing, checked.filing.form
        communities, department = (form.community, form.accepting_community), checked.offer.guide.department
        wrong = {}
        for field, named in _colleagues(form).items():
            if named != filing.actor.subject:
                wrong[field] = await self._runtime.read(
                    filing.actor, cannot_answer, named, communities, department
                )
        if any(wrong.values()):
            raise invalid({field: why for field, why in wrong.items() if why is not None})

    async def _earlier_is_known(self, filing: Filing) -> None:
        """Refuse a choice about an earlier case that is none of those pointed out."""
        choice, everywhere = filing.form.duplicate, system_actor(self._runtime.name)
        if choice is not None:
            reach = filing.actor.scope
            await self._runtime.read(everywhere, expect_earlier, filing.form, choice, reach)

    async def _snapshot(self, filing: Filing) -> Snapshot:
        """Return what was in force when it was done: by that it is judged, whenever it comes."""
        form, day = filing.form, filing.done_on
        snapshot = await self._reference.on(day)
        known = form.item_code in snapshot.offers.items and form.community in snapshot.communities
        if known and form.grid in {None, *snapshot.grids}:
            return snapshot
        return await self._reference.renewed(day)

    async def _commit(self, batch: Sequence[Filed]) -> Sequence[Outcome]:
        kept = await self._written(batch)
        if any(one.outbox for one in batch):
            self._runtime.on_publish()
        return kept

    async def _written(self, batch: Sequence[Filed]) -> Sequence[Outcome]:
        if self._runtime.database.dialect == "postgresql":
            with suppress(IntegrityError):
                return await self._write(writing.write_new, batch)
        return await self._write(writing.write, batch)

    async def _write(self, write: Write, batch: Sequence[Filed]) -> Sequence[Outcome]:
        window = self.terms.duplicate_window
        weighed = write if window is None else partial(write_undoubted, write=write, window=window)
        return await self._runtime.system(write_as_seen, weighed, batch)


def _colleagues(form: CaseIn) -> dict[str, str]:
    """Return the officers whom an application names: field -> account."""
    letter = form.agent.entrustment if form.agent else None
    named = {
        "first_contact_officer": form.first_contact_officer,
        "agent.entrustment.seen_by": letter and letter.seen_by,
    }
    return {field: officer for field, officer in named.items() if officer}
