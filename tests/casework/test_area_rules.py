"""Whatever is decided of areas, every code that ever was has one living heir on each day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.areas.rules import Known, Terms, applied, faults_of, succession
from onewindow_shared.contracts.areas import AreaChangeIn, AreaChangeKind, PredecessorIn, SuccessorIn
from onewindow_shared.contracts.events import AreaKind

TODAY = date(2026, 11, 23)
TERMS = Terms(TODAY, back_days=31, ahead_days=366)
CHANGGUO, ANOTHER = "330902002", "330902003"
A, B, C = f"{CHANGGUO}001", f"{CHANGGUO}007", f"{ANOTHER}005"
NEW = f"{CHANGGUO}020"
Register = dict[str, Known]


def district() -> Register:
    larger = {"330902": AreaKind.DISTRICT, CHANGGUO: AreaKind.STREET, ANOTHER: AreaKind.STREET}
    found = {code: Known(code, code, kind) for code, kind in larger.items()}
    return found | {code: Known(code, code, AreaKind.RESIDENTS_COMMITTEE) for code in (A, B, C)}


def change(
    how: str, before: dict[str, str], after: list[str], *, on: date = TODAY, **more: Any
) -> AreaChangeIn:
    return AreaChangeIn(
        kind=AreaChangeKind(how),
        effective_on=on,
        document_no="定政发〔2026〕12号",
        basis="区人民政府决定",
        predecessors=[PredecessorIn(code=code, heir=heir) for code, heir in before.items()],
        successors=[SuccessorIn(code=code, **({"name": f"新{code}"} | more)) for code in after],
    )


def decided(register: Register, *several: AreaChangeIn) -> Register:
    for one in several:
        assert faults_of(one, register, TERMS) == {}, one
        register = register | applied(one, register)
    return register


def test_two_communities_become_one() -> None:
    after = decided(district(), change("merge", {A: B, B: B}, [B], on=TODAY + timedelta(days=3)))
    heirs = succession(after.values())
    assert after[A].effective_until == TODAY + timedelta(days=2)
    assert heirs.heir(A, TODAY + timedelta(days=2)) == A
    assert heirs.heir(A, TODAY + timedelta(days=3)) == B
    assert after[B].effective_until is None, "it goes on"


def test_a_community_that_comes_to_another_street_leaves_its_own() -> None:
    moved = f"{ANOTHER}021"
    heirs = succession(decided(district(), change("transfer", {A: moved}, [moved])).values())
    assert heirs.gathered(ANOTHER, TODAY).covers(A)
    assert not heirs.gathered(CHANGGUO, TODAY).covers(A)
    assert heirs.gathered(moved, TODAY).codes == (moved, A)
    assert heirs.meaning(moved, TODAY) == {"330902", ANOTHER, moved, A}, "its old street does not mean it"


def test_a_street_that_becomes_part_of_another_is_found_with_it() -> None:
    register, moved = district(), {code: f"{ANOTHER}{code[9:]}" for code in (A, B)}
    street = change("merge", {CHANGGUO: ANOTHER, ANOTHER: ANOTHER}, [ANOTHER])
    assert faults_of(street, register, TERMS) == {
        "predecessors.0.code": "communities belong to it on that day: transfer them first"
    }
    for old, new in moved.items():
        register = decided(register, change("transfer", {old: new}, [new]))
    heirs = succession(decided(register, street).values())
    assert heirs.heir(CHANGGUO, TODAY) == ANOTHER
    assert all(heirs.gathered(ANOTHER, TODAY).covers(code) for code in (A, B, C, CHANGGUO))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (change("merge", {A: B}, [B]), "predecessors"),
        (change("merge", {A: NEW, B: NEW}, [NEW, f"{NEW[:-1]}1"]), "successors"),
        (change("split", {A: A}, [A]), "successors"),
        (change("split", {A: B}, [A, NEW]), "predecessors.0.heir"),
        (change("split", {A: NEW}, [A, NEW]), "predecessors.0.heir"),
        (change("merge", {A: B, B: B}, [B], on=TODAY - timedelta(days=32)), "effective_on"),
        (change("merge", {A: B, B: B}, [B], on=TODAY + timedelta(days=367)), "effective_on"),
        (change("rename", {A: A}, [A], name=None), "successors.0.name"),
        (change("rename", {A: B}, [B]), "successors.0.code"),
        (change("transfer", {A: NEW}, [NEW]), "successors.0.code"),
        (change("rename", {A: f"{ANOTHER}021"}, [f"{ANOTHER}021"]), "successors.0.code"),
        (change("transfer", {A: "330903001001"}, ["330903001001"]), "successors"),
        (change("transfer", {A: "330902009001"}, ["330902009001"]), "successors.0.code"),
        (change("rename", {f"{CHANGGUO}999": NEW}, [NEW]), "predecessors.0.code"),
        (change("merge", {A: A, "330902002": A}, [A]), "successors"),
        (change("rename", {"330902": "330902"}, ["330902"]), "successors"),
        (change("split", {A: A}, [A, A]), "successors.1.code"),
        (change("split", {A: A}, [A, NEW], name=None), "successors.1.name"),
        (change("split", {A: A}, [A, NEW], kind=AreaKind.STREET), "successors.1.kind"),
    ],
)
def test_what_cannot_be_decided_is_named_by_its_field(wrong: AreaChangeIn, field: str) -> None:
    assert field in faults_of(wrong, district(), TERMS)


def test_what_has_ended_or_was_changed_later_is_changed_no_more() -> None:
    later = TODAY + timedelta(days=10)
    register = decided(district(), change("merge", {A: NEW, B: NEW}, [NEW], on=later))
    again = faults_of(change("merge", {A: C, C: C}, [C]), register, TERMS)
    assert again == {"predecessors.0.code": f"ends on {later - timedelta(days=1)}; {NEW} stands for it"}
    before_it_begins = faults_of(change("rename", {NEW: NEW}, [NEW], on=later), register, TERMS)
    assert before_it_begins == {"predecessors.0.code": f"begins on {later}"}
    register = decided(register, change("rename", {C: C}, [C], on=later))
    assert faults_of(change("rename", {C: C}, [C], on=later), register, TERMS) == {
        "predecessors.0.code": f"it was changed for {later}: later changes come after that"
    }


steps = st.tuples(st.sampled_from(AreaChangeKind), st.integers(0, 99), st.integers(0, 99), st.integers(0, 9))


def wanted(register: Register, step: tuple[AreaChangeKind, int, int, int], day: date) -> AreaChangeIn:
    """Make a change of living communities of what was drawn; now and then one that cannot be."""
    kind, pick, other, serial = step
    living = sorted(code for code, known in register.items() if len(code) == 12 and known.lives(day))
    one, two = living[pick % len(living)], living[other % len(living)]
    street = {CHANGGUO: ANOTHER, ANOTHER: CHANGGUO}[one[:9]] if kind == "transfer" else one[:9]
    new = f"{street}{100 + pick % 50 * 10 + serial}"
    if kind == "merge":
        after = two if serial % 2 else new
        return change(kind, {one: after, two: after}, [after], on=day)
    if kind == "split":
        return change(
            kind,
            {one: new if serial % 2 else one},
            [new, f"{street}{600 + pick}" if serial % 2 else one],
            on=day,
        )
    same = kind == "rename" and serial % 2
    return change(kind, {one: one if same else new}, [one if same else new], on=day)


@given(st.lists(st.tuples(steps, st.integers(0, 3)), max_size=25))
def test_whatever_is_decided_every_code_has_one_living_heir_on_every_day(
    drawn: list[tuple[tuple[AreaChangeKind, int, int, int], int]],
) -> None:
    register, begun, day = district(), set(district()), TODAY - timedelta(days=30)
    for step, days in drawn:
        day += timedelta(days=days)
        one = wanted(register, step, day)
        if faults_of(one, register, TERMS):
            continue
        before, register = register, register | applied(one, register)
        new = {code for code in register if code not in before}
        assert not new & begun, "no code is an area's twice"
        begun |= new
        assert all(
            register[code] == known for code, known in before.items() if known.effective_until is not None
        ), "what was decided of an end stays"
    heirs = succession(register.values())
    for n in (-32, -30, -20, -1, 0, 1, 30, 59, 400):
        _conserved(register, heirs, TODAY + timedelta(days=n))


def _conserved(register: Register, heirs: Any, day: date) -> None:
    living = [code for code, known in register.items() if known.lives(day)]
    for code, known in register.items():
        if known.effective_from is not None and day < known.effective_from:
            continue
        heir = heirs.heir(code, day)
        assert register[heir].lives(day), (code, heir)
        assert (heir == code) is known.lives(day)
        for digits in {len(code), 6, min(len(code), 9)}:
            holders = [one for one in living if len(one) == digits and heirs.gathered(one, day).covers(code)]
            assert holders == [heir[:digits]], "what belonged to a code lies in one area of each level"
