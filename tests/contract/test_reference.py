"""The served contract says of every documented operation what the reference says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from rapport.contract import SERVICES
from tests.contract.operations import DOCUMENTED, Operation
from tests.support.company import TestCompany
from tests.support.server import Running

pytestmark = pytest.mark.api

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def contract(server: Running) -> Schema:
    document: Schema = httpx.get(f"{server.address}/schema/openapi.json").json()
    return document


def operation_of(contract: Schema, wanted: Operation) -> Schema:
    found: Schema = contract["paths"][wanted.path][wanted.method]
    return found


def schema_of(message: Schema) -> Schema:
    found: Schema = message["content"]["application/json"]["schema"]
    return found


def resolved(contract: Schema, schema: Schema) -> Schema:
    """Return what a schema means, past references, lists and the choice of null."""
    while True:
        if "$ref" in schema:
            schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "items" in schema:
            schema = schema["items"]
        elif structured := [s for s in schema.get("oneOf", ()) if "$ref" in s or "items" in s]:
            schema = structured[0]
        else:
            return schema


def fields(contract: Schema, schema: Schema, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Return every property by its path, and whether its object must have it."""
    found = resolved(contract, schema)
    for name, inner in found.get("properties", {}).items():
        yield f"{prefix}{name}", name in found.get("required", ())
        yield from fields(contract, inner, f"{prefix}{name}.")


@pytest.mark.parametrize("operation_id", sorted(DOCUMENTED))
def test_an_operation_is_as_the_reference_has_it(contract: Schema, operation_id: str) -> None:
    wanted = DOCUMENTED[operation_id]
    operation = operation_of(contract, wanted)

    assert operation["operationId"] == operation_id
    parameters = operation.get("parameters", ())
    in_path = {each["name"] for each in parameters if each["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", wanted.path))
    assert wanted.query <= {each["name"] for each in parameters if each["in"] == "query"}
    assert str(wanted.success) in operation["responses"]
    documented = {int(status) for status in operation["responses"]}
    assert wanted.refused <= documented


@pytest.mark.parametrize(
    "operation_id", sorted(name for name, each in DOCUMENTED.items() if each.accepted)
)
def test_a_request_is_as_the_reference_has_it(contract: Schema, operation_id: str) -> None:
    wanted = DOCUMENTED[operation_id]
    body = operation_of(contract, wanted)["requestBody"]
    found = dict(fields(contract, schema_of(body)))

    assert set(found) == wanted.accepted
    assert {name for name, is_required in found.items() if is_required} == wanted.required
    assert body["required"] is (operation_id != "getSuggestions")


@pytest.mark.parametrize(
    "operation_id", sorted(name for name, each in DOCUMENTED.items() if each.answered)
)
def test_an_answer_has_what_the_reference_has(contract: Schema, operation_id: str) -> None:
    wanted = DOCUMENTED[operation_id]
    answer = operation_of(contract, wanted)["responses"][str(wanted.success)]
    found = {name for name, _ in fields(contract, schema_of(answer))}

    assert wanted.answered <= found


# The reference does not say what a batch is answered with; here it is the messages' ids.
_WITHOUT_BODY = {
    name for name, each in DOCUMENTED.items() if each.success == 200 and not each.answered
} - {"createBatchMessages"}


@pytest.mark.parametrize("operation_id", sorted(_WITHOUT_BODY))
def test_an_answer_without_a_body_says_so(contract: Schema, operation_id: str) -> None:
    answer = operation_of(contract, DOCUMENTED[operation_id])["responses"]["200"]

    assert set(answer.get("content", ())) == {"text/plain"}


def test_every_refusal_is_the_envelope(contract: Schema) -> None:
    for path, item in contract["paths"].items():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    envelope = {"$ref": "#/components/schemas/ErrorResponse"}
                    assert schema_of(answer) == envelope, (path, status)
    names = {name for name, _ in fields(contract, {"$ref": "#/c/ErrorResponse"})}
    assert names == {"error", "error.requestId", "error.message", "error.code"}


def test_the_contract_tells_who_may_call(contract: Schema) -> None:
    def callers(method: str, path: str) -> set[str]:
        security = contract["paths"][path][method].get("security", contract["security"])
        return {name for each in security for name in each}

    assert callers("get", "/v1/health") == {"ApiId", "ApiSecret"}
    assert callers("get", "/console/v1/people") == {"Session", "Csrf"}
    assert callers("post", "/accounts/v1/sign-in") == set()
    assert callers("get", "/chat/v1/conversations") == {"CustomerToken"}


async def test_each_service_has_its_document(contract: Schema, api: httpx.AsyncClient) -> None:
    listed = (await api.get("/schema/services")).json()["items"]
    assert {each["name"] for each in listed} == set(SERVICES)

    for each in listed:
        document = yaml.safe_load((await api.get(each["url"])).text)
        begins = SERVICES[each["name"]]
        expected = {path for path in contract["paths"] if path.startswith(begins)}
        assert set(document["paths"]) == expected
        assert expected
        for path in expected:
            assert document["paths"][path] == contract["paths"][path]
        used = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
        assert used == set(document["components"]["schemas"])
    keyed = {path for path in contract["paths"] if path.startswith(tuple(SERVICES.values()))}
    assert {each.path for each in DOCUMENTED.values()} <= keyed
    assert (await api.get("/schema/services/voice.yaml")).status_code == 404


async def test_every_described_route_runs(
    contract: Schema, api: httpx.AsyncClient, acme: TestCompany
) -> None:
    for path, item in contract["paths"].items():
        for method in item:
            address = re.sub(r"{\w+}", "01NONE", path)
            async with httpx.AsyncClient(base_url=acme.server.address) as nobody:
                if path.startswith("/live/"):
                    address += "?topic=conversation/01NONE"
                answer = await nobody.request(method, address)
            # Who is nobody gets as far as the guard of a route that exists.
            assert answer.status_code in {400, 401, 429}, (method, path, answer.text)
            assert "there is no route" not in answer.text
