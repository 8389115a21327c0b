"""What the steps and states of a case are called, for whoever follows it."""

from collections.abc import Mapping

from onewindow_shared.contracts.lifecycle import CaseStatus

STEPS: Mapping[str, str] = {
    "received": "收件",
    "materials": "提交材料",
    "lines_met": "补正告知书所列事项",
    "materials_said": "更新材料情况",
    "material_reused": "沿用以前提交的材料",
    "file_withheld": "文件未通过安全检查，从材料清单中撤下",
    "reuse_withdrawn": "撤回材料再次使用的同意",
    "notice_moved": "工作日历更新，告知期限变更",
    "time_added": "材料需重新提交，补正补交期限延长",
    "deadline_moved": "工作日历更新，补正补交期限顺延",
    "accepted": "受理",
    "original_taken": "收存材料原件",
    "original_returned": "退还材料原件",
    "handed_over": "已移交责任人",
    "claimed": "已有责任人",
    "reassigned": "已另行指定责任人",
    "tolerant_accepted": "容缺受理",
    "decided_at_once": "当场办结",
    "supplemented": "补交容缺材料",
    "supplement_missed": "逾期未补齐容缺材料，视为撤回申请",
    "acceptance_revoked": "逾期未补齐容缺材料，撤销受理",
    "deemed_accepted": "逾期未告知，自收件之日起视为受理",
    "correction": "一次性告知补正",
    "not_accepted": "不予受理",
    "withdrawn": "申请人撤回",
    "consent_withdrawn": "撤回个人信息处理同意；依法应当继续办理的，继续办理",
    "deemed_withdrawn": "逾期未补正，视为撤回申请",
    "opened": "转入办理",
    "assigned": "已安排承办人",
    "unassigned": "承办人变动，重新安排",
    "started": "开始办理",
    "step_done": "完成一个办理环节",
    "step_to_check": "一个办理环节待复核",
    "step_returned": "一个办理环节退回重办",
    "put_up": "公示",
    "objection_taken": "收到公示异议",
    "objection_heard": "听取公示异议",
    "objection_dismissed": "公示异议不成立",
    "objection_upheld": "公示异议成立，重新核查",
    "suspended": "特别程序，暂停计时",
    "resumed": "恢复计时",
    "extended": "延长办理期限",
    "due_changed": "办理期限更新",
    "decided": "作出决定",
    "delivery_failed": "送达未成功",
    "delivered": "送达结果",
    "closed": "办结",
    "reopened": "重新办理",
    "refused": "不予许可，已办结",
    "overdue": "超过办理期限",
    "delay_explained": "说明超期原因",
    "reviewed": "已评价",
    "review_reminded": "提醒评价",
}
ANY_STEP = "办理进展"

STATUSES: Mapping[CaseStatus, str] = {
    CaseStatus.DRAFT: "草稿",
    CaseStatus.RECEIVED: "已收件",
    CaseStatus.CORRECTION: "待补正",
    CaseStatus.ACCEPTED: "已受理",
    CaseStatus.TOLERANT_ACCEPTED: "容缺受理",
    CaseStatus.HANDLING: "办理中",
    CaseStatus.SUSPENDED: "暂停计时",
    CaseStatus.DECIDED: "已作出决定",
    CaseStatus.DELIVERED: "已送达",
    CaseStatus.CLOSED: "已办结",
    CaseStatus.NOT_ACCEPTED: "不予受理",
    CaseStatus.DEEMED_WITHDRAWN: "视为撤回",
    CaseStatus.WITHDRAWN: "已撤回",
    CaseStatus.ACCEPTANCE_REVOKED: "已撤销受理",
    CaseStatus.REFUSED: "不予许可",
}


def step_label(step: str) -> str:
    """Name a step; a newer service may tell of steps that are not known here."""
    return STEPS.get(step, ANY_STEP)
