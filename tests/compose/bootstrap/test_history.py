"""Transcripts from the command line to what training and proposals read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rapport.compose.bootstrap.history import import_file, imported
from rapport.compose.training.trainers import Transcript
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.settings import DataSettings, load
from rapport.core.storage import Files, open_files
from rapport.engines.redaction import Redactor
from tests.accounts.test_commands import Shell, account, shell

pytestmark = pytest.mark.unit

__all__ = ["account", "shell"]

ACME = Scope(CompanyId("acme"), Environment.PRODUCTION)
OTHER = Scope(CompanyId("other"), Environment.PRODUCTION)
CARD = "4111 1111 1111 1111"
REDACTOR = Redactor(frozenset({"CREDIT_CARD_NUMBER"}))
REFUND = "Your refund will arrive within a few days."


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return open_files(load((DataSettings,), {"RAPPORT_DATA_FOLDER": str(tmp_path / "data")}))


def transcripts(path: Path, *said: str) -> Path:
    """Write a conversation for each thing that an agent said."""
    lines = [
        json.dumps({"id": f"c-{number}", "messages": [{"role": "agent", "text": text}]})
        for number, text in enumerate(said)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


async def kept(files: Files, scope: Scope = ACME) -> list[Transcript]:
    return [transcript async for transcript in imported(files, scope)]


@pytest.mark.spec("CMP-210")
async def test_a_file_in_the_documented_columns_is_kept_for_training(
    files: Files, tmp_path: Path
) -> None:
    path = tmp_path / "history.csv"
    path.write_text(
        "conversation_externalId,sender_externalId,sender_role,text,timestamp\n"
        "c-1,cu-1,customer,Where is it?,2026-03-04T09:10:11Z\n"
        "c-1,ag-1,agent,On its way.,2026-03-04T09:11:11Z\n"
        "c-1,b-1,bot,Rate us!,2026-03-04T09:12:11Z\n"
        "c-2,ag-1,boss,Hello,2026-03-04T09:12:11Z\n"
    )
    places: list[int] = []

    made = await import_file(files, ACME, REDACTOR, path, places.append)

    assert (made.conversations, made.messages, made.unusable) == (1, 3, 1)
    assert [problem.line for problem in made.problems] == [5]
    assert places == [path.stat().st_size]
    (transcript,) = await kept(files)
    assert [(said.role, said.text, said.agent) for said in transcript.said] == [
        ("customer", "Where is it?", "cu-1"),
        ("agent", "On its way.", "ag-1"),
        ("system", "Rate us!", "b-1"),
    ]
    assert await kept(files, OTHER) == []


@pytest.mark.spec("CMP-213")
async def test_what_is_kept_is_redacted(files: Files, tmp_path: Path) -> None:
    path = transcripts(tmp_path / "a.jsonl", f"Your card {CARD} was charged.")

    await import_file(files, ACME, REDACTOR, path, lambda _place: None)

    (transcript,) = await kept(files)
    assert "card" in transcript.said[0].text
    assert "4111" not in transcript.said[0].text
    stored = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert stored
    assert b"4111" not in stored


async def test_the_same_conversations_are_kept_once(files: Files, tmp_path: Path) -> None:
    path = transcripts(tmp_path / "a.jsonl", "One.", "Two.")
    longer = transcripts(tmp_path / "b.jsonl", "One.", "Two.", "Three.")

    for each in (path, path, longer):
        await import_file(files, ACME, REDACTOR, each, lambda _place: None)

    assert sorted(transcript.id for transcript in await kept(files)) == ["c-0", "c-1", "c-2"]


def test_the_commands_import_and_propose(shell: Shell, account: Any, tmp_path: Path) -> None:
    assert account["organization"] == "acme"
    path = transcripts(tmp_path / "a.jsonl", *[REFUND] * 4, "A word of no account.")

    made = shell.answer("compose", "import", str(path), "--company", "acme")
    proposal = shell.answer("compose", "propose", "--company", "acme")

    assert (made["conversations"], made["unusable"]) == (5, 0)
    assert [each["wordings"] for each in proposal["responses"]] == [[REFUND]]
    assert proposal["responses"][0]["conversations"] == 4
    shown = shell.run("compose", "import", str(path), "--company", "acme")
    assert "5 conversations" in shown.stdout
    assert shell.run("compose", "import", str(path), "--company", "none").exit_code == 1


def test_a_file_of_something_else_is_refused(shell: Shell, account: Any, tmp_path: Path) -> None:
    assert account["organization"] == "acme"
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")

    refused = shell.run("compose", "import", str(path), "--company", "acme")

    assert refused.exit_code == 1
    assert "line 1" in refused.stdout
