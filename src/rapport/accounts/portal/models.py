"""Teams, their members, apps, API keys and requests for production."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class Team(Base):
    """Who may see and change a set of apps, in one environment of one company (PLT-147)."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), index=True)
    environment: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Member(Base):
    """A person's place in a team: `owner`, `app_admin` or `viewer` (PLT-148..150)."""

    __tablename__ = "team_member"

    team_id: Mapped[str] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(16))


class App(Base):
    """Something that calls our API; it may hold several keys (PLT-151)."""

    __tablename__ = "app"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class ApiKey(Base):
    """One pair of id and secret. The secret is kept only as its SHA-256.

    It carries company and environment itself: one look-up answers every request's first question.
    """

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    app_id: Mapped[str] = mapped_column(ForeignKey("app.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), index=True)
    environment: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64))
    # The secret before the last rotation, and until when it still works.
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    previous_until: Mapped[datetime | None]
    # None: everything the company has in this environment.
    products: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    rate_per_second: Mapped[float] = mapped_column(default=100.0)
    burst: Mapped[int] = mapped_column(default=100)
    daily_quota: Mapped[int] = mapped_column(default=0)  # 0: none
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # coarse: at most once an hour


class Promotion(Base):
    """A team's request for production, with the person who is to run it there (PLT-155)."""

    __tablename__ = "promotion"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), index=True)
    sandbox_team_id: Mapped[str] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    production_team_id: Mapped[str | None] = mapped_column(
        ForeignKey("team.id", ondelete="SET NULL")
    )
    admin_email: Mapped[str] = mapped_column(String(254))
    admin_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))  # requested, approved, declined
    requested_by: Mapped[str] = mapped_column(String(200))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
