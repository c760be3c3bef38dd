"""Small made-up conversations from which something can be learnt: each topic has its own answers."""

from __future__ import annotations

import random

from rapport.compose.training.trainers import Said, Transcript
from rapport.conversations.models import Conversation, Customer, Message
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.ids import new_id

TOPICS = {
    "bag": (
        [
            "My suitcase never arrived at {place}",
            "I lost a bag in {place}",
            "No luggage at {place}",
        ],
        [
            "Please file a report at the baggage desk in {place}.",
            "Sorry about your bag in {place}!",
        ],
    ),
    "refund": (
        ["I want my money back for {place}", "When is the {place} ticket refunded?"],
        ["Your refund for {place} takes seven days.", "We have refunded the {place} ticket."],
    ),
    "seat": (
        ["Can I sit by the window to {place}?", "I need an aisle seat to {place}"],
        ["You can choose a seat to {place} online.", "The seat map to {place} shows what is free."],
    ),
    "praise": (
        ["The crew to {place} was wonderful", "Best flight to {place} ever!"],
        ["Thank you, the {place} crew will be so glad!", "How kind! See you in {place} again."],
    ),
}
PLACES = ("Oslo", "Lima", "Cairo", "Quito", "Perth", "Dakar", "Osaka", "Malmo")


def transcripts(count: int, *, seed: int = 1) -> list[Transcript]:
    """Made-up conversations, every other one with a farewell."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        questions, answers = TOPICS[chance.choice(sorted(TOPICS))]
        place = chance.choice(PLACES)
        agent = f"agent-{chance.randrange(3)}"
        said = [
            Said("customer", chance.choice(questions).format(place=place)),
            Said("agent", chance.choice(answers).format(place=place), agent),
        ]
        if number % 2:
            said.append(Said("customer", "Thanks a lot"))
            said.append(Said("agent", "You are welcome, good bye!", agent))
        made.append(Transcript(f"talk-{seed}-{number:05}", said))
    return made


async def keep(database: Database, scope: Scope, talks: list[Transcript]) -> None:
    """Write conversations down as a server does, as if they had been held."""
    async with database.writing() as session:
        customer = Customer(
            company_id=scope.company_id,
            environment=scope.environment,
            external_id=new_id(),
            created_at=clock.now(),
        )
        session.add(customer)
        await session.flush()
        for talk in talks:
            conversation = Conversation(
                company_id=scope.company_id,
                environment=scope.environment,
                id=new_id(),
                channel="chat",
                customer_id=customer.id,
                customer_external_id=customer.external_id,
                opened_at=clock.now(),
                created_at=clock.now(),
            )
            session.add(conversation)
            session.add_all(_messages(scope, conversation.id, talk))


def _messages(scope: Scope, conversation_id: str, talk: Transcript) -> list[Message]:
    return [
        Message(
            company_id=scope.company_id,
            environment=scope.environment,
            id=new_id(),
            conversation_id=conversation_id,
            seq=seq,
            role=said.role,
            sender_external_id=said.agent or None,
            text=said.text,
            sent_at=clock.now(),
            created_at=clock.now(),
        )
        for seq, said in enumerate(talk.said, 1)
    ]
