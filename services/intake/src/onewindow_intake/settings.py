"""Settings of the intake service."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from onewindow_intake.batches.rules import Arrival
from onewindow_intake.cases.rules import Terms
from onewindow_intake.documents.settings import DocumentSettings
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.outcomes import MissedSupplement
from onewindow_shared.plumbing.guesses import Guard
from onewindow_shared.plumbing.messages import SendsMessages
from onewindow_shared.plumbing.uploads import TakesFiles
from onewindow_shared.plumbing.workdays import WorkCalendar

REMEDIES = (
    "对本决定不服的，可以自收到之日起六十日内依法向{district}人民政府申请行政复议，"
    "或者自收到之日起六个月内依法向人民法院提起行政诉讼。"
)


class Settings(DocumentSettings, TakesFiles, SendsMessages):
    """What the intake service needs to start; limits are the law's unless a stricter district sets others."""

    notice_days: int = Field(default=5, ge=1, le=5)
    """Working days within which the notice of corrections has to be given (行政许可法 art. 32)."""
    online_notice_days: int = Field(default=1, ge=1, le=5)
    """Working days within which an application that came online is to be answered; a later notice is still
    good, and counted as late (安阳市政务服务条例 art. 42)."""
    notice_soon_days: int = Field(default=2, ge=0, le=5)
    """Working days before the end of the time for an answer from which a case is shown as nearly over."""
    supplement_missed: MissedSupplement = MissedSupplement.ACCEPTANCE_REVOKED
    """What a missed date of a tolerant acceptance leads to."""
    least_correction_days: int = Field(default=5, ge=1, le=60)
    """Working days that an applicant is given at least for corrections."""
    most_correction_days: int = Field(default=60, ge=1, le=250)
    """Working days that an applicant is given at most for corrections."""
    oldest_receipt_days: int = Field(default=4, ge=0, le=30)
    """Working days by which papers may have been taken before they are posted, for windows that were offline:
    while fewer than `notice_days` are over, a notice can still be in time."""
    oldest_consent_days: int = Field(default=60, ge=1, le=3660)
    """Days by which an applicant may have agreed before the case is posted: a draft may be kept so long."""
    tolerated_skew: float = Field(default=120.0, ge=0)
    """Seconds by which the clock of a window that was offline may be wrong without being corrected."""
    consent_text: str = Field(default="2021-11", pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
    """Version of the text that applicants agree to, kept with each case (个人信息保护法 art. 14)."""
    remedies: str = Field(default=REMEDIES, min_length=1, max_length=2000)
    """What a refusal tells of reconsideration and lawsuit (行政许可法 art. 38); `{district}` becomes the
    name of the case's district, whose government reconsiders what departments decide (行政复议法 art. 24)."""
    tracking_tries: int = Field(default=10, ge=1)
    """Wrong tracking codes of one client for one case number before it is refused for a while."""
    tracking_number_tries: int = Field(default=100, ge=1)
    """Wrong tracking codes for one case number, wherever they come from, before it is refused for a while."""
    tracking_client_tries: int = Field(default=100, ge=1)
    """Wrong codes of one client, whatever the number, before it is refused for a while; windows share one."""
    tracking_window: float = Field(default=900.0, gt=0)
    """Seconds for which it is refused, and within which wrong codes are counted."""
    service_phone: str = Field(default="12345", pattern=r"^[0-9+() -]{3,30}$")
    """Whom people call about a case: the government hotline, unless the district has a number of its own."""
    duplicate_days: int = Field(default=90, ge=0, le=3660)
    """Days within which another case of the same person and item is pointed out."""
    duplicate_likeness: float = Field(default=0.8, gt=0, le=1)
    """How like another applicant has to be for the case to be pointed out; 1 is the same document."""
    duplicates_refused: bool = True
    """Whether a window has to decide about an earlier case before it posts; otherwise it is only told."""
    like_duplicates_refused: bool = True
    """Whether that holds for earlier cases of somebody who is only like the applicant, too."""
    reusable_days: int = Field(default=365, ge=1, le=3660)
    """Calendar days for which a paper that need not be brought again is valid, unless its item tells."""
    draft_days: int = Field(default=14, ge=1, le=60)
    """Days after its last saving for which a draft is kept before it is erased."""
    serial_block: int = Field(default=100, ge=1, le=10_000)
    """Case numbers that a process takes at once for a community's day."""
    catalogue_owner: AreaCode | None = None
    """District whose administrators change items and categories for all; not needed where there is one."""

    usual_promised_days: int = Field(default=15, ge=1, le=20)
    """Working days that are promised of an imported item whose source names no limit; the law allows 20
    (行政许可法 art. 42)."""

    @model_validator(mode="after")
    def _corrections_have_room(self) -> Self:
        if self.least_correction_days > self.most_correction_days:
            raise ValueError("least_correction_days is more than most_correction_days")
        return self

    @model_validator(mode="after")
    def _consent_outlasts_drafts(self) -> Self:
        if self.oldest_consent_days < self.draft_days:
            raise ValueError("oldest_consent_days is less than draft_days")
        return self

    @property
    def terms(self) -> Terms:
        """The district's terms as the rules take them."""
        return Terms(
            notice_days=self.notice_days,
            closing_hour=self.close_of_business_hour,
            least_correction_days=self.least_correction_days,
            most_correction_days=self.most_correction_days,
            oldest_receipt_days=self.oldest_receipt_days,
            oldest_consent=timedelta(days=self.oldest_consent_days),
            remedies=self.remedies,
            online_notice_days=self.online_notice_days,
            supplement_missed=self.supplement_missed,
            duplicate_window=self.duplicate_window if self.duplicates_refused else None,
            duplicate_likeness=self.duplicate_likeness if self.like_duplicates_refused else None,
            renewed_within=self.duplicate_window,
            consent_text=self.consent_text,
        )

    @property
    def duplicate_window(self) -> timedelta:
        """How far back earlier cases are looked for."""
        return timedelta(days=self.duplicate_days)

    @property
    def drafts_kept(self) -> timedelta:
        """How long a draft is kept after its last saving."""
        return timedelta(days=self.draft_days)

    def arrival(self, at: datetime, sent_at: datetime, calendar: WorkCalendar) -> Arrival:
        """Say that a batch has come which was sent at `sent_at` by its client's clock."""
        return Arrival(
            at=at,
            sent_at=sent_at,
            tolerated=timedelta(seconds=self.tolerated_skew),
            oldest_days=self.oldest_receipt_days,
            calendar=calendar,
            zone=self.zone,
        )

    @property
    def tracking(self) -> Guard:
        """How often a wrong tracking code may be tried."""
        return Guard(
            self.tracking_tries,
            self.tracking_number_tries,
            self.tracking_client_tries,
            timedelta(seconds=self.tracking_window),
        )
