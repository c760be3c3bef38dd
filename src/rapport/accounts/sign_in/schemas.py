"""The wire shapes of signing in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import settings_of
from rapport.accounts.people.models import Person
from rapport.core.identity import PERMISSIONS, Role

# Argon2 reads all of it: a password of a megabyte would be a cheap way to keep a worker busy.
Password = Annotated[str, Meta(min_length=1, max_length=1024)]


class SignInRequest(Struct, forbid_unknown_fields=True):
    """The organization first, then the person (PLT-160)."""

    organization: Annotated[str, Meta(min_length=1, max_length=63)]
    email: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Password


class PasswordRequest(Struct, forbid_unknown_fields=True):
    """A change of one's own password."""

    current: Password
    new: Password


class SignedInPerson(Struct):
    """Who is signed in, and what they may do.

    `must_change_password`: nothing else is open until they did.
    """

    id: str
    name: str
    email: str
    role: str
    must_change_password: bool
    permissions: list[str]


class SignedInCompany(Struct):
    """Where they are signed in; `time_zone` is the one that the company's days are told in."""

    marker: str
    name: str
    time_zone: str


class SessionAnswer(Struct):
    """A session: who, where, and the value of `x-csrf-token` for its changes."""

    person: SignedInPerson
    company: SignedInCompany
    csrf: str


def session_answer(person: Person, company: Company, csrf: str) -> SessionAnswer:
    """Shape a session for the wire."""
    return SessionAnswer(
        person=SignedInPerson(
            id=person.id,
            name=person.name,
            email=person.email,
            role=person.role,
            must_change_password=person.must_change_password,
            permissions=sorted(PERMISSIONS[Role(person.role)]),
        ),
        company=SignedInCompany(company.marker, company.name, settings_of(company).time_zone),
        csrf=csrf,
    )
