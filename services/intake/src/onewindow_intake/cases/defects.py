"""What is wrong with papers is told in free words, which may name somebody: every list of it lies sealed."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from onewindow_shared.contracts.intake import DefectIn
from onewindow_shared.plumbing.privacy import Vault

_DEFECTS = TypeAdapter(list[DefectIn])


def sealed(vault: Vault, defects: Sequence[DefectIn], *, purpose: str) -> str:
    """Seal a list of defects."""
    return vault.seal(_DEFECTS.dump_json(list(defects)).decode(), purpose=purpose)


def opened(vault: Vault, token: str, *, purpose: str) -> list[DefectIn]:
    """Open what `sealed` made."""
    return _DEFECTS.validate_json(vault.open(token, purpose=purpose))
