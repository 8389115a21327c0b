"""Work asked of residents' committees: what is asked, and as what it is admitted (rules B2, C3)."""

from enum import StrEnum


class MatterKind(StrEnum):
    """What is asked of a community (rules C3)."""

    WORK_ITEM = "work_item"
    OFFICE = "office"
    NAMEPLATE = "nameplate"
    LEDGER_OR_FORM = "ledger_or_form"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    CERTIFICATE = "certificate"
    SURVEY = "survey"
    TRAINING = "training"
    CAMPAIGN = "campaign"


class MatterClass(StrEnum):
    """As what a matter stands on the lists: three classes, and two lists of what must not be asked."""

    AUTONOMY = "autonomy"
    """社区工作事项: the committee's own duty."""
    ASSIST = "assist"
    """协助政府的社区工作事项: with money and conditions."""
    PURCHASE = "purchase"
    """购买服务: everything else, by contract."""
    FORBIDDEN = "forbidden"
    """The committee may not be the responsible body (中发〔2017〕13号)."""
    NOT_ISSUED = "not_issued"
    """A certificate that committees do not issue (民发〔2020〕20号)."""
