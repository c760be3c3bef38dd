"""Accounts: companies, people, sign-in, the developer portal, API keys and the audit log."""

from rapport.accounts.audit.routes import controllers as _audit
from rapport.accounts.companies.routes import controllers as _companies
from rapport.accounts.onboarding.service import NewAccount, create_company, operator
from rapport.accounts.people.routes import controllers as _people
from rapport.accounts.portal.routes import controllers as _portal
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.routes import controllers as _sign_in

controllers = [*_sign_in, *_people, *_companies, *_audit, *_portal]

__all__ = ["AccountsSettings", "NewAccount", "controllers", "create_company", "operator"]
