"""One service's real application with a settable clock, made-up signed-in people, and its own database."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from unittest import mock

from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from onewindow_shared.contracts.access import Claims, Role
from onewindow_shared.contracts.events import Envelope, Payload
from onewindow_shared.plumbing.inbox import take
from onewindow_shared.plumbing.outbox import OutboxRecord, outbox_rows
from onewindow_shared.plumbing.privacy import new_index_key, new_key_ring
from onewindow_shared.plumbing.problems import Unauthorized
from onewindow_shared.plumbing.relay import Outcome
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.service import Service, create_app
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.timers import sweep
from onewindow_shared.plumbing.unit import Unit

T = TypeVar("T")
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai on an ordinary working Monday."""
XIAN = "330902002001"
"""西安社区, 昌国街道, 定海区."""
KAIYUAN = "330902002007"
"""开源社区, in the same street."""
DONGSHAN = "330902003005"
"""东山社区, in another street."""


@dataclass
class FrozenClock:
    """A clock that tests move by hand."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class People:
    """A verifier whose tokens tests make up."""

    known: dict[str, Claims] = field(default_factory=dict)

    async def verify(self, token: str) -> Claims:
        if token not in self.known:
            raise Unauthorized(detail="unknown")
        return self.known[token]

    def headers(
        self,
        role: Role,
        area: str | None = None,
        *,
        department: str | None = None,
        subject: str | None = None,
    ) -> dict[str, str]:
        """Sign somebody in, and return the header to send."""
        who = subject or f"{role}-{area or 'self'}-{department or 'none'}"
        claims = Claims(
            subject=who,
            name=f"测试 {who}",
            roles=frozenset({role}),
            area=area,
            department=department,
            organisation=None,
            session=f"session-{who}",
            expires_at=4_000_000_000,
        )
        self.known[who] = claims
        return {"Authorization": f"Bearer {who}"}


SECRETS: Mapping[str, str] = {
    "events_secret": base64.b64encode(b"events-secret-for-tests-only-32b").decode(),
    "data_keys": new_key_ring(),
    "index_key": new_index_key(),
    "cursor_secret": base64.b64encode(b"cursor-secret-for-tests-only-32b").decode(),
}


def settings_for(service: Service, url: str, **more: Any) -> ServiceSettings:
    """Return settings of a service for its test database."""
    peers = {name: f"http://{name}.test" for name in ("intake", "casework", "volunteers", "gateway")}
    return service.settings(
        database_url=SecretStr(url),
        issuer="https://issuer.test",
        jwks_url="https://issuer.test/auth/jwks.json",
        peers=peers,
        **{"embedded": True, **SECRETS, **more},
    )


def environment(settings: ServiceSettings) -> dict[str, str]:
    """Return the variables that tell a process of its own these settings."""
    said = {}
    for name, value in settings.model_dump(exclude_unset=True).items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        said[f"ONEWINDOW_{name.upper()}"] = text if isinstance(text, str) else json.dumps(text)
    return said


@dataclass
class Api:
    """A running service, seen as its clients and its operators see it."""

    client: TestClient
    app: FastAPI
    people: People
    clock: FrozenClock

    @property
    def runtime(self) -> Runtime:
        runtime: Runtime = self.app.state.runtime
        return runtime

    def system(self, use_case: Callable[..., T], *args: Any) -> T:
        """Run a use case as the service itself."""
        assert self.client.portal is not None
        result: T = self.client.portal.call(self.runtime.system, use_case, *args)
        return result

    def tick(self) -> int:
        """Fire the timers that are due."""
        handlers = self.app.state.timers
        return self.system(lambda unit: sweep(unit, handlers))

    def quiet(self) -> None:
        """Fire the timers that are due, and those that they set, until none is."""
        for _ in range(100):
            if not self.tick():
                return
        raise AssertionError("timers never end")

    def receive(self, *events: Payload, source: str = "test") -> list[Outcome]:
        """Hand the service events, as its inbox would get them."""
        rows = [row for event in events for row in outbox_rows(event, source=source, now=self.clock())]
        envelopes = {row["event_id"]: Envelope.model_validate_json(row["body"]) for row in rows}
        assert self.client.portal is not None
        outcomes: list[Outcome] = self.client.portal.call(
            take, self.runtime, self.app.state.handlers, list(envelopes.values())
        )
        assert all(outcome.outcome == "done" for outcome in outcomes), outcomes
        return outcomes

    def sent(self, kind: type[Payload]) -> Sequence[Any]:
        """Return the payloads of one type that wait in the outbox."""

        def waiting(unit: Unit) -> list[Payload]:
            query = select(OutboxRecord).where(OutboxRecord.type == kind.type).order_by(OutboxRecord.id)
            rows = unit.session.scalars(query)
            return [kind.model_validate(Envelope.model_validate_json(row.body).data) for row in rows]

        return self.system(waiting)


_routes: dict[tuple[int, ...], tuple[Service, list[BaseRoute]]] = {}


def _known_routes(app: FastAPI, service: Service) -> list[BaseRoute]:
    """Return the routes of the first application of these routers, which found out what each of them asks for."""
    return _routes.setdefault(tuple(map(id, service.routers)), (service, list(app.routes)))[1]


@contextmanager
def running(service: Service, url: str, clock: FrozenClock | None = None, **more: Any) -> Iterator[Api]:
    """Run a service's application on a database, without its background work."""
    clock, people = clock or FrozenClock(), People()
    settings = settings_for(service, url, **more)
    with mock.patch.object(type(settings), "clock", clock):
        app = create_app(service, settings, verifier=people, background=False)
        app.router.routes[:] = _known_routes(app, service)
        app.state.timers = service.timers
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Api(client, app, people, clock)
