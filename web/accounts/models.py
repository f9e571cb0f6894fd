"""What proves an account beside its password: second factors, passkeys, identities elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Moment


class SecondFactor(Base):
    """An account's authenticator; it counts once a code of it was given (confirmed_at).

    last_step: the half minute whose code was taken last, so that none is taken twice.
    """

    __tablename__ = "second_factors"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0, server_default="0")


class RecoveryCode(Base):
    """A code that stands in once for a lost phone; the row goes when it is used."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)


class Passkey(Base):
    """A passkey of an account: its public half.

    credential: its id, base64url. counter: the authenticator's, 0 where it counts nothing.
    """

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(Text, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class OutsideIdentity(Base):
    """Who an account is at the provider of OpenID Connect: by its lasting id, never by a name."""

    __tablename__ = "outside_identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    tied_at: Mapped[datetime] = mapped_column(Moment)


class SpentChallenge(Base):
    """A challenge that a passkey has answered, so that the answer is taken once."""

    __tablename__ = "spent_challenges"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)
