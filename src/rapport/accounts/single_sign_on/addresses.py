"""The addresses that identity providers know of us: stable, and named by the company's marker.

The sandbox has its own, with `-sandbox` behind the marker (OpenID Connect) or the alias (SAML).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from litestar import Request

from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core.http.middleware import environment_of
from rapport.core.identity import Environment

SANDBOX_SUFFIX = "-sandbox"
_REALM = re.compile(r"standalone-(?P<marker>[a-z0-9-]{1,63})-auth")
# Where an application may be opened after signing in: our own pages, and nothing that a browser
# could take for another host.
_OURS = re.compile(r"/(?:desk|console|portal)(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
_LONGEST_PATH = 500


class Addresses(NamedTuple):
    """What an administrator tells the identity provider of one company in one environment."""

    sign_in: str
    oidc_callback: str
    saml_acs: str
    saml_metadata: str


def base_url(settings: SingleSignOnSettings, request: Request[Any, Any, Any]) -> str:
    """Return where browsers reach the request's environment, without a slash at the end."""
    is_sandbox = environment_of(request.scope) is Environment.SANDBOX
    configured = settings.sandbox_url if is_sandbox else settings.production_url
    return configured or str(request.base_url).rstrip("/")


def addresses_of(base: str, marker: str, environment: Environment) -> Addresses:
    """Return a company's addresses in an environment (CMP-246, CMP-249)."""
    suffix = SANDBOX_SUFFIX if environment is Environment.SANDBOX else ""
    broker = f"{base}/auth/realms/standalone-{marker}-auth/broker/saml{suffix}/endpoint"
    return Addresses(
        sign_in=f"{base}/auth/v1/sign-in/{marker}",
        oidc_callback=f"{base}/auth/v1/callback/{marker}{suffix}",
        saml_acs=f"{broker}/clients/asapp-saml{suffix}",
        saml_metadata=f"{broker}/descriptor",
    )


def marker_of_callback(named: str, environment: Environment) -> str:
    """Return the company's marker in a callback path; it must be of the host's environment."""
    if environment is Environment.PRODUCTION:
        if named.endswith(SANDBOX_SUFFIX):
            raise _elsewhere()
        return named
    if not named.endswith(SANDBOX_SUFFIX):
        raise _elsewhere()
    return named.removesuffix(SANDBOX_SUFFIX)


def marker_of_realm(
    realm: str, alias: str, environment: Environment, client: str | None = None
) -> str:
    """Return the company's marker in a SAML path; alias and client must be of the environment."""
    suffix = SANDBOX_SUFFIX if environment is Environment.SANDBOX else ""
    found = _REALM.fullmatch(realm)
    if not found or alias != f"saml{suffix}" or client not in {None, f"asapp-saml{suffix}"}:
        raise _elsewhere()
    return found["marker"]


def own_path(path: str) -> str:
    """Return a path of our own pages. Raises SingleSignOnRefused for every other address."""
    if len(path) > _LONGEST_PATH or not _OURS.fullmatch(path):
        raise SingleSignOnRefused(Problem.FAILED, "return_to is no page of ours")
    return path


def _elsewhere() -> SingleSignOnRefused:
    return SingleSignOnRefused(Problem.NOT_CONFIGURED, "the address is not one of this environment")
