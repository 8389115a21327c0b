"""A volunteer's way on the phone: signing up, a shift, hours, a certificate that a university verifies."""

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.migrations import with_connection
from town import INTAKE, VOLUNTEERS, Person, Town, application, eventually, person, resident_id
from volunteers.crowd import crowd

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, DAY, CROWD = "330902002001", 86_400, 400
CHINA = ZoneInfo("Asia/Shanghai")
PHONE = "+8613905800001"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"


def on_the_phone(town: Town, phone: str) -> Person:
    """Sign in with a one-time code in a browser of 390 by 844."""
    town.http.headers.update({"User-Agent": IPHONE, "Sec-CH-Viewport-Width": "390"})
    town.otp_file.unlink(missing_ok=True)
    return town.resident(phone)


def later(town: Town, seconds: int) -> None:
    """Let so long pass."""
    clock = town.suite.plan.clock_file
    assert clock is not None
    clock.write_text(str(passed(town) + seconds), encoding="utf-8")


def passed(town: Town) -> int:
    """Return how many seconds the suite's clock is ahead."""
    clock = town.suite.plan.clock_file
    assert clock is not None
    return int(clock.read_text(encoding="utf-8")) if clock.exists() else 0


def soon(town: Town) -> datetime:
    """Return the full hour between one and two hours ahead."""
    ahead = system_clock() + timedelta(seconds=passed(town), hours=2)
    return ahead.replace(minute=0, second=0, microsecond=0)


def signed_up(
    town: Town, phone: str, name: str, birth: str = "20040512", **more: Any
) -> tuple[Person, dict[str, Any]]:
    form = {
        "name": name,
        "id_document": {"kind": "resident_id", "number": resident_id(birth, int(phone[-3:]))},
        "phone": phone,
        "community": XIAN,
        "skills": ["急救"],
        "availability": ["weekends"],
        "categories": ["care"],
        "consent": ["registration", "service_records", "activity_notices"],
        **more,
    }
    made = on_the_phone(town, phone).made(f"{VOLUNTEERS}/registrations", form)
    if made["status"] == "registering":
        clerk = town.staff("manager.xian")
        path = f"{VOLUNTEERS}/people/{made['volunteer_no']}/verification"
        made = clerk.moved(path, {"outcome": "confirmed"}, made["version"])
    return with_new_role(town, phone), made


def with_new_role(town: Town, phone: str) -> Person:
    """Sign in again, once the gateway knows who became a volunteer."""
    eventually(lambda: town.command("volunteers", "relay", "status"), lambda status: not status["waiting"])
    later(town, 120)
    return on_the_phone(town, phone)


def announced(manager: Person, starts_at: datetime, capacity: int, **more: Any) -> dict[str, Any]:
    draft = manager.made(
        f"{VOLUNTEERS}/activities",
        {
            "community": XIAN,
            "title": "独居老人周末探访",
            "category": "care",
            "organisation": "西安社区居民委员会",
            "content": "上门陪伴独居老人，帮助测量血压",
            "place": "西安社区居家养老服务站",
            "contact": "社区服务窗口 0580-2020000",
            "risks": "无已知风险",
            "conditions": "身体健康，有耐心",
            "shifts": [
                {
                    "starts_at": starts_at.isoformat(),
                    "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
                    "roles": [{"name": "陪伴员", "capacity": capacity}],
                }
            ],
            **more,
        },
    )
    path = f"{VOLUNTEERS}/activities/{draft['activity_id']}/publication"
    return manager.moved(path, None, draft["version"])


def served(manager: Person, me: dict[str, Any], activity: dict[str, Any], starts_at: datetime) -> None:
    """Write down and confirm that somebody was there for the whole shift but ten minutes."""
    record = manager.made(
        f"{VOLUNTEERS}/shifts/{activity['shifts'][0]['shift_id']}/attendance",
        {
            "volunteer_no": me["volunteer_no"],
            "came_at": starts_at.isoformat(),
            "left_at": (starts_at + timedelta(minutes=170)).isoformat(),
            "reason": "二维码设备故障",
        },
    )
    manager.moved(f"{VOLUNTEERS}/records/{record['record_id']}/confirmation", None, record["version"])


def join(phone: Person, activity: dict[str, Any]) -> None:
    at = activity["shifts"][0]
    phone.made(f"{VOLUNTEERS}/shifts/{at['shift_id']}/signups", {"role_id": at["roles"][0]["role_id"]})


def code_shown(town: Town, activity: dict[str, Any]) -> dict[str, str]:
    """Read the code at the place, without a network: what a phone sends later."""
    shift = activity["shifts"][0]["shift_id"]
    code = town.staff("manager.xian").read(f"{VOLUNTEERS}/shifts/{shift}/code")["code"]
    return {"code": code, "read_at": (system_clock() + timedelta(seconds=passed(town))).isoformat()}


def test_a_minor_with_a_guardian_waits_for_a_place_and_is_there_without_a_network(town: Town) -> None:
    other, _ = signed_up(town, "+8613905800021", "赵大伟")
    guardian: dict[str, Any] = {
        "name": "王建国",
        "id_document": {"kind": "resident_id", "number": resident_id("19800512", 22)},
        "phone": "+8613905800022",
        "consent": True,
    }
    child_phone = "+8613905800023"
    child, me = signed_up(town, child_phone, "王小宝", "20110512", guardian=guardian)
    starts_at = soon(town) + timedelta(hours=1)
    activity = announced(town.staff("manager.xian"), starts_at, 1, minors="admitted")
    join(other, activity)
    role = activity["shifts"][0]["roles"][0]["role_id"]
    line = f"{VOLUNTEERS}/shifts/{activity['shifts'][0]['shift_id']}/signups"
    assert child.create(line, {"role_id": role, "wait": True}).status_code == 403, "not a volunteer yet"

    parent, path = on_the_phone(town, guardian["phone"]), f"{VOLUNTEERS}/wards/{me['volunteer_no']}"
    agreed = parent.moved(f"{path}/confirmation", None, parent.read(path)["version"])
    assert agreed["status"] == "registered"
    child = with_new_role(town, child_phone)
    waiting = child.made(line, {"role_id": role, "wait": True})
    assert (waiting["status"], waiting["position"]) == ("waiting", 1)

    mine = f"{VOLUNTEERS}/signups"
    [given_back] = other.read(mine)["items"]
    other.moved(f"{mine}/{given_back['signup_id']}/cancellation", None, given_back["version"])
    [offered] = eventually(lambda: child.read(mine)["items"], lambda places: places[0]["status"] == "offered")
    place = child.moved(f"{mine}/{offered['signup_id']}/acceptance", None, offered["version"])

    now = system_clock() + timedelta(seconds=passed(town))
    later(town, int((starts_at - now).total_seconds()) + 300)
    came = code_shown(town, activity)
    later(town, 9_000)
    left = code_shown(town, activity)
    later(town, 7_200)
    child = on_the_phone(town, child_phone)
    record = child.made(f"{mine}/{place['signup_id']}/check-in", came)
    assert datetime.fromisoformat(record["came_at"]) == datetime.fromisoformat(came["read_at"])
    told = child.ask("POST", f"{mine}/{place['signup_id']}/check-out", left).json()
    assert (told["status"], told["minutes"]) == ("pending", 150)
    manager = town.staff("manager.xian")
    path = f"{VOLUNTEERS}/records/{told['record_id']}/confirmation"
    assert manager.moved(path, None, told["version"])["minutes"] == 150


def test_from_signing_up_to_a_certificate_that_a_university_verifies(town: Town) -> None:
    phone, me = signed_up(town, PHONE, "李晓雨")
    manager = town.staff("manager.xian")
    starts_at = soon(town)
    activity = announced(manager, starts_at, 5)
    join(phone, activity)
    later(town, DAY)
    manager, phone = town.staff("manager.xian"), on_the_phone(town, PHONE)
    served(manager, me, activity, starts_at)

    made = phone.made(f"{VOLUNTEERS}/certificates", {"community": XIAN})
    answer = phone.get(f"{VOLUNTEERS}/certificates/{made['certificate_no']}/paper")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "李晓雨" in text
    code = text.partition("核验码：")[2][:8]

    university = town.anybody()
    proof = {"certificate_no": made["certificate_no"], "code": code}
    told = university.ask("POST", f"{VOLUNTEERS}/certificates/proofs", proof).json()
    assert (told["valid"], told["minutes"], told["holder"]) == (True, 170, "李*雨")
    assert told["issued_by"].startswith("西安社区")
    wrong = {**proof, "code": "AAAAAAAA"}
    assert university.ask("POST", f"{VOLUNTEERS}/certificates/proofs", wrong).status_code == 404

    record = phone.read(f"{VOLUNTEERS}/records")["items"][0]
    path = f"{VOLUNTEERS}/records/{record['record_id']}"
    disputed = phone.moved(f"{path}/dispute", {"minutes": 180, "evidence": "一直到最后"}, record["version"])
    street = town.staff("supervisor.changguo")
    street.moved(f"{path}/ruling", {"minutes": 180, "reason": "双方陈述一致"}, disputed["version"])
    told = eventually(
        lambda: university.ask("POST", f"{VOLUNTEERS}/certificates/proofs", proof).json(),
        lambda told: told["status"] != "issued",
    )
    assert (told["valid"], told["status"]) == (False, "replaced")
    assert phone.read(f"{VOLUNTEERS}/certificates/{told['replaced_by']}")["minutes"] == 180


def every(who: Person, path: str) -> list[dict[str, Any]]:
    """Walk every page of a list."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = who.read(f"{path}?limit=200{cursor}")
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def further(who: Person, path: str, seen: int) -> dict[str, Any]:
    """Follow a batch until more of it is done than was seen."""
    told: dict[str, Any] = eventually(lambda: who.read(path), lambda told: told["done"] > seen)
    return told


def done_though_killed(town: Town, who: Person, path: str) -> dict[str, Any]:
    """Follow what the service does row by row to its end; it is killed twice in the middle."""
    seen = 0
    for _ in range(2):
        told = further(who, path, seen)
        seen = told["done"]
        assert told["status"] == "running", "it has to be killed in the middle"
        town.suite.kill("volunteers")
        town.suite.start("volunteers")
        town.suite.wait_ready(["volunteers"])
    done: dict[str, Any] = eventually(lambda: who.read(path), lambda told: told["status"] == "done")
    return done


def test_a_batch_certifies_each_exactly_once_however_often_the_service_is_killed(town: Town) -> None:
    phone, me = signed_up(town, "+8613905800077", "周卫国")
    manager = town.staff("manager.xian")
    starts_at = soon(town)
    activity = announced(manager, starts_at, 5)
    join(phone, activity)
    later(town, DAY)
    manager = town.staff("manager.xian")
    served(manager, me, activity, starts_at)
    url = town.suite.plan.database_url("volunteers")
    with_connection(url, partial(crowd, volunteer_no=me["volunteer_no"], size=CROWD))

    known = {one["certificate_no"] for one in every(manager, f"{VOLUNTEERS}/certificates")}
    body = {"community": XIAN, "first_on": starts_at.astimezone(CHINA).date().isoformat()}
    batch = manager.made(f"{VOLUNTEERS}/certificate-batches", body)
    path = f"{VOLUNTEERS}/certificate-batches/{batch['batch_no']}"
    assert batch["total"] == CROWD + 1
    done = done_though_killed(town, manager, path)
    assert (done["done"], done["certified"]) == (CROWD + 1, CROWD + 1)

    rows = every(manager, f"{path}/rows")
    assert len({row["volunteer_no"] for row in rows}) == CROWD + 1
    assert {row["outcome"] for row in rows} == {"certified"}
    numbers = [row["certificate_no"] for row in rows]
    issued = {one["certificate_no"] for one in every(manager, f"{VOLUNTEERS}/certificates")} - known
    assert sorted(numbers) == sorted(issued), "each once, and none that no row tells"


def test_a_need_from_a_case_at_the_window_becomes_hours(town: Town) -> None:
    phone, me = signed_up(town, "+8613905800078", "孙立新")
    clerk, manager = town.staff("clerk.xian"), town.staff("manager.xian")
    item = town.item("soc-subsistence-national")
    case = clerk.made(f"{INTAKE}/cases", {**application(item, XIAN, person(78)), "accept": True})
    needed = {
        "community": XIAN,
        "category": "care",
        "times": ["weekends"],
        "minutes": 60,
        "name": "王桂芳",
        "phone": "13800138000",
        "address": "西安社区3幢201室",
        "details": "陪同去医院复诊",
        "consent": True,
        "case_no": case["case_no"],
    }
    need = clerk.made(f"{VOLUNTEERS}/needs", needed)
    path = f"{VOLUNTEERS}/needs/{need['need_id']}"
    best = manager.read(f"{path}/candidates")["candidates"]
    mine = next(one for one in best if one["volunteer_no"] == me["volunteer_no"])
    assert {factor["factor"] for factor in mine["factors"]} == {"distance", "time", "category", "load"}
    assert phone.get(path).status_code == 404
    asked = manager.moved(f"{path}/offer", {"volunteer_no": me["volunteer_no"]}, need["version"])
    taken = phone.moved(f"{path}/acceptance", None, asked["version"])
    assert phone.ask("POST", f"{path}/contact").json()["address"] == needed["address"]

    came = system_clock() + timedelta(seconds=passed(town))
    later(town, 3600)
    phone, agent = on_the_phone(town, "+8613905800078"), town.staff("agent.xian")
    given = {"came_at": came.isoformat(), "left_at": (came + timedelta(minutes=55)).isoformat()}
    phone.moved(f"{path}/completion", given, taken["version"])
    proof = {"need_id": need["need_id"], "code": need["code"]}
    told = town.anybody().ask("POST", f"{VOLUNTEERS}/needs/confirmations", proof).json()
    assert told["status"] == "confirmed"
    record = phone.read(f"{VOLUNTEERS}/records")["items"][0]
    town.staff("manager.xian").moved(
        f"{VOLUNTEERS}/records/{record['record_id']}/confirmation", None, record["version"]
    )
    assert phone.read(f"{VOLUNTEERS}/people/me/hours")["confirmed_minutes"] == 55

    on_case = eventually(
        lambda: agent.read(f"/api/casework/v1/cases/{case['case_no']}/needs")["items"],
        lambda found: bool(found) and found[0]["status"] == "confirmed",
    )
    assert [one["need_id"] for one in on_case] == [need["need_id"]]
    steps = [one["step"] for one in agent.read(f"/api/casework/v1/cases/{case['case_no']}/timeline")["items"]]
    assert [step for step in steps if step.startswith("need_")] == [
        f"need_{status}" for status in ("open", "offered", "accepted", "done", "confirmed")
    ]
