"""What each paper is called, and the words that stand on it."""

from collections.abc import Mapping

from onewindow_shared.contracts.case_papers import LETTERS, CasePaper
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.catalogue import SpecialProcedure
from onewindow_shared.contracts.delivery import DeliveryMethod
from onewindow_shared.contracts.parties import Acting

_P = CasePaper
TITLES: Mapping[CasePaper, str] = {
    _P.DECISION: "办理结果决定书",
    _P.DELIVERY: "送达回证",
    _P.SUSPENSION: "特别程序所需时间告知书",
    _P.EXTENSION: "延长办理期限告知书",
    _P.WITHDRAWAL: "撤回申请回执",
    _P.AGENCY_ENTRUSTMENT: "代办委托书",
    _P.AGENCY_SUSPENSION: "代办中止单",
    _P.AGENCY_RESUMPTION: "续办委托书",
    _P.AGENCY_DONE: "代办办结单",
    _P.AGENCY_TERMINATION: "代办终止单",
    _P.REVIEW_INVITATION: "政务服务评价邀请单",
}
BY_LETTERS: Mapping[str, CasePaper] = {letters: kind for kind, letters in LETTERS.items()}
CASE_DIGITS = 26
FREE = "代办服务不收取任何费用；申请人仍为申报主体。"
DECIDED: Mapping[Outcome, str] = {
    Outcome.GRANT: "您申请的“{item}”，经审查符合规定条件，决定予以办理。",
    Outcome.REFUSE: "您申请的“{item}”，经审查不符合规定条件，决定不予办理。",
}
DELIVERED = "“{item}”的办理结果已经送达。"
LEFT = "“{item}”的办理结果因受送达人拒绝签收，在见证人见证下留置送达。"
WITHDRAWN = "根据您的申请，“{item}”已撤回，不再办理。您可以重新提出申请。"
ACTING: Mapping[Acting, str] = {
    Acting.APPLICANT: "申请人",
    Acting.GUARDIAN: "监护人",
    Acting.AGENT: "受托人",
}
METHODS: Mapping[DeliveryMethod, str] = {
    DeliveryMethod.PICK_UP: "窗口领取",
    DeliveryMethod.POST: "邮寄送达",
    DeliveryMethod.HOME_VISIT: "送达上门",
    DeliveryMethod.ELECTRONIC: "电子送达",
}
PROCEDURES: Mapping[SpecialProcedure, str] = {
    SpecialProcedure.HEARING: "听证",
    SpecialProcedure.TENDER: "招标",
    SpecialProcedure.AUCTION: "拍卖",
    SpecialProcedure.INSPECTION: "检验",
    SpecialProcedure.TESTING: "检测",
    SpecialProcedure.QUARANTINE: "检疫",
    SpecialProcedure.APPRAISAL: "鉴定",
    SpecialProcedure.EXPERT_REVIEW: "专家评审",
}


def number_of(case_no: str, kind: CasePaper, place: int) -> str:
    """Return the number of a case's paper; `place` counts those of its kind."""
    return f"{case_no}-{LETTERS[kind]}{place}"


def which(made: int, place: int | None) -> int | None:
    """Return the how-manieth of so many papers of a kind is meant, the last unless said; None for none."""
    wanted = made if place is None else place
    return wanted if 1 <= wanted <= made else None


def read_number(number: str) -> tuple[str, CasePaper, int] | None:
    """Read a number as it is typed off a paper; None where it is none of ours."""
    case_no, _, rest = number.strip().upper().partition("-")
    kind, place = BY_LETTERS.get(rest[:2]), rest[2:]
    if len(case_no) != CASE_DIGITS or kind is None or not place.isascii() or not place.isdigit():
        return None
    return case_no, kind, int(place[:6])
