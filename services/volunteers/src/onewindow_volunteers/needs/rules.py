"""The life of a need, and whom it fits: every factor has a figure, so that a choice can be explained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.machines import step
from onewindow_shared.contracts.needs import MatchFactor, NeedStatus
from onewindow_shared.contracts.numbers import CaseNumber
from onewindow_shared.contracts.volunteers import Availability, ServiceCategory
from onewindow_shared.plumbing.scope import DISTRICT, STREET

MOST_CANDIDATES = 20
HELPED = "应居民需求提供帮助，由受助居民确认"
"""What service for a resident's need is described as: whom was helped stands on no paper."""


class NeedAction(StrEnum):
    """What is done to a need."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    """Nobody answered in time."""
    GIVE_BACK = "give_back"
    """The volunteer cannot after all."""
    FINISH = "finish"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


_S, _A = NeedStatus, NeedAction
MOVES: Mapping[tuple[NeedStatus, NeedAction], NeedStatus] = {
    (_S.OPEN, _A.OFFER): _S.OFFERED,
    (_S.OFFERED, _A.ACCEPT): _S.ACCEPTED,
    (_S.OFFERED, _A.DECLINE): _S.OPEN,
    (_S.OFFERED, _A.LAPSE): _S.OPEN,
    (_S.ACCEPTED, _A.GIVE_BACK): _S.OPEN,
    (_S.ACCEPTED, _A.FINISH): _S.DONE,
    (_S.DONE, _A.CONFIRM): _S.CONFIRMED,
    **{(status, _A.WITHDRAW): _S.WITHDRAWN for status in (_S.OPEN, _S.OFFERED, _S.ACCEPTED, _S.DONE)},
}
FREES = frozenset({_A.DECLINE, _A.LAPSE, _A.GIVE_BACK})
"""What leaves a need without the volunteer who was asked; the same one is not asked again."""
WORDS: Mapping[ServiceCategory, str] = {
    ServiceCategory.COMMUNITY_GOVERNANCE: "社区治理",
    ServiceCategory.CONVENIENCE: "便民服务",
    ServiceCategory.CARE: "养老助残",
    ServiceCategory.POVERTY_RELIEF: "扶贫济困",
    ServiceCategory.PUBLIC_SAFETY: "平安建设",
    ServiceCategory.MEDIATION: "矛盾调解",
    ServiceCategory.SANITATION: "环境卫生",
    ServiceCategory.WASTE_SORTING: "垃圾分类",
    ServiceCategory.EPIDEMIC_CONTROL: "疫情防控",
    ServiceCategory.DISASTER_RECOVERY: "灾后重建",
    ServiceCategory.OTHER: "其他",
}


ENDS = frozenset({_S.CONFIRMED, _S.WITHDRAWN})


def misplaced(number: CaseNumber, here: str, today: date, heir: Callable[[str], str]) -> str | None:
    """Return why a case of this number cannot be one that a need of a community came up in."""
    if heir(number.area) != heir(here):
        return "this is a case of another community"
    return "this case lies ahead" if number.day > today else None


def title(category: ServiceCategory) -> str:
    """Return what a service record of a need is called: nothing in it tells whom was helped."""
    return f"居民需求：{WORDS[category]}"


def walk(status: NeedStatus, action: NeedAction) -> NeedStatus:
    """Return the status that `action` leads to, or raise `CannotMoveError`."""
    return step(MOVES, "a need", status, action)


@dataclass(frozen=True)
class Weights:
    """How much each factor counts; a setting of the district."""

    distance: int
    time: int
    category: int
    load: int

    def of(self, factor: MatchFactor) -> int:
        """Return the weight of a factor."""
        weights: Mapping[MatchFactor, int] = {
            MatchFactor.DISTANCE: self.distance,
            MatchFactor.TIME: self.time,
            MatchFactor.CATEGORY: self.category,
            MatchFactor.LOAD: self.load,
        }
        return weights[factor]


@dataclass(frozen=True)
class Wanted:
    """What a need asks for."""

    community: str
    """The heir, where one has ended."""
    category: ServiceCategory
    times: Sequence[Availability]


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody who may help."""

    volunteer_no: str
    community: str
    """The heir, where one has ended."""
    availability: Sequence[Availability]
    categories: Sequence[ServiceCategory]
    load: int
    """Needs that they have now, or had of late."""


def steps(one: str, other: str) -> int:
    """Return how far apart two communities are: 0 the same, 1 of one street, 2 of one district, 3 farther."""
    if one == other:
        return 0
    if one[:STREET] == other[:STREET]:
        return 1
    return 2 if one[:DISTRICT] == other[:DISTRICT] else 3


def figures(wanted: Wanted, one: Candidate) -> Mapping[MatchFactor, float]:
    """Return the figure of every factor, from 0 to 1."""
    can = sum(time in one.availability for time in wanted.times)
    return {
        MatchFactor.DISTANCE: 1 / (1 + steps(wanted.community, one.community)),
        MatchFactor.TIME: can / len(wanted.times),
        MatchFactor.CATEGORY: float(wanted.category in one.categories),
        MatchFactor.LOAD: 1 / (1 + one.load),
    }


def points(wanted: Wanted, one: Candidate, weights: Weights) -> float:
    """Return what speaks for somebody, all in all."""
    return sum(weights.of(factor) * figure for factor, figure in figures(wanted, one).items())
