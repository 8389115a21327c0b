"""The papers that the handling of a case leaves."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract


class CasePaper(StrEnum):
    """Kinds of paper."""

    DECISION = "decision"
    """办理结果决定书"""
    DELIVERY = "delivery"
    """送达回证"""
    SUSPENSION = "suspension"
    """特别程序所需时间告知书"""
    EXTENSION = "extension"
    """延长办理期限告知书"""
    WITHDRAWAL = "withdrawal"
    """撤回申请回执"""
    AGENCY_ENTRUSTMENT = "agency_entrustment"
    """代办委托书"""
    AGENCY_SUSPENSION = "agency_suspension"
    """代办中止单"""
    AGENCY_RESUMPTION = "agency_resumption"
    """续办委托书"""
    AGENCY_DONE = "agency_done"
    """代办办结单"""
    AGENCY_TERMINATION = "agency_termination"
    """代办终止单"""
    REVIEW_INVITATION = "review_invitation"
    """好差评邀请单: its QR code leads to the review of the case"""


LETTERS: Mapping[CasePaper, str] = {
    CasePaper.DECISION: "JD",
    CasePaper.DELIVERY: "SD",
    CasePaper.SUSPENSION: "ZZ",
    CasePaper.EXTENSION: "YQ",
    CasePaper.WITHDRAWAL: "CH",
    CasePaper.AGENCY_ENTRUSTMENT: "DW",
    CasePaper.AGENCY_SUSPENSION: "DZ",
    CasePaper.AGENCY_RESUMPTION: "DX",
    CasePaper.AGENCY_DONE: "DB",
    CasePaper.AGENCY_TERMINATION: "DT",
    CasePaper.REVIEW_INVITATION: "PJ",
}
"""What stands behind the case number in the number of a paper of each kind."""


class CasePaperProof(Contract):
    """What a genuine paper has to say."""

    number: str
    title: str
    issued_on: date
    office: str
    applicant: str
    """Masked name."""
    item_name: str
