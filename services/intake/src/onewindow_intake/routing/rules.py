"""Who may be asked for what: the lists of the residents' committees, applied to a case.

A committee handles in the main only what stands on its district's list of its own work; what is on the
list of assistance it only assists in (北京市接诉即办工作条例 art. 17). Certificates that committees do not
issue are not asked of them (民发〔2020〕20号). Whatever is unknown is not routed to a committee.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.catalogue import Handler, ItemContent
from onewindow_shared.contracts.routing import RouteFault

NOT_ASKED = frozenset({MatterClass.NOT_ISSUED, MatterClass.FORBIDDEN})
REASONS: Mapping[RouteFault, str] = {
    RouteFault.NO_LISTS: "本区的社区工作事项清单尚未收到，请向主管部门咨询。",
    RouteFault.NOT_LISTED: "该事项不在社区居民委员会自治事项清单内。",
    RouteFault.ONLY_ASSISTS: "“{matter}”由社区居民委员会协助办理，不由其主责办理。",
    RouteFault.NOT_ISSUED: "“{matter}”不应由社区居民委员会出具或者办理。",
}
DETAILS: Mapping[RouteFault, str] = {
    RouteFault.NO_LISTS: "the district's lists have not arrived: ask the department",
    RouteFault.NOT_LISTED: "this is not on the list of the committees' own work",
    RouteFault.ONLY_ASSISTS: "the committee only assists in this; the route check quotes the basis",
    RouteFault.NOT_ISSUED: "committees do not issue this; the route check quotes the basis and says who does",
}


@dataclass(frozen=True)
class Matter:
    """A matter of a district's lists."""

    district: str
    name: str
    aliases: tuple[str, ...]
    matter_class: MatterClass
    item_codes: frozenset[str]
    basis: str
    instead: str | None
    effective_from: date
    effective_until: date | None

    def stands_on(self, day: date) -> bool:
        """Say whether it is listed on a day."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    def is_called(self, name: str) -> bool:
        """Say whether a name is this matter's, in any of its wordings."""
        return _plain(name) in {_plain(known) for known in (self.name, *self.aliases)}


@dataclass(frozen=True)
class Barred:
    """Why a matter does not go to a committee."""

    fault: RouteFault
    matter: str | None = None
    basis: str | None = None
    instead: str | None = None

    @property
    def reason(self) -> str:
        """What a clerk or a resident is told, with the quoted basis and who does it instead."""
        said = REASONS[self.fault].format(matter=self.matter)
        basis = f"依据：{self.basis.rstrip('。')}。" if self.basis else ""
        instead = f"办理途径：{self.instead.rstrip('。')}。" if self.instead else ""
        return said + basis + instead

    @property
    def detail(self) -> str:
        """What a problem says."""
        return DETAILS[self.fault]


def of_item(item: ItemContent, matters: Iterable[Matter], district: str, day: date) -> Barred | None:
    """Return what keeps a case of an item from being taken in, in a district on a day; None if nothing."""
    standing = _standing(matters, district, day)
    named = [matter for matter in standing if item.code in matter.item_codes]
    asked = [matter for matter in standing if item.issues_certificate and _asks_for(matter, item)]
    for matter in asked:
        if matter.matter_class in NOT_ASKED:
            return _barred(RouteFault.NOT_ISSUED, matter)
    if item.handled_by is Handler.RESIDENTS_COMMITTEE:
        return _main(named, lists_known=any(matter.district == district for matter in matters))
    return None


def of_certificate(name: str, matters: Iterable[Matter], district: str, day: date) -> Barred | None:
    """Return why a committee does not issue a certificate, asked for by any of its names; None if it may."""
    for matter in _standing(matters, district, day):
        if matter.matter_class in NOT_ASKED and matter.is_called(name):
            return _barred(RouteFault.NOT_ISSUED, matter)
    return None


def _asks_for(matter: Matter, item: ItemContent) -> bool:
    return item.code in matter.item_codes or matter.is_called(item.issues_certificate or "")


def _standing(matters: Iterable[Matter], district: str, day: date) -> Sequence[Matter]:
    return [matter for matter in matters if matter.district == district and matter.stands_on(day)]


def _main(named: Sequence[Matter], *, lists_known: bool) -> Barred | None:
    if any(matter.matter_class is MatterClass.AUTONOMY for matter in named):
        return None
    for matter in _of_class(named, MatterClass.ASSIST):
        return _barred(RouteFault.ONLY_ASSISTS, matter)
    return Barred(RouteFault.NOT_LISTED if lists_known else RouteFault.NO_LISTS)


def _of_class(matters: Iterable[Matter], wanted: MatterClass) -> Iterator[Matter]:
    return (matter for matter in matters if matter.matter_class is wanted)


def _barred(fault: RouteFault, matter: Matter) -> Barred:
    return Barred(fault, matter.name, matter.basis, matter.instead)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
