"""House rules that no linter knows, read from the sources of every service."""

import ast
import re
import statistics

from guards.suite import ROOT, SERVICES, Source, each_source, sources, tracked

LONGEST, USUAL = 400, 100
"""Lines of a file, and of the file in the middle."""
OWN_SESSIONS = {
    "Session",
    "AsyncSession",
    "ScopedSession",
    "sessionmaker",
    "create_engine",
    "create_async_engine",
    "sqlite_engine",
    "scoped_session",
}
"""What opens a session or runs a statement past the actor's scope."""
FRAGMENTS = {
    "casework/clocks/queries.py": "an advisory lock, for which there is no expression",
}
"""Where raw SQL may stand besides conditions of indexes in models."""
SEES_EVERYTHING = {
    "casework/reviews/invited_api.py": "whoever proved the code of a case has no account, and reaches that case",
    "intake/app.py": "readiness looks for any item",
    "gateway/deps.py": "whoever signs in is nobody yet",
    "gateway/revocations.py": "every process knows all revoked sessions",
}
CORE_TABLES = {
    "casework/supervision/writing.py": "inserts of steps of a supervision that was found within reach",
    "casework/assignment/charge.py": "who came in charge of a case that was found within reach is a plain row",
    "casework/assignment/queries.py": "who takes a case may be its department's: name, office, what they know and how much they have",
    "casework/delays/arising.py": "delays of cases that were found within reach are written as plain rows",
    "casework/exchange/service.py": "rows of a file wait as plain rows; they are read by their import alone",
    "casework/handling/opening.py": "bulk inserts of files that events open, as the service itself",
    "volunteers/timebank/ledger.py": "credit moves between accounts of two people; what comes back is numbers",
    "volunteers/needs/queries.py": "helpers are looked for in the need's whole district; whoever may ask sees them masked",
    "volunteers/people/queries.py": "what others handed in goes when the person signs up; was there another account: yes or no",
    "volunteers/people/holding.py": "whoever a place or a record belongs to is held, wherever they are; nothing is read",
    "volunteers/erasure/queries.py": "needs that somebody took down bear nobody's account; nothing is read",
    "volunteers/records/queries.py": "sums are about the person, wherever they served: nothing but minutes is read",
    "volunteers/engagement/counting.py": "who serves is about the person, wherever they served: nothing but numbers",
    "volunteers/metrics/stations.py": "which communities have a station is public: nothing else is read",
    "volunteers/reports/queries.py": "who was active is about the person, wherever they served: a number by community",
    "volunteers/activities/queries.py": "where somebody is at one time is about the person: nothing but times is read",
    "volunteers/batches/queries.py": "who served here may live elsewhere: nothing but whether they are there is read",
    "casework/timeline/service.py": "a step is written as a plain row; nothing is read",
    "intake/cases/queries.py": "what casework tells of many cases is one statement, as the service itself",
    "intake/subscribers.py": "steps that events tell are written as plain rows; nothing is read",
    "intake/reuse/queries.py": "may papers of a case elsewhere be used again: yes or no, nothing else is read",
    "intake/routing/queries.py": "the copy of the published lists is written as plain rows, each unless it is there",
    "intake/cases/writing.py": "bulk inserts of the group committer; only stored answers are read, by their keys",
    "volunteers/standing/queries.py": "a suspension goes along with a person who may not reach the earlier one",
}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "system_clock"}
OWN_CLOCK = {
    "gateway/attempts.py": "the window of the limits library is told in the machine's time",
}
NETWORK = {"httpx2", "httpx", "requests", "urllib.request", "urllib3", "aiohttp", "socket", "smtplib"}
USE_CASES = ("service.py", "rules.py", "queries.py", "models.py")
ASKS_OTHERS = {
    "gateway/metrics/service.py": "the gateway merges what the services answer; there is no transaction",
    "gateway/documentation/service.py": "the gateway merges what the services answer; there is no transaction",
}


def place(source: Source) -> str:
    return f"{source.service}/{source.inner}"


def calls(source: Source) -> set[str]:
    """Return the last name of everything that is called, and of everything called on something as `.name`."""
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                found.add(f".{node.func.attr}")
            elif isinstance(node.func, ast.Name):
                found.add(node.func.id)
    return found


@each_source
def test_sessions_come_from_the_runtime_with_their_scope(source: Source) -> None:
    assert not OWN_SESSIONS & calls(source)
    assert ".from_statement" not in calls(source)
    assert ("EVERYTHING" in source.names()) == (place(source) in SEES_EVERYTHING)


@each_source
def test_the_runtime_commits(source: Source) -> None:
    assert not {".commit", ".rollback"} & calls(source)


@each_source
def test_the_scope_is_never_put_aside(source: Source) -> None:
    assert "info['scope']" not in ast.unparse(source.tree)
    beside = {
        name for name in source.names() if re.search(r"session\.connection$|__table__$|^table_of$", name)
    }
    assert bool(beside) == (place(source) in CORE_TABLES)
    joins = {"sqlalchemy.join", "sqlalchemy.outerjoin", "sqlalchemy.orm.join", "sqlalchemy.orm.outerjoin"}
    assert not joins & source.imports(), "select(...).join(...) is narrowed, a join by itself is not"


@each_source
def test_statements_are_expressions(source: Source) -> None:
    raw = {"text", "exec_driver_sql", ".exec_driver_sql"} & calls(source)
    assert not raw or source.path.name == "models.py" or place(source) in FRAGMENTS


@each_source
def test_nobody_but_the_runtime_reads_the_clock(source: Source) -> None:
    assert bool(CLOCKS & source.names()) == (place(source) in OWN_CLOCK)


@each_source
def test_a_use_case_asks_nobody_over_the_network(source: Source) -> None:
    if source.path.name in USE_CASES:
        asks = bool(NETWORK & source.imports())
        assert asks == (place(source) in ASKS_OTHERS)
        assert asks or not [node for node in ast.walk(source.tree) if isinstance(node, ast.Await)]


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {
        file: len(file.read_bytes().splitlines())
        for file in tracked()
        if file.suffix == ".py" and "migrations/versions" not in file.as_posix()
    }
    assert not {file.name: length for file, length in lengths.items() if length > LONGEST}
    of_services = [length for file, length in lengths.items() if ROOT / "services" in file.parents]
    assert statistics.median(of_services) < USUAL


def test_reasons_are_given_for_files_that_exist() -> None:
    known = {place(source) for name in SERVICES for source in sources(name)}
    for reasons in (FRAGMENTS, SEES_EVERYTHING, CORE_TABLES, OWN_CLOCK, ASKS_OTHERS):
        assert set(reasons) <= known
