"""Who is calling, and what they may do: the same answer for keys, people and customers."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from rapport.core.ids import CompanyId


class Environment(StrEnum):
    """Sandbox and production hold separate data and keys (PLT-007)."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Scope(NamedTuple):
    """One company in one environment: the boundary no query crosses (PLT-162)."""

    company_id: CompanyId
    environment: Environment


class CallerKind(StrEnum):
    """What kind of caller this is."""

    KEY = "key"
    PERSON = "person"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Role(StrEnum):
    """The roles of people; each carries its permissions below."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DEVELOPER = "developer"


class Permission(StrEnum):
    """What a person may do; guards name these, never roles."""

    SERVE_CONVERSATIONS = "serve_conversations"
    WATCH_CONVERSATIONS = "watch_conversations"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_CONFIGURATION = "manage_configuration"
    MANAGE_RESPONSES = "manage_responses"
    READ_AUDIT = "read_audit"
    USE_PORTAL = "use_portal"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset({Permission.SERVE_CONVERSATIONS}),
    Role.SUPERVISOR: frozenset({Permission.SERVE_CONVERSATIONS, Permission.WATCH_CONVERSATIONS}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.WATCH_CONVERSATIONS,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_CONFIGURATION,
            Permission.MANAGE_RESPONSES,
            Permission.READ_AUDIT,
        }
    ),
    Role.DEVELOPER: frozenset({Permission.USE_PORTAL}),
}


class Allowance(NamedTuple):
    """How much an API key may ask for (PLT-029..031)."""

    rate_per_second: float
    burst: int
    daily_quota: int  # 0: none


class Caller(msgspec.Struct, frozen=True):
    """Someone or something that has proved who it is, in one company and environment."""

    kind: CallerKind
    id: str
    scope: Scope
    name: str = ""
    external_id: str | None = None
    role: Role | None = None
    permissions: frozenset[Permission] = frozenset()
    entitlements: frozenset[str] = frozenset()
    allowance: Allowance | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether this caller holds a permission."""
        return permission in self.permissions


class Actor(msgspec.Struct, frozen=True):
    """Who did what an event says, as people will read it years later."""

    role: str
    id: str | None = None
    name: str | None = None


def actor_of(caller: Caller) -> Actor:
    """Return how an event names a caller."""
    return Actor(
        role=caller.role or caller.kind, id=caller.external_id or caller.id, name=caller.name
    )


SYSTEM = Actor(role="system")
