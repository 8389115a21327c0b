"""The command line: `python -m onewindow_casework`."""

from onewindow_shared.starting import loading

with loading():
    from onewindow_casework.app import SERVICE
    from onewindow_casework.commands import calendar
    from onewindow_shared.plumbing.cli import command_line

main = command_line(SERVICE)
main.add_typer(calendar, name="calendar")

if __name__ == "__main__":
    main()
