"""The number of a draft is never given again, which SQLite would do once the newest is erased.

A case is answered again under its draft's number for some days: what is kept of drafts that are erased goes.
"""

from alembic import op

revision = "0033_draft_numbers"
down_revision = "0032_reviewing"
branch_labels = None
depends_on = None

OF_ERASED_DRAFTS = """
DELETE FROM idempotency_keys WHERE subject = '*drafts'
AND key NOT IN (SELECT CAST(id AS VARCHAR(20)) FROM drafts)
"""


def upgrade() -> None:
    op.execute(OF_ERASED_DRAFTS)
    _made_again(autoincrement=True)


def downgrade() -> None:
    _made_again(autoincrement=False)


def _made_again(*, autoincrement: bool) -> None:
    if op.get_context().dialect.name == "sqlite":
        kept = {"sqlite_autoincrement": autoincrement}
        with op.batch_alter_table("drafts", recreate="always", table_kwargs=kept):
            pass
