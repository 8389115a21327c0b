"""What a running service holds, and how a route runs a use case in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog
from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import MetaData
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onewindow_shared.contracts.access import Claims, Permission, permits
from onewindow_shared.contracts.common import Resource, area_prefix
from onewindow_shared.plumbing.conditional import tagged
from onewindow_shared.plumbing.conflicts import Conflicts, constraint_of
from onewindow_shared.plumbing.database import Database, out_of_reach
from onewindow_shared.plumbing.heirs import KnownHeirs
from onewindow_shared.plumbing.idempotency import KEY_CONSTRAINT, created, earlier, fingerprint, once
from onewindow_shared.plumbing.paging import Cursors
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import NotPermitted, StillRunning, Unauthorized, Unavailable
from onewindow_shared.plumbing.reference import AREAS_CHANGED
from onewindow_shared.plumbing.requests import request_id
from onewindow_shared.plumbing.scope import scope_of
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.succession import Succession
from onewindow_shared.plumbing.unit import Actor, NotedError, Unit, anonymous, system_actor
from onewindow_shared.plumbing.workdays import local_day

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=Resource)
UseCase = Callable[Concatenate[Unit, P], T]


class Verifier(Protocol):
    """Turns a bearer token into claims."""

    async def verify(self, token: str) -> Claims:
        """Return the claims, or raise `Unauthorized`."""


@dataclass
class Runtime:
    """One service process: its database, keys, clock and what happens around a transaction."""

    name: str
    settings: ServiceSettings
    database: Database
    vault: Vault
    cursors: Cursors
    verifier: Verifier
    tables: tuple[MetaData, ...]
    conflicts: Conflicts
    on_publish: Callable[..., None] = lambda *_: None
    """Told that something was published, and to which subscribers if that is known."""
    running: set[tuple[str, str]] = field(default_factory=set)
    queues: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    heirs: KnownHeirs = field(init=False)

    def __post_init__(self) -> None:
        self.heirs = KnownHeirs(self.database)

    def unit(self, session: Session, actor: Actor) -> Unit:
        """Open a unit of work on a session."""
        settings = self.settings
        return Unit(
            session,
            actor,
            settings.clock(),
            settings.zone,
            self.name,
            self.vault,
            self.cursors,
            settings,
            self.heirs.known,
        )

    async def write(self, actor: Actor, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case in one transaction; a broken constraint becomes the problem it stands for.

        What a `NotedError` has to note is committed before its problem is told.
        """
        subscribers: set[str] = set()
        told: dict[Any, Any] = {}

        def work(session: Session) -> T:
            unit = self.unit(session, actor)
            result = use_case(unit, *args, **kwargs)
            unit.flush()
            subscribers.update(name for event in unit.published for name in event.subscribers)
            told.update(session.info)
            return result

        try:
            with outages():
                await self.heirs.current()
                result = await self.database.write(actor.scope, work)
        except IntegrityError as error:
            problem = self.conflicts.get(constraint_of(error, self.tables) or "")
            if problem is None:
                raise
            raise problem() from error
        except NotedError as refused:
            await self.write(actor, refused.note)
            raise refused.problem from None
        if AREAS_CHANGED in told:
            self.heirs.forget()
        if subscribers:
            self.on_publish(subscribers)
        return result

    async def read(self, actor: Actor, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        with outages():
            await self.heirs.current()
            return await self.database.read(
                actor.scope, lambda session: use_case(self.unit(session, actor), *args, **kwargs)
            )

    async def acting(self, claims: Claims) -> Actor:
        """Return the actor that a token stands for on the district's day."""
        day = local_day(self.settings.clock(), self.settings.zone)
        with outages():
            return actor_of(claims, request_id(), await self.heirs.current(), day)

    async def system(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as the service itself, over all areas."""
        return await self.write(system_actor(self.name), use_case, *args, **kwargs)


@contextmanager
def outages() -> Iterator[None]:
    """A database that cannot work now is told as such, not as a defect."""
    try:
        yield
    except Exception as error:
        if not out_of_reach(error):
            raise
        log.exception("database out of reach")
        raise Unavailable(detail="The database cannot be reached.", retry_after=1) from error


@dataclass(frozen=True)
class Run:
    """One request's way to its use cases: who acts is settled, the transaction is not yet open."""

    runtime: Runtime
    actor: Actor
    operation: str
    response: Response
    """What the framework puts into the headers of the answer."""

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case in one transaction, committed before this returns."""
        return await self.runtime.write(self.actor, use_case, *args, **kwargs)

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        return await self.runtime.read(self.actor, use_case, *args, **kwargs)

    async def change(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case as `write` does; the answer carries the `ETag` of the resource that it left."""
        resource = await self.write(use_case, *args, **kwargs)
        tagged(self.response, resource)
        return resource

    async def create(
        self,
        key: str,
        body: BaseModel,
        use_case: Callable[..., BaseModel],
        *args: Any,
        ask: Callable[[], Awaitable[Any]] | None = None,
    ) -> Response:
        """Answer 201 with what a creating use case made, as `once` runs it."""
        answer, replayed = await self.once(key, body, use_case, *args, ask=ask)
        return created(answer, replayed=replayed)

    async def once(
        self,
        key: str,
        body: BaseModel,
        use_case: Callable[..., BaseModel],
        *args: Any,
        ask: Callable[[], Awaitable[Any]] | None = None,
    ) -> tuple[bytes, bool]:
        """Run a use case, `use_case(unit, *args, body)`, once per `Idempotency-Key`.

        Returns its answer as JSON, and whether it was given before; a route whose use case may write down a
        refusal makes a problem of that answer. `ask` is awaited first, outside the transaction and not for a
        repeated request; what it returns follows `args`.
        """
        async with only_once_at_a_time(self.runtime, self.actor.subject, key):
            print_ = fingerprint(self.runtime.vault, self.operation, body)
            if ask is not None:
                known = await self.read(earlier, key, print_)
                if known is not None:
                    return known, True
                args = (*args, await ask())
            try:
                return await self.write(once, key, print_, use_case, *args, body)
            except IntegrityError as error:
                if constraint_of(error, self.runtime.tables) != KEY_CONSTRAINT:
                    raise
                return await self.write(once, key, print_, use_case, *args, body)


@asynccontextmanager
async def only_once_at_a_time(runtime: Runtime, subject: str, key: str) -> AsyncIterator[None]:
    """Refuse a key whose request this process is still running."""
    mark = (subject, key)
    if mark in runtime.running:
        raise StillRunning(detail="The first request with this key is still running.", retry_after=1)
    runtime.running.add(mark)
    try:
        yield
    finally:
        runtime.running.discard(mark)


@asynccontextmanager
async def one_after_another(runtime: Runtime, what: str) -> AsyncIterator[None]:
    """Let requests of this process that want the same row wait here, in the order they came.

    They would wait for one another in the database, each with a connection that others need.
    """
    queue = runtime.queues.setdefault(what, asyncio.Lock())
    async with queue:
        yield


def runtime_of(request: Request) -> Runtime:
    """Return the service that a request came to."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def _claims(request: Request) -> Claims | None:
    authorization = request.headers.get("authorization")
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized(detail="Send `Authorization: Bearer <token>`.")
    return await runtime_of(request).verifier.verify(token.strip())


def actor_of(claims: Claims, request: str, heirs: Succession, day: date) -> Actor:
    """Return the actor that a token stands for; one of an area that has ended works for its heir."""
    return Actor(
        claims.subject,
        claims.name,
        claims.roles,
        scope_of(claims, heirs, day),
        None if claims.area is None else heirs.heir(area_prefix(claims.area), day),
        claims.department,
        claims.organisation,
        claims.phone_proof,
        request,
    )


class Gate:
    """Dependency that lets a request through to its use cases: by permission, or because it is public."""

    def __init__(self, permission: Permission | None, why_public: str | None = None) -> None:
        self.permission = permission
        self.why_public = why_public

    async def __call__(self, request: Request, response: Response) -> Run:
        claims = await _claims(request)
        if self.permission is not None:
            if claims is None:
                raise Unauthorized(detail="This needs a token.")
            if not permits(claims.roles, self.permission):
                raise NotPermitted(detail=f"This needs the permission {self.permission}.")
        actor = await runtime_of(request).acting(claims) if claims else anonymous(request_id())
        operation = f"{request.method} {request.scope['path']}"
        return Run(runtime_of(request), actor, operation, response)


def gated(permission: Permission) -> Any:
    """Default of a route's `run` parameter where the caller needs a permission."""
    return Depends(Gate(permission))


def open_to_all(why: str) -> Any:
    """Default of a route's `run` parameter where nobody needs to sign in; a guard reads `why` too."""
    return Depends(Gate(None, why))
