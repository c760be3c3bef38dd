"""The served contract: one OpenAPI document, the same one cut by service, and a page to browse it.

The document is generated from the running routes, so it cannot describe others (PLT-022, PLT-157).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from litestar import Request, Router
from litestar.datastructures import ResponseHeader
from litestar.enums import MediaType, OpenAPIMediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from rapport.core.http.contract import MEANING

Schema = dict[str, Any]

# The files under which integrators know the services, and where the routes of each begin.
SERVICES: Mapping[str, str] = {
    "autocompose": "/autocompose/",
    "conversations": "/conversation/",
    "healthcheck": "/v1/health",
    "partner-configuration": "/configuration/",
}

_ROOT = "/schema"
_ASSETS = "/schema-assets"
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_PAGE = f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rapport API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="{_ASSETS}/swagger-ui.css">
    <script defer src="{_ASSETS}/swagger-ui-bundle.js"></script>
    <script defer src="{_ASSETS}/swagger-ui-standalone-preset.js"></script>
    <script type="module" src="{_ASSETS}/start.js"></script>
  </head>
  <body>
    <main id="contract"></main>
  </body>
</html>
"""

_KEY: list[Schema] = [{"ApiId": [], "ApiSecret": []}]
_PERSON: list[Schema] = [{"Session": [], "Csrf": []}]
_CUSTOMER: list[Schema] = [{"CustomerToken": []}]
# By whom the routes that do not ask for a key are called; the first beginning that fits counts.
_CALLERS: Mapping[str, list[Schema]] = {
    "/accounts/v1/sign-in": [],
    "/chat/v1/sessions": [],
    "/chat/": _CUSTOMER,
    "/live/": [*_PERSON, *_CUSTOMER],
    "/autocompose/": [*_KEY, *_PERSON],
    **dict.fromkeys(("/accounts/", "/console/", "/desk/", "/portal/"), _PERSON),
}
_METHODS = ("get", "post", "put", "patch", "delete")
_SNAKE = re.compile(r"_([a-z])")


def openapi_config() -> OpenAPIConfig:
    """Describe the contract, and serve it under `/schema`; its page loads nothing from other hosts."""
    return OpenAPIConfig(
        title="Rapport",
        version="1",
        description="Conversations, messages, suggestions, configuration and live delivery.",
        components=Components(
            security_schemes={
                "ApiId": _in_header("asapp-api-id"),
                "ApiSecret": _in_header("asapp-api-secret"),
                "Session": SecurityScheme(
                    type="apiKey", name="rapport_session", security_scheme_in="cookie"
                ),
                "Csrf": _in_header("x-csrf-token"),
                "CustomerToken": SecurityScheme(type="http", scheme="bearer"),
            }
        ),
        security=_KEY,
        openapi_router=Router(
            _ROOT,
            route_handlers=[],
            include_in_schema=False,
            response_headers=[ResponseHeader(name="content-security-policy", value=_POLICY)],
        ),
        render_plugins=[
            _Page(),
            _Document("/openapi.json", OpenAPIMediaType.OPENAPI_JSON, published),
            _Document("/services", MediaType.JSON, lambda _: _listed()),
            *(_service(name) for name in SERVICES),
        ],
    )


def published(schema: Schema) -> Schema:
    """Return the generated document as it is served: wire names in paths, our errors, who may call."""
    paths = {_wire(path): item for path, item in schema["paths"].items()}
    for path, operation in _operations(paths):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                parameter["name"] = _wire(parameter["name"])
        _document_refusals(operation)
        _say_if_optional(operation.get("requestBody", {}))
        for beginning, callers in _CALLERS.items():
            if path.startswith(beginning):
                operation["security"] = callers
                break
    return {**schema, "paths": paths}


def of_service(document: Schema, name: str) -> Schema:
    """Return what a published document says of one service, with the components that it needs."""
    begins = SERVICES[name]
    paths = {path: item for path, item in document["paths"].items() if path.startswith(begins)}
    schemas = document["components"]["schemas"]
    needed: set[str] = set()
    waiting = list(_references(paths))
    while waiting:
        found = waiting.pop()
        if found not in needed:
            needed.add(found)
            waiting += _references(schemas[found])
    keys = {name: document["components"]["securitySchemes"][name] for name in _KEY[0]}
    return {
        **document,
        "info": {**document["info"], "title": f"Rapport: {name}"},
        "paths": paths,
        "components": {
            "schemas": {name: schemas[name] for name in sorted(needed)},
            "securitySchemes": keys,
        },
    }


class _Document(OpenAPIRenderPlugin):
    """A document made from the generated one when it is first asked for."""

    def __init__(
        self, path: str, media_type: MediaType | OpenAPIMediaType, made: Callable[[Schema], Any]
    ) -> None:
        super().__init__(path=path, media_type=media_type)
        self._made = made
        self._rendered: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: Schema) -> bytes:
        if self._rendered is None:
            # A copy: what is generated belongs to all that is made from it.
            copy = msgspec.json.decode(self.render_json(request, openapi_schema))
            is_yaml = self.media_type is OpenAPIMediaType.OPENAPI_YAML
            encode = msgspec.yaml.encode if is_yaml else msgspec.json.encode
            self._rendered = encode(self._made(copy))
        return self._rendered


class _Page(OpenAPIRenderPlugin):
    """The page on which the contract is read and tried."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(
        self,
        request: Request[Any, Any, Any],  # noqa: ARG002
        openapi_schema: Schema,  # noqa: ARG002
    ) -> bytes:
        return _PAGE.encode()


def _service(name: str) -> _Document:
    return _Document(
        f"/services/{name}.yaml",
        OpenAPIMediaType.OPENAPI_YAML,
        lambda schema: of_service(published(schema), name),
    )


def _listed() -> Schema:
    return {"items": [{"name": name, "url": f"{_ROOT}/services/{name}.yaml"} for name in SERVICES]}


def _in_header(name: str) -> SecurityScheme:
    return SecurityScheme(type="apiKey", name=name, security_scheme_in="header")


def _wire(name: str) -> str:
    return _SNAKE.sub(lambda found: found[1].upper(), name)


def _operations(paths: Schema) -> Iterator[tuple[str, Schema]]:
    for path, item in paths.items():
        for method in _METHODS:
            if method in item:
                yield path, item[method]


def _document_refusals(operation: Schema) -> None:
    """Whatever takes a value may refuse it, always with our envelope."""
    refusals = []
    if operation.get("parameters") or "requestBody" in operation:
        refusals.append(400)
    if "requestBody" in operation:
        refusals.append(413)
    for status in refusals:
        schema = {"$ref": "#/components/schemas/ErrorResponse"}
        operation["responses"][str(status)] = {
            "description": MEANING[status],
            "content": {"application/json": {"schema": schema}},
        }


def _say_if_optional(body: Schema) -> None:
    """A body that may be null may be left out."""
    for content in body.get("content", {}).values():
        if {"type": "null"} in content["schema"].get("oneOf", ()):
            body["required"] = False


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(found := value.get("$ref"), str):
            yield found.rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
