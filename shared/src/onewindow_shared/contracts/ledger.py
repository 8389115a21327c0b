"""Ledgers of double entry: the proof that nothing was lost."""

from collections.abc import Sequence

from onewindow_shared.contracts.common import Contract


class Proof(Contract):
    """Whether the whole ledger is right, as it was counted just now."""

    sound: bool
    accounts: int
    postings: int
    total: int
    """Sum of every account; zero if nothing was lost."""
    unlike: Sequence[str]
    """Accounts whose kept balance is not the sum of their entries."""
    unbalanced: Sequence[int]
    """Postings whose entries do not cancel out."""
