"""A department that sends orders, and a community that works on them or refuses, through the real API."""

from typing import Any

from httpx2 import Response
from sqlalchemy import update

from casework.office import BASE, Headers
from casework.purse import Purse
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.orders.halting import REVIEW
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN

DONE = {"evidence": ["走访登记表第12号"], "minutes": 55, "cases": 2}
"""How a community reports an order as done."""


class Desk(Purse):
    """A department that sends orders, and a community that works on them or refuses."""

    def send(self, item: str = "i-1", *, who: Headers | None = None, key: str = "", **more: Any) -> Response:
        body = {
            "item": item,
            "community": XIAN,
            "role": "assisting",
            "actions": ["visit"],
            "content": "陪同评估员入户两户",
            "minutes": 60,
            "cases": 2,
        }
        response: Response = self.office.api.client.post(
            f"{BASE}/admission/orders",
            json=body | more,
            headers=(who or self.officer)
            | {"Idempotency-Key": key or f"an-order-{next(self.office.serials)}"},
        )
        return response

    def sent(self, item: str = "i-1", **more: Any) -> int:
        answer = self.send(item, **more)
        assert answer.status_code == 201, answer.text
        no: int = answer.json()["no"]
        return no

    def order(self, no: int) -> Any:
        return self.office.read(f"admission/orders/{no}", self.admin)

    def do(
        self, who: Headers, what: str, no: int, body: Any = None, *, of: str = "orders", seen: int = 0
    ) -> Response:
        version = seen or self.office.read(f"admission/{of}/{no}", self.admin)["version"]
        response: Response = self.office.api.client.post(
            f"{BASE}/admission/{of}/{no}/{what}",
            json={} if body is None else body,
            headers=who | {"If-Match": f'"{version}"'},
        )
        return response

    def must(self, who: Headers, what: str, no: int, body: Any = None, *, of: str = "orders") -> Any:
        answer = self.do(who, what, no, body, of=of)
        assert answer.status_code == 200, (what, answer.text)
        return answer.json()

    def begun(self, **more: Any) -> int:
        no = self.sent(**more)
        self.must(self.manager, "receipt", no)
        self.must(self.manager, "start", no)
        return no

    def refused(self, reason: str = "NO_FUNDS") -> Any:
        body = {"reason": reason, "explanation": "经费尚未到账"}
        return self.must(self.manager, "refusal", self.sent(), body)

    def take_off(self, code: str = "i-1") -> None:
        """Take an item off the lists today, as the leading group does."""

        def use_case(unit: Unit) -> None:
            gone = update(WorkItem).where(WorkItem.code == code)
            unit.session.execute(gone.values(status="exited", off_from=unit.today))
            unit.set_timer(REVIEW, "330902", unit.now)

        self.office.api.system(use_case)
