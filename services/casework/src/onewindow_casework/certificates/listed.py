"""What the lists in force say of certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onewindow_casework.lists.queries import listed
from onewindow_shared.contracts.admission import ListedMatter, MatterKind
from onewindow_shared.contracts.certificates import KnownCertificate, Verdict
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.wordings import Known


@dataclass(frozen=True)
class Listed:
    """A certificate that a list names."""

    card: ListedMatter

    @property
    def known(self) -> Known:
        """How it is recognised, and whether the committee issues it."""
        card = self.card
        return Known(card.code, card.matter_class, (card.name, *card.aliases), tuple(card.phrases))

    @property
    def basis(self) -> str:
        """The basis in one text, as written refusals quote it."""
        return "；".join(f"{one.document}：{one.quote}" for one in self.card.basis)

    def shown(self) -> KnownCertificate:
        """Return it as a check answers."""
        return KnownCertificate(
            code=self.card.code,
            name=self.card.name,
            verdict=Verdict.MAY_ISSUE if self.known.issued else Verdict.NOT_ISSUED,
            basis=self.card.basis,
            instead=self.card.instead,
        )


def certificates(unit: Unit, community: str, day: date) -> Mapping[str, Listed]:
    """Return the certificates that are on the lists for a community on a day, by code."""
    cards = listed(unit, community, day, kind=MatterKind.CERTIFICATE)
    return {card.code: Listed(card) for card in cards}
