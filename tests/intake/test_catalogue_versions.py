"""Versions of items: drafts, publishing for a day, retiring; and what districts do differently."""

import itertools
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select

from intake.conftest import Open
from intake.test_routing import CERTIFICATE, KINSHIP
from intake.window import ITEM, PATH, Answer, Somebody, form, nobody, somebody, wrong_fields
from onewindow_intake.catalogue import queries
from onewindow_intake.catalogue.models import ItemVersion
from onewindow_shared.contracts.access import Permission, Role, permits
from onewindow_shared.contracts.events import AreaChanged, AreaKind, DepartmentChanged
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, XIAN, Api

TODAY, TOMORROW, LATER = "2026-11-23", "2026-11-24", "2026-12-01"
_keys = itertools.count(1)


@dataclass
class Keeper(Somebody):
    """Somebody who keeps the catalogue."""

    def create(self, path: str, body: Any) -> Answer:
        return self.post(path, body, **{"Idempotency-Key": f"keep-{next(_keys):06d}"})

    def made(self, path: str, body: Any) -> dict[str, Any]:
        answer = self.create(path, body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def put(self, path: str, body: Any, version: int) -> Answer:
        seen = {**self.headers, "If-Match": f'"{version}"'}
        return self.api.client.put(f"{PATH}/{path}", json=body, headers=seen)

    def content(self, **change: Any) -> dict[str, Any]:
        """What the item says in force, with changes."""
        guide = self.get(f"items/{ITEM}").json()
        for added in ("version", "effective_from", "override", "spellings"):
            del guide[added]
        return {**guide, **change}

    def drafted(self, **change: Any) -> dict[str, Any]:
        return self.made(f"items/{ITEM}/versions", self.content(**change))

    def move(self, draft: Any, to: str, body: Any = None) -> Answer:
        path = f"items/{draft['content']['code']}/versions/{draft['number']}/{to}"
        return self.post(path, body or {}, **{"If-Match": f'"{draft["version"]}"'})

    def moved(self, draft: Any, to: str, body: Any = None) -> dict[str, Any]:
        answer = self.move(draft, to, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def published(self, day: str | None = None, **change: Any) -> dict[str, Any]:
        return self.moved(self.drafted(**change), "publication", {"effective_from": day})

    def states(self) -> list[tuple[int, str, str | None]]:
        listed = self.get(f"items/{ITEM}/versions").json()["items"]
        return [(one["number"], one["state"], one["effective_to"]) for one in listed]


@pytest.fixture
def keeper(quiet_api: Api) -> Keeper:
    return Keeper(quiet_api, quiet_api.people.headers(Role.DISTRICT_ADMIN, XIAN[:6], subject="admin"))


@pytest.fixture
def clerk(quiet_api: Api) -> Somebody:
    return somebody(quiet_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")


def promised(api: Api, **query: Any) -> int:
    guide = nobody(api).get(f"items/{ITEM}", **query).json()
    found: int = guide["promised_days"]
    return found


def test_only_the_administrator_keeps_the_catalogue(quiet_api: Api, keeper: Keeper, clerk: Somebody) -> None:
    keepers = {role for role in Role if permits(frozenset({role}), Permission.CATALOGUE_MANAGE)}
    assert keepers == {Role.DISTRICT_ADMIN}
    assert clerk.get(f"items/{ITEM}/versions").status_code == 403
    assert nobody(quiet_api).get(f"items/{ITEM}/versions").status_code == 401


def test_of_several_districts_the_owner_of_the_catalogue_changes_what_holds_in_all(
    open_furnished: Open,
) -> None:
    putuo = AreaChanged(code="330903", name="普陀区", kind=AreaKind.DISTRICT, population=None)
    with open_furnished(catalogue_owner="330903") as api:
        api.receive(putuo, source="casework")
        ours = Keeper(api, api.people.headers(Role.DISTRICT_ADMIN, "330902"))
        theirs = Keeper(api, api.people.headers(Role.DISTRICT_ADMIN, "330903"))
        draft = theirs.drafted(promised_days=20)
        category = {"code": "own-branch", "parent": "education", "name": "本区", "name_en": "Own"}
        refused = [
            ours.create(f"items/{ITEM}/versions", ours.content()),
            ours.put(f"items/{ITEM}/versions/2", ours.content(), draft["version"]),
            ours.move(draft, "publication"),
            ours.move(draft, "retirement", {"reason": "不再办理"}),
            ours.create("categories", category),
        ]
        assert [answer.status_code for answer in refused] == [403] * len(refused)
        assert theirs.move(draft, "publication").status_code == 200
        ours.made(f"items/{ITEM}/overrides", {"district": "330902", "terms": {"promised_days": 6}})
        api.clock.pass_(hours=24)
        assert (promised(api), promised(api, community=XIAN)) == (20, 6)
    with open_furnished() as api:
        ours = Keeper(api, api.people.headers(Role.DISTRICT_ADMIN, "330902"))
        assert ours.create(f"items/{ITEM}/versions", ours.content()).status_code == 403


def test_a_draft_is_seen_by_nobody_and_can_be_changed_by_whoever_saw_it(keeper: Keeper) -> None:
    draft = keeper.drafted(promised_days=20)
    assert (draft["number"], draft["state"], draft["effective_from"]) == (2, "draft", None)
    assert promised(keeper.api) == 30
    path = f"items/{ITEM}/versions/2"
    changed = keeper.put(path, keeper.content(promised_days=10), draft["version"])
    assert changed.json()["content"]["promised_days"] == 10
    assert changed.headers["etag"] == f'"{changed.json()["version"]}"'
    stale = keeper.put(path, keeper.content(promised_days=11), draft["version"])
    assert stale.status_code == 412
    assert stale.json()["current"]["content"]["promised_days"] == 10


def test_a_version_published_for_tomorrow_is_in_force_from_tomorrow_on(keeper: Keeper) -> None:
    keeper.published(TOMORROW, promised_days=20)
    assert keeper.states() == [(2, "scheduled", None), (1, "in_force", TOMORROW)]
    assert promised(keeper.api) == 30
    keeper.api.clock.pass_(hours=24)
    assert promised(keeper.api) == 20
    assert keeper.states() == [(2, "in_force", None), (1, "retired", TOMORROW)]


def test_after_a_long_downtime_the_version_of_the_day_is_in_force(keeper: Keeper) -> None:
    keeper.published(TOMORROW, promised_days=20)
    keeper.published(LATER, promised_days=10)
    keeper.api.clock.pass_(days=30)
    assert promised(keeper.api) == 10


def test_a_case_keeps_the_version_of_the_day_it_was_posted(keeper: Keeper, clerk: Somebody) -> None:
    keeper.published(TOMORROW, promised_days=20, name="最低生活保障（新）")
    before = clerk.posted(serial=1)
    keeper.api.clock.pass_(hours=24)
    after = clerk.posted(serial=2)
    assert (before["item_version"], after["item_version"]) == (1, 2)
    assert clerk.case(before)["promised_days"] == 30
    assert clerk.case(after)["promised_days"] == 20
    assert clerk.case(before)["item_name"] != clerk.case(after)["item_name"]


def test_what_is_published_for_the_same_day_takes_its_place(keeper: Keeper) -> None:
    keeper.published(TOMORROW, promised_days=20)
    keeper.published(TOMORROW, promised_days=10)
    assert [state for _, state, _ in keeper.states()] == ["scheduled", "retired", "in_force"]
    keeper.api.clock.pass_(hours=24)
    assert promised(keeper.api) == 10


def test_nothing_is_published_twice_or_for_a_day_that_is_over(keeper: Keeper) -> None:
    draft = keeper.drafted(promised_days=20)
    past = keeper.move(draft, "publication", {"effective_from": "2026-11-22"})
    assert wrong_fields(past) == {"effective_from"}
    published = keeper.moved(draft, "publication")
    assert keeper.move(published, "publication").status_code == 409
    changed = keeper.put(f"items/{ITEM}/versions/2", keeper.content(), published["version"])
    assert changed.json()["type"].endswith("not-a-draft")


def test_an_item_that_was_retired_is_not_offered_and_its_cases_go_on(keeper: Keeper, clerk: Somebody) -> None:
    case = clerk.posted()
    first = keeper.get(f"items/{ITEM}/versions/1").json()
    keeper.moved(first, "retirement", {"effective_to": TOMORROW, "reason": "国家另有规定"})
    assert promised(keeper.api) == 30
    keeper.api.clock.pass_(hours=24)
    assert nobody(keeper.api).get(f"items/{ITEM}").status_code == 404
    found = clerk.get("items", q="最低生活保障").json()["items"]
    assert ITEM not in [one["code"] for one in found]
    assert clerk.case(case)["item_version"] == 1
    assert clerk.get(f"cases/{case['case_no']}/issued-documents/receipt").status_code == 200
    ended = keeper.get(f"items/{ITEM}/versions/1").json()
    assert keeper.move(ended, "retirement", {"reason": "再次"}).json()["type"].endswith("already-over")


def test_a_version_that_was_called_off_never_comes_and_the_present_one_stays(keeper: Keeper) -> None:
    coming = keeper.published(TOMORROW, promised_days=20)
    keeper.moved(coming, "retirement", {"reason": "暂缓实施"})
    draft = keeper.drafted(promised_days=15)
    keeper.moved(draft, "retirement", {"reason": "不再需要"})
    keeper.api.clock.pass_(days=9)
    assert promised(keeper.api) == 30
    assert [state for _, state, _ in keeper.states()] == ["retired", "retired", "in_force"]


def test_ending_the_present_version_brings_no_older_one_back(keeper: Keeper) -> None:
    second = keeper.published(promised_days=20)
    keeper.api.clock.pass_(days=3)
    keeper.moved(second, "retirement", {"reason": "停办"})
    assert nobody(keeper.api).get(f"items/{ITEM}").status_code == 404


def test_a_promise_beyond_the_law_is_refused_when_it_is_drafted(keeper: Keeper) -> None:
    answer = keeper.create(f"items/{ITEM}/versions", keeper.content(promised_days=31))
    assert (answer.status_code, wrong_fields(answer)) == (422, {"promised_days"})
    other = keeper.create("items/soc-orphan-sishui/versions", keeper.content())
    assert wrong_fields(other) == {"code"}


def test_a_new_item_begins_with_a_draft(keeper: Keeper) -> None:
    made = keeper.made("items/soc-new/versions", keeper.content(code="soc-new"))
    assert nobody(keeper.api).get("items/soc-new").status_code == 404
    keeper.moved(made, "publication")
    keeper.api.clock.pass_(hours=24)
    assert nobody(keeper.api).get("items/soc-new").json()["version"] == 1


def test_every_write_is_audited(keeper: Keeper) -> None:
    keeper.moved(keeper.published(promised_days=20), "retirement", {"reason": "停办"})

    def actions(unit: Unit) -> list[str]:
        query = select(AuditRecord.action).where(AuditRecord.actor == "admin").order_by(AuditRecord.id)
        return list(unit.session.scalars(query))

    assert keeper.api.system(actions) == ["item.drafted", "item.published", "item.retired"]


def test_two_published_versions_never_begin_on_one_day(keeper: Keeper) -> None:
    def cheat(unit: Unit) -> None:
        first = unit.session.get_one(ItemVersion, (ITEM, 1))
        values = {name: getattr(first, name) for name in ("item_code", "status", "effective_from")}
        facts = ("statutory_days", "promised_days", "instant", "name", "category", "department", "content")
        same = {name: getattr(first, name) for name in facts}
        unit.session.add(ItemVersion(number=9, **values, **same))
        unit.session.flush()

    with pytest.raises(Exception, match="Somebody was faster"):
        keeper.api.system(cheat)
    assert keeper.api.system(lambda unit: len(queries.beginnings(unit.session, ITEM))) == 1


def terms(district: str = XIAN[:6], day: str | None = None, **own: Any) -> dict[str, Any]:
    return {"district": district, "effective_from": day, "terms": own}


def test_a_district_promises_more_than_the_item_and_its_cases_keep_that(
    keeper: Keeper, clerk: Somebody
) -> None:
    paper = keeper.content()["materials"][0]["code"]
    before = clerk.posted(serial=1)
    keeper.made(
        f"items/{ITEM}/overrides", terms(promised_days=12, fee={"amount": "工本费5元"}, deferrable=[paper])
    )
    keeper.api.clock.pass_(hours=24)
    guide = nobody(keeper.api).get(f"items/{ITEM}", community=XIAN).json()
    assert (guide["promised_days"], guide["fee"], guide["override"]) == (12, "工本费5元", 1)
    assert [one["code"] for one in guide["materials"] if one["deferrable"]] == [paper]
    assert promised(keeper.api) == 30
    after = clerk.posted(serial=2)
    keeper.made(f"items/{ITEM}/overrides", terms(promised_days=6))
    keeper.api.clock.pass_(hours=24)
    assert [clerk.case(case)["promised_days"] for case in (before, after)] == [30, 12]
    assert promised(keeper.api, community=XIAN) == 6
    listed = keeper.get(f"items/{ITEM}/overrides").json()["items"]
    assert [(one["number"], one["terms"]["promised_days"]) for one in listed] == [(1, 12), (2, 6)]


def test_terms_without_anything_give_the_item_back_as_it_is(keeper: Keeper) -> None:
    keeper.made(f"items/{ITEM}/overrides", terms(promised_days=12))
    keeper.made(f"items/{ITEM}/overrides", terms(day=TOMORROW))
    assert promised(keeper.api, community=XIAN) == 12
    keeper.api.clock.pass_(hours=24)
    assert promised(keeper.api, community=XIAN) == 30


def test_a_district_promises_nothing_that_the_law_or_the_item_does_not_allow(keeper: Keeper) -> None:
    path = f"items/{ITEM}/overrides"
    wrong = keeper.create(path, terms(promised_days=31, deferrable=["no-such-paper"]))
    assert wrong_fields(wrong) == {"terms.promised_days", "terms.deferrable"}
    assert keeper.create(path, terms(district="110101", promised_days=5)).status_code == 403
    assert wrong_fields(keeper.create(path, terms(day="2026-11-22"))) == {"effective_from"}
    keeper.made(path, terms(promised_days=25))
    draft = keeper.drafted(statutory_days=20, promised_days=20)
    assert wrong_fields(keeper.move(draft, "publication")) == {"statutory_days"}


def test_an_item_for_some_communities_is_offered_only_there(keeper: Keeper, clerk: Somebody) -> None:
    keeper.published(communities=[DONGSHAN])
    keeper.api.clock.pass_(hours=24)
    assert clerk.get(f"items/{ITEM}", community=XIAN).status_code == 404
    assert clerk.get(f"items/{ITEM}", community=DONGSHAN).status_code == 200
    assert ITEM not in [one["code"] for one in clerk.get("items", community=XIAN, limit=200).json()["items"]]
    answer = clerk.apply(form())
    assert wrong_fields(answer) == {"item_code"}


PUTUO = "330903"
SHENJIAMEN = f"{PUTUO}001001"


def test_nothing_is_published_that_names_what_no_register_knows(keeper: Keeper) -> None:
    draft = keeper.drafted(
        department="no-such-office",
        communities=[XIAN, "330902002999", "330902099001"],
        issues_certificate="并不存在的证明",
    )
    refused = keeper.move(draft, "publication")
    assert refused.status_code == 422
    assert wrong_fields(refused) == {
        "communities.1",
        "communities.2",
        "department",
        "issues_certificate",
    }
    assert keeper.states() == [(2, "draft", None), (1, "in_force", None)]


def test_what_the_registers_were_told_of_meanwhile_may_be_named(keeper: Keeper) -> None:
    draft = keeper.drafted(
        department="petitions", communities=[XIAN, SHENJIAMEN], issues_certificate=f"开{KINSHIP}"
    )
    keeper.api.receive(
        AreaChanged(code=SHENJIAMEN, name="沈家门社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None),
        DepartmentChanged(district=XIAN[:6], code="petitions", name="定海区信访局"),
        CERTIFICATE,
        source="casework",
    )
    refused = keeper.move(draft, "publication")
    assert wrong_fields(refused) == {"department"}
    assert PUTUO in refused.text, "the district of one of its communities has no such department"
    putuo = DepartmentChanged(district=PUTUO, code="petitions", name="普陀区信访局")
    keeper.api.receive(putuo, source="casework")
    assert keeper.move(draft, "publication").status_code == 200


def test_a_street_is_no_community(keeper: Keeper) -> None:
    keeper.api.receive(
        AreaChanged(code=DONGSHAN, name="东山街道", kind=AreaKind.STREET, population=None), source="casework"
    )
    draft = keeper.drafted(communities=[DONGSHAN])
    assert wrong_fields(keeper.move(draft, "publication")) == {"communities.0"}


def test_what_changes_what_is_in_force_of_an_item_waits_for_an_import_that_publishes_it(
    keeper: Keeper,
) -> None:
    draft = keeper.drafted()
    terms_for_all = {"district": "330902", "terms": {"promised_days": 1}}
    with mock.patch.object(queries, "held", wraps=queries.held) as held:
        published = keeper.moved(draft, "publication", {"effective_from": None})
        assert held.call_count == 1
        keeper.moved(published, "retirement", {"reason": "不再需要"})
        assert held.call_count == 2
        keeper.made(f"items/{ITEM}/overrides", terms_for_all)
        assert held.call_count == 3
