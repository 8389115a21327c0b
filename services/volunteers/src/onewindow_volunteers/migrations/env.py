"""Alembic's entry into this service's migrations."""

from onewindow_shared.plumbing.migrations import run_env
from onewindow_volunteers.app import SERVICE

run_env(SERVICE.all_tables)
