"""An organiser's activities and the places people have in them, through the real API."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from httpx2 import Response

from onewindow_shared.contracts.access import Role
from testkit.api import MONDAY, XIAN, Api
from volunteers.signup import BASE, Citizen, sign_up

_keys = count(1)
INSURED = {"insurer": "中国人寿舟山分公司", "policy_no": "P-2026-0001", "valid_until": "2027-11-30"}


def shift(days: int = 1, hours: float = 3, *, starts: float = 0, capacity: int = 2) -> dict[str, Any]:
    """A shift some days ahead with one role."""
    begin = MONDAY + timedelta(days=days, hours=starts)
    return {
        "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(hours=hours)).isoformat(),
        "roles": [{"name": "陪伴员", "capacity": capacity}],
    }


def announcement(**changes: Any) -> dict[str, Any]:
    """Everything that the law wants announced."""
    return {
        "community": XIAN,
        "title": "独居老人周末探访",
        "category": "care",
        "organisation": "西安社区居民委员会",
        "content": "上门陪伴独居老人，帮助测量血压",
        "place": "西安社区居家养老服务站",
        "contact": "社区服务窗口 0580-2020000",
        "risks": "无已知风险",
        "conditions": "身体健康，有耐心",
        "shifts": [shift()],
        **changes,
    }


@dataclass
class Organiser:
    """Whoever is in charge in a community."""

    api: Api
    area: str = XIAN

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        who = self.api.people.headers(Role.COMMUNITY_MANAGER, self.area)
        return self.api.client.request(method, f"{BASE}/{path}", json=body, headers={**who, **headers})

    def draft(self, **changes: Any) -> Response:
        key = f"draft-key-{next(_keys)}"
        return self.ask("POST", "activities", announcement(**changes), **{"Idempotency-Key": key})

    def drafted(self, **changes: Any) -> dict[str, Any]:
        answer = self.draft(**changes)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def move(self, activity: dict[str, Any], to: str, body: Any = None) -> Response:
        seen = {"If-Match": f'"{activity["version"]}"'}
        return self.ask("POST", f"activities/{activity['activity_id']}/{to}", body, **seen)

    def published(self, **changes: Any) -> dict[str, Any]:
        answer = self.move(self.drafted(**changes), "publication")
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def place(self, person: dict[str, Any], activity: dict[str, Any], reason: str) -> Response:
        at = activity["shifts"][0]
        body = {
            "role_id": at["roles"][0]["role_id"],
            "volunteer_no": person["volunteer_no"],
            "reason": reason,
        }
        key = {"Idempotency-Key": f"place-key-{next(_keys)}"}
        return self.ask("POST", f"shifts/{at['shift_id']}/placements", body, **key)


@dataclass
class Helper:
    """A registered volunteer with a phone."""

    api: Api
    citizen: Citizen
    record: dict[str, Any]

    @classmethod
    def registered(cls, api: Api, n: int, **changes: Any) -> "Helper":
        citizen = Citizen(n, **({"birth": changes.pop("birth")} if "birth" in changes else {}))
        return cls(api, citizen, sign_up(api, citizen, **changes))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        who = self.api.people.headers(Role.VOLUNTEER, subject=self.citizen.subject)
        return self.api.client.request(method, f"{BASE}/{path}", json=body, headers={**who, **headers})

    def join(self, activity: dict[str, Any], *, wait: bool = False, nth: int = 0, **more: Any) -> Response:
        at = activity["shifts"][nth]
        body = {"role_id": at["roles"][0]["role_id"], "wait": wait, **more}
        key = {"Idempotency-Key": f"join-key-{next(_keys)}"}
        return self.ask("POST", f"shifts/{at['shift_id']}/signups", body, **key)

    def joined(self, activity: dict[str, Any], *, wait: bool = False) -> dict[str, Any]:
        answer = self.join(activity, wait=wait)
        assert answer.status_code == 201, answer.text
        place: dict[str, Any] = answer.json()
        return place

    def move(self, place: dict[str, Any], to: str) -> Response:
        return self.ask("POST", f"signups/{place['signup_id']}/{to}", **{"If-Match": f'"{place["version"]}"'})

    def places(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "signups").json()["items"]
        return found

    def agree_to(self, *purposes: str) -> None:
        """Agree to these purposes from now on, and to no other."""
        path, seen = f"people/{self.record['volunteer_no']}/consents", f'"{self.record["version"]}"'
        answer = self.ask("PUT", path, {"consent": purposes}, **{"If-Match": seen})
        assert answer.status_code == 200, answer.text
        self.record = answer.json()

    def told(self) -> list[str]:
        return [notice["kind"] for notice in self.ask("GET", "notices").json()["items"]]


def trained(organiser: Organiser, helper: Helper, skill: str, **changes: Any) -> Response:
    """Write down that somebody was trained."""
    body = {
        "volunteer_no": helper.record["volunteer_no"],
        "skill": skill,
        "title": f"{skill}培训",
        "content": "理论与操作",
        "minutes": 240,
        "provider": "定海区红十字会",
        "held_on": "2026-10-01",
        **changes,
    }
    return organiser.ask("POST", "trainings", body, **{"Idempotency-Key": f"training-{next(_keys)}"})
