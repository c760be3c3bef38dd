"""Accounts: companies, people, sign-in, the developer portal, API keys and the audit log."""

from rapport.accounts.audit.routes import controllers as _audit
from rapport.accounts.companies.routes import controllers as _companies
from rapport.accounts.onboarding.service import NewAccount, create_company, operator
from rapport.accounts.people.routes import controllers as _people
from rapport.accounts.portal.routes import controllers as _portal
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.routes import controllers as _sign_in
from rapport.accounts.single_sign_on.browser import controllers as _through_providers
from rapport.accounts.single_sign_on.providers import Providers
from rapport.accounts.single_sign_on.routes import controllers as _single_sign_on
from rapport.accounts.single_sign_on.service import Tools as SingleSignOn
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings

controllers = [
    *_sign_in,
    *_through_providers,
    *_single_sign_on,
    *_people,
    *_companies,
    *_audit,
    *_portal,
]
sections = (AccountsSettings, SingleSignOnSettings)

__all__ = [
    "AccountsSettings",
    "NewAccount",
    "Providers",
    "SingleSignOn",
    "SingleSignOnSettings",
    "controllers",
    "create_company",
    "operator",
    "sections",
]
