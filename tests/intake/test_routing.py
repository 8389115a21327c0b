"""Nothing goes to a residents' committee that the district's lists keep from it."""

import time
from datetime import date
from itertools import permutations, product
from typing import Any

import pytest

from intake.window import NO_PAPERS, Somebody, form, shipped, somebody, wrong_fields
from onewindow_intake.routing import rules
from onewindow_intake.routing.rules import Matter
from onewindow_intake.seed import load
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.catalogue import Handler, ItemContent
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.routing import RouteFault
from testkit.api import DONGSHAN, XIAN, Api

DISTRICT, DAY = "330902", date(2026, 11, 23)
BASIS = "民发〔2020〕20号：不应由基层群众性自治组织出具"
KINSHIP = "亲属关系证明"


def told(matter_class: MatterClass, revision: int = 1, **change: Any) -> ListedMatterChanged:
    values: dict[str, Any] = {
        "district": DISTRICT,
        "code": "mediation",
        "name": "调解民间纠纷",
        "aliases": [],
        "kind": MatterKind.WORK_ITEM,
        "matter_class": matter_class,
        "item_codes": [NO_PAPERS],
        "basis": "上海市居民委员会工作条例 第十二条",
        "instead": None,
        "effective_from": date(2026, 1, 1),
        "effective_until": None,
        "revision": revision,
    }
    return ListedMatterChanged.model_validate({**values, **change})


CERTIFICATE = told(
    MatterClass.NOT_ISSUED,
    code="kinship",
    name=KINSHIP,
    aliases=["亲属证明"],
    kind=MatterKind.CERTIFICATE,
    item_codes=[],
    basis=BASIS,
    instead="公安机关户籍部门",
)


def of_the_committee(api: Api) -> None:
    """Have the committee handle mediation in the main."""
    item = shipped()[NO_PAPERS]
    api.system(load, [item.model_copy(update={"handled_by": Handler.RESIDENTS_COMMITTEE})])
    api.app.state.reference._held.clear()


def hear(api: Api, *events: ListedMatterChanged) -> None:
    api.receive(*events, source="casework")
    api.app.state.reference._held.clear()


def asked(who: Somebody, **what: Any) -> dict[str, Any]:
    answer = who.post("route-checks", {"community": XIAN, **what})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_until_the_lists_have_come_nothing_goes_to_the_committee(api: Api, clerk: Somebody) -> None:
    of_the_committee(api)
    assert wrong_fields(clerk.apply(form(NO_PAPERS))) == {"item_code"}
    assert asked(clerk, item_code=NO_PAPERS)["fault"] == "no_lists"
    assert clerk.apply(form()).status_code == 201, "departments' items go on"


def test_what_is_on_the_list_of_its_own_work_goes_to_the_committee_and_nothing_else(
    api: Api, clerk: Somebody
) -> None:
    of_the_committee(api)
    hear(api, told(MatterClass.AUTONOMY))
    case = clerk.posted(item=NO_PAPERS)
    assert asked(clerk, item_code=NO_PAPERS)["allowed"] is True
    hear(api, told(MatterClass.ASSIST, revision=2))
    assert wrong_fields(clerk.apply(form(NO_PAPERS))) == {"item_code"}
    assert asked(clerk, item_code=NO_PAPERS)["fault"] == "only_assists"
    refused = clerk.move(case, "acceptance")
    assert (refused.status_code, refused.json()["type"].split(":")[-1]) == (409, "route-barred")
    assert "第十二条" in refused.json()["reason"]
    assert refused.json()["detail"].isascii()


def test_an_older_word_on_a_matter_does_not_replace_a_newer_one(api: Api, clerk: Somebody) -> None:
    of_the_committee(api)
    hear(api, told(MatterClass.AUTONOMY, revision=3), told(MatterClass.ASSIST, revision=2))
    hear(api, told(MatterClass.ASSIST, revision=1))
    assert asked(clerk, item_code=NO_PAPERS)["allowed"] is True


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_whatever_the_order_of_a_batch_the_newest_word_stays(
    api: Api, clerk: Somebody, order: tuple[int, ...]
) -> None:
    of_the_committee(api)
    classes = {1: MatterClass.ASSIST, 2: MatterClass.PURCHASE, 3: MatterClass.AUTONOMY}
    hear(api, *(told(classes[revision], revision) for revision in order))
    assert asked(clerk, item_code=NO_PAPERS)["allowed"] is True


def test_a_certificate_that_committees_do_not_issue_is_answered_with_basis_and_who_does(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    hear(api, CERTIFICATE)
    for name in (KINSHIP, "亲属证明", " 亲属 关系证明 "):
        answer = asked(clerk, certificate=name)
        assert (answer["allowed"], answer["fault"]) == (False, "not_issued")
        assert (answer["basis"], answer["instead"]) == (BASIS, "公安机关户籍部门")
    item = shipped()[NO_PAPERS]
    api.system(load, [item.model_copy(update={"issues_certificate": KINSHIP})])
    api.app.state.reference._held.clear()
    refused = clerk.apply(form(NO_PAPERS))
    assert wrong_fields(refused) == {"item_code"}
    assert refused.text.isascii()
    reason = asked(clerk, item_code=NO_PAPERS)["reason"]
    assert (
        reason == f"“{KINSHIP}”不应由社区居民委员会出具或者办理。依据：{BASIS}。办理途径：公安机关户籍部门。"
    )
    assert resident.apply(form(NO_PAPERS, channel="web")).status_code == 422


RESIDENCE = told(
    MatterClass.AUTONOMY,
    code="residence",
    name="居住证明",
    phrases=["住在 社区 证明"],
    kind=MatterKind.CERTIFICATE,
    item_codes=[],
)


def test_a_certificate_is_asked_for_in_anybody_s_words_and_the_unknown_is_not_allowed(
    api: Api, clerk: Somebody
) -> None:
    assert asked(clerk, certificate="居住证明")["fault"] == "no_lists"
    hear(api, RESIDENCE, CERTIFICATE.model_copy(update={"phrases": ["是 亲戚"]}))
    for wording in ("居住证明", "证明我住在本社区"):
        assert asked(clerk, certificate=wording)["allowed"] is True
    assert asked(clerk, certificate="证明她是我亲戚")["fault"] == "not_issued"
    for wording in ("xyz证明", "居住证明和体检证明"):
        answer = asked(clerk, certificate=wording)
        assert (answer["allowed"], answer["fault"]) == (False, "not_listed")


def test_a_certificate_that_the_committee_issues_is_taken_in_at_its_window(api: Api, clerk: Somebody) -> None:
    item = shipped()[NO_PAPERS]
    issued = {"handled_by": Handler.RESIDENTS_COMMITTEE, "issues_certificate": "居住证明"}
    api.system(load, [item.model_copy(update=issued)])
    hear(api, RESIDENCE)
    assert asked(clerk, item_code=NO_PAPERS)["allowed"] is True
    clerk.moved(clerk.posted(item=NO_PAPERS), "acceptance")
    hear(api, RESIDENCE.model_copy(update={"matter_class": MatterClass.ASSIST, "revision": 2}))
    assert asked(clerk, item_code=NO_PAPERS)["fault"] == "only_assists"


def test_what_must_not_be_asked_of_a_committee_is_not_its_own_work_by_another_name(
    api: Api, clerk: Somebody
) -> None:
    of_the_committee(api)
    hear(api, told(MatterClass.AUTONOMY), told(MatterClass.FORBIDDEN, code="forbidden"))
    assert asked(clerk, item_code=NO_PAPERS)["fault"] == "not_issued"


def test_what_is_listed_for_some_communities_is_not_for_others(api: Api, clerk: Somebody) -> None:
    hear(api, RESIDENCE.model_copy(update={"areas": [DONGSHAN]}))
    assert asked(clerk, certificate="居住证明")["fault"] == "not_listed"
    hear(api, RESIDENCE.model_copy(update={"areas": [DONGSHAN, XIAN[:9]], "revision": 2}))
    assert asked(clerk, certificate="居住证明")["allowed"] is True


def test_the_check_asks_for_one_thing_of_a_known_item(api: Api, clerk: Somebody) -> None:
    assert clerk.post("route-checks", {"community": XIAN}).status_code == 422
    both = {"community": XIAN, "item_code": NO_PAPERS, "certificate": KINSHIP}
    assert clerk.post("route-checks", both).status_code == 422
    unknown = clerk.post("route-checks", {"community": XIAN, "item_code": "no-such-item"})
    assert wrong_fields(unknown) == {"item_code"}
    auditor = somebody(api, Role.AUDITOR, DISTRICT)
    assert auditor.post("route-checks", {"community": XIAN, "certificate": KINSHIP}).status_code == 403


def test_the_lists_count_within_a_second_of_the_news(api: Api, clerk: Somebody) -> None:
    of_the_committee(api)
    assert asked(clerk, item_code=NO_PAPERS)["allowed"] is False
    api.receive(told(MatterClass.AUTONOMY), source="casework")
    until = time.monotonic() + 1.5
    while not asked(clerk, item_code=NO_PAPERS)["allowed"]:
        assert time.monotonic() < until


def matter(matter_class: MatterClass, *items: str, since: int = 0, until: int | None = None) -> Matter:
    return Matter(
        district=DISTRICT,
        code="kinship",
        name=KINSHIP,
        aliases=(),
        phrases=(),
        areas=(),
        kind=MatterKind.CERTIFICATE,
        matter_class=matter_class,
        item_codes=frozenset(items),
        basis=BASIS,
        instead=None,
        effective_from=date.fromordinal(DAY.toordinal() + since),
        effective_until=None if until is None else date.fromordinal(DAY.toordinal() + until),
    )


def item(handled_by: Handler, certificate: str | None) -> ItemContent:
    return shipped()[NO_PAPERS].model_copy(
        update={"handled_by": handled_by, "issues_certificate": certificate}
    )


def test_the_whole_product_of_handlers_classes_and_days() -> None:
    spans = {(0, None): True, (0, 0): True, (-9, -1): False, (1, None): False}
    for handler, certificate, matter_class, (span, stands), named in product(
        Handler, (None, KINSHIP), MatterClass, spans.items(), (True, False)
    ):
        listed = [matter(matter_class, *([NO_PAPERS] if named else []), since=span[0], until=span[1])]
        found = rules.of_item(item(handler, certificate), listed, XIAN, DAY)
        not_issued = bool(certificate) and stands and matter_class in rules.NOT_ASKED
        unlisted = bool(certificate) and not stands
        own_work = stands and (named or bool(certificate)) and matter_class is MatterClass.AUTONOMY
        allowed = not (not_issued or unlisted) and (handler is Handler.DEPARTMENT or own_work)
        assert (found is None) == allowed
        if found is not None and not_issued:
            assert (found.fault, found.basis) == (RouteFault.NOT_ISSUED, BASIS)
        elif found is not None and unlisted:
            assert found.fault is RouteFault.NOT_LISTED
        elif found is not None and stands and named and matter_class is MatterClass.ASSIST:
            assert found.fault is RouteFault.ONLY_ASSISTS


@pytest.mark.parametrize("fault", RouteFault)
def test_a_reason_is_chinese_and_a_problem_english(fault: RouteFault) -> None:
    barred = rules.Barred(fault, KINSHIP, BASIS, "公安机关户籍部门")
    assert not any(sign.isascii() and sign.isalpha() for sign in barred.reason)
    assert barred.detail.isascii()


def test_the_lists_of_another_district_say_nothing_here() -> None:
    listed = [matter(MatterClass.AUTONOMY, NO_PAPERS)]
    found = rules.of_item(item(Handler.RESIDENTS_COMMITTEE, None), listed, "330903001001", DAY)
    assert found is not None
    assert found.fault is RouteFault.NO_LISTS
    assert DONGSHAN.startswith(DISTRICT)
