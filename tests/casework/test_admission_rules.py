"""Rules of admission by themselves: the table of an item's life, and what an application comes upon."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.admission.rules import admissible, asked_about, carried
from onewindow_casework.certificates.seeding import document
from onewindow_casework.lists.rules import difference
from onewindow_casework.matters.rules import CONTENT, NAME, Asked, Hit, Known, hits
from onewindow_casework.seed import _file
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import CommunityRole, DutyOf, MatterClass, MatterKind
from onewindow_shared.contracts.admission_life import (
    ITEM_ENDS,
    ITEM_MOVES,
    ItemAction,
    ItemStatus,
    item_actions,
    walk_item,
)
from onewindow_shared.contracts.applications import Member, Vote
from onewindow_shared.contracts.machines import CannotMoveError

ALL = [
    Known(
        entry["code"],
        MatterKind(entry["kind"]),
        MatterClass(entry["matter_class"]),
        tuple(entry.get("phrases", [])),
        entry.get("main_only", False),
        entry.get("whole_kind", False),
    )
    for entry in _file("matters.yaml")["matters"]
    if entry["matter_class"] == "forbidden"
] + [
    Known(
        one["code"],
        MatterKind.CERTIFICATE,
        MatterClass.NOT_ISSUED,
        (one["name"], *one["aliases"], *one.get("phrases", [])),
    )
    for one in document()["not_issued"]["certificates"]
]
OWN_LISTS = [
    entry["name"]
    for entry in _file("matters.yaml")["matters"]
    if entry["matter_class"] in {"autonomy", "assist"}
]
ADMITTED_ELSEWHERE = [
    *("社区就业服务", "社区救助服务", "社区养老服务", "社区卫生计生服务", "社区文体服务", "社区安全服务"),
    *("社会保障", "民生服务", "宣传教育", "协助维护社会治安", "优抚救济", "青少年教育", "公共卫生"),
    *("召集社区居民会议或居民代表会议", "推动社区互助服务和志愿服务活动", "参与社会治安综合治理、群防群治"),
    *("管理本社区居民委员会的财产,推行居务公开", "民主评议基层政府及驻社区单位"),
    *("监督供水、供电、供气、环境卫生、园林绿化服务", "指导和监督社会组织、业主委员会、物业服务企业"),
    *("执行居民会议的决议", "组织居民开展社会主义精神文明建设活动", "接受领导、指导和监督"),
]


def found(name: str, content: str = "", **more: Any) -> list[Hit]:
    values: dict[str, Any] = {
        "kind": MatterKind.WORK_ITEM, "role": CommunityRole.MAIN, "duty_of": DutyOf.NOBODY,
    }  # fmt: skip
    return hits(Asked(**values | more, texts={NAME: name, CONTENT: content}), ALL)


@pytest.mark.parametrize("status", ItemStatus)
@pytest.mark.parametrize("action", ItemAction)
def test_only_the_table_lets_anybody_move(status: ItemStatus, action: ItemAction) -> None:
    known = next((one for one in ITEM_MOVES if (one.source, one.action) == (status, action)), None)
    for role in (None, *Role):
        may = known is not None and (known.system if role is None else role in known.by)
        if may:
            assert walk_item(status, action, None if role is None else [role]) is known
        else:
            with pytest.raises(CannotMoveError):
                walk_item(status, action, None if role is None else [role])
        if role is not None:
            assert (action in item_actions(status, [role])) == may


def test_every_state_is_reached_leads_to_an_end_and_a_move_stands_there_once() -> None:
    reached = {ItemStatus.DRAFT}
    while more := {one.target for one in ITEM_MOVES if one.source in reached} - reached:
        reached |= more
    assert reached == set(ItemStatus)
    ending = set(ITEM_ENDS)
    while more := {one.source for one in ITEM_MOVES if one.target in ending} - ending:
        ending |= more
    assert ending == set(ItemStatus)
    assert {one for one in ItemStatus if not any(move.source is one for move in ITEM_MOVES)} == ITEM_ENDS
    assert len({(one.source, one.action) for one in ITEM_MOVES}) == len(ITEM_MOVES)
    assert all(one.by or one.system for one in ITEM_MOVES)


def test_nothing_is_listed_that_was_not_admitted_first() -> None:
    listing = {one.source for one in ITEM_MOVES if one.action is ItemAction.LIST}
    assert listing == {ItemStatus.APPROVED, ItemStatus.FUNDED}
    assert {one.source for one in ITEM_MOVES if one.target is ItemStatus.APPROVED} == {
        ItemStatus.UNDER_REVIEW
    }


@pytest.mark.parametrize("name", sorted({*OWN_LISTS, *ADMITTED_ELSEWHERE}))
def test_what_other_places_admitted_is_not_refused(name: str) -> None:
    assert [hit for hit in found(name) if hit.refused] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("违建拆除包干", "demolition"),
        ("老旧房屋征收签约", "demolition"),
        ("拆 迁 动员", "demolition"),
        ("联合执法行动值守", "administrative-enforcement"),
        ("背街小巷环境整治", "environment-remediation"),
        ("治理占道经营", "city-management"),
        ("每社区引资一百万元", "investment-promotion"),
        ("协税护税信息员", "tax-assistance"),
        ("平安建设“一票否决”", "one-vote-veto"),
        ("对社区工作进行年度考核评比", "separate-assessment"),
    ],
)
def test_a_forbidden_matter_is_recognised_in_other_words(name: str, code: str) -> None:
    assert code in [hit.code for hit in found(name) if hit.refused]


HIDDEN = st.sampled_from(["·", "-", "*", " ", "\u200b", "\u202e", "“", "…", "/", "🙂"])
"""What stands between two signs without ending a clause."""
DISGUISED = [
    ("拆遷", "demolition", CommunityRole.MAIN),
    ("拆迁", "demolition", CommunityRole.MAIN),
    ("考核評比", "separate-assessment", CommunityRole.ASSISTING),
    ("一票否決", "one-vote-veto", CommunityRole.ASSISTING),
]


@given(st.sampled_from(DISGUISED), HIDDEN)
def test_nothing_written_between_its_signs_hides_a_forbidden_matter(
    disguised: tuple[str, str, CommunityRole], hidden: str
) -> None:
    word, code, role = disguised
    written = hidden.join(word)
    assert code in [hit.code for hit in found(f"动员{written}工作", role=role) if hit.refused]
    assert code in [hit.code for hit in found("入户宣传", f"完成{written}任务", role=role) if hit.refused]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("为残疾人出具残疾状况证明", "", "cert-disability"),
        ("入学材料核对", "由社区开具户籍证明并盖章", "cert-identity"),
    ],
)
def test_a_certificate_that_is_not_issued_is_recognised(name: str, content: str, code: str) -> None:
    assert code in [hit.code for hit in found(name, content)]
    assert code in [hit.code for hit in found(name, content, role=CommunityRole.ASSISTING) if hit.refused]


@pytest.mark.parametrize(
    ("name", "code"), [("没犯过罪的证明", "cert-no-criminal-record"), ("证明我和我妈是母女", "cert-kinship")]
)
def test_a_certificate_is_recognised_as_people_word_it(name: str, code: str) -> None:
    assert code in [hit.code for hit in found(name, kind=MatterKind.CERTIFICATE) if hit.refused]


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ("请社区负责拆除违章建筑，牵头拆迁", True),
        ("居委会为拆迁签约责任主体", True),
        ("城管执法局拆除违章建筑，社区张贴通知", False),
        ("社区负责张贴通知，城管执法局拆除违章建筑", False),
    ],
)
def test_who_is_made_the_responsible_body_is_so_whatever_the_form_says(content: str, refused: bool) -> None:
    hits = found("入户宣传", content, role=CommunityRole.ASSISTING)
    assert ("demolition" in [hit.code for hit in hits if hit.refused]) is refused


def test_a_certificate_that_residents_bring_is_nobody_s_trouble() -> None:
    assert found("救助申请初核", "查看居民带来的残疾状况证明") == []


def test_what_is_denied_is_not_asked() -> None:
    assert found("政策宣传", "社区不承担拆迁签约；不实行一票否决") == []


@pytest.mark.parametrize("role", CommunityRole)
def test_a_duty_of_government_is_refused_where_the_community_would_bear_it(role: CommunityRole) -> None:
    hit = found("人口登记", role=role, duty_of=DutyOf.GOVERNMENT)
    assert [(one.code, one.refused) for one in hit] == [("statutory-duty", role is CommunityRole.MAIN)]


@pytest.mark.parametrize("role", CommunityRole)
def test_a_department_s_own_assessment_is_refused_whatever_it_is_called(role: CommunityRole) -> None:
    assert [one.code for one in found("年度评价", kind=MatterKind.ASSESSMENT, role=role) if one.refused] == [
        "separate-assessment"
    ]


def test_whoever_works_in_an_area_is_asked_and_nobody_else() -> None:
    register = ["330902", "330902002", "330902002001", "330902002007", "330902003", "330902003005"]
    assert asked_about(["330902"], register) == sorted(register[1:])
    assert asked_about(["330902002"], register) == register[1:4]
    assert asked_about(["330902003005"], register) == ["330902003", "330902003005"]


@given(st.lists(st.sampled_from(Vote), max_size=9))
def test_a_meeting_carries_by_more_votes_for_than_against(votes: list[Vote]) -> None:
    members = [Member(body="区民政局", vote=vote) for vote in votes]
    assert carried(members) == (votes.count(Vote.FOR) > votes.count(Vote.AGAINST))


CARDS = st.dictionaries(
    st.sampled_from("abcd"), st.fixed_dictionaries({"name": st.integers(0, 1), "money": st.integers(0, 1)})
)


@given(CARDS, CARDS)
def test_applying_a_difference_to_the_one_gives_the_other(before: Any, after: Any) -> None:
    found = difference(before, after)
    made = {code: dict(card) for code, card in before.items() if code not in found.removed}
    made |= {code: dict(after[code]) for code in found.added}
    for code, fields in found.changed.items():
        made[code] |= {field: after[code][field] for field in fields}
    assert made == after
    assert found.nothing == (before == after)


@pytest.mark.parametrize(
    ("role", "fen", "classes"),
    [
        ("main", 0, {"autonomy"}),
        ("main", 1, {"purchase"}),
        ("assisting", 0, set()),
        ("assisting", 1, {"assist", "purchase"}),
    ],
)
def test_role_and_money_say_as_what_work_may_be_admitted(role: str, fen: int, classes: set[str]) -> None:
    assert admissible(CommunityRole(role), fen) == classes
