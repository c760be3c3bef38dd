"""What is done with companies: create, switch products, change what they have set."""

from __future__ import annotations

import re

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.changes import Changed, announce
from rapport.accounts.companies.models import Company
from rapport.accounts.companies.products import DEFAULT_PRODUCTS, PRODUCTS
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, Environment
from rapport.core.ids import new_id

# It becomes part of host names, SSO callback paths and file transfer users.
_MARKER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# In those addresses `acme-sandbox` is the sandbox of `acme`.
_RESERVED = "-sandbox"


class MarkerTaken(Conflict):
    """Another company has this marker."""

    sentence = "Conflict: there is a company with the marker {marker}"


class CompanySettings(msgspec.Struct, frozen=True):
    """What a company has set for itself, with what holds until it does."""

    greeting: str = ""
    always_redact: tuple[str, ...] = ()
    time_zone: str = "UTC"


def settings_of(company: Company) -> CompanySettings:
    """Return a company's own settings."""
    return msgspec.convert(company.settings, CompanySettings)


async def create(session: WriteSession, *, marker: str, name: str) -> Company:
    """Create a company with the default products in both environments (PLT-008, PLT-159).

    Raises Invalid for a marker that is no host-name label, and MarkerTaken.
    """
    if not _MARKER.fullmatch(marker) or marker.endswith(_RESERVED):
        raise Invalid(
            path="/marker",
            problem="must be lower-case letters, digits and hyphens, at most 63, "
            f"and not end in {_RESERVED}",
        )
    if await session.scalar(select(Company.id).where(Company.marker == marker)):
        raise MarkerTaken(marker=marker)
    company = Company(
        id=new_id(),
        marker=marker,
        name=name,
        products={environment: sorted(DEFAULT_PRODUCTS) for environment in Environment},
        settings={},
        created_at=clock.now(),
    )
    session.add(company)
    try:
        await session.flush()
    except IntegrityError:  # somebody else was quicker, on another node
        raise MarkerTaken(marker=marker) from None
    return company


def switch_product(
    session: WriteSession,
    caller: Caller,
    bus: Bus,
    company: Company,
    product: str,
    *,
    on: bool,
) -> None:
    """Switch a product on or off in the caller's environment (PLT-020, PLT-021).

    It holds for every key of the company there, from the next request on. Raises Invalid for a
    product that does not exist.
    """
    if product not in PRODUCTS:
        raise Invalid(path="/product", problem=f"must be one of {', '.join(sorted(PRODUCTS))}")
    environment = caller.scope.environment
    held = set(company.products.get(environment, ()))
    wanted = held | {product} if on else held - {product}
    if wanted == held:
        return
    company.products = {**company.products, environment: sorted(wanted)}
    announce(session, bus, Changed.COMPANY, company.id)
    record(
        session,
        caller,
        AuditEvent.DEPLOY if on else AuditEvent.UNDEPLOY,
        Resource("product", product),
        environment=environment,
    )


def change_settings(
    session: WriteSession, caller: Caller, bus: Bus, company: Company, settings: CompanySettings
) -> CompanySettings:
    """Replace what a company has set for itself."""
    if settings == settings_of(company):
        return settings
    company.settings = msgspec.to_builtins(settings)
    announce(session, bus, Changed.COMPANY, company.id)
    record(session, caller, AuditEvent.UPDATE, Resource("company", company.name, company.id))
    return settings
