"""What is remarked on papers may name somebody: all remarks of a case lie sealed in one column."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from onewindow_shared.plumbing.privacy import Vault

MATERIAL_REMARKS = "intake.cases.material_remarks"
_REMARKS = TypeAdapter(dict[str, str])


def sealed(vault: Vault, remarks: Mapping[str, str]) -> str | None:
    """Seal the remarks, by the code of their paper; null where there are none."""
    text = _REMARKS.dump_json(dict(remarks)).decode()
    return vault.seal(text, purpose=MATERIAL_REMARKS) if remarks else None


def opened(vault: Vault, token: str | None) -> dict[str, str]:
    """Open what `sealed` made."""
    if token is None:
        return {}
    return _REMARKS.validate_json(vault.open(token, purpose=MATERIAL_REMARKS))
