"""The command line: `python -m onewindow_gateway`."""

import json
import os

from onewindow_shared.starting import loading

with loading():
    import typer

    from onewindow_gateway.app import SERVICE
    from onewindow_gateway.commands import accounts
    from onewindow_gateway.demo import shown
    from onewindow_gateway.fresh import new_secrets
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
    typer.echo(json.dumps(shown(os.environ.get(PASSWORD)), ensure_ascii=False))


if __name__ == "__main__":
    main()
