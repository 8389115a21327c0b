"""What is known of papers is typed, and what is remarked on them lies sealed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings
from onewindow_shared.plumbing.tables import Json

revision = "0013_checklist"
down_revision = "0012_reasons"
branch_labels = None
depends_on = None

CASES = sa.table("cases", sa.column("id"), sa.column("materials", Json), sa.column("material_remarks_sealed"))
REMARKS = "intake.cases.material_remarks"
PIECES: Mapping[str, Mapping[str, Any]] = {
    "original_and_copy": {"originals": 1, "copies": 1},
    "original": {"originals": 1},
    "form": {"originals": 1},
    "copy": {"copies": 1},
    "electronic": {"electronic": True},
}
AT_ONCE = 1000


def _rows() -> Iterator[Any]:
    last = 0
    while (
        rows := op.get_bind()
        .execute(sa.select(CASES).where(CASES.c.id > last).order_by(CASES.c.id).limit(AT_ONCE))
        .all()
    ):
        yield from (row for row in rows if row.materials)
        last = rows[-1].id


def _typed(known: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: known.get(name) for name in ("received", "declared", "at")}
    pieces = PIECES.get(known.get("form") or "", {})
    return {name: value for name, value in {**kept, "pieces": pieces}.items() if value}


def _open(known: Mapping[str, Any], note: str | None) -> dict[str, Any]:
    pieces = known.get("pieces", {})
    form = next((form for form, these in PIECES.items() if pieces and these.items() <= pieces.items()), None)
    at = known.get("at")
    return {
        "received": known.get("received", False),
        "declared": known.get("declared", False),
        "form": form,
        "note": note,
        "at": at,
    }


def _vault() -> Vault:
    settings = read_settings(ServiceSettings)
    return vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())


def upgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("material_remarks_sealed", sa.Text(), nullable=True))
    vault = None
    for row in _rows():
        notes = {code: known["note"] for code, known in row.materials.items() if known.get("note")}
        values: dict[str, Any] = {"materials": {code: _typed(known) for code, known in row.materials.items()}}
        if notes:
            vault = vault or _vault()
            values["material_remarks_sealed"] = vault.seal(json.dumps(notes), purpose=REMARKS)
        op.get_bind().execute(sa.update(CASES).where(CASES.c.id == row.id).values(values))


def downgrade() -> None:
    vault = None
    for row in _rows():
        notes: dict[str, str] = {}
        if row.material_remarks_sealed:
            vault = vault or _vault()
            notes = json.loads(vault.open(row.material_remarks_sealed, purpose=REMARKS))
        opened = {code: _open(known, notes.get(code)) for code, known in row.materials.items()}
        op.get_bind().execute(sa.update(CASES).where(CASES.c.id == row.id).values(materials=opened))
    with op.batch_alter_table("cases") as table:
        table.drop_column("material_remarks_sealed")
