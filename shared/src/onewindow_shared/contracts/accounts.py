"""Signing in, and what an account is told about itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from onewindow_shared.contracts.access import Permission, Role
from onewindow_shared.contracts.common import AreaCode, Code, Contract, Moment, Text
from onewindow_shared.contracts.identity import Mobile

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9._@-]{1,64}$")
]


def _writable(secret: SecretStr) -> SecretStr:
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character cannot be read") from None
    return secret


WritableSecret = Annotated[SecretStr, AfterValidator(_writable)]
OneTimeCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$")]
OpaqueToken = Annotated[WritableSecret, Field(min_length=1, max_length=4096)]


Password = Annotated[WritableSecret, Field(min_length=1, max_length=256)]


class PasswordSignIn(Contract):
    """Sign-in of staff (OAuth 2.0 grant `password`)."""

    grant_type: Literal["password"] = "password"
    username: Username
    password: Password


class RefreshIn(Contract):
    """A new access token without signing in again (OAuth 2.0 grant `refresh_token`)."""

    grant_type: Literal["refresh_token"]
    refresh_token: OpaqueToken


class RevokeIn(Contract):
    """End a session by one of its tokens (RFC 7009)."""

    token: OpaqueToken | None = None
    """Refresh token or access token; the bearer token of the request where it is left out."""


class CodeRequest(Contract):
    """Ask for a one-time code by SMS."""

    phone: Mobile


class CodeRequested(Contract):
    """The answer to every request for a code, whether or not one was sent."""

    expires_in: int
    """Seconds for which a code is valid."""
    retry_after: int
    """Seconds after which another one can be asked for."""


class CodeSignIn(Contract):
    """Sign-in of residents and volunteers."""

    phone: Mobile
    code: OneTimeCode


class PhoneProof(Contract):
    """A token of somebody without an account: it says which phone is theirs, as a fingerprint."""

    access_token: str
    expires_in: int
    """Seconds for which it is valid."""


class TokenOut(Contract):
    """Tokens of a session (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds for which the access token is valid."""
    refresh_token: str
    """Works once; the answer to its use holds the next one."""
    session_expires_at: Moment
    """When one has to sign in again."""


class MeOut(Contract):
    """What a signed-in account is told about itself."""

    subject: str
    name: str
    roles: list[Role]
    permissions: list[Permission]
    area: str | None
    area_name: str | None
    """Name from the register, `null` while it has not arrived."""
    department: str | None
    organisation: str | None


class DeskKeyOut(Contract):
    """The key under which a front desk keeps what it could not send yet."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """256 bits of AES, as hexadecimal digits; the same whenever this account asks for this machine."""


class StaffAccountIn(Contract):
    """A new account of somebody who works for the district."""

    username: Username
    name: Annotated[Text, Field(max_length=100)]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    area: AreaCode
    department: Code | None = None
    """Needed of a department officer, who reaches this department's cases alone."""
    organisation: Code | None = None
    password: Password


class StaffAccountOut(Contract):
    """An account of somebody who works for the district."""

    username: str
    name: str
    roles: list[Role]
    area: str
    department: str | None
    organisation: str | None
    disabled: bool
    created_at: Moment
