"""`/console/v1/company`: what a company has set for itself."""

from __future__ import annotations

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from rapport.accounts.companies import service
from rapport.accounts.companies.access import company_of
from rapport.accounts.companies.schemas import (
    CompanyChange,
    CompanyDetails,
    changed,
    company_details,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission


class CompanyController(Controller):
    """The caller's own company."""

    path = "/console/v1/company"
    tags = ("Company",)
    guards = (requires(Permission.MANAGE_CONFIGURATION),)

    @get(responses=refusals(401, 403))
    async def show(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> CompanyDetails:
        """Show the company and its settings."""
        return company_details(await company_of(reading, caller))

    @patch(responses=refusals(400, 401, 403))
    async def change(
        self,
        data: JSONBody[CompanyChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        bus: NamedDependency[Bus],
    ) -> CompanyDetails:
        """Change the company's settings."""
        company = await company_of(session, caller)
        wanted = changed(service.settings_of(company), data)
        service.change_settings(session, caller, bus, company, wanted)
        return company_details(company)


controllers = [CompanyController]
