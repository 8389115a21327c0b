"""Each service at work: with people, records that exist, and addresses that lead to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from casework.dispatching import Desk
from casework.hall import SURVEY, Hall
from casework.office import Office, furnished, open_office
from casework.purse import Purse
from casework.street import Street
from casework.test_areas import change, decide
from casework.test_bad_reviews import complained
from casework.test_burden import record
from casework.test_certificates import applied, issued
from casework.test_disclosure import quarter_over
from casework.test_evaluations import opened as opened_round
from casework.test_grids import FIRST, drawn
from casework.test_norms import NORM
from casework.test_norms import enter as enter_norm
from casework.test_steps import Hall as StepHall
from gateway.people import KEYS, PASSWORD
from intake.conftest import REGISTER, REGISTERED, calendar
from intake.test_catalogue_files import changed, export, follow, send
from intake.test_catalogue_versions import Keeper
from intake.test_contacts import ask as asked
from intake.test_custody import take as taken_original
from intake.test_drafts import begin, content
from intake.test_handoffs import offer as offered
from intake.test_papers import printed, sheet_of
from intake.test_tolerance import tolerated
from intake.uploads import begun, kept
from intake.window import ITEM, NO_PAPERS, Somebody, somebody
from onewindow_casework.certificates.seeding import keep_certificates
from onewindow_gateway.app import SERVICE as GATEWAY
from onewindow_gateway.demo import demo
from onewindow_gateway.seed import load
from onewindow_intake.app import SERVICE as INTAKE
from onewindow_intake.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_volunteers.app import SERVICE as VOLUNTEERS
from testkit.api import XIAN, Api, running
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import Citizen
from volunteers.test_attending import opened as calendar_opened
from volunteers.test_attending import walked_in
from volunteers.test_batches import begun as batch_begun
from volunteers.test_certificates import confirmed
from volunteers.test_certificates import issued as certified
from volunteers.test_imports import followed as import_followed
from volunteers.test_imports import line
from volunteers.test_life import suspended
from volunteers.test_needs import need
from volunteers.test_organisations import founded
from volunteers.test_records import Day, boss
from volunteers.test_timebank import post

DISTRICT, DEPARTMENT = XIAN[:6], "civil_affairs"
Headers = Mapping[str, str]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where requests are sent to, what its records are called, and who may come."""

    client: Any
    url: str
    people: Sequence[Headers]
    known: Sequence[Record]
    """Path parameters that lead somewhere, those of one record together."""


def each(name: str, values: Iterable[Any]) -> list[Record]:
    """Name records that one parameter leads to."""
    return [{name: value} for value in values]


def at_service(api: Api, known: Sequence[Record], *more: Headers) -> Place:
    """Meet a service as it is behind the gateway: somebody of every role, more people, and nobody."""
    headers = api.people.headers
    people: list[Headers] = [
        headers(Role.WINDOW_CLERK, XIAN, subject="clerk.xian"),
        headers(Role.AGENT_OFFICER, XIAN, subject="agent.xian"),
        headers(Role.DEPARTMENT_OFFICER, DISTRICT, department=DEPARTMENT),
        headers(Role.COMMUNITY_MANAGER, XIAN),
        headers(Role.STREET_SUPERVISOR, XIAN[:9]),
        headers(Role.DISTRICT_ADMIN, DISTRICT),
        headers(Role.AUDITOR, DISTRICT),
        headers(Role.SERVICE_CLIENT, DISTRICT),
        headers(Role.RESIDENT, subject="r-1"),
        *more,
        {},
    ]
    return Place(api.client, "http://testserver", people, known)


AREAS = each("area_code", [XIAN, XIAN[:9], DISTRICT, "330902000000"])


def at_the_window(api: Api, clerk: Somebody) -> Iterator[Record]:
    """Cases in several states, and whatever belongs to one."""
    for serial in range(1, 3):
        yield {"case_no": clerk.posted(serial=serial)["case_no"]}
    taken = clerk.posted(serial=9, accept=True, materials=clerk.papers())
    yield {"case_no": taken["case_no"], "kind": "acceptance"}
    yield {"case_no": tolerated(clerk)["case_no"], "kind": "tolerant_promise"}
    case = clerk.posted(serial=10, item=NO_PAPERS)
    yield {"case_no": case["case_no"], "handoff_id": offered(clerk, case).json()["handoff_id"]}
    original = taken_original(clerk, clerk.posted(serial=11))
    yield {"case_no": original["case_no"], "original_id": original["original_id"]}
    document = kept(clerk, case)
    yield {"case_no": case["case_no"], "document_id": document["document_id"]}
    yield {"upload_id": begun(clerk, case)["upload_id"], "number": 1}
    yield {"contact_id": asked(clerk, name="王桂芳").json()["contact_id"]}
    yield {"draft_id": begin(clerk, content(serial=12))["draft_id"]}
    assert printed(clerk, case, "receipt")
    yield {"token": sheet_of(api, f"{case['case_no']}-SJ1")["token"]}


def in_the_catalogue(api: Api) -> Iterator[Record]:
    """An item with a draft, one that is published for later, a category, and an import with faults."""
    keeper = Keeper(api, api.people.headers(Role.DISTRICT_ADMIN, DISTRICT))
    yield {"code": ITEM, "number": keeper.published("2027-01-01", promised_days=8)["number"]}
    yield {"code": ITEM, "number": keeper.drafted(promised_days=9)["number"]}
    category = {"code": "soc.money", "parent": "social_service", "name": "救助资金", "name_en": "Money"}
    yield {"code": keeper.made("categories", category)["code"]}
    for file in (export(api), changed(export(api), fee="x" * 3000)):
        yield {"import_no": follow(api, send(api, file))["import_no"]}


@contextmanager
def intake(url: str) -> Iterator[Place]:
    with (
        TemporaryDirectory() as folder,
        running(INTAKE, url, documents_url=Path(folder).as_uri(), like_duplicates_refused=False) as api,
    ):
        api.system(seed)
        api.receive(*REGISTER, calendar(2026), source="casework")
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
        yield at_service(api, [*AREAS, *at_the_window(api, clerk), *in_the_catalogue(api)])


def in_the_hall(hall: Hall) -> Iterator[Record]:
    """Items in several states, and the published lists."""
    hall.put_up_lists()
    yield {"district": DISTRICT, "number": 1, "code": "cert-property"}
    for code in (hall.drafted(), hall.submitted(), hall.heard(), hall.approved()):
        yield {"code": code}
    active = hall.active()
    yield {"district": DISTRICT, "number": 2, "code": active}
    matters = hall.office.read(f"admission/matters?district={DISTRICT}&limit=2", hall.district)["items"]
    yield from ({"district": DISTRICT, "code": matter["code"]} for matter in matters)


def in_the_account(purse: Purse, code: str) -> Iterator[Record]:
    """The movements of an item's money."""
    purse.allotted(code)
    yield from each("posting_no", (posting["no"] for posting in purse.read("postings")["items"]))


def on_the_way(desk: Desk, hall: Hall) -> Iterator[Record]:
    """Orders that were sent and begun, and one that its community refused."""
    desk.item(basis=SURVEY["basis"])
    desk.allotted()
    hall.published()
    yield from each("order_no", (desk.sent(), desk.begun()))
    refusal = desk.refused()
    yield {"order_no": refusal["order"]}
    yield {"refusal_no": refusal["no"]}


def in_the_communities(office: Office) -> Iterator[Record]:
    """Certificates, a round of evaluation, a quarter to be disclosed, and what weighs on a community."""
    office.api.system(keep_certificates, DISTRICT)
    for number in (applied(office), issued(office)):
        yield {"certificate_no": number}
    committee = {"committee": office.manager, "admin": office.admin, "department": office.officer}
    round_id, pairs = opened_round(office, committee)
    yield {"round_id": round_id}
    yield from each("pair_id", pairs)
    quarter_over(office)
    yield {"code": XIAN, "period": "2026Q4"}
    yield {"review_no": complained(office).no}
    record(office, office.manager, 30)
    yield {"community": XIAN, "year": "2026", "kind": "ledgers"}
    assert enter_norm(office).status_code == 201
    yield {"district": DISTRICT, "code": NORM["code"]}
    drawn(office, FIRST)
    yield {"grid_code": FIRST}
    decided = decide(office, change(office, "rename", {XIAN: XIAN}, {"code": XIAN, "name": "新安"}, days=300))
    yield {"change_no": decided.json()["no"]}


@contextmanager
def casework(url: str) -> Iterator[Place]:
    furnished(url)
    with open_office(url) as office:
        cases = [office.accepted(applicant_subject=subject) for subject in (None, "r-1")]
        cases += [office.started(), office.decided(), office.closed(applicant_subject="r-1")]
        steps = StepHall(office)
        steps.put_up()
        objection = steps.object_().json()["objection_id"]
        led = {"case_no": steps.case_no, "objection_id": objection}
        known: list[Record] = [{**led, "number": number} for number in (1, 3, 4)]
        ordered = Street(office).order(Street(office).street, cases[2]).json()["supervision_id"]
        known += [{"case_no": cases[2], "supervision_id": ordered}, {"district": DISTRICT}]
        known += [*AREAS, *each("case_no", cases), *each("year", ["2026", "2027"])]
        desk, hall = Desk(office), Hall(office)
        known += [*in_the_hall(hall), *in_the_account(desk, hall.approved()), *on_the_way(desk, hall)]
        known += in_the_communities(office)
        yield at_service(office.api, known)


def in_the_files(organiser: Organiser, helper: Helper) -> Iterator[Record]:
    """People from a file, a need, a batch of certificates and a sample, as they are worked on."""
    api = organiser.api
    job = import_followed(api, line(Citizen(5)), line(Citizen(6), 社区代码="1"))
    yield {"import_no": job["import_no"]}
    yield {"unconfirmed_id": 1}
    yield {"need_id": need(api)["need_id"]}
    yield {"batch_no": batch_begun(organiser)["batch_no"]}
    today = api.clock().date().isoformat()
    sample = {"area": XIAN, "first_on": "2026-01-01", "last_on": today, "size": 1}
    drawn = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])(
        "POST", "spot-checks", sample, **{"Idempotency-Key": "a-sample"}
    )
    yield {"check_no": drawn.json()["check_no"]}
    assert post(helper, "account", {}).status_code == 201


def in_the_activities(organiser: Organiser, helpers: Sequence[Helper]) -> Iterator[Record]:
    """An activity that is planned, one that people have joined, hours that were served, and certified."""
    day = Day(organiser, helpers[0])
    yield {"record_id": day.served()["record_id"]}
    confirmed(organiser, helpers[1])
    yield {"certificate_no": certified(helpers[1])["certificate_no"]}
    for helper in helpers:
        yield {"volunteer_no": helper.record["volunteer_no"]}
    suspended(organiser.api, Helper.registered(organiser.api, 4))
    yield {"suspension_id": 1}
    yield {"walk_in_id": walked_in(organiser, day.activity).json()["walk_in_id"]}
    team = founded(organiser)
    yield {"organisation_id": team["organisation_id"]}
    yield {"organisation_id": team["organisation_id"], "have": "signs"}
    yield {"secret": calendar_opened(helpers[0]).rpartition("/")[2]}
    yield from in_the_files(organiser, helpers[1])
    later = organiser.published(shifts=[shift(days=9)])
    for activity in (organiser.drafted(shifts=[shift(days=9)]), day.activity, later):
        yield {"activity_id": activity["activity_id"]}
        yield {"shift_id": activity["shifts"][0]["shift_id"]}
    for helper in helpers:
        yield {"signup_id": helper.joined(later)["signup_id"]}


@contextmanager
def volunteers(url: str) -> Iterator[Place]:
    with running(VOLUNTEERS, url) as api:
        api.receive(*REGISTERED, source="casework")
        helpers = [Helper.registered(api, serial) for serial in (1, 2)]
        known = [*AREAS, *in_the_activities(Organiser(api), helpers)]
        people = [api.people.headers(Role.VOLUNTEER, subject=helper.citizen.subject) for helper in helpers]
        yield at_service(api, known, *people, Citizen(3).headers(api))


@contextmanager
def gateway(url: str) -> Iterator[Place]:
    told: dict[str, Any] = {"signing_keys": KEYS, "demo_password": PASSWORD}
    told |= {"metrics_budget_seconds": 0.05, "metrics_follow_seconds": 0}
    with running(GATEWAY, url, **told) as api:
        api.system(lambda unit: load(unit, demo(), SecretStr(PASSWORD)))
        yield at_service(api, AREAS)


PLACES: Mapping[str, Callable[[str], AbstractContextManager[Place]]] = {
    "intake": intake,
    "casework": casework,
    "volunteers": volunteers,
    "gateway": gateway,
}
