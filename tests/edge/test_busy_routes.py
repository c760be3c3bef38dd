"""A busy route answers whatever is odd as every other route does: same status, same envelope."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from http.client import HTTPResponse
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest

from tests.conversations.test_record import PATH, WHEN, record
from tests.support.company import TestCompany, make_company
from tests.support.server import Running

pytestmark = pytest.mark.api

MESSAGE = {"text": "x", "sender": {"role": "agent", "externalId": "a-1"}, "timestamp": WHEN}
PARENT = f"{PATH}/{{id}}"
MESSAGES = f"{PARENT}/messages"
BATCH = f"{PARENT}/messages/batch"
SUGGESTIONS = "/autocompose/v1/conversations/{id}/suggestions"
USUAL = {MESSAGES: MESSAGE, BATCH: {"messages": [MESSAGE]}, SUGGESTIONS: {"message": MESSAGE}}
JSON = (b"content-type", b"application/json")
HOST = (b"host", b"127.0.0.1")
OVERSIZE = b'"' + b"x" * 1_100_000 + b'"'


class Odd(NamedTuple):
    """What is odd about a request; None is what is usual for its route."""

    method: bytes = b"POST"
    id: bytes | None = None
    behind: bytes = b""
    hosts: Sequence[tuple[bytes, bytes]] = (HOST,)
    content_types: Sequence[tuple[bytes, bytes]] = (JSON,)
    more: Sequence[tuple[bytes, bytes]] = ()
    has_key: bool = True
    body: bytes | None = None
    is_chunked: bool = False


ODD = {
    "nothing": Odd(),
    "a space in the host": Odd(hosts=[(b"host", b"127.0.0.1 x")]),
    "a path in the host": Odd(hosts=[(b"host", b"127.0.0.1/x?y#z")]),
    "a host in latin-1": Odd(hosts=[(b"host", b"h\xf6st")]),
    "a host with unusual letters": Odd(hosts=[(b"host", b"a_b~c!")]),
    "an IPv6 host": Odd(hosts=[(b"host", b"[::1]:80")]),
    "no host": Odd(hosts=[]),
    "an empty host": Odd(hosts=[(b"host", b"")]),
    "two hosts, the second bad": Odd(hosts=[HOST, (b"host", b"a b")]),
    "two hosts, the first bad": Odd(hosts=[(b"host", b"a b"), HOST]),
    "a bad host and no key": Odd(hosts=[(b"host", b"a b")], has_key=False),
    "HEAD": Odd(b"HEAD"),
    "OPTIONS": Odd(b"OPTIONS"),
    "PUT": Odd(b"PUT"),
    "DELETE": Odd(b"DELETE"),
    "text": Odd(content_types=[(b"content-type", b"text/plain")]),
    "a form": Odd(content_types=[(b"content-type", b"multipart/form-data")]),
    "no content type": Odd(content_types=[]),
    "two content types": Odd(content_types=[(b"content-type", b"text/plain"), JSON]),
    "two ids of a key": Odd(more=[(b"asapp-api-id", b"another")]),
    "a packed body": Odd(more=[(b"content-encoding", b"gzip")]),
    "only XML is accepted": Odd(more=[(b"accept", b"application/xml")]),
    "no key": Odd(has_key=False),
    "no key and a bad body": Odd(has_key=False, body=b"{"),
    "no key and an oversize body": Odd(has_key=False, body=OVERSIZE),
    "a chunked body": Odd(is_chunked=True),
    "a chunked oversize body": Odd(is_chunked=True, body=OVERSIZE),
    "an oversize body": Odd(body=OVERSIZE),
    "no body": Odd(body=b""),
    "blanks": Odd(body=b"  "),
    "null": Odd(body=b"null"),
    "a list": Odd(body=b"[]"),
    "an empty object": Odd(body=b"{}"),
    "half an object": Odd(body=b'{"text":'),
    "two objects": Odd(body=b"{}{}"),
    "a byte order mark": Odd(body=b"\xef\xbb\xbf{}"),
    "a body that is not UTF-8": Odd(body=b'{"text":"\xff"}'),
    "a body that is nested deep": Odd(body=b"[" * 100 + b"]" * 100),
    "a NUL in the body": Odd(body=b'{"text":"\\u0000"}'),
    "half a surrogate": Odd(body=b'{"text":"\\ud800"}'),
    "a number where a text belongs": Odd(body=b'{"text":1,"query":1}'),
    "an id that is not UTF-8": Odd(id=b"%ff%fe"),
    "an id of raw bytes": Odd(id=b"\xff\xfe"),
    "a NUL in the id": Odd(id=b"x%00"),
    "a slash in the id": Odd(id=b"x%2fy"),
    "blanks as the id": Odd(id=b"%20%20"),
    "a NUL in the query": Odd(behind=b"?x=%00"),
    "a broken query": Odd(behind=b"?%zz&&=&"),
    "many slashes": Odd(behind=b"//"),
    "an unknown conversation": Odd(id=b"01NONE"),
}


class Answer(NamedTuple):
    """What came back, without what is different every time."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str | None:
        """The code of a refusal in the documented envelope."""
        is_refused = isinstance(self.body, dict) and "error" in self.body
        return str(self.body["error"]["code"]) if is_refused else None


def ask(company: TestCompany, path: str, conversation: str, odd: Odd, ending: bytes) -> Answer:
    body = msgspec.json.encode(USUAL[path]) if odd.body is None else odd.body
    before, _, after = path.partition("{id}")
    id_ = conversation.encode() if odd.id is None else odd.id
    target = before.encode() + id_ + after.encode() + ending + odd.behind
    key = [(name.encode(), value.encode()) for name, value in company.headers.items()]
    framing = (b"content-length", str(len(body)).encode())
    if odd.is_chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        framing = (b"transfer-encoding", b"chunked")
    headers = [*odd.hosts, *(key if odd.has_key else ()), *odd.content_types, *odd.more, framing]
    lines = [b"%s %s HTTP/1.1" % (odd.method, target)]
    lines += [b"%s: %s" % header for header in headers]
    with socket.create_connection(("127.0.0.1", company.server.port), timeout=20) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        response = HTTPResponse(connection, method=odd.method.decode())
        response.begin()
        return _steady(response)


def _steady(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    content = response.read()
    request_id = headers.pop("x-request-id", "")
    for changing in ("date", "content-length"):
        headers.pop(changing, None)
    if not headers.get("content-type", "").startswith("application/json") or not content:
        return Answer(response.status, headers, content)
    body = msgspec.json.decode(content)
    if "error" in body:
        assert body["error"].pop("requestId") == request_id
        # Where no route is found the address is told as it was given.
        body["error"]["message"] = body["error"]["message"].removesuffix("/")
        return Answer(response.status, headers, body)
    return Answer(response.status, headers, {name: type(value) for name, value in body.items()})


@pytest.fixture(scope="module")
def company(server: Running) -> TestCompany:
    """One company for all that is asked here: nothing of it depends on what was asked before."""
    return asyncio.run(make_company(server))


@pytest.fixture(scope="module")
def conversation(company: TestCompany) -> str:
    agent = {"externalId": "a-1", "name": "Kim"}
    with httpx.Client(base_url=company.server.address, headers=company.headers) as api:
        return str(api.post(PATH, json=record(agent=agent)).json()["id"])


@pytest.mark.parametrize("path", [MESSAGES, SUGGESTIONS])
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_answered_as_the_framework_answers_it(
    company: TestCompany, conversation: str, path: str, odd: Odd
) -> None:
    # With a slash at its end an address is the same route's, and no busy one.
    busy = ask(company, path, conversation, odd, b"")
    general = ask(company, path, conversation, odd, b"/")

    assert busy == general


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_answered_as_an_ordinary_route_answers_it(
    company: TestCompany, conversation: str, odd: Odd
) -> None:
    busy = ask(company, MESSAGES, conversation, odd, b"")
    ordinary = ask(company, BATCH, conversation, odd, b"")

    assert busy.status == ordinary.status
    assert busy.headers == ordinary.headers
    assert busy.code == ordinary.code
