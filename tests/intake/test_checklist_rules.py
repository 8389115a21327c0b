"""Which state of a paper is what the guide asks for, in every form and number; and whose word counts."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.checklist import rules
from onewindow_intake.checklist.rules import UNKNOWN, Look, Paper
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import Pieces
from onewindow_shared.contracts.intake import DefectIn, MaterialChangeIn, MaterialForm, MaterialIn

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
WINDOW, HOME = Look(NOW, "clerk.xian"), Look(NOW - timedelta(days=3))
FILE = "0123456789abcdef0123456789abcdef"


def material(code: str = "m1", form: MaterialForm = MaterialForm.COPY, **more: Any) -> ItemMaterial:
    return ItemMaterial(code=code, name=f"材料{code}", form=form, **{"required": True, **more})


def enough(form: MaterialForm, several: int, originals: int, copies: int) -> bool:
    """Say it again, form by form, without sums: what is enough on paper."""
    return {
        MaterialForm.ORIGINAL: originals >= several,
        MaterialForm.FORM: originals >= several,
        MaterialForm.COPY: copies >= several,
        MaterialForm.ORIGINAL_AND_COPY: originals >= 1 and copies >= several,
        MaterialForm.ELECTRONIC: False,
    }[form]


@pytest.mark.parametrize("form", MaterialForm)
def test_a_paper_is_whole_exactly_if_form_and_number_are_what_the_guide_asks(form: MaterialForm) -> None:
    for several, originals, copies, stated in product(range(1, 4), range(5), range(5), (True, False)):
        asked = material(form=form, copies=several, form_stated=stated)
        pieces = Pieces(originals=originals, copies=copies)
        whole = enough(form, several, originals, copies) or (not stated and originals + copies >= several)
        lacks = rules.lacking(asked, pieces)
        assert bool(lacks) != whole
        together = Pieces(
            originals=originals + lacks.originals, copies=copies + lacks.copies, electronic=lacks.electronic
        )
        assert not rules.lacking(asked, together)
        assert not rules.lacking(asked, Pieces(electronic=True)), "a file stands for paper"
        assert not rules.lacking(asked, rules.asked(asked))


SAYINGS = st.builds(
    MaterialIn,
    code=st.just("m1"),
    received=st.just(value=True),
    originals=st.none() | st.integers(0, 2),
    copies=st.none() | st.integers(0, 2),
    electronic=st.none() | st.booleans(),
) | st.just(MaterialIn(code="m1", received=False))
MATERIALS = st.builds(
    material,
    form=st.sampled_from(MaterialForm),
    copies=st.integers(1, 2),
    required=st.booleans(),
    form_stated=st.booleans(),
)


@given(MATERIALS, st.lists(st.tuples(SAYINGS, st.booleans()), min_size=1, max_size=6))
def test_what_the_window_saw_counts_and_nobody_attests_their_own_papers(
    asked: ItemMaterial, story: list[tuple[MaterialIn, bool]]
) -> None:
    known: dict[str, Paper] = {}
    for hour, (said, at_window) in enumerate(story):
        before = known.get("m1", UNKNOWN)
        at = NOW + timedelta(hours=hour)
        known = rules.handed_in(known, [said], {"m1": asked}, Look(at, "clerk.xian" if at_window else None))
        after = known["m1"]
        assert rules.papers(rules.rows(known)) == known
        assert not (after.received and after.declared)
        assert (after.at is not None) == after.there
        if at_window:
            assert after.received == (said.received and not rules.lacking(asked, after.pieces))
            assert (after.seen_by, after.seen_at, after.declared) == ("clerk.xian", at, False)
        else:
            assert after.received == before.received
            assert after.pieces == before.pieces or not before.received
        needed = asked.required and not after.received
        assert set(rules.missing([asked], known)) == ({"materials.m1"} if needed else set())
        owed = asked.required and not after.there
        assert set(rules.missing([asked], known, declared=True)) == ({"materials.m1"} if owed else set())
        told = rules.all_defects([], [asked], known)
        assert [defect.material for defect in told] == (["m1"] if owed else [])


CHANGES = ({"originals": 1}, {"copies": 2}, {"documents": [FILE]})


@pytest.mark.parametrize("order", list(permutations(CHANGES)))
def test_said_bit_by_bit_in_any_order_it_is_what_is_said_at_once(order: tuple[dict[str, Any], ...]) -> None:
    asked = material(form=MaterialForm.ORIGINAL_AND_COPY, copies=2)
    bit_by_bit: dict[str, Paper] = {}
    for change in order:
        said = rules.changed(
            "m1", bit_by_bit.get("m1", UNKNOWN), MaterialChangeIn.model_validate(change), seen=True
        )
        bit_by_bit = rules.handed_in(bit_by_bit, said, {"m1": asked}, WINDOW)
    at_once = MaterialIn(code="m1", received=True, originals=1, copies=2, documents=[FILE])
    assert bit_by_bit == rules.handed_in({}, [at_once], {"m1": asked}, WINDOW)


def test_what_the_window_adds_is_added_to_what_it_saw_and_not_to_what_was_declared() -> None:
    asked = material(form=MaterialForm.ORIGINAL_AND_COPY)
    declared = rules.handed_in({}, [MaterialIn(code="m1", received=True, originals=1)], {"m1": asked}, HOME)
    (said,) = rules.changed("m1", declared["m1"], MaterialChangeIn(copies=1), seen=True)
    assert (said.originals, said.copies) == (0, 1)
    seen = rules.handed_in(declared, [said], {"m1": asked}, WINDOW)["m1"]
    assert (seen.received, rules.lacking(asked, seen.pieces)) == (False, Pieces(originals=1))
    assert rules.changed("m1", seen, MaterialChangeIn(remark="改日补复印件"), seen=True) == []
    assert rules.missing([asked], {"m1": seen}) == {"materials.m1": "1 original(s) lacking: 材料m1"}
    (defect,) = rules.all_defects([], [asked], {"m1": seen})
    assert defect == DefectIn(material="m1", problem="缺少原件1份")
    assert rules.told_missing([asked], {"m1": seen}) == ["材料m1（缺少原件1份）"]


def test_found_as_declared_a_paper_came_when_it_was_declared() -> None:
    asked = material(form=MaterialForm.ORIGINAL_AND_COPY)
    for declared, found, days in (
        ({}, {}, 3),
        ({}, {"originals": 1, "copies": 1}, 3),
        ({"originals": 1, "copies": 1}, {}, 3),
        ({"electronic": True}, {"originals": 1, "copies": 1}, 0),
        ({"copies": 1}, {}, 0),
    ):
        at_home = rules.handed_in(
            {}, [MaterialIn.model_validate({"code": "m1", "received": True, **declared})], {"m1": asked}, HOME
        )
        seen = rules.handed_in(
            at_home,
            [MaterialIn.model_validate({"code": "m1", "received": True, **found})],
            {"m1": asked},
            WINDOW,
        )
        assert seen["m1"].at == NOW - timedelta(days=days), (declared, found)
        came_on = rules.came_on([seen["m1"].at, None], date(2026, 11, 1), ZONE)
        assert came_on == date(2026, 11, 23) - timedelta(days=days)


def test_needed_is_what_is_required_and_what_the_notice_asked_for() -> None:
    listed = [material("m1"), material("m2", required=False), material("m3", required=False)]
    by_code = {paper.code: paper for paper in listed}
    known = rules.handed_in({}, [MaterialIn(code="m3", received=True)], by_code, WINDOW)
    assert set(rules.missing(listed, known)) == {"materials.m1"}
    assert set(rules.missing(listed, known, {"m2", "m3"})) == {"materials.m1", "materials.m2"}
    again = rules.without(known, {"m3"})
    assert (again["m3"].received, again["m3"].pieces, again["m3"].seen_by) == (False, Pieces(), "clerk.xian")
    assert rules.taken_back(known, again) == ["m3"]


def test_what_did_not_come_has_no_pieces() -> None:
    papers = [
        MaterialIn(code="m1", received=False, copies=1),
        MaterialIn(code="m1", received=False, copies=0),
        MaterialIn(code="m9", received=True),
    ]
    assert set(rules.wrong_materials({"m1"}, papers)) == {
        *("materials.0.code", "materials.0.received", "materials.1.code", "materials.2.code")
    }
