"""The wire shapes of the developer portal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from rapport.accounts.fields import Email, Name
from rapport.accounts.portal.access import Membership, TeamRole
from rapport.accounts.portal.keys import NewKey
from rapport.accounts.portal.models import ApiKey, App, Promotion
from rapport.accounts.portal.promotions import Approved
from rapport.accounts.portal.teams import AddedMember, TeamMember
from rapport.core.identity import Environment


class TeamDetails(Struct):
    """A team, and what the caller is in it."""

    id: str
    name: str
    environment: Environment
    role: TeamRole
    created_at: datetime


class Teams(Struct):
    """The caller's teams."""

    items: list[TeamDetails]


class NameChange(Struct, forbid_unknown_fields=True):
    """Another name for something."""

    name: Name


class MemberDetails(Struct):
    """Somebody in a team."""

    person_id: str
    name: str
    email: str
    role: TeamRole


class Members(Struct):
    """Who is in a team."""

    items: list[MemberDetails]


class MemberRequest(Struct, forbid_unknown_fields=True):
    """Somebody to be added; unknown to the company, they are invited as a developer."""

    email: Email
    role: TeamRole
    name: Annotated[str, Meta(max_length=200)] = ""


class MemberAdded(Struct):
    """The new member; `password` is theirs to be told once when they were invited for it."""

    member: MemberDetails
    password: str | None


class MemberChange(Struct, forbid_unknown_fields=True):
    """Another role in the team."""

    role: TeamRole


class AppDetails(Struct):
    """Something that calls the API."""

    id: str
    team_id: str
    name: str
    created_at: datetime


class Apps(Struct):
    """A team's apps."""

    items: list[AppDetails]


class KeyDetails(Struct):
    """An API key; `id` is the header `rapport-api-id`. `products` null: all that the company has."""

    id: str
    app_id: str
    name: str
    environment: Environment
    products: list[str] | None
    rate_per_second: float
    burst: int
    daily_quota: int
    created_at: datetime
    rotated_at: datetime | None
    previous_until: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class Keys(Struct):
    """An app's keys, revoked ones included."""

    items: list[KeyDetails]


class KeyRequest(Struct, forbid_unknown_fields=True):
    """A key to be created."""

    name: Name
    products: list[str] | None = None


class KeyChange(Struct, forbid_unknown_fields=True):
    """A change of a key; what is absent stays."""

    name: Name | None = None
    products: list[str] | None = None


class RotateRequest(Struct, forbid_unknown_fields=True):
    """For how long the old secret works on: 0 to 30 days."""

    grace_seconds: Annotated[int, Meta(ge=0, le=2_592_000)] = 0


class RevokeRequest(Struct, forbid_unknown_fields=True):
    """Why a key is revoked; it stands in the notice."""

    reason: Annotated[str, Meta(max_length=280)] = ""


class KeyWithSecret(Struct):
    """A key and its secret, the header `rapport-api-secret`: it cannot be shown again."""

    key: KeyDetails
    secret: str


class PromotionRequest(Struct, forbid_unknown_fields=True):
    """Who is to run production."""

    admin_email: Email
    admin_name: Annotated[str, Meta(max_length=200)] = ""


class PromotionDetails(Struct):
    """A request for production: `requested`, `approved` or `declined`."""

    id: str
    sandbox_team_id: str
    production_team_id: str | None
    admin_email: str
    admin_name: str
    state: str
    requested_by: str
    decided_by: str | None
    created_at: datetime
    decided_at: datetime | None


class Promotions(Struct):
    """Requests for production."""

    items: list[PromotionDetails]


class PromotionApproved(Struct):
    """What an approval made. Secret and password cannot be shown again."""

    promotion: PromotionDetails
    team_id: str
    app_id: str
    key: KeyWithSecret
    password: str | None


class FirstCall(Struct):
    """The call to try first."""

    method: str
    path: str
    body: dict[str, str | dict[str, str]]


class Quickstart(Struct):
    """What a developer needs for the first call (PLT-156)."""

    base_urls: dict[Environment, str]
    id_header: str
    secret_header: str
    first_call: FirstCall
    schema_path: str


def team_details(membership: Membership) -> TeamDetails:
    """Shape a team for the wire."""
    team, role = membership
    return TeamDetails(team.id, team.name, Environment(team.environment), role, team.created_at)


def member_details(member: TeamMember) -> MemberDetails:
    """Shape a member for the wire."""
    person, role = member
    return MemberDetails(person.id, person.name, person.email, role)


def member_added(added: AddedMember) -> MemberAdded:
    """Shape a new member for the wire."""
    return MemberAdded(member_details(added.member), added.password)


def app_details(app: App) -> AppDetails:
    """Shape an app for the wire."""
    return msgspec.convert(app, AppDetails, from_attributes=True)


def key_details(key: ApiKey) -> KeyDetails:
    """Shape a key for the wire: never its hashes."""
    return msgspec.convert(key, KeyDetails, from_attributes=True)


def key_with_secret(new: NewKey) -> KeyWithSecret:
    """Shape a key whose secret has just been made."""
    return KeyWithSecret(key_details(new.key), new.secret)


def promotion_details(promotion: Promotion) -> PromotionDetails:
    """Shape a request for production for the wire."""
    return msgspec.convert(promotion, PromotionDetails, from_attributes=True)


def promotion_approved(approved: Approved) -> PromotionApproved:
    """Shape what an approval made."""
    production = approved.production
    return PromotionApproved(
        promotion=promotion_details(approved.promotion),
        team_id=production.team.id,
        app_id=production.app.id,
        key=key_with_secret(production.key),
        password=approved.password,
    )
