"""The same application sent twice, many applications at once, and one bad one among them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql

from intake.window import NO_PAPERS, Answer, Somebody, form, somebody
from onewindow_intake.cases import posting, writing
from onewindow_intake.cases.filing import Checked
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.cases.rows import Filed, filed
from onewindow_intake.cases.writing import Kept
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.rollups import Rollup, RollupDelta, figures, fold
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit
from testkit.api import MONDAY, XIAN, Api

THREADS = 20


def at_once(times: int, post: "partial[Answer]") -> list[Answer]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda _: post(), range(times)))


def rows(api: Api) -> dict[str, int]:
    """Count what posting writes."""

    def count(unit: Unit) -> dict[str, int]:
        tables = (Case, Entry, AuditRecord, Timer, OutboxRecord)
        return {
            table.__tablename__: unit.session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }

    return api.system(count)


def test_the_same_application_twice_makes_one_case_and_gives_the_same_answer(
    api: Api, clerk: Somebody
) -> None:
    first = clerk.apply(form(), key="flaky-network")
    before = rows(api)
    api.clock.pass_(days=2)
    again = clerk.apply(form(), key="flaky-network")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    assert again.headers["etag"] == '"1"'
    assert rows(api) == before


def test_a_key_is_not_used_for_another_application(clerk: Somebody) -> None:
    clerk.apply(form(), key="flaky-network")
    other = clerk.apply(form(remark="something else"), key="flaky-network")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:onewindow:problem:idempotency-key-reused"
    refused = clerk.apply(form(item="no-such-item"), key="flaky-network")
    assert refused.json()["type"] == "urn:onewindow:problem:idempotency-key-reused"


def test_an_answer_is_given_again_even_if_the_application_would_be_refused_by_now(
    api: Api, clerk: Somebody
) -> None:
    body = form(received_at="2026-11-20T10:00:00+08:00")
    first = clerk.apply(body, key="flaky-network")
    api.clock.pass_(days=30)
    assert clerk.apply(body, key="flaky-network").content == first.content


def test_keys_of_different_people_have_nothing_to_do_with_each_other(
    clerk: Somebody, resident: Somebody
) -> None:
    one = clerk.apply(form(), key="the-same-key").json()
    other = resident.apply(form(channel="web"), key="the-same-key").json()
    assert one["case_no"] != other["case_no"]


def test_an_application_needs_a_key(clerk: Somebody) -> None:
    assert clerk.post("cases", form()).status_code == 422
    assert clerk.apply(form(), key="short").status_code == 422


def test_twenty_threads_with_one_key_make_one_case(api: Api, clerk: Somebody) -> None:
    before = rows(api)["cases"]
    answers = at_once(THREADS, partial(clerk.apply, form(), key="flaky-network"))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.headers["retry-after"] == "1"
    assert rows(api)["cases"] == before + 1


def test_two_processes_with_one_key_make_one_case(api: Api, clerk: Somebody) -> None:
    """The second process does not know of the first one's request; the key's row tells it."""
    clerk.apply(form(), key="two-processes")
    before = rows(api)
    draft = _draft(api, "two-processes")
    (kept,) = api.system(writing.write, [draft])
    assert kept.old
    assert rows(api) == before


def test_twins_in_one_batch_make_one_case_and_get_its_answer(api: Api, clerk: Somebody) -> None:
    clerk.posted()
    before = rows(api)["cases"]
    twins = [_draft(api, "twins-of-a-batch"), _draft(api, "twins-of-a-batch")]
    assert twins[0].case["case_no"] != twins[1].case["case_no"]
    first, second = api.system(writing.write, twins)
    assert (first.old, second.old) == (False, True)
    assert first.body == second.body == twins[0].record["body"]
    assert rows(api)["cases"] == before + 1


def test_asking_for_what_does_not_exist_does_not_read_the_tables_each_time(api: Api) -> None:
    reference = api.app.state.reference
    taken: list[object] = []

    async def ask() -> None:
        taken.extend(await asyncio.gather(*(reference.renewed(MONDAY.date()) for _ in range(30))))

    assert api.client.portal is not None
    api.client.portal.call(ask)
    assert len({id(snapshot) for snapshot in taken}) == 1


def test_many_at_once_are_all_kept_and_numbered_once(api: Api, clerk: Somebody) -> None:
    before = rows(api)
    answers = at_once(60, partial(clerk.apply, form(NO_PAPERS, accept=True)))
    assert {answer.status_code for answer in answers} == {201}
    numbers = {answer.json()["case_no"] for answer in answers}
    assert len(numbers) == 60
    grown = Counter(rows(api))
    grown.subtract(before)
    assert grown == {"cases": 60, "case_timeline": 120, "audit": 60, "timers": 0, "outbox": 60}


def test_counters_grow_with_the_cases(api: Api, clerk: Somebody) -> None:
    day = api.clock().date()

    def counted() -> dict[Metric, int]:
        return api.system(lambda unit: figures(unit.session, unit.gathered(XIAN), day, day))

    before = counted()
    at_once(10, partial(clerk.apply, form(NO_PAPERS, accept=True)))
    after = counted()
    assert after[Metric.CASES_RECEIVED] == before[Metric.CASES_RECEIVED] + 10
    assert after[Metric.CASES_ACCEPTED] == before[Metric.CASES_ACCEPTED] + 10
    api.system(lambda unit: fold(unit.session))
    assert counted() == after
    assert api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(RollupDelta))) == 0
    assert api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(Rollup)))


def test_one_bad_row_refuses_only_its_own_application(
    api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = posting.Desk._written
    batches: list[int] = []

    def poisoned(checked: Checked, *more: Any) -> Filed:
        made = filed(checked, *more)
        bad = checked.filing.form.remark == "poison"
        return replace(made, case={**made.case, "status": "nonsense"}) if bad else made

    async def counted(desk: posting.Desk, batch: Sequence[Filed]) -> Sequence[posting.Outcome]:
        batches.append(len(batch))
        return await written(desk, batch)

    monkeypatch.setattr(posting, "filed", poisoned)
    monkeypatch.setattr(posting.Desk, "_written", counted)
    before = rows(api)["cases"]
    bodies = [form(NO_PAPERS, remark="poison" if n == 7 else None) for n in range(30)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(clerk.apply, bodies))
    assert Counter(answer.status_code for answer in answers) == {201: 29, 500: 1}
    assert answers[7].status_code == 500
    assert "nonsense" not in answers[7].text
    assert rows(api)["cases"] == before + 29
    assert max(batches) > 1


def test_no_text_is_cut_off_on_its_way_into_a_column() -> None:
    """PostgreSQL cuts a text silently when it is cast to a bounded type."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
    statement = str(writing._into_all_tables().compile(dialect=dialect))
    assert "TEXT[]" in statement
    assert "VARCHAR" not in statement


def test_a_small_block_of_serials_is_refilled(open_api_with_small_blocks: Api) -> None:
    clerk = somebody(open_api_with_small_blocks, Role.WINDOW_CLERK, XIAN)
    answers = at_once(20, partial(clerk.apply, form(NO_PAPERS)))
    serials = sorted(int(answer.json()["case_no"][20:25]) for answer in answers)
    assert serials == list(range(1, 21))


def _draft(api: Api, key: str) -> Filed:
    """Return what another process would write under a key."""
    (draft,) = _drafts(api, key)
    return draft


def _drafts(api: Api, key: str) -> list[Filed]:
    caught: list[Filed] = []
    desk = api.app.state.desk

    async def catch(draft: Filed) -> Kept:
        caught.append(draft)
        return Kept(draft.record["fingerprint"], draft.record["body"], old=False)

    submit, desk._committer.submit = desk._committer.submit, catch
    somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian").apply(form(), key=key)
    desk._committer.submit = submit
    return caught
