"""Takes a batch through the desk where all cases are posted, many of them in one transaction.

The name that a client gave to a case is the key of a row that is written with it: whatever is sent again, by
whichever process it is taken and wherever that was killed, there is one case. Each entry stands for itself.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from onewindow_intake.batches import queries
from onewindow_intake.batches.queries import Known
from onewindow_intake.batches.rules import Arrival, Judged, judge
from onewindow_intake.cases.filing import Filing
from onewindow_intake.cases.posting import Desk
from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.cases.rows import Filed
from onewindow_intake.cases.shown import TRACKING
from onewindow_intake.duplicates import service as duplicates
from onewindow_intake.settings import Settings
from onewindow_shared.contracts.batches import (
    CaseBatchAnswer,
    CaseBatchIn,
    EntryAnswer,
    EntryProblem,
    Judgement,
    JudgementReason,
    OfflineCaseIn,
    Outcome,
    UnreadableCase,
    WrongField,
)
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.plumbing.groupcommit import LARGEST
from onewindow_shared.plumbing.idempotency import fingerprint
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import Invalid, KeyReused, Problem, Unavailable
from onewindow_shared.plumbing.runtime import Run
from onewindow_shared.plumbing.unit import system_actor
from onewindow_shared.plumbing.workdays import WorkCalendar, local_day

OPERATION = "offline case"
UNTYPED = "about:blank"


async def take(
    run: Run, desk: Desk, settings: Settings, batch: CaseBatchIn, calendar: WorkCalendar
) -> CaseBatchAnswer:
    """Post what is new of a batch, and say what became of each entry.

    Raises `Unavailable` in an outage: whatever was written until then is there when the batch comes again.
    """
    arrival = settings.arrival(settings.clock(), batch.sent_at, calendar)
    names = {entry.client_id for entry in batch.cases if isinstance(entry, OfflineCaseIn)}
    runtime = run.runtime
    known = await runtime.read(system_actor(runtime.name), queries.known, batch.client, names)
    batch_in_hand = _Batch(run, desk, arrival, batch.client, known)
    answers: list[EntryAnswer] = []
    for first in range(0, len(batch.cases), LARGEST):
        some = batch.cases[first : first + LARGEST]
        answers += await asyncio.gather(*map(batch_in_hand.answer, some))
    answers = await _with_earlier(run, batch, answers)
    return CaseBatchAnswer(
        arrived_at=arrival.at, skew_seconds=round(arrival.skew.total_seconds(), 3), entries=answers
    )


async def _with_earlier(run: Run, batch: CaseBatchIn, answers: Sequence[EntryAnswer]) -> list[EntryAnswer]:
    """Name with each case the earlier one that its window has not decided about."""
    posted = {
        answer.case_no
        for entry, answer in zip(batch.cases, answers, strict=True)
        if isinstance(entry, OfflineCaseIn) and entry.case.duplicate is None and answer.case_no is not None
    }
    reader = system_actor(run.runtime.name)
    found = await run.runtime.read(reader, duplicates.before, posted, run.actor.scope)
    return [answer.model_copy(update={"earlier": found.get(answer.case_no or "")}) for answer in answers]


class _Batch:
    """A batch that has come."""

    def __init__(
        self, run: Run, desk: Desk, arrival: Arrival, client: str, known: Mapping[str, Known]
    ) -> None:
        self._run = run
        self._desk = desk
        self._arrival = arrival
        self._client = client
        self._known = known
        self._vault: Vault = run.runtime.vault

    async def answer(self, entry: OfflineCaseIn | UnreadableCase) -> EntryAnswer:
        """Say what became of an entry."""
        if isinstance(entry, UnreadableCase):
            problem = Invalid(errors=[], detail=f"{len(entry.errors)} wrong field(s)")
            return _refused(entry.client_id, problem, entry.errors)
        try:
            return await self._taken(entry)
        except Unavailable:
            raise
        except Problem as problem:
            return _refused(entry.client_id, problem, _wrong_fields(problem))

    async def _taken(self, entry: OfflineCaseIn) -> EntryAnswer:
        if not self._run.actor.scope.covers(entry.case.office):
            raise OutsideArea(detail="Post cases at windows of your own area.")
        print_ = fingerprint(self._vault, OPERATION, entry)
        known = self._known.get(entry.client_id)
        if known is not None:
            _same(known.fingerprint, print_)
            return self._already_there(entry.client_id, known)
        filed = await self._filed(entry, print_)
        kept = await self._desk.write(filed)
        _same(kept.fingerprint, print_)
        answer = EntryAnswer.model_validate_json(kept.body)
        return answer.model_copy(update={"outcome": Outcome.ALREADY_THERE}) if kept.old else answer

    async def _filed(self, entry: OfflineCaseIn, print_: str) -> Filed:
        judged = judge(self._arrival, entry.made_at)
        filing = Filing(
            _dated(entry, judged),
            self._run.actor,
            self._arrival.at,
            self._desk.zone,
            self._desk.terms,
            acted_at=judged.at,
        )
        record = {
            "subject": f"offline:{self._client}",
            "key": entry.client_id,
            "fingerprint": print_,
            "created_at": filing.now,
        }
        filed = await self._desk.filed(filing, record)
        answer = self._created(entry.client_id, filed.case, judged)
        return replace(
            filed,
            weighing=self._desk.weighing(filing, asked_later=True),
            record={**record, "body": answer.model_dump_json().encode()},
            audit={**filed.audit, "detail": {**filed.audit["detail"], "offline": _time(entry, judged)}},
            offline=[
                {
                    "client": self._client,
                    "client_id": entry.client_id,
                    "case_no": filed.case["case_no"],
                    "fingerprint": print_,
                    "judged": judged.how,
                    "reason": judged.why,
                }
            ],
        )

    def _created(self, name: str, case: Mapping[str, Any], judged: Judged) -> EntryAnswer:
        return self._answer(name, Outcome.CREATED, case, judged.how, judged.why)

    def _already_there(self, name: str, known: Known) -> EntryAnswer:
        how, why = Judgement(known.judged), JudgementReason(known.reason)
        return self._answer(name, Outcome.ALREADY_THERE, vars(known), how, why)

    def _answer(
        self, name: str, outcome: Outcome, case: Mapping[str, Any], how: Judgement, why: JudgementReason
    ) -> EntryAnswer:
        return EntryAnswer(
            client_id=name,
            outcome=outcome,
            case_no=case["case_no"],
            tracking_code=tracking_code(self._vault.derive(TRACKING), case["case_no"]),
            status=CaseStatus(case["status"]),
            received_at=case["received_at"],
            accepted_on=case["accepted_on"],
            judged=how,
            reason=why,
            in_force_on=local_day(case["received_at"], self._desk.zone),
            item_version=case["item_version"],
            goes_on_with=self._heir(case["community"]),
            problem=None,
        )

    def _heir(self, community: str) -> str | None:
        """Return the community that stands for one that has ended; none while it is one itself."""
        today = local_day(self._arrival.at, self._desk.zone)
        heir = self._run.runtime.heirs.known.heir(community, today)
        return None if heir == community else heir


def _same(before: str, now: str) -> None:
    if before != now:
        raise KeyReused(detail="Another case was handed in under this client_id.")


def _dated(entry: OfflineCaseIn, judged: Judged) -> CaseIn:
    """Return the case with its times as the server takes them; the consent was told by the same clock."""
    consent = entry.case.consent
    if consent.given_at is not None:
        given_at = judged.beside(consent.given_at, entry.made_at)
        consent = consent.model_copy(update={"given_at": given_at})
    return entry.case.model_copy(update={"received_at": judged.at, "consent": consent})


def _time(entry: OfflineCaseIn, judged: Judged) -> dict[str, str]:
    return {"made_at": entry.made_at.isoformat(), "judged": judged.how, "reason": judged.why}


def _wrong_fields(problem: Problem) -> list[WrongField]:
    errors = problem.errors if isinstance(problem, Invalid) else []
    return [
        WrongField(field=".".join(["case", *map(str, error.loc[1:])]), detail=error.detail)
        for error in errors
    ]


def _refused(name: str | None, problem: Problem, errors: Any) -> EntryAnswer:
    return EntryAnswer(
        client_id=name,
        outcome=Outcome.REFUSED,
        case_no=None,
        tracking_code=None,
        status=None,
        received_at=None,
        accepted_on=None,
        judged=None,
        reason=None,
        in_force_on=None,
        item_version=None,
        goes_on_with=None,
        problem=EntryProblem(
            type=problem.type or UNTYPED,
            title=problem.title,
            status=problem.status,
            detail=problem.detail,
            errors=errors,
        ),
    )
