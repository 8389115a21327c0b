"""Batches, words, saved views and bulk work."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings

revision = "0006_worklists"
down_revision = "0005_documents"
branch_labels = None
depends_on = None

REMARK = "intake.cases.remark"
CASES = sa.table("cases", sa.column("id"), sa.column("remark"), sa.column("remark_sealed"))
LEVELS = ("community", "street", "district")
BEFORE = [f"ix_cases_{level}_id" for level in LEVELS]
AFTER = [
    *[(f"ix_cases_{name}_received", [name, "received_at", "id"], None) for name in (*LEVELS, "department")],
    *[
        (f"ix_cases_{name}_due", [name, "due_on", "id"], "ended_on IS NULL AND due_on IS NOT NULL")
        for name in (*LEVELS, "department")
    ],
    *[(f"ix_cases_{name}_open", [name, "received_at", "id"], "ended_on IS NULL") for name in LEVELS],
    *[(f"ix_cases_{name}_notice", [name, "notice_due_at", "id"], "status = 'received'") for name in LEVELS],
    ("ix_cases_name_index", ["name_index"], None),
    ("ix_cases_responsible_officer_received", ["responsible_officer", "received_at", "id"], None),
]
"""Indexes: name, columns, and of which rows."""


def _rewrite(source: str, target: str, change: Callable[[Vault, str], str]) -> None:
    """Seal or open the remarks that are there; only then are keys needed."""
    connection = op.get_bind()
    query = sa.select(CASES.c.id, CASES.c[source]).where(CASES.c[source].is_not(None))
    rows = connection.execute(query).all()
    if rows:
        settings = read_settings(ServiceSettings)
        vault = vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())
        for key, value in rows:
            changed = sa.update(CASES).where(CASES.c.id == key).values({target: change(vault, value)})
            connection.execute(changed)


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("name_index", sa.String(length=64), nullable=True))
        cases.add_column(sa.Column("remark_sealed", sa.Text(), nullable=True))
        for name in (*BEFORE, "ix_cases_responsible_officer_id"):
            cases.drop_index(name)
    _rewrite("remark", "remark_sealed", lambda vault, text: vault.seal(text, purpose=REMARK))
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("remark")
    for name, columns, only in AFTER:
        where = sa.text(only) if only else None
        op.create_index(name, "cases", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "offline_cases",
        sa.Column("client", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("judged", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_offline_cases_case_no")),
        sa.PrimaryKeyConstraint("client", "client_id", name=op.f("pk_offline_cases")),
    )
    op.create_index("ix_offline_cases_case_no", "offline_cases", ["case_no"])


def downgrade() -> None:
    op.drop_table("offline_cases")
    for name, _, _ in AFTER:
        op.drop_index(name, "cases")
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("remark", sa.Text(), nullable=True))
    _rewrite("remark_sealed", "remark", lambda vault, token: vault.open(token, purpose=REMARK))
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("remark_sealed")
        cases.drop_column("name_index")
    for level, name in zip(LEVELS, BEFORE, strict=True):
        op.create_index(name, "cases", [level, "id"])
    op.create_index("ix_cases_responsible_officer_id", "cases", ["responsible_officer", "id"])
