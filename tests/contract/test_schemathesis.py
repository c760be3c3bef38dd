"""The served contract against the running server: what it documents is what happens, whatever is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from rapport.core.identity import Role
from tests.contract.operations import DOCUMENTED
from tests.support.company import TestCompany, make_company
from tests.support.server import Running

pytestmark = [
    pytest.mark.api,
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning"),
]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    unsupported_method,
    ignored_auth,
]
# Asks the server to do what the test itself needs undone, or for as long as it listens.
LEFT_OUT = {
    "/accounts/v1/password",
    "/accounts/v1/sign-in",
    "/accounts/v1/sign-out",
    "/console/v1/people/{personId}/disable",
    "/console/v1/people/{personId}/reset-password",
    "/chat/v1/sessions",
    "/live/v1/events",
}
PEOPLE = ("/accounts/", "/console/", "/desk/", "/portal/", "/chat/")


AnyCase = Case[Any]


class Known:
    """A company with something in it, so that not every id is unknown."""

    def __init__(self, company: TestCompany) -> None:
        self.company = company
        self.headers = company.headers
        with httpx.Client(base_url=company.server.address, headers=company.headers) as client:
            party = {"externalId": "c-1", "name": "Sam"}
            asked = {"externalId": "e-1", "timestamp": "2026-03-04T09:10:11Z", "customer": party}
            asked["agent"] = {"externalId": "a-1"}
            answer = client.post("/conversation/v1/conversations", json=asked)
            conversation = answer.json()["id"]
            message = {
                "text": "Hello",
                "sender": {"role": "agent", "externalId": "a-1"},
                "timestamp": "2026-03-04T09:10:11Z",
            }
            path = f"/conversation/v1/conversations/{conversation}/messages"
            answer = client.post(path, json=message)
            help_path = f"/autocompose/v1/conversations/{conversation}/suggestions"
            offered = client.post(help_path, json={"query": ""})
        self.ids = {
            "conversationId": conversation,
            "messageId": answer.json()["id"],
            "suggestionsId": offered.json()["id"],
            "entityId": "EMAIL",
            "externalId": "e-1",
            "customerExternalId": "c-1",
        }

    def renew(self) -> None:
        """Have something that may be deleted."""
        customs, agent = "/autocompose/v1/responses/customs", {"agentId": "a-1"}
        with httpx.Client(base_url=self.company.server.address, headers=self.headers) as client:
            folder = client.post(f"{customs}/folder", params=agent, json={"name": "Mine"}).json()
            mine = {"text": "Hello", "title": "Hi"}
            response = client.post(f"{customs}/response", params=agent, json=mine).json()
        self.ids |= {
            **agent,
            "folderId": folder["id"],
            "responseId": response["id"],
            "parentFolderId": "__root",
        }

    def put_into(self, case: AnyCase) -> None:
        """Name what exists, and a moment that can be read."""
        body = case.body if isinstance(case.body, dict) else {}
        for values in (case.path_parameters, case.query, body):
            for name in set(values or ()) & set(self.ids):
                values[name] = self.ids[name]
        if "/customs" in case.path:
            case.query = {**(case.query or {}), "agentId": self.ids["agentId"]}
        if "auth" in body:
            body["auth"] = body["auth"] or {"token": "t"}
        _date(body)


def _known_of(value: Any, accepted: Collection[str], prefix: str = "") -> Any:
    """A body without what only the generator knows: the contract does not say that it is refused.

    What lies within a name is kept as it is where nothing is said of it.
    """
    if not isinstance(value, dict) or not any(name.startswith(prefix) for name in accepted):
        return value
    return {
        name: _known_of(inner, accepted, f"{prefix}{name}.")
        for name, inner in value.items()
        if f"{prefix}{name}" in accepted
    }


def _date(value: Any) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("timestamp"), str):
            value["timestamp"] = "2026-03-04T09:10:11.5Z"
        for inner in value.values():
            _date(inner)
    if isinstance(value, list):
        for inner in value:
            _date(inner)


@pytest.fixture(scope="module")
def known(server: Running) -> Known:
    return Known(asyncio.run(make_company(server)))


@pytest.fixture(scope="module")
def contract(server: Running) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server.address}/schema/openapi.json")


def _bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _operations(contract: BaseSchema) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for found in contract.get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize("operation_id", sorted(DOCUMENTED))
def test_a_documented_operation(
    contract: BaseSchema, known: Known, operation_id: str, mode: GenerationMode
) -> None:
    wanted = DOCUMENTED[operation_id]
    operation = contract[wanted.path][wanted.method]
    # A parameter that the contract does not know is passed over, not refused.
    refuses = mode is GenerationMode.NEGATIVE and bool(wanted.accepted)
    known.renew()
    checks = [*CHECKS, negative_data_rejection] if refuses else CHECKS
    answered: set[int] = set()

    @_bounded(25)
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def holds(case: AnyCase, is_known: bool) -> None:
        if is_known and mode is GenerationMode.POSITIVE:
            known.put_into(case)
            case.body = _known_of(case.body, wanted.accepted)
        answer = case.call_and_validate(headers=known.headers, checks=checks, timeout=20)
        answered.add(answer.status_code)

    holds()
    if mode is GenerationMode.POSITIVE:
        assert wanted.success in answered
    elif refuses:
        assert 400 in answered


async def test_the_administrators_operations(contract: BaseSchema, known: Known) -> None:
    async with known.company.signed_in(Role.ADMINISTRATOR) as administrator:
        cookies, headers = (
            dict(administrator.cookies),
            {"x-csrf-token": administrator.headers["x-csrf-token"]},
        )
        await asyncio.to_thread(_try_all, contract, cookies, headers)
        assert (await administrator.get("/accounts/v1/me")).status_code == 200


def _try_all(contract: BaseSchema, cookies: dict[str, str], headers: dict[str, str]) -> None:
    tried = 0
    for operation in _operations(contract):
        if operation.path in LEFT_OUT or not operation.path.startswith(PEOPLE):
            continue
        for mode in GenerationMode:

            @_bounded(4)
            @given(case=operation.as_strategy(generation_mode=mode))
            def holds(case: AnyCase) -> None:
                case.cookies = {}
                case.call_and_validate(
                    headers=headers,
                    cookies=cookies,
                    checks=[
                        not_a_server_error,
                        status_code_conformance,
                        content_type_conformance,
                        response_schema_conformance,
                    ],
                    timeout=20,
                )

            holds()
            tried += 1
    assert tried > 60
