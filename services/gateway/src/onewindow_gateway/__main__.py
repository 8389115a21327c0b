"""The command line: `python -m onewindow_gateway`."""

import json
import os
from typing import Any

import typer

from onewindow_gateway.app import SERVICE
from onewindow_gateway.commands import accounts
from onewindow_gateway.fresh import new_secrets
from onewindow_gateway.seed import demo
from onewindow_shared.plumbing.cli import command_line

PASSWORD = "ONEWINDOW_DEMO_PASSWORD"  # noqa: S105 - the name of a variable
main = command_line(SERVICE)
main.add_typer(accounts, name="accounts")


@main.command("new-secrets")
def print_new_secrets() -> None:
    """Print a fresh value for every secret, as JSON by variable; nothing is stored."""
    typer.echo(json.dumps(new_secrets()))


@main.command("demo-accounts")
def print_demo_accounts() -> None:
    """Print the demo accounts as JSON, with their password where it is set."""
    known = {"password": os.environ[PASSWORD]} if PASSWORD in os.environ else {}
    shown: list[dict[str, Any]] = [
        {
            "username": one.username,
            "name": one.display_name,
            "roles": one.roles,
            "area": one.area,
            "department": one.department,
            **known,
        }
        for one in demo().accounts
    ]
    phones = [{"phone": one.phone, "name": one.display_name, "roles": one.roles} for one in demo().phones]
    typer.echo(json.dumps(shown + phones, ensure_ascii=False))


if __name__ == "__main__":
    main()
