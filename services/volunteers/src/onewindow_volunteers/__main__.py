"""The command line: `python -m onewindow_volunteers`."""

from onewindow_shared.starting import loading

with loading():
    from onewindow_shared.plumbing.cli import command_line
    from onewindow_volunteers.app import SERVICE

main = command_line(SERVICE)

if __name__ == "__main__":
    main()
