"""The sweep of cases that are late: once each, with several replicas at once, and for those of before."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from sqlalchemy import delete, func, select

from casework.office import Office, furnished, open_office
from casework.street import Street
from conftest import FreshDatabase
from onewindow_casework.delays.models import Delay
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.supervision.models import Supervision, SupervisionStep
from onewindow_casework.timeline.models import Entry
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit

CASES, REPLICAS = 230, 2


def swept(office: Office, start: Barrier) -> int:
    """Sweep until nothing is due; return how many were looked at."""
    start.wait()
    looked_at = 0
    while several := office.api.tick():
        looked_at += several
    return looked_at


def at_once(replicas: list[Office]) -> int:
    start = Barrier(len(replicas))
    with ThreadPoolExecutor(len(replicas)) as pool:
        return sum(pool.map(lambda office: swept(office, start), replicas))


def rows(office: Office) -> dict[str, int]:
    """Count everything that the sweep leaves."""

    def counted(unit: Unit) -> dict[str, int]:
        what = {
            "overdue": select(CaseFile.id).where(CaseFile.overdue),
            "told": select(Entry.id).where(Entry.step == "overdue"),
            "delays": select(Delay.id),
            "supervisions": select(Supervision.id),
            "steps": select(SupervisionStep.id),
            "audited": select(AuditRecord.id).where(AuditRecord.action == "case.overdue"),
            "timers": select(Timer.id),
        }
        return {
            name: unit.session.scalars(select(func.count()).select_from(query.subquery())).one()
            for name, query in what.items()
        }

    return office.api.system(counted)


def test_two_replicas_that_sweep_at_once_flag_ask_and_escalate_each_case_once(
    fresh_database: FreshDatabase,
) -> None:
    url = fresh_database("casework", furnished)
    with ExitStack() as stack:
        replicas = [stack.enter_context(open_office(url)) for _ in range(REPLICAS)]
        office = replicas[0]
        events = [office.event(promised_days=1) for _ in range(CASES)]
        office.api.receive(*events, source="intake")
        for replica in replicas:
            replica.go_to(2026, 11, 24, 9)
        assert at_once(replicas) == CASES
        once = dict.fromkeys(("overdue", "told", "delays", "supervisions", "steps", "audited"), CASES)
        assert rows(office) == once | {"timers": CASES}
        for replica in replicas:
            replica.go_to(2026, 12, 18, 9)
        assert at_once(replicas) == CASES
        assert rows(office) == once | {"steps": CASES * 4, "timers": 0}
        assert office.figures()[Metric.CASES_OVERDUE_OPEN] == CASES
        told = [event.case_no for event in office.api.sent(CaseProgressed) if event.step == "overdue"]
        assert sorted(told) == sorted(event.case_no for event in events)


def test_a_case_that_was_late_before_anybody_asked_is_asked_after_and_owes_its_reason(
    fresh_database: FreshDatabase,
) -> None:
    url = fresh_database("casework", furnished)
    with open_office(url) as office:
        late, asked = office.started(promised_days=1), office.started(promised_days=1)
        ended = office.started(promised_days=1)
        office.go_to(2026, 11, 27, 2)
        office.api.quiet()
        office.must(office.clerk, "withdrawal", ended, {})

        def forget(unit: Unit) -> None:
            of_case = select(CaseFile.id).where(CaseFile.case_no == late).scalar_subquery()
            theirs = select(Supervision.id).where(Supervision.case_id == of_case)
            for statement in (
                delete(SupervisionStep).where(SupervisionStep.supervision_id.in_(theirs)),
                delete(Supervision).where(Supervision.case_id == of_case),
                delete(Delay).where(Delay.case_id == of_case),
            ):
                unit.session.execute(statement, execution_options={"synchronize_session": False})

        office.api.system(forget)
        now = office.api.clock.now
    migrate("casework", url, down_to="0034_grid_cells")
    migrate("casework", url)
    with open_office(url) as office:
        office.api.clock.now = now
        street, steps = Street(office), rows(office)["told"]
        office.api.quiet()
        assert office.case(late)["delay"]["promised_on"] == "2026-11-24"
        assert street.rungs(late) == street.rungs(asked)
        assert rows(office)["told"] == steps, "nobody is told twice"
        assert office.figures()[Metric.CASES_OVERDUE_OPEN] == 2
        assert office.figures() == office.recounted()
        before = rows(office)
        migrate("casework", url, down_to="0034_grid_cells")
        migrate("casework", url)
        office.api.quiet()
        assert rows(office) == before
