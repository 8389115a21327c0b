"""People of the stories: made-up citizens, their documents, and signing up through the real API."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from httpx2 import Response
from stdnum.cn import ric

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.phoneproof import phone_proof
from testkit.api import SECRETS, XIAN, Api

BASE = "/api/volunteers/v1"
GROWN_UP = date(1985, 3, 5)
NAMES = ("王小明", "欧阳修远", "买买提·艾力", "李雷")


def citizen_number(birth: date, serial: int, area: str = "330902") -> str:
    """Return a valid 18-sign number; even serials are women's."""
    body = f"{area}{birth:%Y%m%d}{serial:03}"
    return f"{body}{ric.calc_check_digit(body + '0')}"


@dataclass(frozen=True)
class Citizen:
    """Somebody with an account, a phone and an identity card."""

    n: int
    birth: date = GROWN_UP

    @property
    def subject(self) -> str:
        return f"r-{self.n:08x}"

    @property
    def phone(self) -> str:
        return f"+86138{self.n:08}"

    @property
    def name(self) -> str:
        return NAMES[self.n % len(NAMES)]

    @property
    def id_document(self) -> dict[str, str]:
        return {"kind": "resident_id", "number": citizen_number(self.birth, self.n)}

    def headers(self, api: Api, *, phone: str | None = None) -> dict[str, str]:
        """Sign in with a one-time code that was sent to the phone."""
        headers = api.people.headers(Role.RESIDENT, subject=self.subject)
        proof = phone_proof(SECRETS["events_secret"], phone or self.phone)
        api.people.known[self.subject] = api.people.known[self.subject].model_copy(
            update={"phone_proof": proof}
        )
        return headers

    def form(self, **changes: Any) -> dict[str, Any]:
        """Fill in the form; a change to None leaves the field out."""
        filled = {
            "name": self.name,
            "id_document": self.id_document,
            "phone": self.phone,
            "community": XIAN,
            "skills": ["急救"],
            "availability": ["weekends"],
            "categories": ["care"],
            "consent": ["registration", "service_records"],
            **changes,
        }
        return {name: value for name, value in filled.items() if value is not None}

    def as_guardian(self, **changes: Any) -> dict[str, Any]:
        """Agree to a minor's registration."""
        mine = {"name": self.name, "id_document": self.id_document, "phone": self.phone, "consent": True}
        return {**mine, **changes}

    def secrets(self) -> set[str]:
        """What nobody may find lying about."""
        national = self.phone.removeprefix("+86")
        return {self.name, self.id_document["number"], national, self.birth.isoformat()}


def post_form(api: Api, citizen: Citizen, *, key: str | None = None, **changes: Any) -> Response:
    """Send the form; the key is the account's own unless given."""
    headers = {**citizen.headers(api), "Idempotency-Key": key or f"key-of-{citizen.subject}"}
    return api.client.post(f"{BASE}/registrations", json=citizen.form(**changes), headers=headers)


def sign_up(api: Api, citizen: Citizen, **changes: Any) -> dict[str, Any]:
    """Sign up and return the volunteer."""
    answer = post_form(api, citizen, **changes)
    assert answer.status_code == 201, answer.text
    volunteer: dict[str, Any] = answer.json()
    return volunteer


def leave(api: Api, citizen: Citizen, volunteer: dict[str, Any]) -> Response:
    """Leave with the version that was seen."""
    headers = {**citizen.headers(api), "If-Match": f'"{volunteer["version"]}"'}
    return api.client.post(f"{BASE}/people/{volunteer['volunteer_no']}/departure", headers=headers)


def answer_ward(
    api: Api, guardian: Citizen, volunteer: dict[str, Any], word: str = "confirmation"
) -> Response:
    """Sign in with the guardian's own phone, look at the registration, and agree to it or refuse it."""
    path = f"{BASE}/wards/{volunteer['volunteer_no']}"
    seen = api.client.get(path, headers=guardian.headers(api))
    if seen.status_code != 200:
        return seen
    headers = {**guardian.headers(api), "If-Match": seen.headers["etag"]}
    return api.client.post(f"{path}/{word}", headers=headers)


def wrong_fields(answer: Response) -> set[str]:
    """Return the paths that a 422 names."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {".".join(str(part) for part in error["loc"][1:]) for error in answer.json()["errors"]}
