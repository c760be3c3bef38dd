"""Every door through which a text comes in, and what can be heard and read behind them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from tests.safety.secrets import Secret, secrets_for
from tests.support.live import LiveClient

CONVERSATIONS = "/conversation/v1/conversations"
WHEN = "2026-03-04T09:10:11Z"


class Doors:
    """Tells secrets at every door of a server and remembers them by door, and what was answered."""

    def __init__(self, address: str, told: dict[str, Any], *, everything: bool) -> None:
        self.address = address
        self.told: dict[str, list[Secret]] = {}
        self.heard: dict[str, list[dict[str, Any]]] = {}
        self.answers: list[str] = []
        self._everything = everything
        self._organization = told["organization"]
        self._keys = {
            "asapp-api-id": told["api"]["id"],
            "asapp-api-secret": told["api"]["secret"],
        }
        self._people = {each["role"]: each for each in told["sign_ins"]}

    def secrets(self, door: str) -> list[Secret]:
        """Return what is told at a door, and remember it."""
        self.told[door] = secrets_for(f"{door} {self._everything}", everything=self._everything)
        return self.told[door]

    def all_secrets(self) -> Iterator[tuple[str, Secret]]:
        """Return every secret that was told, with its door."""
        for door, told in self.told.items():
            yield from ((door, secret) for secret in told)

    async def tell_everything(self) -> None:
        """Tell secrets everywhere, while a supervisor, an agent and the customer listen."""
        async with (
            httpx.AsyncClient(base_url=self.address, headers=self._keys, timeout=30) as api,
            AsyncExitStack() as stack,
        ):
            if self._everything:
                await _hide_everything(api)
            supervisor = await stack.enter_async_context(self._signed_in("supervisor"))
            agent = await stack.enter_async_context(self._signed_in("agent"))
            watching = await stack.enter_async_context(self._live(supervisor))
            serving = await stack.enter_async_context(self._live(agent))
            await watching.subscribe("conversations")
            await serving.subscribe("me")
            await self._tell_the_api(api)
            await self._ask_with_secrets(api, supervisor)
            (await agent.post("/desk/v1/status", json={"status": "active"})).raise_for_status()
            await self._chat(agent, serving, watching)
            self.heard |= {"supervisor": watching.messages, "agent": serving.messages}

    async def _tell_the_api(self, api: httpx.AsyncClient) -> None:
        conversation = await self._conversation(api, "plain")
        messages = f"{CONVERSATIONS}/{conversation}/messages"
        for secret in self.secrets("message"):
            await self._post(api, messages, _message(secret.text))
        batch = [_message(secret.text, "agent") for secret in self.secrets("batch")]
        await self._post(api, f"{messages}/batch", {"messages": batch})
        suggestions = f"/autocompose/v1/conversations/{conversation}/suggestions"
        for secret in self.secrets("suggestions"):
            await self._post(api, suggestions, {"message": _message(secret.text)})
        for secret in self.secrets("query"):
            await self._post(api, suggestions, {"query": secret.text})
        values = {f"value {n}": s.text for n, s in enumerate(self.secrets("metadata"))}
        keys = {secret.text: "x" for secret in self.secrets("metadata names")}
        await self._conversation(api, "metadata", metadata=values | keys)
        for n, secret in enumerate(self.secrets("customer name")):
            party = {"externalId": f"c-{n}", "name": f"Sam, {secret.text}"}
            await self._conversation(api, f"customer {n}", customer=party)
        for n, secret in enumerate(self.secrets("agent name")):
            party = {"externalId": f"a-{n}", "name": f"Iris, {secret.text}"}
            await self._conversation(api, f"agent {n}", agent=party)
        for secret in self.secrets("credentials"):
            await self._post(
                api,
                f"{CONVERSATIONS}/{conversation}/authenticate",
                {"customerExternalId": "c", "auth": {"token": secret.text}},
            )
        listed = await api.get(messages)
        self.answers.append(listed.text)

    async def _ask_with_secrets(
        self, api: httpx.AsyncClient, supervisor: httpx.AsyncClient
    ) -> None:
        """Ask for what is not there: nothing of it is kept, or told to the log."""
        for secret in self.secrets("searches"):
            await supervisor.get("/desk/v1/conversations", params={"q": secret.text})
            await api.get(CONVERSATIONS, params={"externalId": secret.text})
            await api.get(f"{CONVERSATIONS}/{secret.text}")
            await api.get(f"/nothing/{secret.text}")
            await api.post(CONVERSATIONS, json={"externalId": {"wrong": secret.text}})
            await api.post(CONVERSATIONS, content=f'{{"externalId": "{secret.text}')
            late = {**_message("Hello"), "timestamp": secret.text}
            await api.post(f"{CONVERSATIONS}/{secret.text}/messages", json=late)

    async def _chat(
        self, agent: httpx.AsyncClient, serving: LiveClient, watching: LiveClient
    ) -> None:
        for n, secret in enumerate(self.secrets("visitor name")):
            await self._session(f"Sam, {secret.text}")
            assert n < 100
        session = await self._session("Sam")
        info: dict[str, Any] = {
            f"info {n}": s.text for n, s in enumerate(self.secrets("customer info"))
        }
        info |= {s.text[:100]: True for s in self.secrets("customer info names")}
        opening, *others = self.secrets("open")
        address = self.address.replace("http", "ws") + "/live/v1/socket"
        async with LiveClient.open(address, token=session["token"]) as customer:
            opened = await customer.ask("open", key="first", text=opening.text, customer_info=info)
            assert opened["type"] == "ok", opened
            conversation = opened["conversation"]
            topic = f"conversation/{conversation}"
            await serving.until(lambda m: conversation in json.dumps(m), 20)
            for listener in (customer, serving, watching):
                assert (await listener.subscribe(topic))["type"] == "ok"
            for n, secret in enumerate(others):
                await _said(customer.ask("open", key=f"more {n}", text=secret.text))
            for n, secret in enumerate(self.secrets("send")):
                await _said(
                    customer.ask("send", conversation=conversation, key=f"c{n}", text=secret.text)
                )
            for n, secret in enumerate(self.secrets("agent send")):
                await _said(
                    serving.ask("send", conversation=conversation, key=f"a{n}", text=secret.text)
                )
            for secret in self.secrets("desk query"):
                await agent.post(
                    f"/autocompose/v1/conversations/{conversation}/suggestions",
                    json={"query": secret.text},
                )
            note = " / ".join(secret.text for secret in self.secrets("note"))
            end = f"/desk/v1/conversations/{conversation}/end"
            await self._post(agent, end, {"note": note[:1000]})
            for listener in (customer, serving, watching):
                await listener.event(topic, "conversation.ended", 20)
            self.answers.append((await agent.get(f"/desk/v1/conversations/{conversation}")).text)
            self.heard["customer"] = customer.messages

    async def _session(self, name: str) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.address, timeout=30) as client:
            asked = {"app": self._organization, "name": name[:255]}
            answer = await client.post("/chat/v1/sessions", json=asked)
        answer.raise_for_status()
        self.answers.append(json.dumps(answer.json()["customer"]))
        found: dict[str, Any] = answer.json()
        return found

    async def _conversation(self, api: httpx.AsyncClient, name: str, **fields: Any) -> str:
        parties = {"customer": {"externalId": "c"}, "agent": {"externalId": "a"}}
        asked = {"externalId": name, "timestamp": WHEN, **parties, **fields}
        conversation = str((await self._post(api, CONVERSATIONS, asked))["id"])
        self.answers.append((await api.get(f"{CONVERSATIONS}/{conversation}")).text)
        return conversation

    async def _post(self, client: httpx.AsyncClient, path: str, asked: Any) -> Any:
        answer = await client.post(path, json=asked)
        assert answer.status_code in {200, 204}, (path, answer.status_code, answer.text)
        self.answers.append(answer.text)
        return answer.json() if answer.content else None

    @asynccontextmanager
    async def _signed_in(self, role: str) -> AsyncIterator[httpx.AsyncClient]:
        person = self._people[role]
        async with httpx.AsyncClient(base_url=self.address, timeout=30) as client:
            asked = {"organization": self._organization, "email": person["email"]}
            answer = await client.post(
                "/accounts/v1/sign-in", json={**asked, "password": person["password"]}
            )
            answer.raise_for_status()
            client.headers["x-csrf-token"] = answer.json()["csrf"]
            yield client

    def _live(self, person: httpx.AsyncClient) -> Any:
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        address = self.address.replace("http", "ws") + "/live/v1/socket"
        return LiveClient.open(address, headers={"Cookie": cookie})


async def _hide_everything(api: httpx.AsyncClient) -> None:
    entities = "/configuration/v1/redaction-entities"
    listed = (await api.get(entities, params={"limit": 100})).json()["redactionEntities"]
    for entity in listed:
        policies = dict.fromkeys(entity["policies"], True)
        answer = await api.patch(f"{entities}/{entity['id']}", json={"policies": policies})
        answer.raise_for_status()


async def _said(asking: Any) -> None:
    answer = await asking
    assert answer["type"] == "ok", answer


def _message(text: str, role: str = "customer") -> dict[str, Any]:
    return {"text": text, "sender": {"role": role, "externalId": role}, "timestamp": WHEN}
