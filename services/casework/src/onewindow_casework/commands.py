"""The commands of this service beyond those that all services have."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError

from onewindow_casework.app import SERVICE
from onewindow_casework.districts.rules import read_notice
from onewindow_casework.districts.service import import_year
from onewindow_shared.contracts.casework import CalendarIn, CalendarOut
from onewindow_shared.plumbing.cli import run_system
from onewindow_shared.plumbing.problems import Invalid

calendar = typer.Typer(no_args_is_help=True, help="The working-day calendar")


@calendar.callback()
def _group() -> None:
    """Keep `import` a command of its own."""


@calendar.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON of one year")],
) -> None:
    """Import the State Council's notice for a year: our own form, or the JSON of the holiday-cn data set."""
    year, notice = _read(file)
    try:
        imported: CalendarOut = run_system(SERVICE, lambda unit: import_year(unit, year, notice))
    except Invalid as problem:
        raise _refused([f"{'.'.join(map(str, e.loc[1:]))}: {e.detail}" for e in problem.errors]) from None
    typer.echo(f"{year}: revision {imported.revision}, {len(imported.days)} days")


def _read(file: Path) -> tuple[int, CalendarIn]:
    try:
        document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return read_notice(document)
    except yaml.YAMLError:
        raise _refused(["this is neither YAML nor JSON"]) from None
    except ValidationError as error:
        raise _refused([f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]) from None
    except ValueError as error:
        raise _refused([str(error)]) from None


def _refused(reasons: list[str]) -> typer.Exit:
    for reason in reasons:
        typer.echo(reason, err=True)
    return typer.Exit(1)
