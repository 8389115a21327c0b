"""Settings that every service has, from `ONEWINDOW_*` variables or from files of the same name in lower case.

There is no default secret: the embedded run generates its own.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from onewindow_shared.plumbing.clock import Clock, ShiftedClock, system_clock

SECRETS = Path("/run/secrets")
PREFIX = "ONEWINDOW_"
BACKENDS = frozenset({"sqlite", "postgresql"})
Secret = Annotated[SecretStr, Field(min_length=32)]


class Misconfigured(RuntimeError):
    """This process is not set up right; the message names settings, never what they are set to."""


class ServiceSettings(BaseSettings):
    """What a service needs to start. Times are seconds unless a name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    embedded: bool = False
    """The one-machine run with demo data; allows a shifted clock and codes printed to the console."""
    database_url: SecretStr
    """`sqlite:////absolute/path` or `postgresql://role:password@host/database`."""
    listen: str = "127.0.0.1:8000"
    """Address and port to serve on."""
    issuer: str
    """Issuer of tokens, as written in them."""
    jwks_url: str
    """Where the issuer's public keys are."""
    public_url: str | None = None
    """Address of the gateway as the public reaches it, for codes on papers; without it the issuer's."""
    peers: dict[str, str] = Field(default_factory=dict)
    """Base address of each service by name, for events."""
    events_secret: Secret
    """Shared secret that signs batches of events (base64)."""
    data_keys: SecretStr
    """Key ring for personal data, current key first: `2:aes:<base64>,1:sm4:<base64>`."""
    index_key: SecretStr
    """Key of the blind indexes (base64); changing it needs every index rebuilt."""
    cursor_secret: Secret
    """Key that signs list cursors (base64)."""
    timezone: str = "Asia/Shanghai"
    """Zone in which legal days begin and end."""
    close_of_business_hour: int = Field(default=17, ge=1, le=24)
    """Hour of the district's day at which a last day ends (民法典 art. 203); 24 where it is the whole day."""
    small_cell: int = Field(default=5, ge=1, le=100)
    """Persons from which a count is told to who may not see their cases, and published; 1 for every count.

    Figures come in multiples of it. 5 is our own rule, and the least with which few of them tell no other.
    """
    log_level: str = "INFO"
    """Least level that is logged."""
    clock_file: Path | None = None
    """Embedded run only: file with seconds by which the clock is shifted."""
    database_connections: int = 10
    """Most connections to PostgreSQL this process opens."""
    max_delivery_tries: int = 10
    """Times a receiver may fail one event before it goes to the dead letters."""

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, value: SecretStr) -> SecretStr:
        try:
            known = make_url(value.get_secret_value()).get_backend_name() in BACKENDS
        except ArgumentError:
            known = False
        if not known:
            raise ValueError("this is no address of an SQLite or PostgreSQL database")
        return value

    @model_validator(mode="after")
    def _only_embedded_runs_shift_time(self) -> Self:
        if self.clock_file and not self.embedded:
            raise ValueError("clock_file is for the embedded run only")
        return self

    @cached_property
    def clock(self) -> Clock:
        """The clock of this process; one, because a shifted clock remembers the file it has read."""
        return ShiftedClock(self.clock_file) if self.clock_file else system_clock

    @property
    def public_address(self) -> str:
        """Where the public reaches the suite, without a slash at the end."""
        return (self.public_url or self.issuer).rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """The district's zone."""
        return ZoneInfo(self.timezone)


AnySettings = TypeVar("AnySettings", bound=ServiceSettings)


def read_settings(kind: type[AnySettings]) -> AnySettings:
    """Read the settings of this process; raise `Misconfigured`, which names every wrong one."""
    try:
        return kind()
    except ValidationError as error:
        wrong = [f"{_variable(told['loc'])}{told['msg']}" for told in error.errors(include_input=False)]
        raise Misconfigured("; ".join(wrong)) from None
    except SettingsError as error:
        raise Misconfigured(str(error)) from None


def _variable(loc: tuple[int | str, ...]) -> str:
    name = str(loc[0]).lower().removeprefix(PREFIX.lower()) if loc else ""
    return f"{PREFIX}{name.upper()}: " if name else ""
