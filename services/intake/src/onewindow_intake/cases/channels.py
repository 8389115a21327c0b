"""What each channel is, as data: who applies by it, what is seen there, what it leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from onewindow_shared.contracts.intake import Channel, MaterialIn


class Sight(StrEnum):
    """What of the papers a window has seen when an application comes by a channel."""

    ALL = "all"
    ELECTRONIC = "electronic"
    """Files only."""
    NOTHING = "nothing"
    """Whatever is said of them is declared."""


@dataclass(frozen=True)
class Way:
    """What a channel is: who applies by it, what is seen there, and what is left behind."""

    staff: bool
    """An office posts what somebody brings, says or is visited for."""
    own: bool
    """One applies there with an account of one's own."""
    sight: Sight
    online: bool
    """An answer is due sooner (安阳市政务服务条例 art. 42)."""
    receipt_printed: bool


WAYS: Mapping[Channel, Way] = {
    Channel.WINDOW: Way(staff=True, own=False, sight=Sight.ALL, online=False, receipt_printed=True),
    Channel.HOME_VISIT: Way(staff=True, own=False, sight=Sight.ALL, online=False, receipt_printed=True),
    Channel.PHONE: Way(staff=True, own=False, sight=Sight.NOTHING, online=False, receipt_printed=False),
    Channel.WEB: Way(staff=False, own=True, sight=Sight.ELECTRONIC, online=True, receipt_printed=False),
    Channel.MOBILE: Way(staff=False, own=True, sight=Sight.ELECTRONIC, online=True, receipt_printed=False),
    Channel.KIOSK: Way(staff=True, own=True, sight=Sight.ELECTRONIC, online=False, receipt_printed=True),
}


def wrong_forms(channel: Channel, given: Sequence[MaterialIn]) -> dict[str, str]:
    """Name what cannot come by a channel: paper where there are only files, documents before the case."""
    wrong = {
        f"materials.{place}.documents": "documents are sent once there is a case"
        for place, paper in enumerate(given)
        if paper.documents
    }
    if WAYS[channel].sight is Sight.ELECTRONIC:
        wrong |= {
            f"materials.{place}.{pieces}": "by this channel papers come as files only"
            for place, paper in enumerate(given)
            for pieces in ("originals", "copies")
            if getattr(paper, pieces)
        }
    return wrong
