"""Why a case was decided as it was may tell of a person, so it lies sealed."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings

revision = "0011_sealed_reasons"
down_revision = "0010_extensions"
branch_labels = None
depends_on = None

PURPOSE = "casework.decisions.reasons"
CHECK = "ck_decisions_refused_with_reasons_and_remedies"
AT_ONCE = 1000


def _rewrite(source: str, target: str, change: Callable[..., str]) -> None:
    """Seal or open the reasons that are there; only then are keys needed."""
    decisions = sa.table("decisions", sa.column("case_id"), sa.column(source), sa.column(target))
    query = sa.select(decisions.c.case_id, decisions.c[source]).where(decisions.c[source].is_not(None))
    query = query.order_by(decisions.c.case_id).limit(AT_ONCE)
    connection, vault, last = op.get_bind(), None, 0
    while rows := connection.execute(query.where(decisions.c.case_id > last)).all():
        vault = vault or _vault()
        for last, said in rows:
            changed = sa.update(decisions).where(decisions.c.case_id == last)
            connection.execute(changed.values({target: change(vault, said, purpose=PURPOSE)}))


def _vault() -> Vault:
    settings = read_settings(ServiceSettings)
    return vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())


def _swap(source: str, target: str, change: Callable[..., str]) -> None:
    with op.batch_alter_table("decisions") as table:
        table.add_column(sa.Column(target, sa.Text(), nullable=True))
    _rewrite(source, target, change)
    with op.batch_alter_table("decisions") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_column(source)
        demand = f"outcome = 'grant' OR ({target} IS NOT NULL AND remedies IS NOT NULL)"
        table.create_check_constraint(op.f(CHECK), demand)


def upgrade() -> None:
    _swap("reasons", "reasons_sealed", Vault.seal)


def downgrade() -> None:
    _swap("reasons_sealed", "reasons", Vault.open)
