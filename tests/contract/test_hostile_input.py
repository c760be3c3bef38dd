"""Input that no honest client sends: refused as documented, whatever the route, and never a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from rapport.core.errors import Invalid, Malformed
from rapport.core.identity import Role
from rapport.core.payloads import DEPTH, check_payload
from tests.conversations.test_record import PATH, create, events_of, record
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.customers import let_in

pytestmark = pytest.mark.api

NUL = "\x00"
DEEP = "[" * 3000 + "]" * 3000


def body(**changes: str) -> bytes:
    """A conversation whose properties are given as raw JSON."""
    raw = {name: json.dumps(value) for name, value in record().items()} | changes
    return ("{" + ",".join(f'"{name}":{value}' for name, value in raw.items()) + "}").encode(
        "utf-8", "surrogatepass"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (body(externalId='"\udc80"'), "400-02"),
        (body(externalId='"\\ud800"'), "400-02"),
        (body().replace(b"{", b'{"x":"\xff",', 1), "400-02"),
        (body(externalId='"\\u0000"'), "400-03"),
        (body(metadata='{"a":"\\u0000"}'), "400-03"),
        (body(metadata='{"\\u0000":"a"}'), "400-03"),
        (body(somethingElse='{"deep":["\\u0000"]}'), "400-03"),
        (body(externalId="9" * 20), "400-03"),
        (body(externalId="9" * 300), "400-03"),
        (body(externalId="9" * 5000), "400-02"),
        (body(externalId="1e400"), "400-02"),
        (body(externalId="1.5"), "400-03"),
        (body(externalId="NaN"), "400-02"),
        (body(externalId='"' + "x" * 256 + '"'), "400-03"),
        (body(metadata=DEEP), "400-02"),
        (body(somethingElse=DEEP), "400-02"),
        (b'{"a":' * 3000, "400-02"),
        (body() + b"}", "400-02"),
        (b"\xef\xbb\xbf" + body(), "400-02"),
        (body().decode().encode("utf-16"), "400-02"),
        (b"externalId=1&timestamp=2", "400-02"),
    ],
)
async def test_a_body_that_cannot_be_kept(
    api: httpx.AsyncClient, acme: TestCompany, content: bytes, code: str
) -> None:
    answer = await api.post(PATH, content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 400, answer.text
    assert envelope(answer)["code"] == code
    assert await events_of(acme) == 0


async def test_of_keys_given_twice_the_last_counts(api: httpx.AsyncClient) -> None:
    content = body().replace(b"{", b'{"externalId":"first",', 1)

    answer = await api.post(PATH, content=content, headers={"content-type": "application/json"})

    found = (await api.get(f"{PATH}/{answer.json()['id']}")).json()
    assert found["externalId"] == record()["externalId"]


async def test_odd_texts_are_kept_as_they_are(api: httpx.AsyncClient) -> None:
    conversation = await create(api)
    odd = [
        "\u202eevil",
        "a\u0301\u0300",
        "👩‍👩‍👧‍👦",
        "\ufffe\uffff",
        "\ufeff",
        "\r\n\t\x07",
        "\\u0000",
        "🏳️‍🌈" * 50,
    ]
    for text in odd:
        message = {
            "text": text,
            "sender": {"role": "customer", "externalId": "c"},
            "timestamp": "2026-03-04T09:10:11Z",
        }
        answer = await api.post(f"{PATH}/{conversation}/messages", json=message)
        assert answer.status_code == 200, (text, answer.text)

    stored = (await api.get(f"{PATH}/{conversation}/messages")).json()["items"]
    assert [message["text"] for message in stored] == odd


@pytest.mark.parametrize(
    "address",
    [
        f"{PATH}/a%00b",
        f"{PATH}?externalId=a%00b",
        f"{PATH}/a%00b/messages",
        "/conversation/v1/conversation/messages?externalId=%00",
        "/configuration/v1/redaction-entities?cursor=%00",
        "/configuration/v1/redaction-entities/%00",
        "/app/%00",
        "/sdk/v1/%00",
        "/live/v1/events?topic=conversation/%00",
    ],
)
async def test_an_address_with_a_nul(api: httpx.AsyncClient, address: str) -> None:
    answer = await api.get(address)

    assert answer.status_code == 400, answer.text
    assert envelope(answer)["code"] == "400-02"


@pytest.mark.parametrize(
    "address",
    [
        f"{PATH}/%ff%fe",
        f"{PATH}/%ed%a0%80",
        f"{PATH}/" + "x" * 4000,
        f"{PATH}/..%2f..",
        f"{PATH}/%0d%0aset-cookie:%20a=b",
        "/configuration/v1/redaction-entities/%f0%9f%98%80",
    ],
)
async def test_an_id_that_nothing_can_have(api: httpx.AsyncClient, address: str) -> None:
    answer = await api.get(address)

    assert answer.status_code == 404, answer.text
    assert envelope(answer)["code"] == "404-01"


async def test_bytes_that_are_no_text_find_nothing(api: httpx.AsyncClient) -> None:
    await create(api)
    answer = await api.get(f"{PATH}?externalId=%ff%ed%a0%80")

    assert (answer.status_code, answer.json()) == (200, {"items": []})


async def test_people_are_refused_alike(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as administrator:
        for path, asked in (
            ("/console/v1/people", {"email": "a@b.test", "name": NUL, "role": "agent"}),
            ("/console/v1/redaction/rules", {"name": NUL, "pattern": "x"}),
            ("/console/v1/redaction/rules/test", {"pattern": "x", "text": NUL}),
            ("/console/v1/global-responses/draft/responses", {"text": NUL}),
            ("/console/v1/identity-keys", {"name": NUL, "algorithm": "HS256"}),
            ("/accounts/v1/password", {"current": NUL, "new": NUL}),
        ):
            answer = await administrator.post(path, json=asked)
            assert answer.status_code == 400, (path, answer.text)
            assert envelope(answer)["code"] == "400-03"
        assert (await administrator.get("/console/v1/people?search=%00")).status_code == 400
        assert (await administrator.get("/console/v1/audit?user=%00")).status_code == 400


async def test_live_requests_are_refused_and_the_connection_stays(acme: TestCompany) -> None:
    visitor = await let_in(acme)
    async with visitor.live() as live:
        for kind, fields in (
            ("open", {"key": "k", "text": NUL}),
            ("open", {"key": NUL, "text": "Hi"}),
            ("open", {"key": "k", "text": "Hi", "customer_info": {NUL: "x"}}),
            ("subscribe", {"topic": f"conversation/{NUL}"}),
            ("mark", {"conversation": NUL, "read": 1}),
            ("send", {"conversation": NUL, "key": "k", "text": "Hi"}),
        ):
            answer = await live.ask(kind, **fields)
            assert answer["error"]["code"] == "400-03", (kind, fields)
        nested: Any = 0
        for _ in range(DEPTH + 1):
            nested = [nested]
        assert (await live.ask("ping", more=nested))["error"]["code"] == "400-02"
        assert (await live.ask("ping"))["type"] == "pong"


@pytest.mark.parametrize(
    "accepted",
    [b"", b"{", b'"\\\\u0000"', b'{"a":[' * 200 + b"", b"[" * DEPTH + b"]" * DEPTH, b"[]," * 500],
)
def test_what_can_be_kept_or_is_not_json_passes(accepted: bytes) -> None:
    check_payload(accepted)


def test_a_refusal_tells_where() -> None:
    with pytest.raises(Invalid) as unkept:
        check_payload(b'{"messages":[{"text":"a"},{"text":"\\u0000"}]}')
    assert unkept.value.facts["path"] == "/messages/1/text"
    with pytest.raises(Malformed) as nested:
        check_payload(b"[" * (DEPTH + 2) + b"]" * (DEPTH + 2))
    assert str(DEPTH) in nested.value.message
