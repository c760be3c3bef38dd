"""The busiest routes, served without what the framework does for routes in general.

    @busy_post("/things/{thing_id:str}/parts", status_code=200)
    async def add(self, thing_id: FromPath[str], data: JSONBody[Part], request: Request) -> Added: ...

    app = BusyRoutes(litestar)

Such a route is declared like any other, and the framework describes it and knows it. For a request as
most are, though, matching, injecting, converting and rendering in general cost more than storing a
message does (measured on one core: 290 of 640 microseconds a message). `BusyRoutes` stands before the
framework and does for these routes just what they need, with the same guards, the same function and the
same handlers of errors. A request that is out of the ordinary goes on to the framework, untouched.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Request, Response, post
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, HTTPException, SerializationException
from litestar.routes import HTTPRoute
from litestar.serialization import decode_json
from litestar.types import Receive, Scope, Send

from rapport.core.errors import RapportError
from rapport.core.http.errors import HANDLERS
from rapport.core.payloads import check_payload

_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")
_KINDS = (RapportError, HTTPException, Exception)
# Any other name of a host is for the framework to judge.
_USUAL_HOST = re.compile(rb"[0-9A-Za-z.:\[\]-]*")


class busy_post(post):  # noqa: N801 (named as the decorator it is)
    """A `post` with one parameter in its path, a JSON body `data` and the `request`, nothing else.

    Its guards get the handler itself instead of a copy made for every request.
    """

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Run every guard in scope, from the outermost inwards."""
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]


class _Route(NamedTuple):
    """A busy route: what stands before and after the parameter of its path, and who answers."""

    before: str
    after: str
    template: str
    parameter: str
    handler: busy_post
    body: msgspec.json.Decoder[Any]

    def parameter_in(self, path: str) -> str | None:
        """The parameter, when a path is this route's."""
        if not (path.startswith(self.before) and path.endswith(self.after)):
            return None
        value = path[len(self.before) : len(path) - len(self.after)]
        return value if value and "/" not in value else None


class BusyRoutes:
    """Serves the busy routes of an application itself and leaves everything else to it."""

    def __init__(self, app: Litestar, body_limit_bytes: int) -> None:
        self._app = app
        self._limit = body_limit_bytes
        self._routes = list(_busy_routes(app))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        request: Any = scope
        if request["type"] == "http" and request["method"] == "POST":
            for route in self._routes:
                parameter = route.parameter_in(request["path"])
                if parameter is not None and _is_usual(request):
                    await self._serve(route, parameter, request, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _serve(
        self, route: _Route, parameter: str, scope: Any, receive: Receive, send: Send
    ) -> None:
        message: Any = await receive()
        body = message.get("body", b"")
        if message.get("more_body") or not body or len(body) > self._limit:
            await self._app(scope, _again(message, receive), send)
            return
        scope["app"] = scope["litestar_app"] = self._app
        scope["path_params"] = {route.parameter: parameter}
        scope["path_template"] = route.template
        scope["route_handler"] = route.handler
        scope.setdefault("state", {})
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        try:
            answer = await _answer(route, parameter, request, body)
        except Exception as error:
            refusal = _refusal(request, error)
            await refusal.to_asgi_response(self._app, request)(scope, receive, send)
            return
        length = (b"content-length", str(len(answer)).encode())
        start: Any = {
            "type": "http.response.start",
            "status": route.handler.status_code,
            "headers": [_JSON, length],
        }
        await send(start)
        await send({"type": "http.response.body", "body": answer, "more_body": False})


async def _answer(
    route: _Route, parameter: str, request: Request[Any, Any, Any], body: bytes
) -> bytes:
    await route.handler.authorize_connection(request)
    check_payload(body)
    values: dict[str, Any] = {route.parameter: parameter, "request": request}
    try:
        values["data"] = route.body.decode(body)
    except msgspec.MsgspecError:
        values = _converted(route, values, request, body)
    return _encode(await route.handler.fn(**values))


def _converted(
    route: _Route, values: dict[str, Any], request: Request[Any, Any, Any], body: bytes
) -> dict[str, Any]:
    """What the framework makes of a body that is not plainly what it should be, or its refusal."""
    try:
        data = decode_json(body)
    except SerializationException as error:
        raise ClientException(str(error)) from error
    model: Any = route.handler.signature_model
    converted: dict[str, Any] = model.parse_values_from_connection_kwargs(
        connection=request, kwargs={**values, "data": data}
    )
    return converted


def _refusal(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    kind = next(each for each in _KINDS if isinstance(error, each))
    response: Response[Any] = HANDLERS[kind](request, error)
    return response


def _is_usual(scope: Any) -> bool:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return _USUAL_HOST.fullmatch(host) is not None


def _again(message: Any, receive: Receive) -> Receive:
    """A `receive` that gives once more what was taken."""
    taken = [message]

    async def give() -> Any:
        return taken.pop() if taken else await receive()

    return give


def _busy_routes(app: Litestar) -> Iterator[_Route]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if isinstance(handler, busy_post):
                before, _, rest = route.path.partition("{")
                parameter, _, after = rest.partition("}")
                name = parameter.partition(":")[0]
                taken = set(inspect.signature(handler.fn).parameters)
                if taken != {name, "data", "request"}:
                    raise TypeError(f"{handler.fn} is busy and asks for {taken}")
                data = handler.parsed_fn_signature.parameters["data"].annotation
                decoder = msgspec.json.Decoder(data)
                yield _Route(before, after, route.path_format, name, handler, decoder)
