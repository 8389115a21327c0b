"""The category tree: ten roots that never change, and whatever hangs below them."""

from typing import Any
from unittest import mock

import pytest

from intake.test_catalogue_versions import Keeper
from intake.window import ITEM, Somebody, nobody, wrong_fields
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.intake import ServiceCategory
from testkit.api import XIAN, Api

ROOT = "social_service"


@pytest.fixture
def keeper(quiet_api: Api) -> Keeper:
    return Keeper(quiet_api, quiet_api.people.headers(Role.DISTRICT_ADMIN, XIAN[:6], subject="admin"))


def below(parent: str, code: str) -> dict[str, Any]:
    return {"code": code, "parent": parent, "name": f"类别{code}", "name_en": code}


def tree(keeper: Keeper) -> list[tuple[str, str | None]]:
    keeper.api.clock.pass_(hours=24)
    listed = nobody(keeper.api).get("categories").json()["categories"]
    return [(one["code"], one["parent"]) for one in listed]


def remove(keeper: Keeper, code: str, version: int = 1) -> int:
    seen = {**keeper.headers, "If-Match": f'"{version}"'}
    status: int = keeper.api.client.delete(f"/api/intake/v1/categories/{code}", headers=seen).status_code
    return status


def test_the_ten_are_there_from_the_beginning(keeper: Keeper) -> None:
    assert tree(keeper) == [(str(category), None) for category in ServiceCategory]


def test_a_tree_grows_below_the_ten_and_each_stands_behind_its_parent(keeper: Keeper) -> None:
    keeper.made("categories", below(ROOT, "soc.b"))
    keeper.made("categories", below("soc.b", "soc.b.a"))
    keeper.made("categories", below(ROOT, "soc.a"))
    found = tree(keeper)
    start = found.index((ROOT, None))
    assert found[start : start + 4] == [(ROOT, None), ("soc.a", ROOT), ("soc.b", ROOT), ("soc.b.a", "soc.b")]
    assert len(found) == 13


def test_whoever_keeps_the_tree_reads_what_they_have_just_written(keeper: Keeper) -> None:
    def read(who: Somebody) -> dict[str, Any]:
        return {one["code"]: one for one in who.get("categories").json()["categories"]}

    with mock.patch("onewindow_intake.reference.SECONDS", 60):
        assert "soc.a" not in read(nobody(keeper.api))
        keeper.made("categories", below(ROOT, "soc.a"))
        for name in ("类别一", "类别二"):
            seen = read(keeper)["soc.a"]["version"]
            place = {"parent": ROOT, "name": name, "name_en": "x"}
            assert keeper.put("categories/soc.a", place, seen).status_code == 200
            assert read(keeper)["soc.a"]["name"] == name
        assert remove(keeper, "soc.a", 3) == 204
        assert "soc.a" not in read(keeper)


def test_what_cannot_hang_there_is_refused(keeper: Keeper) -> None:
    assert wrong_fields(keeper.create("categories", below("nowhere", "x"))) == {"parent"}
    assert keeper.create("categories", below(ROOT, "housing")).status_code == 409
    keeper.made("categories", below(ROOT, "soc.a"))
    keeper.made("categories", below("soc.a", "soc.a.b"))
    assert keeper.create("categories", below(ROOT, "soc.a")).status_code == 409
    place = {"name": "类别", "name_en": "x"}
    loop = keeper.put("categories/soc.a", {**place, "parent": "soc.a.b"}, 1)
    assert wrong_fields(loop) == {"parent"}
    assert wrong_fields(keeper.put("categories/soc.a", {**place, "parent": "housing"}, 1)) == {"parent"}
    renamed = keeper.put("categories/soc.a", {**place, "parent": ROOT}, 1)
    assert (renamed.json()["name"], renamed.json()["version"]) == ("类别", 2)
    assert keeper.put("categories/soc.a", {**place, "parent": ROOT}, 1).status_code == 412


def test_items_are_found_by_every_category_above_them_and_keep_it_from_being_removed(keeper: Keeper) -> None:
    keeper.made("categories", below(ROOT, "soc.a"))
    keeper.made("categories", below("soc.a", "soc.a.b"))
    keeper.published(subcategory="soc.a.b")
    assert tree(keeper)
    for category in ("soc.a.b", "soc.a", ROOT):
        found = nobody(keeper.api).get("items", category=category, limit=200).json()["items"]
        assert ITEM in [one["code"] for one in found], category
    assert remove(keeper, "soc.a") == 409
    assert remove(keeper, "soc.a.b") == 409
    keeper.made("categories", below("soc.a", "soc.a.c"))
    assert remove(keeper, "soc.a.c") == 204
    assert remove(keeper, "soc.a.c") == 404


def test_an_item_hangs_below_its_own_root_only(keeper: Keeper) -> None:
    keeper.made("categories", below("housing", "hous.a"))
    for wrong in ("hous.a", "no-such-category"):
        answer = keeper.create(f"items/{ITEM}/versions", keeper.content(subcategory=wrong))
        assert wrong_fields(answer) == {"subcategory"}
