"""The cookie in which a browser keeps its session."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from rapport.accounts.sign_in.sessions import COOKIE


def session_cookie(request: Request[Any, Any, Any], token: str, max_age: int) -> Cookie:
    """Return the cookie of a session, closed to scripts and to other sites; age 0 ends it."""
    return Cookie(
        COOKIE,
        value=token,
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
    )
