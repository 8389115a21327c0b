"""Alembic's entry into this service's migrations."""

from onewindow_gateway.app import SERVICE
from onewindow_shared.plumbing.migrations import run_env

run_env(SERVICE.all_tables)
