"""Migrations of the intake service."""

from onewindow_intake.app import SERVICE
from onewindow_shared.plumbing.migrations import run_env

run_env(SERVICE.all_tables)
