"""The one place where an error becomes an answer: the documented envelope (PLT-011..014)."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from rapport.core.errors import Invalid, Malformed, NotFound, RapportError, TooLarge, TooMany
from rapport.core.http.middleware import request_id_of

log = structlog.get_logger(__name__)


class ErrorDetails(msgspec.Struct, rename="camel"):
    """What went wrong: an id to quote to support, a sentence, and a code for machines."""

    request_id: str
    message: str
    code: str


class ErrorResponse(msgspec.Struct):
    """The documented error body."""

    error: ErrorDetails


def refuse_with(request: Request[Any, Any, Any], error: RapportError) -> Response[ErrorResponse]:
    """Render an error raised on purpose."""
    request_id = request_id_of(request.scope)
    write = log.warning if error.status >= 500 else log.info
    write(
        "request_refused",
        request_id=request_id,
        status=error.status,
        error=error.name,
        code=error.code,
        path=_shown_path(request),
    )
    headers = {"x-rapport-error": error.name}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(max(1, round(error.facts.get("retry_after_seconds", 1))))
    body = ErrorResponse(ErrorDetails(request_id, error.message, error.code))
    return Response(body, status_code=error.status, headers=headers, media_type="application/json")


def _shown_path(request: Request[Any, Any, Any]) -> str:
    """Return the route's own path: what a caller puts into it may be anything (PLT-232)."""
    return request.scope.get("path_template") or "unknown"


def _framework_error(request: Request[Any, Any, Any], error: HTTPException) -> RapportError:
    """Translate an error of the framework into one of ours."""
    status = error.status_code
    if isinstance(error, ValidationException):
        return _validation_error(error)
    if status == 404:
        return NotFound(what=f"there is no route {request.scope['path']}")
    if status == 413:
        return TooLarge(limit=request.app.request_max_body_size or 0)
    if status == 400:
        return Malformed(problem=str(error.detail))
    return _other(status, str(error.detail))


def _other(status: int, detail: str) -> RapportError:
    shown = detail if status < 500 else "Internal server error"
    kind = type(
        "Refused", (RapportError,), {"status": status, "code": f"{status}-01", "sentence": shown}
    )
    refused: RapportError = kind()
    return refused


def _validation_error(error: ValidationException) -> RapportError:
    problems = error.extra if isinstance(error.extra, list) else []
    if not problems:
        return Malformed(problem=str(error.detail))
    first = problems[0]
    key, message = first.get("key", ""), first["message"]
    if key == "data" and message == "'data'":
        return Malformed(problem="the request has no body")
    return Invalid(path="/" + key.replace(".", "/"), problem=message)


def handle_refusal(request: Request[Any, Any, Any], error: RapportError) -> Response[ErrorResponse]:
    """Litestar's handler for our own errors."""
    return refuse_with(request, error)


def handle_framework(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[ErrorResponse]:
    """Litestar's handler for its own errors."""
    return refuse_with(request, _framework_error(request, error))


def handle_bug(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorResponse]:
    """Litestar's handler for everything else: logged once with its trace, its text never shown."""
    request_id = request_id_of(request.scope)
    log.error("request_failed", request_id=request_id, path=_shown_path(request), exc_info=error)
    sentence = "Internal server error; try again, and quote the requestId to support if it stays"
    body = ErrorResponse(ErrorDetails(request_id, sentence, RapportError.code))
    return Response(body, status_code=500, media_type="application/json")


HANDLERS: dict[Any, Any] = {
    RapportError: handle_refusal,
    HTTPException: handle_framework,
    Exception: handle_bug,
}
