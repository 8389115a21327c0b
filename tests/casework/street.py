"""The people above an officer: what they ask, and what they see of a case."""

from typing import Any

from casework.office import BASE, Headers, Office
from onewindow_shared.contracts.access import Role

ORDER = {"kind": "supervise", "text": "王桂芳家属多次来访，请三日内答复"}
PROMISE = {"text": "等待核对结果，月底前办结"}


class Street:
    """The people above an officer, and what they see of a case."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.street = office.api.people.headers(Role.STREET_SUPERVISOR, "330902002")
        self.elsewhere = office.api.people.headers(Role.STREET_SUPERVISOR, "330902003")

    def of(self, case_no: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.office.read(f"cases/{case_no}/supervisions", self.office.admin)[
            "items"
        ]
        return items

    def rungs(self, case_no: str) -> list[tuple[str, str, str, bool]]:
        return [
            (step["level"], step["on"], step["awaited_by"], step["skipped"])
            for step in self.of(case_no)[0]["entries"]
            if step["what"] in {"asked", "raise", "lapse"}
        ]

    def order(self, who: Headers, case_no: str, body: Any = ORDER, key: str = "") -> Any:
        headers = who | {"Idempotency-Key": key or f"supervision-order-{next(self.office.serials)}"}
        return self.office.api.client.post(f"{BASE}/cases/{case_no}/supervisions", json=body, headers=headers)

    def do(self, who: Headers, case_no: str, one: dict[str, Any], act: str, body: Any) -> Any:
        path = f"{BASE}/cases/{case_no}/supervisions/{one['supervision_id']}/{act}"
        return self.office.api.client.post(path, json=body, headers=who | {"If-Match": f'"{one["version"]}"'})

    def must(self, who: Headers, case_no: str, one: dict[str, Any], act: str, body: Any) -> dict[str, Any]:
        response = self.do(who, case_no, one, act, body)
        assert response.status_code == 200, (act, response.text)
        found: dict[str, Any] = response.json()
        return found

    def actions(self, who: Headers, case_no: str) -> list[str]:
        found = self.office.read(f"cases/{case_no}/actions", who)["actions"]
        return [action for action in found if action.startswith(("supervisions", "delay"))]
