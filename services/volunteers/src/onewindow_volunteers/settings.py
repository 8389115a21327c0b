"""Settings of the volunteers service."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Literal, Self, cast

from pydantic import Field, ImportString, model_validator

from onewindow_shared.plumbing.guesses import GuardsCertificates
from onewindow_shared.plumbing.messages import SendsMessages
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.uploads import TakesFiles
from onewindow_volunteers.activities.rules import Lengths
from onewindow_volunteers.needs.rules import Weights
from onewindow_volunteers.people.rules import Ages, IdentityCheck, Verification
from onewindow_volunteers.records.rules import Levels

OpenIdentityCheck = Callable[[ServiceSettings], AbstractAsyncContextManager[IdentityCheck]]
"""Opens an identity check when the service starts; it is closed when the service stops."""


class Settings(GuardsCertificates, TakesFiles, SendsMessages):
    """What the volunteers service needs to start; a district may set ages stricter than the law's."""

    verification: Verification = Verification.AUTOMATIC
    """Who verifies a registration: the identity check (`automatic`), where it has an answer, or the
    community at the window."""
    identity_check: ImportString[OpenIdentityCheck] = Field(
        default="onewindow_volunteers.deps:number_alone", validate_default=True
    )
    """`package.module:name` that opens the real-name check.

    The default asks nobody: it trusts the number in the embedded run, elsewhere the community verifies.
    """
    identity_check_seconds: float = Field(default=5.0, gt=0)
    """How long the identity check may take before the community has to verify."""
    identity_checks_per_day: int = Field(default=5, ge=1)
    """Identity checks of one account within 24 hours, so that nobody tries out whose number it is."""
    privacy_notice: str = Field(default="1", max_length=64)
    """Version of the notice that people consent to."""
    youngest_age: int = Field(default=Ages.youngest, ge=8)
    """Full years from which somebody may register (民法典 art. 20)."""
    data_consent_age: int = Field(default=Ages.data_consent, ge=14)
    """Full years from which a minor consents to their own data (个人信息保护法 art. 31)."""
    self_supporting_age: int = Field(default=Ages.self_supporting, ge=16)
    """Full years from which a minor living on their own work counts as an adult (民法典 art. 18)."""
    adult_age: int = Field(default=Ages.adult, ge=18)
    """Full years of adults (民法典 art. 17)."""
    guardian_days: int = Field(default=14, ge=1, le=60)
    """Days within which a guardian confirms a minor's registration; then it lapses and is erased."""
    verification_days: int = Field(default=60, ge=7, le=366)
    """Days within which the community verifies a registration; then it lapses and is erased."""
    phone_change_days: int = Field(default=14, ge=1, le=60)
    """Days within which a new number is confirmed by that phone; then it is forgotten."""
    inactive_months: int = Field(default=12, ge=3, le=60)
    """Months without service after which a volunteer is asked whether they stay."""
    inactive_answer_days: int = Field(default=30, ge=7, le=180)
    """Days for the answer; without one the registration rests."""
    unconfirmed_days: int = Field(default=30, ge=1, le=180)
    """Days for which what a file says of somebody is kept until they confirm it, and its bad rows."""

    shortest_shift_minutes: int = Field(default=15, ge=1, le=60)
    """Minutes that a shift lasts at least."""
    longest_shift_hours: int = Field(default=24, ge=1, le=168)
    """Hours that a shift lasts at most; time is kept for everybody in it by the quarter of an hour."""
    overlap_grace_minutes: int = Field(default=15, ge=0, le=120, multiple_of=15)
    """Minutes that two shifts of one volunteer may share; told to the volunteer, more is refused."""
    offer_kept_hours: float = Field(default=24.0, gt=0, le=168)
    """Hours for which a place that became free is kept for the next in line."""
    reminder_hours: int = Field(default=24, ge=1, le=168)
    """Hours before a shift at which everybody with a place is reminded."""
    calendar_past_days: int = Field(default=30, ge=0, le=366)
    """Days for which a calendar still shows what is over."""

    late_grace_minutes: int = Field(default=5, ge=0, le=60)
    """Minutes after the start within which nobody is late."""
    walk_in_days: int = Field(default=30, ge=1, le=366)
    """Days for which the name of somebody who walked in is kept, unless it is known before who it was."""
    attendance_code_seconds: int = Field(default=30, ge=10, le=600)
    """Seconds for which one code is shown at a place; it is taken for as long again."""
    attendance_early_minutes: int = Field(default=60, ge=0, le=1440)
    """Minutes before a shift from which people may check in."""
    attendance_offline_hours: float = Field(default=72.0, gt=0, le=720)
    """Hours within which a code that was read without network may be sent."""
    check_out_mended_days: int = Field(default=10, ge=1, le=60)
    """Days after a shift within which the organiser may end the record of whoever forgot to check out."""
    recording_days: int = Field(default=10, ge=1, le=10)
    """Working days after an activity within which service is recorded (民政部令第67号 art. 11)."""
    disputes_per_record: int = Field(default=1, ge=1, le=10)
    """How often a service record may be disputed, each time until it is ruled."""
    day_minutes_street: int = Field(default=480, ge=1, le=1440)
    """Minutes of one day above which the street confirms (practice of 广东 i志愿)."""
    day_minutes_district: int = Field(default=720, ge=1, le=1440)
    """Minutes of one day above which the district confirms (practice of 广东 i志愿)."""
    star_hours: list[int] = Field(default=[100, 300, 600, 1000, 1500], min_length=1, max_length=10)
    """Hours from which each star is reached (民函〔2012〕340号); beyond five it is a district's own."""

    need_days: int = Field(default=180, ge=7, le=1830)
    """Days after which a need with which nothing happens is given up, and for which it is known whose it was
    once it has ended."""
    need_offer_hours: float = Field(default=24.0, gt=0, le=168)
    """Hours within which a volunteer who is asked for a need answers."""
    match_distance: int = Field(default=40, ge=0, le=100)
    """What living in the need's community adds; half of it in the same street, a third elsewhere."""
    match_time: int = Field(default=30, ge=0, le=100)
    """What being free at every time wanted adds; a part of it for a part of the times."""
    match_category: int = Field(default=20, ge=0, le=100)
    """What wanting to help with this adds."""
    match_load: int = Field(default=10, ge=0, le=100)
    """What having no other need adds; half of it with one, a third with two."""
    match_pool: int = Field(default=2000, ge=1, le=100_000)
    """Volunteers who fit that are weighed of the community, of the street and of the district, each."""
    match_load_days: int = Field(default=30, ge=1, le=366)
    """Days for which needs that were met count as load."""
    star_publicity_days: int = Field(default=5, ge=1, le=60)
    """Working days for which a star is open to objections before it is granted."""
    renewal_days: int = Field(default=60, ge=1, le=366)
    """Days before its end from which a qualification or a policy of an organisation has to be renewed."""

    target_floor_percent: float = Field(default=1.0, gt=0, le=100)
    """Registered volunteers by population that every community is to have (舟山市, 2002)."""
    target_percent: float = Field(default=10.0, gt=0, le=100)
    """Registered volunteers by population that are aimed at (民发〔2009〕165号)."""
    active_hours: int = Field(default=20, ge=1, le=1000)
    """Confirmed hours of a year from which a volunteer is active (中国注册志愿者管理办法)."""
    checking_department: str = Field(default="civil_affairs", min_length=1, max_length=64)
    """Code of the department whose officers read samples (民政部令第67号 art. 21)."""
    spot_check_size: int = Field(default=30, ge=1, le=1000)
    """Records in a sample for civil affairs, unless the request says so."""

    time_bank_cap_hours: int = Field(default=1500, ge=1, le=100_000)
    """Hours that an account of the time bank may hold; what is earned beyond goes to the community
    (practice of 南京)."""

    time_bank_rate: float = Field(default=1.0, gt=0, le=10)
    """Minutes of credit that a minute of help brings from now on."""
    certificate_hour_step: Literal[6, 30] = 6
    """Minutes to whose full steps a certificate writes hours: tenths (6) or halves (30) of an hour."""

    @model_validator(mode="after")
    def _levels_ascend(self) -> Self:
        if self.day_minutes_street > self.day_minutes_district:
            raise ValueError("day_minutes_street is more than day_minutes_district")
        if self.star_hours != sorted(set(self.star_hours)) or self.star_hours[0] < 1:
            raise ValueError("star_hours have to ascend")
        return self

    @model_validator(mode="after")
    def _ages_ascend(self) -> Self:
        ages = [self.youngest_age, self.data_consent_age, self.self_supporting_age, self.adult_age]
        if ages != sorted(ages):
            raise ValueError("ages have to ascend: youngest, data consent, self-supporting, adult")
        return self

    @property
    def inactive_looks(self) -> timedelta:
        """After what time it is looked whether somebody served: never later than the months."""
        return timedelta(days=28 * self.inactive_months)

    @property
    def inactive_answers(self) -> timedelta:
        """How long somebody who is asked whether they stay may take."""
        return timedelta(days=self.inactive_answer_days)

    @property
    def renewal_window(self) -> timedelta:
        """How long before its end a paper has to be renewed."""
        return timedelta(days=self.renewal_days)

    @property
    def reminded_before(self) -> timedelta:
        """How long before a shift people are reminded."""
        return timedelta(hours=self.reminder_hours)

    @property
    def calendar_past(self) -> timedelta:
        """How long a calendar shows what is over."""
        return timedelta(days=self.calendar_past_days)

    @property
    def late_grace(self) -> timedelta:
        """How long after the start nobody is late."""
        return timedelta(minutes=self.late_grace_minutes)

    @property
    def walk_ins_kept(self) -> timedelta:
        """How long a name is kept that belongs to nobody known."""
        return timedelta(days=self.walk_in_days)

    @property
    def unconfirmed_kept(self) -> timedelta:
        """How long what a file says of somebody is kept."""
        return timedelta(days=self.unconfirmed_days)

    @property
    def guardian_answers(self) -> timedelta:
        """How long a guardian may take to confirm."""
        return timedelta(days=self.guardian_days)

    @property
    def verification_kept(self) -> timedelta:
        """How long a registration waits for being verified."""
        return timedelta(days=self.verification_days)

    @property
    def phone_change_kept(self) -> timedelta:
        """How long a new number waits for being confirmed."""
        return timedelta(days=self.phone_change_days)

    @property
    def ages(self) -> Ages:
        """The ages as the rules take them."""
        return Ages(self.youngest_age, self.data_consent_age, self.self_supporting_age, self.adult_age)

    @property
    def shift_lengths(self) -> Lengths:
        """How long a shift lasts, at least and at most."""
        return Lengths(
            timedelta(minutes=self.shortest_shift_minutes), timedelta(hours=self.longest_shift_hours)
        )

    @property
    def overlap_grace(self) -> timedelta:
        """What two shifts of one volunteer may share."""
        return timedelta(minutes=self.overlap_grace_minutes)

    @property
    def offer_kept(self) -> timedelta:
        """How long a free place is kept for the next in line."""
        return timedelta(hours=self.offer_kept_hours)

    @property
    def attendance_code(self) -> timedelta:
        """For how long one code is shown at a place."""
        return timedelta(seconds=self.attendance_code_seconds)

    @property
    def attendance_early(self) -> timedelta:
        """How early people may check in."""
        return timedelta(minutes=self.attendance_early_minutes)

    @property
    def attendance_offline(self) -> timedelta:
        """How late a code that was read without network may be sent."""
        return timedelta(hours=self.attendance_offline_hours)

    @property
    def check_outs_mended(self) -> timedelta:
        """How long after a shift a forgotten check-out may be mended."""
        return timedelta(days=self.check_out_mended_days)

    @property
    def time_bank_cap(self) -> int:
        """Minutes that an account of the time bank may hold."""
        return self.time_bank_cap_hours * 60

    @property
    def need_kept(self) -> timedelta:
        """How long a need is kept with which nothing happens, and whose it was after its end."""
        return timedelta(days=self.need_days)

    @property
    def need_offer_kept(self) -> timedelta:
        """How long somebody who is asked for a need may take to answer."""
        return timedelta(hours=self.need_offer_hours)

    @property
    def match_load_kept(self) -> timedelta:
        """For how long needs that were met count as load."""
        return timedelta(days=self.match_load_days)

    @property
    def match_weights(self) -> Weights:
        """How much each factor of a match counts."""
        return Weights(self.match_distance, self.match_time, self.match_category, self.match_load)

    @property
    def levels(self) -> Levels:
        """Who confirms long days."""
        return Levels(self.day_minutes_street, self.day_minutes_district)


def settings_of(unit: Unit) -> Settings:
    """Return this service's settings in a use case."""
    return cast("Settings", unit.settings)
