"""What clerks and officers write in free words about a case may name somebody, so it lies sealed."""

from functools import partial

import sqlalchemy as sa

from onewindow_shared.plumbing.sealing import Words, seal, unseal
from onewindow_shared.plumbing.tables import Json

revision = "0017_sealed_words"
down_revision = "0016_drafts_anywhere"
branch_labels = None
depends_on = None

DECIDED = (
    "ck_instant_decisions_refused_with_reasons_and_remedies",
    "outcome = 'grant' OR ({} IS NOT NULL AND remedies IS NOT NULL)",
)
BOUNCED = ("ck_case_handoffs_bounced_for_a_reason", "(state = 'bounced') = ({} IS NOT NULL)")
_words = partial(Words, "intake")
WORDS = (
    _words("correction_notices", "case_no", "defects", Json, needed=True),
    _words("refusals", "case_no", "reason", sa.Text(), needed=True),
    _words("refusals", "case_no", "unmet", Json, needed=True),
    _words("instant_decisions", "case_no", "reasons", sa.Text(), check=DECIDED),
    _words("case_handoffs", "id", "note", sa.String(length=500)),
    _words("case_handoffs", "id", "reason", sa.String(length=500), check=BOUNCED),
    _words("cases", "id", "duplicate_choice", Json, nothing={}),
)


def upgrade() -> None:
    for words in WORDS:
        seal(words)


def downgrade() -> None:
    for words in WORDS:
        unseal(words)
