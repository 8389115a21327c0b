"""Sign-in sessions and their refresh tokens, of which only hashes are kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_gateway.tables import Base
from onewindow_shared.plumbing.database import UtcDateTime


class SignInSession(Base):
    """What one sign-in opened; revoking it ends all its tokens."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_revoked_at", "revoked_at"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RefreshToken(Base):
    """A refresh token by the SHA-256 of its 256 random bits; used ones stay, so that reuse is noticed."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_session_id", "session_id"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
