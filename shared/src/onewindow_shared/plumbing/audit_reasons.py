"""The migration by which the reasons of an audit that lay open come to lie sealed, and back.

What the chain covers of a row stays: of rows that it holds already the words, of the others the mark.
"""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.audit import PURPOSE, mark
from onewindow_shared.plumbing.sealed import AT_ONCE
from onewindow_shared.plumbing.sealing import Words, configured_vault, seal, unseal

_AUDIT = sa.table(
    "audit", sa.column("id"), sa.column("position"), sa.column("reason"), sa.column("reason_mark")
)
_UNCHAINED = _AUDIT.c.position.is_(None)


def seal_reasons(service: str) -> None:
    """Seal every reason, and mark those that the chain does not hold yet."""
    if "reason_mark" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("audit")}:
        op.add_column("audit", sa.Column("reason_mark", sa.String(length=64), nullable=True))
    _mark_unchained()
    seal(_words(service))


def open_reasons(service: str) -> None:
    """Open every reason.

    The marks stay with the rows that are chained by them: older code tells these as changed, and they are
    sound again when the audit comes back up.
    """
    op.execute(sa.update(_AUDIT).where(_UNCHAINED).values(reason_mark=None))
    unseal(_words(service))


def _words(service: str) -> Words:
    return Words(service, "audit", "id", "reason", sa.String(length=2000), bound_to=PURPOSE)


def _mark_unchained() -> None:
    open_ones = sa.select(_AUDIT.c.id, _AUDIT.c.reason).where(
        _UNCHAINED, _AUDIT.c.reason.is_not(None), _AUDIT.c.reason_mark.is_(None)
    )
    connection, vault = op.get_bind(), None
    while rows := connection.execute(open_ones.limit(AT_ONCE)).all():
        vault = vault or configured_vault()
        for row in rows:
            marked = sa.update(_AUDIT).where(_AUDIT.c.id == row.id)
            connection.execute(marked.values(reason_mark=mark(vault, row.reason)))
