"""Why a certificate was revoked, and what a star asked for, stand in columns of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0037_causes_and_wants"
down_revision = "0036_populations"
branch_labels = None
depends_on = None

BY_ITSELF = {
    "corrected": "更正服务记录后，原证明的内容已不存在",
    "erased": "应持有人要求删除个人信息，原证明随之撤销",
}
UNKNOWN = "撤销原因已按本人要求删除"
HOURS = {1: 100, 2: 300, 3: 600, 4: 1000, 5: 1500}
CERTIFICATES = sa.table("service_certificates", *map(sa.column, ("status", "cause", "reason")))
STARS = sa.table("stars", *map(sa.column, ("level", "minutes", "wanted_minutes")))
FOR_A_REASON = ("ck_service_certificates_revoked_for_a_reason", "status <> 'revoked' OR reason IS NOT NULL")
FOR_A_CAUSE = ("ck_service_certificates_revoked_for_a_cause", "(status = 'revoked') = (cause IS NOT NULL)")
KNOWN = ("ck_service_certificates_known_cause", "cause IN ('staff', 'corrected', 'erased')")


def upgrade() -> None:
    op.add_column("service_certificates", sa.Column("cause", sa.String(length=16), nullable=True))
    known, reason = CERTIFICATES.c, CERTIFICATES.c.reason
    cause = sa.case(*((reason == words, name) for name, words in BY_ITSELF.items()), else_="staff")
    op.execute(sa.update(CERTIFICATES).where(known.status == "revoked").values(cause=cause))
    with op.batch_alter_table("service_certificates") as certificates:
        certificates.drop_constraint(op.f(FOR_A_REASON[0]), type_="check")
        certificates.create_check_constraint(op.f(FOR_A_CAUSE[0]), FOR_A_CAUSE[1])
        certificates.create_check_constraint(op.f(KNOWN[0]), KNOWN[1])
    op.execute(sa.update(CERTIFICATES).where(reason.in_(BY_ITSELF.values())).values(reason=None))
    op.add_column(
        "stars", sa.Column("wanted_minutes", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    level, minutes = STARS.c.level, STARS.c.minutes
    asked = sa.case(*((level == star, 60 * hours) for star, hours in HOURS.items()), else_=minutes)
    op.execute(sa.update(STARS).values(wanted_minutes=sa.case((minutes < asked, minutes), else_=asked)))
    with op.batch_alter_table("stars") as stars:
        stars.alter_column("wanted_minutes", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    known, revoked = CERTIFICATES.c, CERTIFICATES.c.status == "revoked"
    words = sa.case(*((known.cause == name, text) for name, text in BY_ITSELF.items()), else_=known.reason)
    op.execute(sa.update(CERTIFICATES).where(revoked).values(reason=sa.func.coalesce(words, UNKNOWN)))
    with op.batch_alter_table("service_certificates") as certificates:
        certificates.drop_constraint(op.f(KNOWN[0]), type_="check")
        certificates.drop_constraint(op.f(FOR_A_CAUSE[0]), type_="check")
        certificates.create_check_constraint(op.f(FOR_A_REASON[0]), FOR_A_REASON[1])
        certificates.drop_column("cause")
    with op.batch_alter_table("stars") as stars:
        stars.drop_column("wanted_minutes")
