"""What every documented operation declares beside its answer: the statuses it may refuse with."""

from __future__ import annotations

from typing import Any, TypedDict

from litestar import Response
from litestar.enums import MediaType
from litestar.openapi.datastructures import ResponseSpec

from rapport.core.http.errors import ErrorResponse

MEANING = {
    400: "Malformed or invalid request",
    401: "Missing or wrong credentials",
    403: "Credentials lack access",
    404: "Unknown resource",
    405: "The method is not offered here",
    409: "Conflicting state",
    413: "Body too large",
    422: "Readable, and not possible",
    429: "Rate limit reached",
    500: "Server failure",
    503: "Service unavailable",
}


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the OpenAPI responses of the statuses an operation may refuse with; 0 of them: the usual ones."""
    chosen = statuses or (400, 401, 403, 404, 409, 413, 429, 503)
    return {
        status: ResponseSpec(ErrorResponse, generate_examples=False, description=MEANING[status])
        for status in chosen
    }


class _WithoutBody(TypedDict):
    status_code: int
    media_type: MediaType


# What the route of such a call declares, beside answering with `nothing`.
WITHOUT_BODY: _WithoutBody = {"status_code": 200, "media_type": MediaType.TEXT}


def nothing() -> Response[None]:
    """Return the answer of a documented call that answers 200 without a body."""
    empty: Any = Response(b"", media_type=MediaType.TEXT)
    answer: Response[None] = empty
    return answer
