"""Whatever is asked, and however, the answer is what a plain filter in Python gives."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, exists, func, select, union, union_all, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from onewindow_shared.contracts.access import Claims, Role
from onewindow_shared.plumbing.belonging import SeenAs
from onewindow_shared.plumbing.database import Database, connect
from onewindow_shared.plumbing.scope import (
    EVERYTHING,
    NOTHING,
    Scope,
    UnscopedError,
    place,
    published,
    scope_of,
    seen_as,
    taken_in,
)
from onewindow_shared.plumbing.succession import Ended, Succession
from shared.sample import Note, Thing
from testkit.api import DONGSHAN, KAIYUAN, XIAN

ELSEWHERE = "330903001001"
"""A community of another district."""
COMMUNITIES = (XIAN, KAIYUAN, DONGSHAN, ELSEWHERE)
OWNERS, DEPARTMENTS = ("r-1", "r-2"), ("civil", "health")


@dataclass(frozen=True)
class Row:
    community: str
    owner: str
    department: str
    n: int
    notes: int
    taken_in_at: str | None = None


rows = st.lists(
    st.builds(
        Row,
        st.sampled_from(COMMUNITIES),
        st.sampled_from(OWNERS),
        st.sampled_from(DEPARTMENTS),
        st.integers(0, 9),
        st.integers(0, 2),
        st.sampled_from((None, *COMMUNITIES)),
    ),
    max_size=8,
)
areas = st.sampled_from(sorted({code[:level] for code in COMMUNITIES for level in (6, 9, 12)}))
scopes = st.one_of(
    st.just(EVERYTHING),
    st.just(NOTHING),
    st.builds(Scope, owner=st.sampled_from(OWNERS)),
    st.builds(Scope, area=areas, department=st.sampled_from((None, "", *DEPARTMENTS))),
)


def reached(scope: Scope, row: Row) -> bool:
    """The rule of reading, in plain words."""
    return owned(scope, row) or took_in(scope, row)


def owned(scope: Scope, row: Row) -> bool:
    """The rule of what belongs to somebody, and what they change by one statement."""
    if scope.everything:
        return True
    if scope.owner is not None:
        return row.owner == scope.owner
    in_area = scope.area is not None and row.community.startswith(scope.area)
    return in_area and scope.department in (None, row.department)


def took_in(scope: Scope, row: Row) -> bool:
    """Whoever works where it was taken in reaches it too, unless they decide for a department."""
    plain = scope.area is not None and scope.department is None
    return plain and (row.taken_in_at or "").startswith(scope.area or "-")


other: Any = aliased(Thing)
inner = select(Thing).subquery()
few = select(Thing.id).where(Thing.n < 5)
many = select(Thing.id).where(Thing.n >= 5)
numbered = select(Thing.id, Thing.n).cte()
noted = exists().where(Note.thing_id == Thing.id)

Expected = Callable[[dict[int, Row]], Sequence[Any]]
QUESTIONS: dict[str, tuple[Any, Expected]] = {
    "rows": (select(Thing.id), list),
    "entities": (select(Thing), list),
    "a count": (select(func.count()).select_from(Thing), lambda seen: [len(seen)]),
    "a count of a column": (select(func.count(Thing.id)), lambda seen: [len(seen)]),
    "a sum by group": (
        select(func.sum(Thing.n)).group_by(Thing.department).order_by(Thing.department),
        lambda seen: [
            sum(row.n for row in seen.values() if row.department == department)
            for department in DEPARTMENTS
            if any(row.department == department for row in seen.values())
        ],
    ),
    "an alias": (select(other.id), list),
    "an alias of a subquery": (select(aliased(Thing, inner).id), list),
    "a subquery": (select(inner.c.id), list),
    "a count of a subquery": (select(func.count()).select_from(inner), lambda seen: [len(seen)]),
    "a named subquery": (select(numbered.c.id), list),
    "a scalar subquery": (select(select(func.count(Thing.id)).scalar_subquery()), lambda seen: [len(seen)]),
    "a union": (union(few, many), list),
    "a union inside": (select(union_all(few, many).subquery().c.id), list),
    "whether there is one": (select(exists(many)), lambda seen: [any(row.n >= 5 for row in seen.values())]),
    "those with notes": (select(Thing.id).where(noted), lambda s: [i for i, row in s.items() if row.notes]),
    "notes of things": (
        select(func.count(Note.id)).join(Thing),
        lambda seen: [sum(row.notes for row in seen.values())],
    ),
    "notes by a relationship": (
        select(func.count(Note.id)).join(Note.thing),
        lambda seen: [sum(row.notes for row in seen.values())],
    ),
    "notes in a set": (
        select(func.count(Note.id)).where(Note.thing_id.in_(select(Thing.id))),
        lambda seen: [sum(row.notes for row in seen.values())],
    ),
    "pairs": (
        select(func.count()).select_from(Thing).join(other, other.n == Thing.n),
        lambda seen: [sum(a.n == b.n for a in seen.values() for b in seen.values())],
    ),
    "the most": (
        select(func.max(Thing.n)),
        lambda seen: [max((row.n for row in seen.values()), default=None)],
    ),
}


def fill(session: Session, wanted: Sequence[Row]) -> dict[int, Row]:
    session.execute(delete(Note))
    session.execute(delete(Thing))
    filled = {}
    for row in wanted:
        thing = Thing(owner=row.owner, department=row.department, n=row.n, **place(row.community))
        thing.published = row.n >= 5
        for column, code in taken_in(row.taken_in_at).items():
            setattr(thing, column, code)
        thing.notes = [Note() for _ in range(row.notes)]
        session.add(thing)
        session.flush()
        filled[thing.id] = row
    return filled


def ask(session: Session) -> dict[str, list[Any]]:
    found = {}
    for name, (statement, _) in QUESTIONS.items():
        answers = [getattr(answer, "id", answer) for answer in session.scalars(statement).all()]
        found[name] = sorted(answers, key=str) if len(answers) > 1 and name != "a sum by group" else answers
    return found


def everything(session: Session) -> dict[int, int]:
    return {row.id: row.n for row in session.execute(select(Thing.id, Thing.n))}


def asked(query: Any, session: Session) -> Sequence[Any]:
    return answered(published(query), session)


def answered(query: Any, session: Session) -> Sequence[Any]:
    return session.scalars(query).all()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = connect(url)
    yield opened
    await opened.close()


@given(rows=rows, asking=st.lists(scopes, min_size=1, max_size=4))
async def test_every_question_is_answered_from_what_the_asker_reaches(
    database: Database, rows: list[Row], asking: list[Scope]
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    for scope in asking:
        seen = {number: row for number, row in there.items() if reached(scope, row)}
        found = await database.read(scope, ask)
        for name, (_, expected) in QUESTIONS.items():
            wanted = list(expected(seen))
            assert found[name] == (wanted if name == "a sum by group" else sorted(wanted, key=str)), name


@settings(max_examples=20)
@given(rows=rows, scope=scopes)
async def test_a_look_up_by_key_finds_only_what_the_asker_reaches(
    database: Database, rows: list[Row], scope: Scope
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    found = await database.read(scope, lambda s: {number for number in there if s.get(Thing, number)})
    assert found == {number for number, row in there.items() if reached(scope, row)}


@settings(max_examples=20)
@given(rows=rows, scope=scopes)
async def test_a_relationship_leads_only_to_what_the_asker_reaches(
    database: Database, rows: list[Row], scope: Scope
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    expected = sorted(
        number for number, row in there.items() if reached(scope, row) for _ in range(row.notes)
    )

    def followed(session: Session, how: tuple[Any, ...]) -> list[int]:
        notes = session.scalars(select(Note).options(*how)).all()
        found: list[Thing | None] = [note.thing for note in notes]
        return sorted(thing.id for thing in found if thing is not None)

    for how in ((), (joinedload(Note.thing),), (selectinload(Note.thing),)):
        assert await database.read(scope, partial(followed, how=how)) == expected


@settings(max_examples=20)
@given(rows=rows, scope=scopes, condition=st.booleans())
async def test_a_bulk_change_touches_only_what_the_asker_reaches(
    database: Database, rows: list[Row], scope: Scope, condition: bool
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    where = (Thing.n > 3,) if condition else ()
    touched = {i for i, row in there.items() if owned(scope, row) and (row.n > 3 or not condition)}
    await database.write(scope, lambda s: s.execute(update(Thing).where(*where).values(n=99)))
    after = await database.read(EVERYTHING, everything)
    assert after == {number: 99 if number in touched else row.n for number, row in there.items()}


@settings(max_examples=20)
@given(rows=rows, scope=scopes, chosen=st.sets(st.integers(0, 9)))
async def test_a_bulk_removal_takes_only_what_the_asker_reaches(
    database: Database, rows: list[Row], scope: Scope, chosen: set[int]
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    await database.write(EVERYTHING, lambda session: session.execute(delete(Note)))
    gone = select(other.id).where(other.n.in_(chosen))
    await database.write(scope, lambda s: s.execute(delete(Thing).where(Thing.id.in_(gone))))
    after = await database.read(EVERYTHING, everything)
    assert set(after) == {i for i, row in there.items() if not (owned(scope, row) and row.n in chosen)}


@settings(max_examples=20)
@given(rows=rows, scope=scopes)
async def test_what_is_published_is_read_by_everybody_and_nothing_else_with_it(
    database: Database, rows: list[Row], scope: Scope
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    seen = {number: row for number, row in there.items() if row.n >= 5}
    for name in ("rows", "a count", "an alias", "a subquery", "those with notes", "notes of things"):
        query, expected = QUESTIONS[name]
        found = await database.read(scope, partial(asked, query))
        assert sorted(found) == sorted(expected(seen)), name
    await database.write(
        scope, lambda s: s.execute(update(Thing).values(n=99).execution_options(published=True))
    )
    after = await database.read(EVERYTHING, everything)
    assert {i for i, n in after.items() if n == 99} == {i for i, row in there.items() if owned(scope, row)}


REASONS: dict[SeenAs, Callable[[Scope, Row], bool]] = {
    SeenAs.OWN: owned,
    SeenAs.TAKEN_IN: took_in,
    SeenAs.EITHER: reached,
}


@settings(max_examples=20)
@given(rows=rows, scope=st.builds(Scope, area=areas), why=st.sampled_from(SeenAs))
async def test_asking_for_one_reason_finds_what_is_reached_for_it_and_never_more(
    database: Database, rows: list[Row], scope: Scope, why: SeenAs
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    seen = {number: row for number, row in there.items() if REASONS[why](scope, row)}
    for name in ("rows", "a count", "an alias", "a subquery", "those with notes", "notes of things"):
        query, expected = QUESTIONS[name]
        found = await database.read(scope, partial(answered, seen_as(query, why)))
        assert sorted(found) == sorted(expected(seen)), name


@dataclass(frozen=True)
class History:
    """Communities, each ended by a day with another as heir or living; no two are each other's heir."""

    succession: Succession

    def reached(self, area: str, row: Row) -> bool:
        """The rule, in plain words: what an area's living heir has."""
        return self.succession.heir(row.community, DAY).startswith(self.succession.heir(area, DAY))


DAY = date(2026, 11, 23)


@st.composite
def histories(draw: st.DrawFn) -> History:
    order = draw(st.permutations(COMMUNITIES))
    ended = {}
    for number, code in enumerate(order[:-1]):
        if draw(st.booleans()):
            last_day = DAY + timedelta(days=draw(st.integers(-2, 1)))
            ended[code] = Ended(last_day, draw(st.sampled_from(order[number + 1 :])))
    return History(Succession(ended))


@settings(max_examples=20)
@given(rows=rows, history=histories(), asking=st.lists(areas, min_size=1, max_size=3))
async def test_after_any_history_everybody_reaches_what_their_areas_heir_has_and_nothing_else(
    database: Database, rows: list[Row], history: History, asking: list[str]
) -> None:
    there = await database.write(EVERYTHING, lambda session: fill(session, rows))
    for area in asking:
        scope = scope_of(claims(Role.WINDOW_CLERK, area=area), history.succession, DAY)
        seen = {number: row for number, row in there.items() if history.reached(area, row)}
        for name in ("rows", "a count", "an alias", "a subquery", "those with notes", "notes of things"):
            query, expected = QUESTIONS[name]
            found = await database.read(scope, partial(answered, seen_as(query, SeenAs.OWN)))
            assert sorted(found) == sorted(expected(seen)), name
        brought = {
            number
            for number, row in there.items()
            if row.taken_in_at and history.reached(area, replace(row, community=row.taken_in_at))
        }
        found = await database.read(scope, partial(answered, seen_as(select(Thing.id), SeenAs.TAKEN_IN)))
        assert set(found) == brought
        assert set(await database.read(scope, partial(answered, select(Thing.id)))) == brought | set(seen)
        covered = {row.community for row in rows if scope.covers(row.community)}
        assert covered == {row.community for row in seen.values()}
    await database.write(scope, lambda session: session.execute(update(Thing).values(n=99)))
    after = await database.read(EVERYTHING, everything)
    assert {i for i, n in after.items() if n == 99} == set(seen), "nor is anything else changed"


async def test_one_statement_asked_by_many_never_gives_one_the_others_rows(database: Database) -> None:
    wanted = [Row(community, "r-1", "civil", 1, 0) for community in COMMUNITIES]
    there = await database.write(EVERYTHING, lambda session: fill(session, wanted))
    for _ in range(3):
        for number, row in there.items():
            scope = Scope(area=row.community)
            assert await database.read(scope, lambda s: list(s.scalars(QUESTIONS["a union"][0]))) == [number]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_session_without_scope_answers_nothing(database: Database, name: str) -> None:
    def work(session: Session) -> None:
        del session.info["scope"]
        session.execute(QUESTIONS[name][0])

    with pytest.raises(UnscopedError):
        await database.read(EVERYTHING, work)


def claims(*roles: Role, area: str | None = None, department: str | None = None) -> Claims:
    return Claims(
        subject="r-1",
        name="",
        roles=frozenset(roles),
        area=area,
        department=department,
        organisation=None,
        session="s",
        expires_at=1,
    )


async def test_an_officer_without_department_reaches_no_departments_rows(database: Database) -> None:
    wanted = [Row(XIAN, "r-1", "civil", 1, 0)]
    await database.write(EVERYTHING, lambda session: fill(session, wanted))
    scope = scope_of(claims(Role.DEPARTMENT_OFFICER, area=XIAN))
    assert await database.read(scope, everything) == {}
