"""Messages a second that the HTTP API takes: durable, redacted, and pushed to a supervisor.

    python -m bench.messages [--engine sqlite|postgresql|both] [--seconds 15]

32 connections write 40-word messages into 64 conversations, customer and agent in turn, each waiting
for its answer before it sends the next; a supervisor follows `conversations` all the while. At the
end what was acknowledged, what lies in the database and what the supervisor was told must be the same
number. The limit measured beside it is a bare transaction of two inserts and an update at 32 clients,
each committed alone, on the same engine.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

from bench._databases import ENGINES, database, stored_messages
from bench._figures import tell
from bench._limits import commits_per_second
from bench._load import Counted, Load, Watch, generate
from bench._rapport import SOCKET, Rapport, rapport
from bench.redaction import messages_of, read_conversations

CONNECTIONS = 32
CONVERSATIONS = 64
WORDS = 40
TEXTS = 4_096
LIMIT_SECONDS = 6.0
CORPUS = "../shared/data/airlines/dev.jsonl"


class Accepted(NamedTuple):
    """What a server took; `processor_us` is its processor time a message."""

    per_second: float
    processor_us: float
    acknowledged: int
    stored: int
    watched: int


def texts(corpus: Path) -> list[str]:
    """Different texts of forty words each."""
    return messages_of(WORDS, read_conversations(corpus), TEXTS)


def load_of(server: Rapport, said: list[str], roles: list[str], **limits: float) -> Load:
    """Requests that spread the texts over the conversations."""
    conversations = server.conversations(CONVERSATIONS)
    requests = [
        server.message(conversations[n % CONVERSATIONS], roles[n % len(roles)], text).decode()
        for n, text in enumerate(said)
    ]
    return Load(server.port, CONNECTIONS, requests, **limits)  # type: ignore[arg-type]


def watching(server: Rapport) -> Watch:
    """A supervisor who follows every conversation from now on."""
    hello = {"type": "hello", "protocol": 1}
    subscribe = {"type": "subscribe", "id": "1", "topic": "conversations"}
    texts = [json.dumps(hello), json.dumps(subscribe)]
    return Watch(SOCKET, server.sign_in("supervisor"), texts)


def accepted(engine: str, said: list[str], roles: list[str], seconds: float) -> Accepted:
    """Run a server and load it."""
    with database(engine) as url, rapport(url) as server:
        load = load_of(server, said, roles, seconds=seconds)
        load.watch = watching(server)
        stored = stored_messages(url, server.folder)
        processor = server.processor_seconds()
        counted: Counted = generate(load)
        processor = server.processor_seconds() - processor
        stored = stored_messages(url, server.folder) - stored
    if counted.refused:
        raise RuntimeError(f"{counted.refused} refused: {counted.first_refusal}")
    processor_us = processor / counted.acknowledged * 1e6
    return Accepted(counted.per_second, processor_us, counted.acknowledged, stored, counted.watched)


def report(engine: str, said: list[str], roles: list[str], seconds: float) -> None:
    """Tell the figures of one engine."""
    limit = commits_per_second(engine, LIMIT_SECONDS)
    ours = accepted(engine, said, roles, seconds)
    bare = f"bare transactions at 32 clients: {limit:.0f}/s"
    tell(
        f"messages accepted, {engine}",
        ours.per_second,
        "messages/s",
        target=">= 3000",
        against=bare,
        ratio=ours.per_second / limit,
    )
    tell(
        f"share of the physical limit, {engine}",
        ours.per_second / limit,
        "share",
        target=">= 0.4",
        against=bare,
        ratio=ours.per_second / limit,
    )
    tell(f"processor time of the server a message, {engine}", ours.processor_us, "us")
    acknowledged = f"acknowledged: {ours.acknowledged}"
    for what, count in (("stored", ours.stored), ("pushed", ours.watched)):
        tell(
            f"acknowledged and not {what}, {engine}",
            ours.acknowledged - count,
            "messages",
            target="0",
            against=acknowledged,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--roles", nargs="+", default=["customer", "agent"])
    options = parser.parse_args()
    said = texts(options.corpus)
    for engine in ENGINES if options.engine == "both" else [options.engine]:
        report(engine, said, options.roles, options.seconds)


if __name__ == "__main__":
    main()
