"""`rapport keys`: the API keys of every company, for whoever runs the installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts import operator
from rapport.accounts.companies.access import company_by_marker
from rapport.accounts.companies.models import Company
from rapport.accounts.companies.products import PRODUCTS
from rapport.accounts.companies.schemas import CompanyDetails, company_details
from rapport.accounts.companies.service import switch_product
from rapport.accounts.portal import keys
from rapport.accounts.portal.access import app_of_company, key_of_installation, keys_of_company
from rapport.accounts.portal.keys import LimitChange
from rapport.accounts.portal.models import ApiKey
from rapport.accounts.portal.schemas import (
    KeyDetails,
    KeyWithSecret,
    key_details,
    key_with_secret,
)
from rapport.commands.installation import AsJson, run, tell, tell_table
from rapport.core.clock import wire
from rapport.core.identity import Caller, Environment
from rapport.core.node import Node

app = typer.Typer(
    help="API keys: list, create, rotate, revoke, limit.",
    no_args_is_help=True,
)

Marker = Annotated[str, typer.Argument(help="The company's marker, such as acme.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, sent as rapport-api-id.")]
InEnvironment = Annotated[
    Environment, typer.Option("--environment", "-e", help="Which of the two.")
]


@app.command("list")
def list_keys(organization: Marker, as_json: AsJson = False) -> None:
    """List a company's keys in both environments, revoked ones included."""

    async def use_case(node: Node) -> list[KeyDetails]:
        async with node.database.reading() as session:
            company = await company_by_marker(session, organization)
            return [key_details(key) for key in await keys_of_company(session, company.id)]

    found = run(use_case)
    columns = ("id", "environment", "name", "rate/s", "burst", "daily", "state", "created")
    tell_table(found, as_json, columns, [_row(key) for key in found])


@app.command()
def create(
    organization: Marker,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    environment: InEnvironment = Environment.SANDBOX,
    app_id: Annotated[
        str | None, typer.Option("--app", help="The app's id; else the environment's first app.")
    ] = None,
    product: Annotated[
        list[str] | None,
        typer.Option(help="Narrow the key to this product; repeat for more."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a key and print its secret, which cannot be shown again."""

    async def use_case(node: Node) -> KeyWithSecret:
        async with node.database.writing() as session:
            company = await company_by_marker(session, organization)
            app, team = await app_of_company(session, company.id, environment, app_id)
            by = operator(company.id, environment)
            new = await keys.create(session, by, app, team, name=name, products=product)
        return key_with_secret(new)

    _tell_secret(run(use_case), as_json)


@app.command()
def rotate(
    key_id: KeyId,
    grace_hours: Annotated[
        float, typer.Option("--grace", min=0, help="Hours for which the old secret works on.")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Give a key another secret and print it; it cannot be shown again."""

    async def use_case(node: Node) -> KeyWithSecret:
        async with node.database.writing() as session:
            key, by = await _key(session, key_id)
            grace = timedelta(hours=grace_hours)
            new = keys.rotate(session, by, node.bus, key, grace=grace)
        return key_with_secret(new)

    _tell_secret(run(use_case), as_json)


@app.command()
def revoke(
    key_id: KeyId,
    reason: Annotated[str, typer.Option(help="Stands in the notice to the company.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key's calls fail, for good; the company is left a notice."""

    async def use_case(node: Node) -> KeyDetails:
        async with node.database.writing() as session:
            key, by = await _key(session, key_id)
            await keys.revoke(session, by, node.log, node.bus, key, reason=reason)
        return key_details(key)

    tell(run(use_case), as_json, f"The key {key_id} is revoked.")


@app.command()
def limit(
    key_id: Annotated[str | None, typer.Argument(help="One key; or name a company.")] = None,
    organization: Annotated[
        str | None, typer.Option(help="Every key of this company in the environment.")
    ] = None,
    environment: InEnvironment = Environment.PRODUCTION,
    rate: Annotated[float | None, typer.Option(min=0.1, help="Requests a second.")] = None,
    burst: Annotated[int | None, typer.Option(min=1, help="Requests at once.")] = None,
    daily: Annotated[
        int | None, typer.Option(min=0, help="Requests a day; 0 for no limit.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Raise or lower how much a key, or all keys of a company, may ask for; the rest stays."""
    if (key_id is None) == (organization is None):
        raise typer.BadParameter("name either a key or --organization")
    wanted = LimitChange(rate, burst, daily)

    async def use_case(node: Node) -> list[KeyDetails]:
        async with node.database.writing() as session:
            chosen = await _chosen(session, key_id, organization, environment)
            for key in chosen:
                by = operator(key.company_id, Environment(key.environment))
                keys.limit(session, by, node.bus, key, wanted)
            return [key_details(key) for key in chosen]

    changed = run(use_case)
    tell(changed, as_json, *(_allowance(key) for key in changed))


@app.command()
def product(
    organization: Marker,
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(PRODUCTS))}.")],
    off: Annotated[bool, typer.Option("--off", help="Switch it off instead of on.")] = False,
    environment: InEnvironment = Environment.PRODUCTION,
    as_json: AsJson = False,
) -> None:
    """Switch a product on or off for a company's keys in one environment."""

    async def use_case(node: Node) -> CompanyDetails:
        async with node.database.writing() as session:
            company: Company = await company_by_marker(session, organization)
            by = operator(company.id, environment)
            switch_product(session, by, node.bus, company, name, on=not off)
        return company_details(company)

    state = "off" if off else "on"
    tell(run(use_case), as_json, f"{name} is {state} for {organization} in {environment}.")


async def _key(session: AsyncSession, key_id: str) -> tuple[ApiKey, Caller]:
    key = await key_of_installation(session, key_id)
    return key, operator(key.company_id, Environment(key.environment))


async def _chosen(
    session: AsyncSession, key_id: str | None, organization: str | None, environment: Environment
) -> list[ApiKey]:
    if key_id is not None:
        return [await key_of_installation(session, key_id)]
    company = await company_by_marker(session, organization or "")
    every = await keys_of_company(session, company.id, environment)
    return [key for key in every if key.revoked_at is None]


def _tell_secret(new: KeyWithSecret, as_json: bool) -> None:
    tell(
        new,
        as_json,
        f"rapport-api-id:     {new.key.id}",
        f"rapport-api-secret: {new.secret}",
        "Keep the secret now: it cannot be shown again.",
    )


def _allowance(key: KeyDetails) -> str:
    daily = key.daily_quota or "any number"
    rate = f"{key.rate_per_second:g} a second, {key.burst} at once, {daily} a day"
    return f"{key.id} ({key.name}): {rate}"


def _row(key: KeyDetails) -> tuple[str, ...]:
    return (
        key.id,
        key.environment,
        key.name,
        f"{key.rate_per_second:g}",
        str(key.burst),
        str(key.daily_quota or "-"),
        "revoked" if key.revoked_at else "active",
        wire(key.created_at)[:10],
    )
