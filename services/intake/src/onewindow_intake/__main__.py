"""`onewindow-intake`: serve, migrate, seed, and what operators need."""

from onewindow_shared.starting import loading

with loading():
    from onewindow_intake.app import SERVICE
    from onewindow_shared.plumbing.cli import command_line

main = command_line(SERVICE)

if __name__ == "__main__":
    main()
