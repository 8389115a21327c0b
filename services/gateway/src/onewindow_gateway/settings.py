"""Settings of the gateway."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from onewindow_gateway.signing import SigningKeys
from onewindow_shared.plumbing.settings import ServiceSettings

BEHIND = ("intake", "casework", "volunteers")
"""The services that the gateway forwards to."""
Weights = dict[
    Literal["R1", "R4", "R5", "R6", "S2", "S4", "S8.once", "S10", "S11", "AD3", "AD7", "P1"],
    Annotated[float, Field(gt=0, le=100)],
]
"""Weights of indicators that are shares of which more is better."""
_EMBEDDED_ONLY = ("demo_password", "otp_file")


class Settings(ServiceSettings):
    """What the gateway needs to start. Limits of requests are per minute, 0 for none."""

    signing_keys: SecretStr
    """Private keys of tokens as a JWKS (JSON): the first signs, all are published."""
    upstreams: dict[str, str] = Field(default_factory=dict)
    """Base address of services to forward to, where it is not that of `peers`."""
    demo_password: SecretStr | None = None
    """Embedded run only: the password of every demo account."""
    access_token_seconds: int = Field(default=900, ge=60)
    """How long an access token is valid."""
    staff_session_seconds: int = 12 * 3600
    """How long staff stay signed in without their password."""
    resident_session_seconds: int = 30 * 86400
    """How long residents and volunteers stay signed in without a new code."""
    refresh_grace_seconds: int = 10
    """How long a refresh token works once more after its use, in case the answer was lost."""
    password_min_length: int = Field(default=12, ge=8, le=128)
    """Fewest characters of a new password."""
    sign_in_tries: int = Field(default=5, ge=1)
    """Wrong passwords for one account from one client, after which it has to wait."""
    sign_in_wait_seconds: int = Field(default=900, ge=1)
    """The window in which wrong passwords are counted."""
    otp_seconds: int = 300
    """How long a one-time code is valid."""
    otp_tries: int = Field(default=5, ge=1)
    """How often a code may be guessed."""
    otp_pause_seconds: int = 60
    """Shortest time between two codes for one phone."""
    otp_per_day: int = Field(default=10, ge=1)
    """Most codes for one phone in a day."""
    otp_file: Path | None = None
    """Embedded run only: file that keeps the latest code of each phone, as JSON."""
    sms_webhook_url: str | None = None
    """Where codes are posted for sending; needed outside the embedded run."""
    sms_webhook_secret: SecretStr | None = None
    """Secret that signs what is posted there (base64, Standard Webhooks)."""
    sms_seconds: float = 5.0
    """How long the sender of codes may take."""
    metrics_budget_seconds: float = 0.8
    """How long a dashboard waits for each service's figures."""
    metrics_cache_seconds: float = 0.5
    """How long the figures of an area are answered from memory."""
    metrics_answer_seconds: float = Field(default=0.25, ge=0, le=60)
    """How long a whole answer with figures is told again to who may see the same; 0 for not at all."""
    metrics_follow_seconds: float = Field(default=600.0, ge=0)
    """How long one stream of changing figures lasts; then the client connects again."""
    community_index: Weights = Field(default={"R1": 0.5, "S2": 0.3, "P1": 0.2})
    """Weights of the ratios that make the communities' index; satisfaction (R1) weighs most (rules A51)."""
    worker_index: Weights = Field(default={"R1": 0.6, "S2": 0.2, "S10": 0.2})
    """Weights of the workers' index; the public's satisfaction (R1) weighs over half (rules A52)."""
    description_cache_seconds: float = 10.0
    """How long the merged description of the API and the register are answered from memory."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks (CIDR) of own load balancers, whose `X-Forwarded-*` are believed."""
    max_body_bytes: int = 4 * 1024 * 1024
    """Largest request body; a batch of 500 cases made offline has to pass."""
    max_upload_bytes: int = 20 * 1024 * 1024
    """Largest body of a document that is uploaded."""
    limit_client: int = Field(default=600, ge=0)
    """Requests of one address without a token."""
    limit_account: int = Field(default=3000, ge=0)
    """Requests of one account."""
    limit_polls: int = Field(default=60_000, ge=0)
    """Polls of one account that are answered with what is kept; they do not count as its requests."""
    limit_auth: int = Field(default=60, ge=0)
    """Requests of one address to sign in, refresh or get a code."""
    limit_tracking: int = Field(default=30, ge=0)
    """Look-ups of one address in the public tracking; as many checks of papers, uses of review codes, and
    calls of each page for them."""

    @model_validator(mode="after")
    def _demonstrations_stay_embedded(self) -> Self:
        for name in _EMBEDDED_ONLY:
            if getattr(self, name) is not None and not self.embedded:
                raise ValueError(f"{name} is for the embedded run only")
        return self

    @model_validator(mode="after")
    def _satisfaction_weighs_most(self) -> Self:
        satisfaction, others = self.community_index.get("R1", 0), {**self.community_index, "R1": 0.0}
        if satisfaction <= max(others.values()):
            raise ValueError("in community_index R1 has to weigh more than any other")
        if 2 * self.worker_index.get("R1", 0) <= sum(self.worker_index.values()):
            raise ValueError("in worker_index R1 has to weigh more than all others together")
        return self

    @field_validator("signing_keys")
    @classmethod
    def _can_sign(cls, value: SecretStr) -> SecretStr:
        SigningKeys.parse(value.get_secret_value())
        return value

    @property
    def keys(self) -> SigningKeys:
        """The keys of tokens."""
        return SigningKeys.parse(self.signing_keys.get_secret_value())

    def upstream(self, service: str) -> str:
        """Return the base address of a service, or raise ValueError where none of http:// is set."""
        address = self.upstreams.get(service) or self.peers.get(service, "")
        if urlsplit(address).scheme != "http" or not urlsplit(address).hostname:
            raise ValueError(f"the address of {service} in peers or upstreams has to be http://host:port")
        return address.rstrip("/")
