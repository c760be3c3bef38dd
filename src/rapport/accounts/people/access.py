"""The only way to load people: within the caller's company."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.people.models import Person
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, Role


async def person_of(session: AsyncSession, caller: Caller, person_id: str) -> Person:
    """Return a person of the caller's company. Raises NotFound, also for other people."""
    person = await session.get(Person, person_id)
    if person is None or person.company_id != caller.scope.company_id:
        raise NotFound(what="person")
    return person


async def person_by_email(session: AsyncSession, company_id: str, email: str) -> Person | None:
    """Return who has an e-mail address in a company, whatever its case."""
    return await session.scalar(
        select(Person).where(Person.company_id == company_id, Person.email == canonical(email))
    )


async def person_named(session: AsyncSession, company_id: str, email: str) -> Person:
    """Return who has an e-mail address in a company, for the operator. Raises NotFound."""
    person = await person_by_email(session, company_id, email)
    if person is None:
        raise NotFound(what="person")
    return person


async def every_person_of(session: AsyncSession, company_id: str) -> Sequence[Person]:
    """Return everybody in a company, oldest first, for the operator."""
    everybody = select(Person).where(Person.company_id == company_id).order_by(Person.id)
    return (await session.scalars(everybody)).all()


async def people_of(
    session: AsyncSession,
    caller: Caller,
    *,
    search: str | None = None,
    role: Role | None = None,
    limit: int,
    cursor: str | None = None,
) -> tuple[Sequence[Person], str | None]:
    """Return a page of the company's people, oldest first, and the cursor of the next."""
    query = select(Person).where(Person.company_id == caller.scope.company_id)
    if search:
        wanted = search.lower()
        query = query.where(
            or_(
                Person.email.contains(wanted, autoescape=True),
                func.lower(Person.name).contains(wanted, autoescape=True),
            )
        )
    if role is not None:
        query = query.where(Person.role == role)
    if cursor is not None:
        query = query.where(Person.id > cursor)
    found = list(await session.scalars(query.order_by(Person.id).limit(limit + 1)))
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


async def is_last_administrator(session: AsyncSession, person: Person) -> bool:
    """Tell whether a company would have nobody to manage it without this person."""
    if person.role != Role.ADMINISTRATOR or not person.enabled:
        return False
    others = select(func.count()).where(
        Person.company_id == person.company_id,
        Person.role == Role.ADMINISTRATOR,
        Person.enabled,
        Person.id != person.id,
    )
    return await session.scalar(others) == 0


def canonical(email: str) -> str:
    """Return the one spelling under which an e-mail address is kept."""
    return email.strip().lower()
