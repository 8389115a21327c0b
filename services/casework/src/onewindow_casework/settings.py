"""Settings of the casework service."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from pydantic import Field, field_validator

from onewindow_shared.contracts.supervision import Level
from onewindow_shared.plumbing.guesses import Guard, GuardsCertificates
from onewindow_shared.plumbing.messages import SendsMessages
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.uploads import TakesFiles

DELAY_REASONS = {
    "awaiting_applicant": "等待申请人补充情况或者材料",
    "awaiting_others": "等待其他单位核查、会商或者出具结果",
    "complex_matter": "情况复杂，需要进一步核实",
    "many_cases": "同期受理事项较多，人手不足",
    "system_down": "业务系统故障或者停电、停网",
    "own_fault": "办理单位工作疏忽",
    "other": "其他原因，办理单位可以当面说明",
}


class Settings(GuardsCertificates, TakesFiles, SendsMessages):
    """What the casework service needs to start."""

    review_window_days: int = Field(default=5, ge=1, le=365)
    """Working days after closing within which a review may be given; the district's rule."""
    review_reminder_days: int = Field(default=3, ge=0, le=365)
    """Days after closing on which a silent applicant is reminded, 0 for never; 亳州市 has 3."""
    review_contact_days: int = Field(default=1, ge=1, le=60)
    """Working days within which the reviewer of a bad review with a name is called back; 安阳市 has 1."""
    review_answer_days: int = Field(default=5, ge=1, le=60)
    """Working days from a bad review to its answer; 德州市 has 5, 浙江省 15 days."""
    review_appeal_days: int = Field(default=5, ge=1, le=60)
    """Working days for the decision of an officer's appeal against a review; the district's rule."""
    review_audit_days: int = Field(default=5, ge=1, le=60)
    """Working days within which an answer is audited; 泰安市 has 5."""
    review_follow_up_days: int = Field(default=20, ge=1, le=365)
    """Working days after the audit within which the reviewer may follow up; the district's rule."""
    review_tries: int = Field(default=5, ge=1, le=100)
    """Wrong review codes that are borne for one case from one client while the window lasts."""
    review_number_tries: int = Field(default=50, ge=1, le=10_000)
    """Wrong review codes that are borne for one case, wherever they come from."""
    review_client_tries: int = Field(default=100, ge=1, le=10_000)
    """Wrong review codes that are borne from one client while the window lasts."""
    review_tries_minutes: int = Field(default=15, ge=1, le=1440)
    """Minutes from the first wrong review code until it may be tried again."""
    satisfied_from: int = Field(default=3, ge=1, le=5)
    """Stars from which a review counts as content; three is the rule of one city, 泰安市 (“好差评”)."""
    certificate_days: int = Field(default=3, ge=1, le=60)
    """Working days for a certificate that is not issued on the spot; the law leaves it to the place."""
    evaluation_residents_weight: int = Field(default=60, ge=51, le=99)
    """Percent of an evaluation's result that residents' appraisal makes; the largest share by rule."""
    evaluation_appraisals: int = Field(default=1, ge=1, le=12)
    """Residents' appraisals of each side that a result needs; one a year is 上海市's rule."""
    evaluation_appeal_days: int = Field(default=5, ge=1, le=60)
    """Working days after the last day of a round within which what was said may be contested."""
    transfer_days: int = Field(default=10, ge=0, le=365)
    """Working days within which a community is to have the money of a period (费随事转)."""
    money_stopped_days: int = Field(default=20, ge=1, le=250)
    """Working days for which the money of a period may be late and not there before its item is let go."""
    admission_lead_days: int = Field(default=30, ge=0, le=250)
    """Working days between an application for work of communities and its beginning; 30 is 西城区's rule."""
    admission_decision_days: int = Field(default=15, ge=1, le=250)
    """Working days from the application within which it is decided; 15 is 西城区's rule."""
    admission_opinion_days: int = Field(default=5, ge=1, le=250)
    """Working days that street offices and communities have for their opinions."""
    admission_review_months: int = Field(default=12, ge=1, le=120)
    """Months after which a listed item is reviewed again by itself (定期调整)."""
    list_ahead_days: int = Field(default=366, ge=1, le=3660)
    """Days by which a version of the lists may be published ahead; a day further off is a slip of the pen."""
    disclosure_days: int = Field(default=20, ge=1, le=60)
    """Working days for publishing a quarter's figures, or a single fact; 政府信息公开条例 art. 26 has 20."""
    objection_days: int = Field(default=5, ge=0, le=365)
    """Working days within which a department may object to a community's refusal."""
    suspension_days: int = Field(default=60, ge=1, le=400)
    """Working days for which special procedures may suspend a case in all; the law names no figure."""
    extension_days: int = Field(default=10, ge=1, le=400)
    """Working days by which a head may extend a case whose item says nothing; 10 is 行政许可法 art. 42."""
    delivery_days: int = Field(default=10, ge=1, le=400)
    """Working days after its decision within which an outcome is delivered; 10 is 行政许可法 art. 44."""
    reopen_days: int = Field(default=20, ge=0, le=400)
    """Working days after closing within which a head may have a case handled again; the district's rule."""
    lamp_yellow_days: int = Field(default=3, ge=0, le=60)
    """Working days before a last day from which its yellow lamp is lit; no rule names a figure."""
    lamp_orange_days: int = Field(default=0, ge=0, le=60)
    """Working days before a last day from which its orange lamp is lit; 0 is on that day itself."""
    ageing_days: tuple[int, ...] = Field(default=(-30, -10, 0, 1, 4, 8), min_length=1, max_length=20)
    """Calendar days to the promised day with which steps of the ageing of open cases begin; ours."""
    reply_days_officer: int = Field(default=1, ge=1, le=60)
    """Working days for an answer of whoever answers for a case whose limit is over; no rule names any."""
    reply_days_team: int = Field(default=2, ge=1, le=60)
    """The same, once the community's manager looks after it."""
    reply_days_street: int = Field(default=3, ge=1, le=60)
    """The same, once the street does."""
    reply_days_district: int = Field(default=5, ge=1, le=60)
    """The same, once the district does; nobody is further up."""
    answer_holds_days: int = Field(default=5, ge=1, le=60)
    """Working days for which an answer keeps the next level from being asked, at most."""
    urge_from: Level = Level.TEAM
    """Lowest level that urges (催办)."""
    urge_reply_days: int = Field(default=2, ge=1, le=60)
    """Working days for the answer to an urging that names none."""
    supervise_from: Level = Level.STREET
    """Lowest level that orders under supervision (督办)."""
    supervise_reply_days: int = Field(default=3, ge=1, le=60)
    """Working days for the answer to such an order that names none."""
    reply_days_most: int = Field(default=20, ge=1, le=400)
    """Working days that an order may give for its answer at most."""
    delay_reason_days: int = Field(default=1, ge=1, le=60)
    """Working days after a promised day within which the reason of its being missed is to be stated."""
    delay_reasons: dict[str, str] = Field(default=DELAY_REASONS, min_length=1)
    """Kinds of reasons of delays by code, each in words for the applicant; no rule lists them."""
    order_days: int = Field(default=5, ge=1, le=365)
    """Working days that an order has where its sender names none; orders of 12345 have five."""
    order_tolerance_percent: int = Field(default=20, ge=0, le=100)
    """Percent by which an order's cases or time may come to more without its sender's explicit word."""
    area_back_days: int = Field(default=31, ge=0, le=3660)
    """Days by which a change of areas may be dated back; the district's rule."""
    area_ahead_days: int = Field(default=366, ge=1, le=3660)
    """Days by which a change of areas may be decided ahead; a day further off is a slip of the pen."""
    district_file: Path | None = None
    """Register of areas and departments that `seed` loads; the demo district unless given."""

    @field_validator("ageing_days")
    @classmethod
    def _ascending(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if list(days) != sorted(set(days)):
            message = "each step begins later than the one before"
            raise ValueError(message)
        return days

    @property
    def review_guard(self) -> Guard:
        """How often a wrong review code may be tried."""
        window = timedelta(minutes=self.review_tries_minutes)
        return Guard(self.review_tries, self.review_number_tries, self.review_client_tries, window)


def settings_of(unit: Unit) -> Settings:
    """Return the settings of the service that a unit of work belongs to."""
    return cast("Settings", unit.settings)
