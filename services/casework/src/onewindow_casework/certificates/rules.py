"""What may be done with a certificate, and by whom."""

from collections.abc import Iterable, Mapping

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.certificates import CertificateAction, CertificateStatus

_S, _A = CertificateStatus, CertificateAction
_VERIFIER = frozenset({Role.WINDOW_CLERK, Role.COMMUNITY_MANAGER})
_SIGNER = frozenset({Role.COMMUNITY_MANAGER})
_APPLICANT = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.WINDOW_CLERK})
_SYSTEM: frozenset[Role] = frozenset()

MOVES: Mapping[tuple[CertificateStatus, CertificateAction], tuple[CertificateStatus, frozenset[Role]]] = {
    (_S.APPLIED, _A.VERIFY): (_S.VERIFIED, _VERIFIER),
    (_S.VERIFIED, _A.VERIFY): (_S.VERIFIED, _VERIFIER),
    (_S.APPLIED, _A.REFUSE): (_S.REFUSED, _SIGNER),
    (_S.VERIFIED, _A.REFUSE): (_S.REFUSED, _SIGNER),
    (_S.APPLIED, _A.WITHDRAW): (_S.WITHDRAWN, _APPLICANT),
    (_S.VERIFIED, _A.WITHDRAW): (_S.WITHDRAWN, _APPLICANT),
    (_S.VERIFIED, _A.ISSUE): (_S.ISSUED, _SIGNER),
    (_S.ISSUED, _A.REVOKE): (_S.REVOKED, _SIGNER),
    (_S.ISSUED, _A.REPLACE): (_S.REPLACED, _SYSTEM),
}
"""The life of a certificate. Nobody's roles: it happens with another move, the issue of the new one."""
OPEN = frozenset({_S.APPLIED, _S.VERIFIED})


def walk(
    status: CertificateStatus, action: CertificateAction, roles: Iterable[Role]
) -> CertificateStatus | None:
    """Return where an action leads from a state, None where it leads nowhere or is not for these roles."""
    target, by = MOVES.get((status, action), (None, _SYSTEM))
    return target if target is not None and (not by or not by.isdisjoint(roles)) else None


def actions(status: CertificateStatus, roles: Iterable[Role]) -> list[CertificateAction]:
    """List what these roles may do next."""
    mine = frozenset(roles)
    return [action for (source, action), (_, by) in MOVES.items() if source is status and by & mine]
