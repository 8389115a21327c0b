"""The catalogue of service items, open to all."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from intake.window import ITEM, Answer, nobody, shipped, wrong_fields
from onewindow_intake.catalogue.models import ItemVersion, PublishedChangedError
from onewindow_intake.seed import load, seed
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.intake import ServiceCategory
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import Api


def names(answer: Answer) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def find(api: Api, **query: object) -> list[str]:
    answer = nobody(api).get("items", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return names(answer)


def versions(unit: Unit, code: str) -> Sequence[tuple[int, str]]:
    query = select(ItemVersion.number, ItemVersion.status).where(ItemVersion.item_code == code)
    return [(number, status) for number, status in unit.session.execute(query.order_by(ItemVersion.number))]


def test_every_category_has_a_published_item(quiet_api: Api) -> None:
    assert len(find(quiet_api)) >= 25
    for category in ServiceCategory:
        assert find(quiet_api, category=category)


def test_loading_again_changes_nothing(quiet_api: Api) -> None:
    def state(unit: Unit) -> tuple[int, int]:
        return (
            len(unit.session.scalars(select(ItemVersion)).all()),
            len(unit.session.scalars(select(AuditRecord)).all()),
        )

    before = quiet_api.system(state)
    quiet_api.system(seed)
    assert quiet_api.system(state) == before


def test_loading_again_leaves_what_the_district_made_of_an_item(quiet_api: Api) -> None:
    kept = shipped()[ITEM].model_copy(update={"promised_days": 1})
    quiet_api.system(load, [kept])
    quiet_api.system(seed)
    assert quiet_api.system(versions, ITEM) == [(1, "published"), (2, "published")]
    assert nobody(quiet_api).get(f"items/{ITEM}").json()["promised_days"] == 1


def test_a_changed_guide_is_published_as_a_new_version_in_place_of_the_old_one(quiet_api: Api) -> None:
    item = shipped()[ITEM]
    changed = item.model_copy(update={"promised_days": 1, "department": "health"})
    assert quiet_api.system(load, [changed]) == 1
    assert quiet_api.system(load, [changed]) == 0
    assert quiet_api.system(versions, ITEM) == [(1, "published"), (2, "published")]
    guide = nobody(quiet_api).get(f"items/{ITEM}").json()
    assert (guide["version"], guide["promised_days"], guide["department"]) == (2, 1, "health")


def test_what_was_published_cannot_be_changed(quiet_api: Api) -> None:
    def tamper(unit: Unit) -> None:
        unit.session.get_one(ItemVersion, (ITEM, 1)).promised_days = 1
        unit.session.flush()

    with pytest.raises(PublishedChangedError):
        quiet_api.system(tamper)


def test_no_item_promises_more_than_the_law_allows() -> None:
    item = shipped()[ITEM].model_dump()
    with pytest.raises(ValueError, match="longer than the statutory"):
        ItemContent.model_validate({**item, "promised_days": 21, "statutory_days": 20})
    assert all(item.promised_days <= item.statutory_days for item in shipped().values())


def test_items_are_found_by_chinese_and_by_initials_of_every_reading(quiet_api: Api) -> None:
    for typed in ("低生活保障", "zdsh", "ZDSH", "最低sh", "ｚｄｓｈ", " zd sh ", "zuidi", "subsistence"):
        assert any("最低生活保障" in name for name in find(quiet_api, q=typed)), typed
    assert find(quiet_api, q="没有这样的事项") == []
    assert find(quiet_api, q="zzzzzz") == []


def test_filters_narrow_the_list_together(quiet_api: Api) -> None:
    health = find(quiet_api, department="health")
    assert 0 < len(health) < len(find(quiet_api))
    assert find(quiet_api, department="health", category="housing") == []
    assert find(quiet_api, audience="organisation")
    assert nobody(quiet_api).get("items", category="nonsense").status_code == 422
    assert nobody(quiet_api).get("items", q="x" * 51).status_code == 422
    for path in ("items", f"items/{ITEM}"):
        assert wrong_fields(nobody(quiet_api).get(path, community="999999999999")) == {"community"}


def test_pages_follow_one_another_without_gap_or_double(quiet_api: Api) -> None:
    anybody = nobody(quiet_api)
    found: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 7, **({"cursor": cursor} if cursor else {})}
        answer = anybody.get("items", **query)
        found += names(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert found == find(quiet_api)
    first = anybody.get("items", limit=7).json()["next"]
    assert anybody.get("items", limit=7, cursor=first, category="housing").status_code == 422


def test_a_guide_tells_everything_and_where_it_is_from(quiet_api: Api) -> None:
    guide = nobody(quiet_api).get(f"items/{ITEM}").json()
    assert guide["materials"]
    assert guide["steps"]
    assert guide["source"]["url"].startswith("http")
    assert guide["effective_from"] == "2026-01-01"
    assert [["低", "di"], ["保", "bao"]] in guide["spellings"]
    assert nobody(quiet_api).get("items/no-such-item").status_code == 404


def test_an_unchanged_guide_or_list_is_not_sent_again(quiet_api: Api) -> None:
    for path in (f"items/{ITEM}", "items"):
        tag = nobody(quiet_api).get(path).headers["etag"]
        url = f"/api/intake/v1/{path}"
        assert quiet_api.client.get(url, headers={"If-None-Match": tag}).status_code == 304
        assert quiet_api.client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
