"""`python -m tests.support.providers PORT`: the provider, until it is ended."""

from __future__ import annotations

import sys

import uvicorn
from litestar import Litestar, get

from tests.support.providers.oidc import OidcController
from tests.support.providers.saml import SamlController


@get("/healthz")
async def alive() -> dict[str, bool]:
    """Tell that the provider answers."""
    return {"alive": True}


# What went wrong in it is told in the answer: a test prints that.
app = Litestar(
    [alive, OidcController, SamlController], openapi_config=None, logging_config=None, debug=True
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
