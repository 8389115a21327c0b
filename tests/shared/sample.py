"""A small service on the plumbing: things of an area with notes, and an event that two others listen to."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request, Response
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    delete,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode, Contract, Page, Resource, Text
from onewindow_shared.contracts.events import Payload
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing import conditional
from onewindow_shared.plumbing.conditional import IfMatch, expect_version, tagged
from onewindow_shared.plumbing.database import UtcDateTime, metadata
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.migrations import with_connection
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import (
    KeyReused,
    MoveRefused,
    NotFound,
    Problem,
    StillRunning,
    VersionRequired,
    VersionStale,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, Runtime, gated, open_to_all
from onewindow_shared.plumbing.scope import AreaScoped, TakenInElsewhere, place
from onewindow_shared.plumbing.service import Service, open_runtime
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase
from onewindow_shared.plumbing.unit import Unit
from testkit import databases
from testkit.api import XIAN, People, settings_for


class Base(DeclarativeBase):
    metadata = metadata()


class Thing(AreaScoped, TakenInElsewhere, Base):
    __tablename__ = "things"
    __table_args__ = (
        UniqueConstraint("label", name="uq_things_label"),
        Index("uq_things_nickname", text("lower(nickname)"), unique=True),
        CheckConstraint("n < 1000", name="small"),
    )
    owner_column: ClassVar = "owner"
    department_column: ClassVar = "department"
    published_column: ClassVar = "published"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    label: Mapped[str | None]
    nickname: Mapped[str | None]
    owner: Mapped[str] = mapped_column(default="nobody")
    department: Mapped[str] = mapped_column(default="civil")
    n: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[Any] = mapped_column(UtcDateTime, nullable=True)
    secret: Mapped[str | None]
    published: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[list["Note"]] = relationship(back_populates="thing")


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("things.id"))
    thing: Mapped[Thing] = relationship(back_populates="notes")


class Happened(Payload):
    """Something happened to a thing."""

    type: ClassVar[str] = "thing.happened.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("left", "right")
    what: str
    n: int = 0

    @property
    def key(self) -> str:
        return self.what


class LabelTaken(Problem):
    """Another thing has this label."""

    type = "urn:onewindow:problem:label-taken"
    title = "Label taken"
    status = 409


class ThingIn(Contract):
    label: Text
    community: CommunityCode
    n: int = 0


class ThingOut(Resource):
    id: int
    label: str | None
    n: int


def shown(thing: Thing) -> ThingOut:
    return ThingOut(id=thing.id, label=thing.label, n=thing.n, version=thing.version)


def add(unit: Unit, body: ThingIn) -> ThingOut:
    thing = Thing(label=body.label, n=body.n, owner=unit.actor.subject, at=unit.now, **place(body.community))
    unit.session.add(thing)
    unit.session.flush()
    unit.publish(Happened(what=body.label, n=body.n))
    return shown(thing)


def find(unit: Unit, number: int) -> Thing:
    thing = unit.session.get(Thing, number)
    if thing is None:
        raise NotFound
    return thing


def one(unit: Unit, number: int) -> ThingOut:
    return shown(find(unit, number))


def change(unit: Unit, number: int, seen: int, body: ThingIn) -> ThingOut:
    thing = find(unit, number)
    expect_version(shown(thing), seen)
    thing.n, thing.version = body.n, thing.version + 1
    return shown(thing)


def listed(unit: Unit, wanted: Wanted) -> Page[ThingOut]:
    return page(unit, select(Thing), Keyset((Thing.id,)), wanted, bound="things", show=shown)


router = APIRouter(prefix="/api/sample/v1")


@router.post("/things", status_code=201, responses=problems(LabelTaken, KeyReused, StillRunning))
async def create(
    body: ThingIn, key: IdempotencyKey, run: Annotated[Run, gated(Permission.CASE_CREATE)]
) -> Response:
    return await run.create(key, body, add)


@router.get("/things")
async def list_things(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Annotated[Run, gated(Permission.CASE_READ)]
) -> Page[ThingOut]:
    return await run.read(listed, wanted)


@router.get("/things/{number}", responses=problems(NotFound))
async def read(number: int, request: Request, run: Annotated[Run, gated(Permission.CASE_READ)]) -> Response:
    found = await run.read(one, number)
    return conditional.answer(request, found, etag=str(found.version))


@router.put("/things/{number}", responses=problems(NotFound, VersionRequired, VersionStale))
async def put(
    number: int,
    seen: IfMatch,
    body: ThingIn,
    response: Response,
    run: Annotated[Run, gated(Permission.CASE_READ)],
) -> ThingOut:
    changed = await run.write(change, number, seen, body)
    tagged(response, changed)
    return changed


@router.get("/defect/{secret}")
async def defect(secret: str, run: Annotated[Run, open_to_all("for the test of a defect")]) -> None:
    raise ValueError(f"cannot read {secret}")


@router.get("/refusal", responses=problems(MoveRefused))
async def refusal(run: Annotated[Run, open_to_all("for the test of a problem")]) -> None:
    raise MoveRefused(state=CaseStatus.CLOSED, action="start")


SERVICE = Service(
    name="sample",
    title="Sample",
    description="A service for tests",
    settings=ServiceSettings,
    tables=Base.metadata,
    routers=[router],
    conflicts={"uq_things_label": LabelTaken},
    destinations=("left", "right"),
)
TABLES = (PlumbingBase.metadata, Base.metadata)


def create_tables(url: str) -> None:
    for tables in TABLES:
        with_connection(url, tables.create_all)


@cache
def postgres_of_this_process() -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    url = databases.create_postgres(f"onewindow_test_sample_{worker}_{os.getpid()}")
    create_tables(url)
    return url


def empty_database(backend: str, folder: Path, name: str = "sample") -> str:
    """Return the URL of a database with empty tables."""
    if backend == "sqlite":
        url = f"sqlite:///{folder / name}.sqlite3"
        create_tables(url)
        return url
    url = postgres_of_this_process()
    with_connection(url, _empty)
    return url


def _empty(connection: Connection) -> None:
    for table in _children_first():
        connection.execute(delete(table))


def _children_first() -> Iterator[Table]:
    for tables in TABLES:
        yield from reversed(tables.sorted_tables)


@dataclass
class Journal:
    """Remembers what happened, in order."""

    lines: list[Any] = field(default_factory=list)


def runtime_on(url: str, clock: Any, service: Service = SERVICE, **more: Any) -> Runtime:
    """Open a replica of a service on a database, on a clock that tests move."""

    class Settings(ServiceSettings):
        @property
        def clock(self) -> Any:
            return clock

    made = settings_for(service, url, **more)
    fields: Mapping[str, Any] = {name: getattr(made, name) for name in type(made).model_fields}
    return open_runtime(service, Settings(**fields), People())


def thing(unit: Unit, label: str, community: str = XIAN, **more: Any) -> int:
    """Add a thing and return its id."""
    row = Thing(label=label, **place(community), **more)
    unit.session.add(row)
    unit.session.flush()
    return row.id


def labels(unit: Unit) -> list[str | None]:
    return list(unit.session.scalars(select(Thing.label).order_by(Thing.id)))
