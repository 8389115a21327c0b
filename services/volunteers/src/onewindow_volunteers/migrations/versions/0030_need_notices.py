"""Notices tell of needs, too; each says which volunteer it is for."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey

revision = "0030_need_notices"
down_revision = "0029_audit_reasons"
branch_labels = None
depends_on = None

TABLE, VOLUNTEER = "activity_notices", "ix_activity_notices_volunteer_id"
EITHER = "ck_activity_notices_of_a_place_or_a_need"
ONCE = "uq_activity_notices_need_id_volunteer_id_kind"
OF_A_PLACE = ("signup_id", "activity_id")
WHOSE = """
UPDATE activity_notices SET volunteer_id = (
    SELECT signups.volunteer_id FROM signups WHERE signups.id = activity_notices.signup_id
)
"""


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as notices:
        notices.add_column(sa.Column("volunteer_id", BigKey, nullable=True))
        notices.add_column(sa.Column("need_id", BigKey, nullable=True))
    op.execute(WHOSE)
    with op.batch_alter_table(TABLE) as notices:
        notices.alter_column("volunteer_id", existing_type=BigKey, nullable=False)
        for column in OF_A_PLACE:
            notices.alter_column(column, existing_type=BigKey, nullable=True)
        notices.create_foreign_key(
            op.f("fk_activity_notices_volunteer_id"), "volunteers", ["volunteer_id"], ["id"]
        )
        notices.create_foreign_key(op.f("fk_activity_notices_need_id"), "needs", ["need_id"], ["id"])
        notices.create_unique_constraint(op.f(ONCE), ["need_id", "volunteer_id", "kind"])
        notices.create_check_constraint(
            op.f(EITHER),
            "(signup_id IS NULL) = (activity_id IS NULL) AND (signup_id IS NULL) <> (need_id IS NULL)",
        )
    op.create_index(VOLUNTEER, TABLE, ["volunteer_id"])


def downgrade() -> None:
    op.drop_index(VOLUNTEER, TABLE)
    op.execute("DELETE FROM activity_notices WHERE signup_id IS NULL")
    with op.batch_alter_table(TABLE) as notices:
        notices.drop_constraint(op.f(EITHER), type_="check")
        notices.drop_constraint(op.f(ONCE), type_="unique")
        notices.drop_constraint(op.f("fk_activity_notices_need_id"), type_="foreignkey")
        notices.drop_constraint(op.f("fk_activity_notices_volunteer_id"), type_="foreignkey")
        for column in OF_A_PLACE:
            notices.alter_column(column, existing_type=BigKey, nullable=False)
        notices.drop_column("need_id")
        notices.drop_column("volunteer_id")
