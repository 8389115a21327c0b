"""What each kind of document says on paper, in the words of notices (行政许可法 arts. 32, 38)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import singledispatch

from pydantic.main import IncEx

from onewindow_intake.checklist.rules import in_words
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.custody import SlipLine
from onewindow_shared.contracts.documents_issued import (
    AnyDocument,
    CorrectionNotice,
    CustodySlip,
    DeemedWithdrawalNotice,
    Defect,
    DeferredPaper,
    DocumentKind,
    HandedIn,
    InstantDecision,
    Receipt,
    RefusalDocument,
    RevocationNotice,
    SupplementReceipt,
    TolerantPromise,
    WithdrawalSlip,
)
from onewindow_shared.contracts.intake import RefusalGround
from onewindow_shared.contracts.outcomes import MissedSupplement, SignedHow
from onewindow_shared.contracts.papers import Fact, Listing, Sheet
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.workdays import local_day

_K = DocumentKind
KINDS: Mapping[DocumentKind, tuple[str, str]] = {
    _K.RECEIPT: ("SJ", "申请材料收件凭证"),
    _K.ACCEPTANCE: ("SL", "受理通知书"),
    _K.DEEMED_ACCEPTANCE: ("SS", "视为受理通知书"),
    _K.CORRECTION_NOTICE: ("BZ", "补正材料一次性告知书"),
    _K.NON_ACCEPTANCE: ("BS", "不予受理决定书"),
    _K.TOLERANT_PROMISE: ("RQ", "容缺受理承诺书"),
    _K.SUPPLEMENT_RECEIPT: ("RB", "容缺材料补交凭证"),
    _K.WITHDRAWAL: ("CH", "撤回申请凭证"),
    _K.DEEMED_WITHDRAWAL: ("SC", "视为撤回申请通知书"),
    _K.REVOCATION: ("CX", "撤销受理通知书"),
    _K.INSTANT_DECISION: ("JB", "当场办结决定书"),
    _K.CUSTODY_SLIP: ("YJ", "材料原件收存凭证"),
}
"""Kind -> its letters in numbers, and its title."""
GROWING = frozenset({_K.RECEIPT, _K.SUPPLEMENT_RECEIPT, _K.CUSTODY_SLIP})
"""Kinds that are written anew when more was handed in or went back; every other paper stays as it was."""
_PRINTED_OF_GROWING: dict[str, IncEx | bool] = {
    "handed_in": True,
    "unseen": True,
    "missing": True,
    "awaited": True,
    "lines": {"__all__": {"name", "count", "returned_at"}},
}
ACTING: Mapping[Acting, str] = {
    Acting.APPLICANT: "申请人",
    Acting.GUARDIAN: "监护人",
    Acting.AGENT: "受托人",
}
SIGNED: Mapping[SignedHow, str] = {
    SignedHow.BY_HAND: "手写签名",
    SignedHow.FINGERPRINT: "按指印",
    SignedHow.E_SIGNATURE: "电子签名",
}
BY_HAND: Mapping[SignedHow, str] = {SignedHow.BY_HAND: "签名", SignedHow.FINGERPRINT: "按指印"}
"""What is put on the paper itself; an electronic signature is not."""
GROUNDS: Mapping[RefusalGround, str] = {
    RefusalGround.NOT_REQUIRED: "该事项依法不需要取得行政许可。",
    RefusalGround.NOT_COMPETENT: "该事项依法不属于本机关职权范围。",
    RefusalGround.NOT_CONFORMING: "申请材料经补正后仍不齐全或者不符合法定形式。",
}
CONSEQUENCES: Mapping[MissedSupplement, str] = {
    MissedSupplement.ACCEPTANCE_REVOKED: "逾期未补交的，撤销受理。",
    MissedSupplement.DEEMED_WITHDRAWN: "逾期未补交的，视为撤回申请。",
}


LAW_OF_NOTICE = (
    "申请材料不齐全或者不符合法定形式的，将依法一次性告知需要补正的全部内容；"
    "逾期不告知的，自收到申请材料之日起即为受理（《中华人民共和国行政许可法》第三十二条）。"
)


@dataclass(frozen=True)
class Body:
    """What a document says between its head and its foot."""

    opening: Sequence[str]
    facts: Sequence[Fact] = ()
    tables: Sequence[Listing] = ()
    closing: Sequence[str] = field(default=())
    signature: str | None = None


def edition(document: AnyDocument) -> str:
    """Return what tells whether a document is still the one that was issued."""
    told = document.issued_at.isoformat()
    if document.kind in GROWING:
        told = document.model_dump_json(include=_PRINTED_OF_GROWING, exclude=_not_told(document))
    return hashlib.sha256(told.encode()).hexdigest()


def _not_told(document: AnyDocument) -> set[str]:
    """Name what an edition from before there was such a part did not tell."""
    return {"unseen"} if isinstance(document, Receipt) and not document.unseen else set()


def sheet(document: AnyDocument, number: str, code: str, check_address: str, zone: tzinfo) -> Sheet:
    """Say what stands on the paper of a document."""
    words = body(document, zone)
    return Sheet(
        title=KINDS[document.kind][1],
        number=number,
        code=code,
        check_address=check_address,
        addressee=document.applicant,
        opening=words.opening,
        facts=[
            Fact(label="申请事项", value=document.item_name),
            Fact(label="受理编号", value=document.case_no),
            *people(document),
            *window(document),
            *words.facts,
        ],
        tables=words.tables,
        closing=words.closing,
        signature=words.signature,
        office=document.office,
        dated=chinese_day(local_day(document.issued_at, zone)),
    )


def moment(at: datetime, zone: tzinfo) -> str:
    """Write an instant as papers do: 2026年12月4日17时00分."""
    local = at.astimezone(zone)
    return f"{chinese_day(local.date())}{local:%H时%M分}"


def people(document: AnyDocument) -> list[Fact]:
    """Name whoever acts beside the applicant, and on the proof of a withdrawal whoever took the case back."""
    acted, facts = document.acted, []
    if acted is not None and document.kind is _K.WITHDRAWAL:
        facts.append(Fact(label="撤回人", value=f"{acted.name}（{ACTING[acted.acting]}）"))
    elif acted is not None and acted.acting is not Acting.APPLICANT:
        facts.append(Fact(label=ACTING[acted.acting], value=acted.name))
    if document.household:
        facts.append(Fact(label="家庭成员", value="、".join(document.household)))
    return facts


def window(document: AnyDocument) -> list[Fact]:
    """Name the window that took the application in, where another office has the paper's seal."""
    return [] if document.window == document.office else [Fact(label="收件窗口", value=document.window)]


@singledispatch
def body(document: AnyDocument, zone: tzinfo) -> Body:
    """Say what stands on a document between its head and its foot."""
    raise TypeError(f"no paper says what a {document.kind} says")


@body.register
def _withdrawal(document: WithdrawalSlip, zone: tzinfo) -> Body:
    facts = [Fact(label="撤回理由", value=document.reason)] if document.reason else []
    return Body(["根据您的申请，本件已撤回，不再办理。您可以重新提出申请。"], facts)


@body.register
def _supplement(document: SupplementReceipt, zone: tzinfo) -> Body:
    came = _deferred("已补交的材料", document.handed_in, zone)
    awaited = _deferred("尚待补交的材料", document.awaited, zone)
    return Body(["现收到您补交的下列材料。"], [], [*came, *awaited])


@body.register
def _deemed_withdrawal(document: DeemedWithdrawalNotice, zone: tzinfo) -> Body:
    why = "补正" if document.awaited == "corrections" else "补交"
    until = moment(document.due_at, zone)
    text = f"您未在{until}前{why}全部材料，您的申请视为撤回。您可以重新提出申请。"
    return Body([text], [], [_numbered(f"未{why}的内容", document.missing)])


@body.register
def _revocation(document: RevocationNotice, zone: tzinfo) -> Body:
    text = f"您未在{moment(document.due_at, zone)}前补交承诺的材料，现撤销受理。"
    return Body([text], [], [_numbered("未补交的材料", document.missing)], [document.remedies])


@body.register
def _proof(document: Receipt, zone: tzinfo) -> Body:
    facts = [Fact(label="收件时间", value=moment(document.received_at, zone))]
    if document.kind is DocumentKind.RECEIPT:
        opening = "现收到您提交的申请材料。"
        closing = [LAW_OF_NOTICE]
    else:
        deemed = document.kind is DocumentKind.DEEMED_ACCEPTANCE
        opening = "您的申请自收到申请材料之日起视为受理。" if deemed else "您的申请符合受理条件，现予以受理。"
        closing = [
            f"法定办结时限{document.statutory_days}个工作日，承诺办结时限{document.promised_days}个工作日。"
        ]
        if document.accepted_on:
            facts.append(Fact(label="受理日期", value=chinese_day(document.accepted_on)))
        if document.due_on:
            doubt = "（所跨年度的放假安排尚未公布，以公布后为准）" if document.provisional else ""
            facts.append(Fact(label="承诺办结日期", value=chinese_day(document.due_on) + doubt))
    facts.append(Fact(label="查询码", value=document.tracking_code))
    tables = [
        *_pieces("已收到的材料", document.handed_in),
        *_pieces("已上传或者声明提交、窗口尚未核对的材料", document.unseen),
    ]
    if document.missing:
        tables.append(_numbered("尚未提交的材料", document.missing))
    return Body([opening], facts, tables, [*closing, "凭受理编号和查询码可以随时查询办理进度。"])


def _pieces(title: str, papers: Sequence[HandedIn]) -> list[Listing]:
    rows = [[str(place), paper.name, _came(paper)] for place, paper in enumerate(papers, start=1)]
    return [Listing(title=title, head=["序号", "材料名称", "形式及份数"], rows=rows)] if rows else []


def _came(paper: HandedIn) -> str:
    if paper.origin is None:
        return in_words(paper.pieces) or "—"
    day, before = chinese_day(paper.origin.handed_in_on), paper.origin.case_no
    return f"沿用{day}提交的{in_words(paper.pieces)}，原办件编号 {before}"


@body.register
def _correction(document: CorrectionNotice, zone: tzinfo) -> Body:
    until = f"请于{moment(document.due_at, zone)}前补正。逾期未补正的，视为撤回申请。"
    opening = "您的申请材料不齐全或者不符合法定形式，现一次性告知需要补正的全部内容。"
    basis = "依据：《中华人民共和国行政许可法》第三十二条第一款第（四）项。"
    return Body([opening], [], [_defects("需要补正的内容", document.defects)], [until, basis])


@body.register
def _refusal(document: RefusalDocument, zone: tzinfo) -> Body:
    facts = [Fact(label="理由", value=document.reason)]
    if document.competent_body:
        facts.append(Fact(label="请向下列机关申请", value=document.competent_body))
    tables = [_defects("未补正的内容", document.unmet)] if document.unmet else []
    return Body([f"{GROUNDS[document.ground]}现决定不予受理。"], facts, tables, [document.remedies])


@body.register
def _promise(document: TolerantPromise, zone: tzinfo) -> Body:
    facts = [
        Fact(label="签署时间", value=moment(document.signed_at, zone)),
        Fact(label="签署方式", value=SIGNED[document.signed_how]),
    ]
    if document.due_on:
        facts.append(Fact(label="承诺办结日期", value=chinese_day(document.due_on)))
    opening = "本人承诺在规定日期前补交下列材料，并知悉逾期未补交的后果。"
    tables = _deferred("承诺补交的材料", document.deferred, zone)
    line = BY_HAND.get(document.signed_how)
    signature = line and f"承诺人（{ACTING[document.signed_by]}）{line}"
    return Body([opening], facts, tables, [CONSEQUENCES[document.consequence]], signature)


@body.register
def _decision(document: InstantDecision, zone: tzinfo) -> Body:
    granted = document.outcome is Outcome.GRANT
    facts = [Fact(label="理由", value=document.reasons)] if document.reasons else []
    opening = (
        "经审查，您的申请符合条件，当场予以办结。" if granted else "经审查，您的申请不符合条件，不予许可。"
    )
    return Body([opening], facts, [], [document.remedies] if document.remedies else [])


@body.register
def _custody(document: CustodySlip, zone: tzinfo) -> Body:
    rows = [
        [
            str(place),
            line.name,
            f"{line.count}份",
            line.note or "—",
            moment(line.taken_at, zone),
            _back(line, zone),
        ]
        for place, line in enumerate(document.lines, start=1)
    ]
    head = ["序号", "材料名称", "份数", "备注", "收存时间", "退还情况"]
    return Body(
        ["现收存您提交的下列材料原件，用后退还。"],
        [Fact(label="尚在收存", value=f"{document.held}份")],
        [Listing(title="收存的材料原件", head=head, rows=rows)],
        ["领取原件时请出示有效身份证件；委托他人领取的，另须出示载明领取权限的委托书。"],
    )


def _back(line: SlipLine, zone: tzinfo) -> str:
    if line.returned_at is None:
        return "收存中"
    return f"{moment(line.returned_at, zone)}退还（{line.returned_to}签收）"


def _numbered(title: str, names: Sequence[str]) -> Listing:
    rows = [[str(place), name] for place, name in enumerate(names, start=1)]
    return Listing(title=title, head=["序号", "内容"], rows=rows)


def _defects(title: str, defects: Sequence[Defect]) -> Listing:
    rows = [[str(place), one.name or "—", one.problem] for place, one in enumerate(defects, start=1)]
    return Listing(title=title, head=["序号", "材料名称", "需要补正之处"], rows=rows)


def _deferred(title: str, papers: Sequence[DeferredPaper], zone: tzinfo) -> list[Listing]:
    rows = [
        [str(place), paper.name, moment(paper.due_at, zone)] for place, paper in enumerate(papers, start=1)
    ]
    return [Listing(title=title, head=["序号", "材料名称", "补交期限"], rows=rows)] if rows else []
