"""Why a case was suspended or extended, and what its timeline notes, may tell of a person: it lies sealed."""

from functools import partial

import sqlalchemy as sa

from onewindow_shared.plumbing.sealing import Words, seal, unseal

revision = "0022_sealed_words"
down_revision = "0021_departments_told"
branch_labels = None
depends_on = None

_words = partial(Words, "casework", kind=sa.Text())
WORDS = (
    _words("suspensions", "id", "reason", needed=True),
    _words("suspensions", "id", "notice_proof", needed=True),
    _words("suspensions", "id", "result"),
    _words("extensions", "case_id", "reason", needed=True),
    _words("extensions", "case_id", "notice_proof", needed=True),
    _words("timeline", "id", "note"),
)


def upgrade() -> None:
    for words in WORDS:
        seal(words)


def downgrade() -> None:
    for words in WORDS:
        unseal(words)
