"""Who may be responsible for a case (首问负责, rules B1.6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from onewindow_shared.contracts.access import PERMISSIONS, Permission


@dataclass(frozen=True)
class Office:
    """Where an officer works, and as what."""

    roles: frozenset[str]
    area: str
    department: str | None
    active: bool


def may_answer_for(office: Office, communities: Iterable[str | None], department: str) -> bool:
    """Say whether an officer reaches a case of these communities and may hand it on."""
    held = (PERMISSIONS[role] for role in PERMISSIONS if role in office.roles)
    holds = any(Permission.CASE_HAND_OVER in permissions for permissions in held)
    there = any(community is not None and community.startswith(office.area) for community in communities)
    return office.active and holds and there and office.department in {None, department}
