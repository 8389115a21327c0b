"""What tracking says, in the words of residents."""

from collections.abc import Mapping
from dataclasses import dataclass

from onewindow_shared.contracts.cases import Party
from onewindow_shared.contracts.lifecycle import CaseStatus

TOLD: Mapping[str, str] = {
    "received": "窗口已收到您的申请，并出具收件凭证。",
    "materials": "您的申请补充了材料。",
    "lines_met": "您对《补正材料一次性告知书》中材料以外的事项作了补正。",
    "materials_said": "您的申请材料的情况有更新。",
    "material_reused": "您以前提交的材料在有效期内，本次申请继续使用。",
    "file_withheld": "您上传的一份文件没有通过安全检查，请重新提交这份材料。",
    "reuse_withdrawn": "您提交的材料不再用于以后的申请。",
    "notice_moved": "国家放假安排有更新，窗口答复您的期限随之调整。",
    "time_added": "为便于您重新提交这份材料，补正或者补交的期限已经延长。",
    "deadline_moved": "国家放假安排有更新，您补正或者补交材料的期限随之顺延。",
    "accepted": "您的申请材料齐全，已经受理。",
    "original_taken": "窗口收存了您的材料原件，用后退还。",
    "original_returned": "您的材料原件已经退还。",
    "handed_over": "您的申请已移交另一位工作人员负责。",
    "claimed": "您的申请已有工作人员负责。",
    "reassigned": "您的申请已改由另一位工作人员负责。",
    "tolerant_accepted": "您的申请已先行受理，承诺后补的材料请在规定日期前补交。",
    "decided_at_once": "您的事项已当场办结。",
    "supplemented": "已收到您补交的材料。",
    "supplement_missed": "承诺后补的材料没有按期补齐，您的申请视为撤回。",
    "acceptance_revoked": "承诺后补的材料没有按期补齐，受理已经撤销。",
    "deemed_accepted": "窗口没有在法定期限内答复，您的申请自收件之日起视为受理。",
    "correction": "您的材料需要补正，窗口已一次性告知全部内容。",
    "not_accepted": "您的申请不予受理，理由见书面决定。",
    "withdrawn": "申请已经撤回。",
    "consent_withdrawn": "您撤回了个人信息处理同意；依法应当继续办理的，继续办理。",
    "deemed_withdrawn": "材料没有按期补正，您的申请视为撤回。",
    "opened": "您的申请已转给承办单位。",
    "assigned": "承办单位已安排专人办理。",
    "unassigned": "承办人有变动，承办单位正在重新安排。",
    "started": "承办人已开始办理。",
    "step_done": "办理中的一个环节已经完成。",
    "step_to_check": "办理中的一个环节已经完成，等待复核。",
    "step_returned": "办理中的一个环节需要重新核实。",
    "put_up": "初步意见已经公示。",
    "objection_taken": "公示期间收到异议。",
    "objection_heard": "已经听取提出异议的人的意见。",
    "objection_dismissed": "公示异议经核实不成立。",
    "objection_upheld": "公示异议成立，有关情况重新核查。",
    "suspended": "办理中需要特别程序，期间不计入办理时限。",
    "resumed": "特别程序结束，办理时限继续计算。",
    "extended": "办理时限依法延长。",
    "due_changed": "办结日期有更新。",
    "decided": "承办单位已作出决定。",
    "delivery_failed": "决定未能送达，将再次送达。",
    "delivered": "决定已经送达。",
    "closed": "事项已办结。",
    "reopened": "事项重新办理。",
    "refused": "决定不予许可，事项已办结。",
    "overdue": "办理超过了承诺日期，系统已记录。",
    "delay_explained": "办理单位说明了超过承诺日期的原因：",
    "reviewed": "已收到您的评价。",
    "review_reminded": "如果您还没有评价这次办理，欢迎评价。",
}
"""A step of a case's history as a sentence."""
ANY_STEP = "事项有新的办理进展。"

LINE = "《补正材料一次性告知书》第{number}项"
"""A line of the notice of corrections."""
PARTIES: Mapping[Party, str] = {
    Party.APPLICANT: "您（申请人）",
    Party.OFFICE: "{office}窗口",
    Party.DEPARTMENT: "承办单位",
}


@dataclass(frozen=True)
class Wait:
    """What a case waits for: from whom, what, and why."""

    party: Party
    what: str
    why: str


_S = CaseStatus
WAITS: Mapping[CaseStatus, Wait] = {
    _S.DRAFT: Wait(Party.APPLICANT, "提交申请", "申请还没有提交，期限尚未开始计算。"),
    _S.RECEIVED: Wait(
        Party.OFFICE,
        "审查材料，决定是否受理",
        "材料不齐全的，应当在期限内一次性告知；逾期不告知的，"
        "自收到材料之日起即为受理（《行政许可法》第三十二条）。",
    ),
    _S.CORRECTION: Wait(
        Party.APPLICANT,
        "补正材料",
        "需要补正的全部内容以《补正材料一次性告知书》为准；逾期未补正的，视为撤回申请。",
    ),
    _S.ACCEPTED: Wait(Party.DEPARTMENT, "安排承办人办理", "申请已受理，应当在承诺的时限内办结。"),
    _S.TOLERANT_ACCEPTED: Wait(Party.APPLICANT, "补交承诺的材料", "您承诺后补的材料还没有全部交齐。"),
    _S.HANDLING: Wait(Party.DEPARTMENT, "审查并作出决定", "申请已受理，应当在承诺的时限内办结。"),
    _S.SUSPENDED: Wait(
        Party.DEPARTMENT,
        "完成特别程序",
        "听证、检验、鉴定、专家评审等所需时间不计入办理时限（《行政许可法》第四十五条）。",
    ),
    _S.DECIDED: Wait(Party.OFFICE, "向您送达决定", "决定已经作出，送达后才算办结。"),
    _S.DELIVERED: Wait(Party.OFFICE, "办结归档", "决定已经送达，手续还没有办结。"),
}
"""Every state that is no end."""
SEEN_NEXT: Mapping[CaseStatus, Wait] = {
    _S.CORRECTION: Wait(
        Party.OFFICE,
        "核对您补正的材料",
        "您已在期限内说明材料补齐，等待窗口核对期间不会因逾期视为撤回。",
    ),
    _S.TOLERANT_ACCEPTED: Wait(
        Party.OFFICE, "核对您补交的材料", "您已在期限内说明材料补齐，等待窗口核对，不会因逾期受到影响。"
    ),
}
"""The states in which the applicant has done their part, and the window has to look."""

NEXT: Mapping[CaseStatus, str] = {
    _S.DRAFT: "提交以后，窗口出具收件凭证。",
    _S.RECEIVED: "材料齐全的予以受理；需要补正的，窗口一次性告知全部内容。",
    _S.CORRECTION: "补正齐全后予以受理。",
    _S.ACCEPTED: "承办人开始办理后，这里会显示进展。",
    _S.TOLERANT_ACCEPTED: "材料补齐后继续办理，办结日期不因此推迟。",
    _S.HANDLING: "作出决定后，窗口向您送达。",
    _S.SUSPENDED: "特别程序结束后，办理时限继续计算。",
    _S.DECIDED: "窗口将向您送达决定。",
    _S.DELIVERED: "办结后，您可以对服务作出评价。",
    _S.CLOSED: "事项已经办结，您可以对服务作出评价。",
    _S.NOT_ACCEPTED: "对决定不服的，可以按书面决定所告知的途径申请行政复议或者提起行政诉讼。",
    _S.DEEMED_WITHDRAWN: "材料备齐后，您可以重新提出申请。",
    _S.WITHDRAWN: "如有需要，您可以重新提出申请。",
    _S.ACCEPTANCE_REVOKED: "材料备齐后，您可以重新提出申请；不服的，可以按书面通知所告知的途径寻求救济。",
    _S.REFUSED: "对决定不服的，可以按书面决定所告知的途径申请行政复议或者提起行政诉讼。",
}


def told(step: str, more: str | None = None) -> str:
    """Say what happened; a newer service may tell of steps that are not known here."""
    return f"{TOLD.get(step, ANY_STEP)}{more or ''}"
