"""What happens to the cases of the demonstration: each plot is one case's story, told through the gateway."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from demo_people import DESKS
from town import CASEWORK, INTAKE, Person, Town, application, eventually

PLOTS = {
    "through to the end": 48,
    "refused with reasons": 6,
    "corrected, then through": 12,
    "corrected and still waiting": 3,
    "not accepted": 5,
    "taken back": 3,
    "still in hand": 15,
    "waiting for an agent": 8,
}
"""How often each story is told, in parts of a hundred."""
LATE_PLOTS = {"waiting for an agent": 30, "still in hand": 40, "through to the end": 30}
ITEMS = (
    "emp-hardship-zhongshan",
    "emp-unemployment-registration",
    "ss-medical-enrol-jiaozuo",
    "health-birth-reg-zengjia",
    "edu-enrolment-guchen",
    "soc-veteran-card-zhuhai",
    "soc-temporary-shenyang",
    "soc-senior-card-pubei",
    "soc-old-age-xiangtan",
    "soc-disability-cert-zhangdian",
    "hous-public-rental-allot-hengyang",
    "cult-library-card-anhua",
    "safe-floating-reg-zhejiang",
    "safe-residence-permit-zhejiang",
    "safe-dog-individual-zhoushan",
    "law-aid-national",
    "med-peoples-mediation-heping",
)
"""The items of the day; their departments, categories and limits are those of the catalogue."""
LEVELS = (5, 5, 5, 5, 4, 4, 4, 3, 3, 2, 1)
OFFICERS = {"culture_tourism_sports": "culture"}
"""Departments whose account is not named like them."""


@dataclass
class Desk:
    """A window with the people who work behind it, all signed in."""

    town: Town
    community: str
    clerk: Person
    agent: Person
    officers: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def open(cls, town: Town, place: str) -> Self:
        """Sign in the clerk and the agent of a place."""
        clerk, agent = town.staff(f"clerk.{place}"), town.staff(f"agent.{place}")
        return cls(town, DESKS[place], clerk, agent)

    def officer(self, department: str) -> Person:
        """Sign in the officer of a department when first needed."""
        if department not in self.officers:
            self.officers[department] = self.town.staff(f"officer.{OFFICERS.get(department, department)}")
        return self.officers[department]


@dataclass(frozen=True)
class Plot:
    """One case of the story."""

    serial: int
    place: str
    item: str
    story: str
    level: int

    def play(self, desk: Desk, who: dict[str, Any]) -> None:
        """Take the case in, and tell its story."""
        guide = desk.town.item(self.item)
        form = application(guide, desk.community, who)
        straight = self.story in STRAIGHT
        case = desk.clerk.made(f"{INTAKE}/cases", {**form, "accept": straight})
        if not straight:
            case = self._at_the_window(desk, case, form)
        if case["status"] == "accepted" and self.story != "waiting for an agent":
            self._handle(desk, case["case_no"], guide["department"])

    def _at_the_window(self, desk: Desk, case: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
        path, version = f"{INTAKE}/cases/{case['case_no']}", case["version"]
        if self.story == "not accepted":
            body = {
                "ground": "not_competent",
                "reason": "不属于本区受理范围",
                "competent_body": "户籍所在地街道",
            }
            return desk.clerk.moved(f"{path}/refusal", body, version)
        if self.story == "taken back":
            return desk.clerk.moved(f"{path}/withdrawal", {"reason": "申请人自行撤回"}, version)
        deadline = datetime.fromisoformat(case["received_at"]).date() + timedelta(days=14)
        defects = [{"problem": "申请表填写的住址与户口簿不一致,请核对后改正"}]
        notice = {"defects": defects, "deadline": deadline.isoformat()}
        noticed = desk.clerk.moved(f"{path}/corrections", notice, version)
        if self.story == "corrected and still waiting":
            return noticed
        handed_in = {"materials": form["materials"], "lines": [{"line": 1, "met": True}]}
        corrected = desk.clerk.moved(f"{path}/materials", handed_in, noticed["version"])
        return desk.clerk.moved(f"{path}/acceptance", {}, corrected["version"])

    def _handle(self, desk: Desk, case_no: str, department: str) -> None:
        path = f"{CASEWORK}/cases/{case_no}"
        eventually(lambda: desk.agent.get(path).status_code, lambda status: status == 200)
        version = desk.agent.read(path)["version"]
        for action in ("claim", "start"):
            version = desk.agent.moved(f"{path}/{action}", {}, version)["version"]
        if self.story == "still in hand":
            return
        refused = self.story == "refused with reasons"
        decision = REFUSE if refused else {"outcome": "grant", "reasons": "符合条件"}
        version = desk.officer(department).moved(f"{path}/decision", decision, version)["version"]
        delivery = {"method": "pick_up", "proof": "申请人签收"}
        version = desk.clerk.moved(f"{path}/delivery", delivery, version)["version"]
        desk.clerk.moved(f"{path}/closure", {}, version)
        if self.level:
            desk.clerk.made(f"{path}/review", {"level": self.level, "channel": "window"})


STRAIGHT = {"through to the end", "refused with reasons", "still in hand", "waiting for an agent"}
"""Stories in which everything is there at the first visit."""
NOT_OURS = {
    "ground": "not_competent",
    "reason": "不属于本区受理范围",
    "competent_body": "户籍所在地街道办事处",
}
REFUSE = {
    "outcome": "refuse",
    "reasons": "家庭收入高于标准",
    "remedies": "六十日内可申请行政复议,或者六个月内提起行政诉讼",
}


def _plot(dice: random.Random, serial: int, stories: dict[str, int]) -> Plot:
    story = dice.choices(list(stories), list(stories.values()))[0]
    rated = dice.random() < 0.8
    level = LEVELS[dice.randrange(len(LEVELS))] if rated else 0
    places = list(DESKS)
    return Plot(serial, places[serial % len(places)], ITEMS[dice.randrange(len(ITEMS))], story, level)


def choose(dice: random.Random, serial: int) -> Plot:
    """Draw a case of the day."""
    return _plot(dice, serial, PLOTS)


def late(dice: random.Random, serial: int) -> Plot:
    """Draw a case of the weeks before: many of these are overdue by now."""
    return _plot(dice, serial, LATE_PLOTS)
