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
from onewindow_intake.cases.rules import Terms, in_person
from onewindow_intake.cases.writing import Kept, answer_under
from onewindow_intake.drafts.posting import Changed, write_as_seen
from onewindow_intake.drafts.rules import Begun
from onewindow_intake.duplicates.posting import Earlier, Write, write_undoubted
from onewindow_intake.duplicates.rules import Weighing
from onewindow_intake.duplicates.service import expect_earlier
from onewindow_intake.officers.service import cannot_answer, not_on_staff
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
        window = self.terms.duplicate_window is not None and not in_person(run.actor.roles)
        weighing = Weighing(form.duplicate, run.actor.scope) if window else None
        return replace(ready, weighing=weighing, begun=begun)

    async def filed(self, filing: Filing, record: Row) -> Filed:
        """Write the rows of an application, or raise what `filing.check` raises, and `NumbersUsedUp`."""
        checked = check(filing, await self._snapshot(filing.form))
        await self._somebody_answers(checked)
        await self._the_letter_was_seen(filing)
        await self._earlier_is_known(filing)
        case_no = await self._numbers.next(filing.form.community, filing.received_on)
        return filed(checked, case_no, record, self._runtime.vault, self._runtime.name)

    async def _somebody_answers(self, checked: Checked) -> None:
        """Refuse to make a colleague the first contact who does not work on such cases (首问负责)."""
        filing, form = checked.filing, checked.filing.form
        named = form.first_contact_officer
        if named is None or named == filing.actor.subject:
            return
        communities, department = (form.community, form.accepting_community), checked.offer.guide.department
        why = await self._runtime.read(filing.actor, cannot_answer, named, communities, department)
        if why is not None:
            raise invalid({"first_contact_officer": why})

    async def _the_letter_was_seen(self, filing: Filing) -> None:
        """Refuse a letter of entrustment that nobody who works here has seen."""
        letter = filing.form.agent.entrustment if filing.form.agent else None
        if letter is None or letter.seen_by in {None, filing.actor.subject}:
            return
        why = await self._runtime.read(filing.actor, not_on_staff, letter.seen_by)
        if why is not None:
            raise invalid({"agent.entrustment.seen_by": why})

    async def _earlier_is_known(self, filing: Filing) -> None:
        """Refuse a choice about an earlier case that is none of those pointed out."""
        choice, everywhere = filing.form.duplicate, system_actor(self._runtime.name)
        if choice is not None:
            reach = filing.actor.scope
            await self._runtime.read(everywhere, expect_earlier, filing.form, choice, reach)

    async def _snapshot(self, form: CaseIn) -> Snapshot:
        snapshot = await self._reference.current()
        if form.item_code in snapshot.offers.items and form.community in snapshot.communities:
            return snapshot
        return await self._reference.renewed()

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
