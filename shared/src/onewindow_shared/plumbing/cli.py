"""The command line that every service has: serve, migrate, seed, and what operators need."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer
import uvicorn
from sqlalchemy import func, select
from typer.core import TyperGroup
from typer.exceptions import TyperException

from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing import audit, logs, relay, rollups
from onewindow_shared.plumbing.listening import BoundedProtocol
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.outbox import DeadLetter, OutboxRecord
from onewindow_shared.plumbing.privacy import BadKeys
from onewindow_shared.plumbing.problems import Problem, Unauthorized
from onewindow_shared.plumbing.runtime import Runtime, outages
from onewindow_shared.plumbing.sealed import reencrypt
from onewindow_shared.plumbing.service import Service, create_app, open_runtime, served
from onewindow_shared.plumbing.settings import Misconfigured, read_settings
from onewindow_shared.plumbing.unit import Unit, system_actor

T = TypeVar("T")
SERVE = "serve"
"""The command that is the service itself, and logs as such."""
log = structlog.get_logger()


class _NoTokens:
    """Commands act as the system; no token is ever shown to them."""

    async def verify(self, token: str) -> Claims:
        del token
        raise Unauthorized(detail="commands take no tokens")


def run_system(service: Service, use_case: Callable[[Unit], T]) -> T:
    """Run one use case as the service itself, from the command line."""
    return asyncio.run(_with_runtime(service, lambda runtime: runtime.system(use_case)))


def look(service: Service, use_case: Callable[[Unit], T]) -> T:
    """Run a use case that changes nothing, without keeping any writer waiting."""
    return asyncio.run(
        _with_runtime(service, lambda runtime: runtime.read(system_actor(service.name), use_case))
    )


async def _with_runtime(service: Service, work: Callable[[Runtime], Awaitable[T]]) -> T:
    runtime = open_runtime(service, read_settings(service.settings), _NoTokens())
    try:
        return await work(runtime)
    finally:
        await runtime.database.close()


def _show(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


class Commands(TyperGroup):
    """Commands that say in one line why they failed; of any other error, only type and place are logged.

    No traceback is printed: it would show values, and its locals decrypted ones.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, TyperException):
            raise
        except (Misconfigured, BadKeys) as error:
            _fail(str(error))
        except Problem as problem:
            _fail(problem.detail or problem.title)
        except Exception:
            log.exception("command failed")
            _fail("The command failed; the log says where.")


def command_line(service: Service) -> typer.Typer:
    """Build the commands of a service."""
    app = typer.Typer(
        name=f"onewindow-{service.name}",
        cls=Commands,
        no_args_is_help=True,
        help=service.description,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def prepare(ctx: typer.Context) -> None:
        if ctx.invoked_subcommand != SERVE:
            logs.configure(service.name, "WARNING", command=True)

    _running(app, service)
    app.add_typer(_relay(service), name="relay")
    app.add_typer(_audit(service), name="audit")
    app.add_typer(_keys(service), name="keys")
    app.add_typer(_metrics(service), name="metrics")
    return app


def _running(app: typer.Typer, service: Service) -> None:
    @app.command(SERVE)
    def serve(
        *, prepare: Annotated[bool, typer.Option(help="First `migrate` and `seed`, in this process")] = False
    ) -> None:
        """Serve the API until told to stop."""
        settings = read_settings(service.settings)
        logs.configure(service.name, settings.log_level)
        if prepare:
            migrate_()
            seed()
        host, _, port = settings.listen.rpartition(":")
        uvicorn.run(
            served(service, settings),
            host=host,
            port=int(port),
            loop="uvloop",
            http=BoundedProtocol,
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            proxy_headers=service.front is None,
            timeout_graceful_shutdown=10,
        )

    @app.command("migrate")
    def migrate_(
        down: Annotated[str | None, typer.Option(help="Older revision to go down to, or `base`")] = None,
    ) -> None:
        """Bring the database to the newest revision."""
        settings = read_settings(service.settings)
        with outages():
            migrate(service.name, settings.database_url.get_secret_value(), down_to=down)

    @app.command()
    def seed() -> None:
        """Load the demo district; running it again changes nothing."""
        if service.seed is not None:
            run_system(service, service.seed)

    @app.command()
    def openapi() -> None:
        """Print the description of the API."""
        _show(create_app(service).openapi())


def _relay(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Events on their way to other services")

    @app.command()
    def status() -> None:
        """Count waiting events and dead letters by destination."""

        def counts(unit: Unit) -> dict[str, dict[str, int]]:
            return {
                name: dict(
                    unit.session.execute(
                        select(table.destination, func.count()).group_by(table.destination)
                    ).all()
                )
                for name, table in (("waiting", OutboxRecord), ("dead", DeadLetter))
            }

        _show(look(service, counts))

    @app.command()
    def replay() -> None:
        """Send every dead letter again."""
        _show({"replayed": run_system(service, lambda unit: relay.replay(unit.session, unit.now))})

    return app


def _audit(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The append-only audit")

    @app.command()
    def verify() -> None:
        """Find changed, missing or reordered rows; exit 1 if there are any."""
        faults = look(service, lambda unit: audit.verify(unit.session, unit.vault))
        _show({"sound": not faults, "faults": faults})
        if faults:
            raise typer.Exit(1)

    @app.command()
    def show(
        entity_type: str,
        entity_id: str,
        after: Annotated[int, typer.Option(min=0, help="Id of the last row seen")] = 0,
        limit: Annotated[int, typer.Option(min=1, max=200, help="Most rows to show")] = 50,
    ) -> None:
        """List what was done to a record and why, oldest first; that this was asked is written down."""
        entity = (entity_type, entity_id)
        found = look(service, lambda unit: audit.about(unit.session, unit.vault, entity, after, limit))
        run_system(service, lambda unit: unit.audit("audit.shown", *entity))
        _show(found)

    @app.command()
    def seal() -> None:
        """Chain what is not chained yet."""
        _show({"sealed": run_system(service, lambda unit: audit.seal(unit.session))})

    return app


def _keys(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Keys of personal data")

    @app.command("reencrypt")
    def reencrypt_() -> None:
        """Seal again, under the current key, everything that an older key sealed."""
        _show({"resealed": run_system(service, lambda u: reencrypt(u.session, u.vault, service.all_sealed))})

    return app


def _metrics(service: Service) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Counters for dashboards")

    @app.command()
    def rebuild() -> None:
        """Count everything again from the service's own tables."""
        recount = service.recount
        if recount is None:
            _fail("this service keeps no counters")

        def anew(unit: Unit) -> None:
            rollups.hold(unit.session)
            rollups.rebuild(unit.session, recount(unit))

        run_system(service, anew)
        _show({"rebuilt": True})

    return app
