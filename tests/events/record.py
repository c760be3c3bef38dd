"""Writes down what a real server does: `uv run python -m tests.events.record`.

It gives every event type without a file one in the corpus (a file that is there is never touched: it
shows what was written when its version was released), and records the conversations that the web
client's reducer is tried on.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

import rapport.app  # noqa: F401
from rapport.core.identity import Role
from rapport.core.log.events import registered
from rapport.core.log.models import LoggedEvent
from tests.compose import reporting
from tests.events.scenario import play
from tests.support.company import TestCompany, make_company
from tests.support.models import keep_model
from tests.support.responses import LIST, save_and_deploy
from tests.support.server import running

CORPUS = Path(__file__).parent / "corpus"
FIXTURE = Path(__file__).parents[2] / "web/kit/tests/fixtures/conversation.json"
# Embedding and learning go on in the background.
PATIENCE_SECONDS = 30


async def record(folder: Path) -> None:
    """Run a server in a folder, let everything happen, and write both down."""
    with running(folder) as server:
        acme = await make_company(server)
        conversations = await play(acme)
        await _write_with_help(acme)
        await _administer(acme)
        rows = await _logged(acme, set(registered()))
    FIXTURE.parent.mkdir(exist_ok=True)
    _write(FIXTURE, conversations)
    for row in rows:
        path = CORPUS / f"{row['type']}.v1.json"
        if not path.exists():
            _write(path, row)
            print(f"wrote {path.name}")
    if missing := set(registered()) - {row["type"] for row in rows}:
        raise SystemExit(f"never written: {sorted(missing)}; let `record` do what writes them")


async def _write_with_help(acme: TestCompany) -> None:
    """Report what an agent's client reports of a message."""
    async with acme.api() as api:
        talk = await reporting.open_talk(api)
        shown = await reporting.offered(api, talk)
        inserted = {"globalPanelInserted": {"text": "One moment, please."}}
        action = {"type": "global-panel-inserted", "suggestionsId": shown["id"], **inserted}
        await _post(api, talk.actions, **action)
        message = await reporting.say(api, talk, "One moment, please.")
        told = {"initialSuggestionsId": shown["id"], "numEdits": 2, "craftingTime": 1.5}
        answer = await reporting.report(api, talk, message, "GLOBAL_INSERT", **told)
        assert answer.is_success, answer.text


async def _administer(acme: TestCompany) -> None:
    """Do what writes the events that are not a conversation's."""
    kim = await acme.add_person(Role.AGENT, name="Kim Park")
    async with acme.signed_in(Role.ADMINISTRATOR) as client:
        refund = {"text": "Your refund is on its way.", "title": "Refund"}
        await _post(client, f"{LIST}/draft/responses", **refund)
        await save_and_deploy(client)
        policies = {"policies": {"customerDelayed": True, "voice": True}}
        answer = await client.patch("/console/v1/redaction/entities/EMAIL", json=policies)
        assert answer.is_success, answer.text
        await _post(client, "/console/v1/redaction/rules", name="badge", pattern="B-[0-9]{4}")
        await _post(client, "/console/v1/redaction/rules/deploy", environment="sandbox")
        for path, wanted in (("switches", {"controlShare": 5}), ("greetings", {"enabled": True})):
            answer = await client.patch(f"/console/v1/compose/{path}", json=wanted)
            assert answer.is_success, answer.text
        await _post(client, "/console/v1/compose/blocklist", term="darn it")
        person = f"/console/v1/people/{kim.id}"
        for change in ({"slots": 5}, {"role": "supervisor"}):
            assert (await client.patch(person, json=change)).is_success
        await _post(client, f"{person}/disable")
        await _post(client, f"{person}/enable")
        assert (await client.delete(person)).is_success
        await _post(client, "/console/v1/compose/proposals", source="imported")
        model = await keep_model(acme)
        await _post(client, f"/console/v1/compose/models/{model}/deploy")
    async with acme.api() as api:
        mine = {"text": "Hello, I am Kim.", "title": "Hello"}
        await _post(api, "/autocompose/v1/responses/customs/response?agentId=a-1", **mine)
    async with acme.signed_in(Role.DEVELOPER) as client:
        key = acme.headers["asapp-api-id"]
        await _post(client, f"/portal/v1/keys/{key}/revoke", reason="no longer used")


async def _post(client: httpx.AsyncClient, path: str, **body: Any) -> None:
    answer = await client.post(path, json=body)
    assert answer.is_success, f"{path}: {answer.text}"


async def _logged(acme: TestCompany, expected: set[str]) -> list[dict[str, Any]]:
    """Wait for every type to be written; return the fullest event of each, as it is stored."""
    database = acme.database()
    fullest = select(LoggedEvent).order_by(func.length(LoggedEvent.payload), LoggedEvent.id)
    found: dict[str, LoggedEvent] = {}
    try:
        for _ in range(PATIENCE_SECONDS):
            async with database.reading() as session:
                found = {event.type: event for event in await session.scalars(fullest)}
            if expected <= found.keys():
                break
            await asyncio.sleep(1)
    finally:
        await database.close()
    return [_envelope(event) for name, event in sorted(found.items())]


def _envelope(event: LoggedEvent) -> dict[str, Any]:
    names = [column.key for column in LoggedEvent.__table__.c if column.key not in {"id", "txid"}]
    envelope = {name: getattr(event, name) for name in names}
    return {**envelope, "actor": json.loads(event.actor), "payload": json.loads(event.payload)}


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(record(Path(folder)))
