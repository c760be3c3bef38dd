"""`rapport users`: companies and their people, for whoever runs the installation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from msgspec import Struct

from rapport.accounts import create_company, operator
from rapport.accounts.companies.access import company_by_marker
from rapport.accounts.people import service
from rapport.accounts.people.access import every_person_of, person_named
from rapport.accounts.people.models import Person
from rapport.accounts.people.schemas import (
    PersonDetails,
    PersonWithPassword,
    details,
    with_password,
)
from rapport.accounts.people.service import Newcomer, Tools
from rapport.commands.installation import AsJson, run, tell, tell_table
from rapport.core.identity import Role
from rapport.core.node import Node

app = typer.Typer(
    help="Companies and their people: create, list, invite, disable, unlock.",
    no_args_is_help=True,
)

Marker = Annotated[str, typer.Argument(help="The company's marker, such as acme.")]
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


class OpenedAccount(Struct):
    """A new account as the command prints it; passwords and secret cannot be shown again."""

    organization: str
    name: str
    admin: PersonWithPassword
    developer: PersonWithPassword
    team_id: str
    app_id: str
    api_id: str
    api_secret: str


@app.command("create-company")
def create_company_command(
    organization: Annotated[
        str, typer.Argument(help="The marker: lower-case letters, digits, hyphens.")
    ],
    name: Annotated[str, typer.Option(help="The company's name as people read it.")],
    admin: Annotated[str, typer.Option(help="E-mail of the first administrator.")],
    developer: Annotated[str, typer.Option(help="E-mail of the first developer.")],
    as_json: AsJson = False,
) -> None:
    """Open an account: administrator, developer, sandbox team, app and first API key."""

    async def use_case(node: Node) -> OpenedAccount:
        async with node.database.writing() as session:
            account = await create_company(session, organization, name, admin, developer)
        team, app_, key = account.sandbox
        return OpenedAccount(
            organization=account.company.marker,
            name=account.company.name,
            admin=PersonWithPassword(details(account.admin.person), account.admin.password),
            developer=PersonWithPassword(
                details(account.developer.person), account.developer.password
            ),
            team_id=team.id,
            app_id=app_.id,
            api_id=key.key.id,
            api_secret=key.secret,
        )

    opened = run(use_case)
    tell(
        opened,
        as_json,
        f"Organization:       {opened.organization} ({opened.name})",
        f"Administrator:      {opened.admin.person.email}   {opened.admin.password}",
        f"Developer:          {opened.developer.person.email}   {opened.developer.password}",
        f"rapport-api-id:     {opened.api_id}   (sandbox)",
        f"rapport-api-secret: {opened.api_secret}",
        "Keep these now: they cannot be shown again. Passwords are changed at the first sign-in.",
    )


@app.command("list")
def list_people(organization: Marker, as_json: AsJson = False) -> None:
    """List a company's people."""

    async def use_case(node: Node) -> list[PersonDetails]:
        async with node.database.reading() as session:
            company = await company_by_marker(session, organization)
            people = await every_person_of(session, company.id)
            locks = await service.locks_of(session, operator(company.id), people)
            return [details(person, locks.get(person.id)) for person in people]

    found = run(use_case)
    columns = ("e-mail", "name", "role", "slots", "state")
    tell_table(found, as_json, columns, [_row(person) for person in found])


@app.command()
def invite(
    organization: Marker,
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    slots: Annotated[
        int, typer.Option(min=0, max=50, help="Conversations an agent serves at once.")
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Invite a person and print the one-time password, which cannot be shown again."""

    async def use_case(node: Node) -> PersonWithPassword:
        async with node.database.reading() as session:
            company = await company_by_marker(session, organization)
        newcomer = Newcomer(email, name, role, slots)
        invited = await service.invite(node.database, operator(company.id), [newcomer])
        return with_password(invited[0])

    _tell_password(run(use_case), as_json)


@app.command("reset-password")
def reset_password(organization: Marker, email: Email, as_json: AsJson = False) -> None:
    """Give a person a one-time password again; their sessions end, a lock is lifted."""

    async def use_case(node: Node) -> PersonWithPassword:
        async with node.database.reading() as session:
            company = await company_by_marker(session, organization)
            person = await person_named(session, company.id, email)
        by = operator(company.id)
        return with_password(await service.reset_password(node.database, node.bus, by, person.id))

    _tell_password(run(use_case), as_json)


@app.command()
def disable(organization: Marker, email: Email, as_json: AsJson = False) -> None:
    """Shut a person out at once."""
    changed = run(_change(organization, email, service.disable))
    tell(changed, as_json, f"{changed.email} is disabled.")


@app.command()
def enable(organization: Marker, email: Email, as_json: AsJson = False) -> None:
    """Let a disabled person sign in again."""
    changed = run(_change(organization, email, service.enable))
    tell(changed, as_json, f"{changed.email} may sign in.")


@app.command()
def unlock(organization: Marker, email: Email, as_json: AsJson = False) -> None:
    """Lift the lock that failed attempts to sign in brought about."""
    changed = run(_change(organization, email, service.unlock))
    tell(changed, as_json, f"{changed.email} may try again.")


def _change(
    organization: str, email: str, change: Callable[[Tools, str], Awaitable[Person]]
) -> Callable[[Node], Awaitable[PersonDetails]]:
    async def use_case(node: Node) -> PersonDetails:
        async with node.database.writing() as session:
            company = await company_by_marker(session, organization)
            person = await person_named(session, company.id, email)
            tools = Tools(session, operator(company.id), node.log, node.bus)
            return details(await change(tools, person.id))

    return use_case


def _tell_password(invited: PersonWithPassword, as_json: bool) -> None:
    tell(
        invited,
        as_json,
        f"{invited.person.email}   {invited.password}",
        "Keep the password now: it cannot be shown again. It is changed at the first sign-in.",
    )


def _row(person: PersonDetails) -> tuple[str, ...]:
    state = "disabled" if not person.enabled else "locked" if person.locked_until else "active"
    return (person.email, person.name, person.role, str(person.slots), state)
