"""The commands of the gateway beyond those that all services have: accounts of staff."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from onewindow_gateway.accounts import service
from onewindow_gateway.accounts.service import Changed
from onewindow_gateway.app import SERVICE
from onewindow_gateway.passwords import hash_password
from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.accounts import Password, StaffAccountIn, StaffAccountOut, Username
from onewindow_shared.plumbing.cli import look, run_system
from onewindow_shared.plumbing.problems import Invalid
from onewindow_shared.plumbing.settings import read_settings
from onewindow_shared.plumbing.unit import Unit

accounts = typer.Typer(no_args_is_help=True, help="Accounts of staff")
Named = Annotated[str, typer.Argument(metavar="USERNAME")]


@accounts.command()
def add(
    username: Named,
    *,
    name: Annotated[str, typer.Option(help="Shown to others")],
    role: Annotated[list[Role], typer.Option(help="Can be repeated")],
    area: Annotated[str, typer.Option(help="Code of a district (6 digits), street (9) or community (12)")],
    department: Annotated[str | None, typer.Option(help="Needed of a department officer")] = None,
    organisation: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Make an account; its password is read from standard input, or asked for at a terminal."""
    with _refusals():
        new = StaffAccountIn.model_validate(
            {
                "username": username,
                "name": name,
                "roles": role,
                "area": area,
                "department": department,
                "organisation": organisation,
                "password": _read_password(),
            }
        )
        service.vet(new, read_settings(Settings).password_min_length)
        hashed = hash_password(new.password.get_secret_value())
        _show(run_system(SERVICE, lambda unit: service.add(unit, hashed, new)))


@accounts.command()
def password(username: Named) -> None:
    """Set another password, read like that of `add`, and end the account's sessions."""
    with _refusals():
        wanted = TypeAdapter[SecretStr](Password).validate_python(_read_password())
        service.vet_password(wanted, read_settings(Settings).password_min_length)
        hashed = hash_password(wanted.get_secret_value())
        _change(username, lambda unit, known: service.set_password(unit, known, hashed))


@accounts.command()
def disable(username: Named) -> None:
    """Keep somebody out and end their sessions, in running gateways within a second."""
    with _refusals():
        _change(username, service.disable)


@accounts.command()
def enable(username: Named) -> None:
    """Let somebody sign in again."""
    with _refusals():
        _change(username, service.enable)


@accounts.command("list")
def list_() -> None:
    """Print every account as a line of JSON."""
    for account in look(SERVICE, service.every_account):
        _show(account)


def _change(username: str, use_case: Callable[[Unit, str], Changed]) -> None:
    known = TypeAdapter[str](Username).validate_python(username)
    changed = run_system(SERVICE, lambda unit: use_case(unit, known))
    _show(changed.account, sessions_ended=len(changed.ended))


def _show(account: StaffAccountOut, **more: int) -> None:
    typer.echo(json.dumps(account.model_dump(mode="json") | more, ensure_ascii=False))


def _read_password() -> str:
    if _at_terminal():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


def _at_terminal() -> bool:
    return sys.stdin.isatty()


@contextmanager
def _refusals() -> Iterator[None]:
    """Show by field what is wrong, and end with code 1."""
    try:
        yield
    except ValidationError as error:
        reasons = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    except Invalid as problem:
        reasons = [f"{'.'.join(map(str, e.loc[1:]))}: {e.detail}" for e in problem.errors]
    else:
        return
    for reason in reasons:
        typer.echo(reason, err=True)
    raise typer.Exit(1)
