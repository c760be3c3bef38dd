"""The knobs of accounts: sign-in, sessions, and how long credentials are remembered in memory."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class AccountsSettings(Section, frozen=True):
    """Sign-in of people and what is remembered about keys."""

    section: ClassVar[str] = "accounts"

    session_hours: Annotated[
        float, Meta(gt=0, description="Longest a person stays signed in, hours")
    ] = 12.0
    session_idle_minutes: Annotated[
        float, Meta(ge=2, description="A session ends after this long without a request, minutes")
    ] = 120.0
    sign_in_attempts: Annotated[
        int, Meta(ge=1, description="Wrong passwords in a row before sign-in is locked")
    ] = 5
    lock_minutes: Annotated[float, Meta(gt=0, description="How long sign-in stays locked")] = 15.0
    address_rate: Annotated[
        float, Meta(gt=0, description="Attempts to sign in from one network address, a second")
    ] = 20.0
    address_burst: Annotated[
        int, Meta(ge=1, description="Attempts to sign in from one network address, at once")
    ] = 100
    password_length: Annotated[
        int, Meta(ge=8, le=128, description="Shortest password that people may choose")
    ] = 12
    remember_seconds: Annotated[
        float,
        Meta(
            ge=0,
            description="How long a key or session is trusted without asking the database; "
            "a change made through any node acts at once all the same",
        ),
    ] = 2.0
    remember_unknown_seconds: Annotated[
        float, Meta(ge=0, description="The same for keys and sessions that do not exist")
    ] = 1.0
