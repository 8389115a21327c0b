"""What became of each line of a notice of corrections that is about no paper is kept beside the notice.

Such a line of an older notice is open. Where its applicant had handed in by then whatever could be handed in,
it counts as declared since: the case went on waiting for the window, and does not end by its deadline now.
"""

import json

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings
from onewindow_shared.plumbing.tables import Json

revision = "0035_notice_lines"
down_revision = "0034_words_on_matters"
branch_labels = None
depends_on = None

CASES = sa.table("cases", sa.column("case_no"), sa.column("status"), sa.column("declared_at", UtcDateTime()))
NOTICES = sa.table(
    "correction_notices", sa.column("case_no"), sa.column("defects_sealed"), sa.column("answers", Json)
)
ANSWERED = (
    sa.select(NOTICES.c.case_no, NOTICES.c.defects_sealed, CASES.c.declared_at)
    .join(CASES, CASES.c.case_no == NOTICES.c.case_no)
    .where(CASES.c.status == "correction", CASES.c.declared_at.is_not(None))
)
DEFECTS = "intake.correction_notices.defects"


def upgrade() -> None:
    with op.batch_alter_table("correction_notices") as table:
        table.add_column(sa.Column("answers", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("correction_notices") as table:
        table.alter_column("answers", existing_type=Json, existing_nullable=False, server_default=None)
    _declare_what_was_handed_in()


def _declare_what_was_handed_in() -> None:
    waiting = op.get_bind().execute(ANSWERED).all()
    if not waiting:
        return
    settings = read_settings(ServiceSettings)
    vault = vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())
    for case_no, sealed, declared_at in waiting:
        defects = json.loads(vault.open(sealed, purpose=DEFECTS))
        declared = {"declared": True, "at": declared_at.isoformat()}
        answers = {
            str(number): declared
            for number, defect in enumerate(defects, start=1)
            if not defect.get("material")
        }
        of_case = sa.update(NOTICES).where(NOTICES.c.case_no == case_no)
        op.get_bind().execute(of_case.values(answers=answers))


def downgrade() -> None:
    with op.batch_alter_table("correction_notices") as table:
        table.drop_column("answers")
