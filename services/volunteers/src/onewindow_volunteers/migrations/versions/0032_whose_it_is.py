"""What is somebody's bears their present account, nobody has a place in what was called off."""

import sqlalchemy as sa
from alembic import op

revision = "0032_whose_it_is"
down_revision = "0031_papers_once"
branch_labels = None
depends_on = None

BEARING = {
    "activity_notices": "subject",
    "members": "subject",
    "needs": "helper",
    "service_certificates": "subject",
    "service_records": "subject",
    "signups": "subject",
    "stars": "subject",
    "suspensions": "subject",
    "time_accounts": "subject",
}
"""Tables of what is somebody's, and the column of the account."""
ACCOUNTS, PRESENT = "ix_volunteers_subject_id", ["subject", "id"]
ACTIVITIES_ONCE = "uq_activities_id_takes_place"
TOLD = ("ck_activities_takes_place_unless_cancelled", "takes_place = (status <> 'cancelled')")
EMPTY = (
    "ck_signups_in_what_takes_place",
    "takes_place OR status NOT IN ('placed', 'offered', 'waiting')",
)
LEAVES = "ck_service_records_leaves_once"
LEFT = "(status = 'checked_in') = (left_at IS NULL)"
LEFT_OR_RULED = (
    "CASE status WHEN 'checked_in' THEN left_at IS NULL WHEN 'disputed' THEN TRUE"
    " ELSE left_at IS NOT NULL END"
)
MENDED = [
    """
    UPDATE activities SET status = 'ended' WHERE status = 'cancelled'
    AND EXISTS (SELECT 1 FROM service_records WHERE service_records.activity_id = activities.id)
    """,
    """
    DELETE FROM busy_quarters WHERE signup_id IN (
        SELECT signups.id FROM signups JOIN activities ON activities.id = signups.activity_id
        WHERE activities.status = 'cancelled'
    )
    """,
    """
    DELETE FROM waiting WHERE signup_id IN (
        SELECT signups.id FROM signups JOIN activities ON activities.id = signups.activity_id
        WHERE activities.status = 'cancelled'
    )
    """,
    """
    UPDATE signups SET status = 'called_off', offered_until = NULL, version = version + 1
    WHERE status IN ('placed', 'offered', 'waiting')
    AND activity_id IN (SELECT id FROM activities WHERE status = 'cancelled')
    """,
    "UPDATE activities SET takes_place = (status <> 'cancelled')",
    """
    UPDATE signups SET takes_place = (
        SELECT takes_place FROM activities WHERE activities.id = signups.activity_id
    )
    """,
]
"""Whoever signed up while an activity was called off still had the place."""


def _of_their_account(table: str, account: str) -> sa.Update:
    bearing = sa.table(table, sa.column("volunteer_id"), sa.column(account))
    volunteers = sa.table("volunteers", sa.column("id"), sa.column("subject"))
    present = sa.select(volunteers.c.subject).where(volunteers.c.id == bearing.c.volunteer_id)
    other = bearing.c[account] != present.scalar_subquery()
    return bearing.update().where(other).values({account: present.scalar_subquery()})


def upgrade() -> None:
    for table in ("activities", "signups"):
        op.add_column(table, sa.Column("takes_place", sa.Boolean(), nullable=False, server_default=sa.true()))
    for statement in MENDED:
        op.execute(statement)
    with op.batch_alter_table("activities") as activities:
        activities.alter_column("takes_place", existing_type=sa.Boolean(), server_default=None)
        activities.create_unique_constraint(op.f(ACTIVITIES_ONCE), ["id", "takes_place"])
        activities.create_check_constraint(op.f(TOLD[0]), TOLD[1])
    op.drop_index(ACCOUNTS, "volunteers")
    op.create_index(ACCOUNTS, "volunteers", PRESENT, unique=True)
    for table, account in BEARING.items():
        op.execute(_of_their_account(table, account))
        with op.batch_alter_table(table) as bearing:
            bearing.drop_constraint(op.f(f"fk_{table}_volunteer_id"), type_="foreignkey")
            bearing.create_foreign_key(
                op.f(f"fk_{table}_volunteer_id_{account}"),
                "volunteers",
                ["volunteer_id", account],
                ["id", "subject"],
                onupdate="CASCADE",
            )
            if table == "signups":
                bearing.alter_column("takes_place", existing_type=sa.Boolean(), server_default=None)
                bearing.drop_constraint(op.f("fk_signups_activity_id"), type_="foreignkey")
                bearing.create_foreign_key(
                    op.f("fk_signups_activity_id_takes_place"),
                    "activities",
                    ["activity_id", "takes_place"],
                    ["id", "takes_place"],
                    onupdate="CASCADE",
                )
                bearing.create_check_constraint(op.f(EMPTY[0]), EMPTY[1])
            if table == "service_records":
                bearing.drop_constraint(op.f(LEAVES), type_="check")
                bearing.create_check_constraint(op.f(LEAVES), LEFT_OR_RULED)


def downgrade() -> None:
    op.execute("UPDATE service_records SET status = 'checked_in' WHERE left_at IS NULL")
    for table, account in reversed(BEARING.items()):
        with op.batch_alter_table(table) as bearing:
            if table == "service_records":
                bearing.drop_constraint(op.f(LEAVES), type_="check")
                bearing.create_check_constraint(op.f(LEAVES), LEFT)
            if table == "signups":
                bearing.drop_constraint(op.f(EMPTY[0]), type_="check")
                bearing.drop_constraint(op.f("fk_signups_activity_id_takes_place"), type_="foreignkey")
                bearing.create_foreign_key(
                    op.f("fk_signups_activity_id"), "activities", ["activity_id"], ["id"]
                )
                bearing.drop_column("takes_place")
            bearing.drop_constraint(op.f(f"fk_{table}_volunteer_id_{account}"), type_="foreignkey")
            bearing.create_foreign_key(
                op.f(f"fk_{table}_volunteer_id"), "volunteers", ["volunteer_id"], ["id"]
            )
    op.drop_index(ACCOUNTS, "volunteers")
    op.create_index(ACCOUNTS, "volunteers", PRESENT)
    with op.batch_alter_table("activities") as activities:
        activities.drop_constraint(op.f(TOLD[0]), type_="check")
        activities.drop_constraint(op.f(ACTIVITIES_ONCE), type_="unique")
        activities.drop_column("takes_place")
