"""The wire shapes of a company's own settings."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from msgspec import Meta, Struct

from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import CompanySettings, settings_of
from rapport.core.errors import Invalid
from rapport.core.identity import Environment

Word = Annotated[str, Meta(min_length=1, max_length=200)]


class CompanyDetails(Struct):
    """A company as its administrators see it; `products` are switched by the operator."""

    marker: str
    name: str
    greeting: str
    always_redact: list[str]
    time_zone: str
    products: dict[Environment, list[str]]


class CompanyChange(Struct, forbid_unknown_fields=True):
    """A change of a company's settings; what is absent stays."""

    greeting: Annotated[str, Meta(max_length=500)] | None = None
    always_redact: Annotated[list[Word], Meta(max_length=200)] | None = None
    time_zone: str | None = None


def company_details(company: Company) -> CompanyDetails:
    """Shape a company for the wire."""
    settings = settings_of(company)
    return CompanyDetails(
        marker=company.marker,
        name=company.name,
        greeting=settings.greeting,
        always_redact=list(settings.always_redact),
        time_zone=settings.time_zone,
        products={e: list(company.products.get(e, ())) for e in Environment},
    )


def changed(before: CompanySettings, change: CompanyChange) -> CompanySettings:
    """Return the settings after a change. Raises Invalid for an unknown time zone."""
    if change.time_zone is not None and change.time_zone not in available_timezones():
        raise Invalid(path="/time_zone", problem="is no IANA time zone")
    words = before.always_redact if change.always_redact is None else tuple(change.always_redact)
    return CompanySettings(
        greeting=before.greeting if change.greeting is None else change.greeting,
        always_redact=words,
        time_zone=change.time_zone or before.time_zone,
    )
