"""The wire shapes of people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from rapport.accounts.fields import Email, Name
from rapport.accounts.people.models import Person
from rapport.accounts.people.service import Invited, Newcomer
from rapport.core.identity import Role

Slots = Annotated[int, Meta(ge=0, le=50)]


class PersonDetails(Struct):
    """A person as administrators see them; `locked_until` while failed attempts lock sign-in."""

    id: str
    email: str
    name: str
    role: Role
    slots: int
    enabled: bool
    must_change_password: bool
    locked_until: datetime | None
    created_at: datetime


class PeoplePage(Struct, rename={"next_cursor": "nextCursor"}):
    """A page of people, oldest first."""

    items: list[PersonDetails]
    next_cursor: str | None


class Invitation(Struct, forbid_unknown_fields=True):
    """Somebody to be invited."""

    email: Email
    name: Name
    role: Role
    slots: Slots = 3


class InvitationRequest(Struct, forbid_unknown_fields=True):
    """People to be invited, all or none of them (PLT-189)."""

    people: Annotated[list[Invitation], Meta(min_length=1, max_length=50)]


class PersonWithPassword(Struct):
    """A person and the one-time password to be told them: it cannot be shown again."""

    person: PersonDetails
    password: str


class Invitations(Struct):
    """Who was invited."""

    items: list[PersonWithPassword]


class PersonChange(Struct, forbid_unknown_fields=True):
    """A change of a person; what is absent stays."""

    name: Name | None = None
    role: Role | None = None
    slots: Slots | None = None


def details(person: Person, locked_until: datetime | None = None) -> PersonDetails:
    """Shape a person for the wire."""
    return PersonDetails(
        id=person.id,
        email=person.email,
        name=person.name,
        role=Role(person.role),
        slots=person.slots,
        enabled=person.enabled,
        must_change_password=person.must_change_password,
        locked_until=locked_until,
        created_at=person.created_at,
    )


def with_password(invited: Invited) -> PersonWithPassword:
    """Shape somebody invited for the wire."""
    return PersonWithPassword(person=details(invited.person), password=invited.password)


def newcomer(invitation: Invitation) -> Newcomer:
    """Return what an invitation asks for."""
    return Newcomer(invitation.email, invitation.name, invitation.role, invitation.slots)
