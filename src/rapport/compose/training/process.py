"""The process in which trainers work, and nothing else.

It takes orders on its standard input, tells how far it is and then its answer on its standard output,
each message with its length before it. It ends when whoever orders does, in the middle of its work:
its standard input is then closed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import BinaryIO, TypeAlias

import msgspec
from msgspec import Struct

from rapport.compose.training.trainers import Kind, Trainer, Transcript

LENGTH_BYTES = 8


class Prepare(Struct, frozen=True, tag=True):
    """Prepare one slice of conversations."""

    kind: Kind
    talks: bytes


class Train(Struct, frozen=True, tag=True):
    """Make a model from slices of conversations and what was prepared of them."""

    kind: Kind
    talks: list[bytes]
    prepared: list[bytes]


class Evaluate(Struct, frozen=True, tag=True):
    """Judge models on slices of conversations."""

    kind: Kind
    blobs: list[bytes]
    talks: list[bytes]
    prepared: list[bytes]


class Share(Struct, frozen=True, tag=True):
    """How much is done, 0 to 1."""

    done: float


class Prepared(Struct, frozen=True, tag=True):
    """What is to be kept of a slice."""

    content: bytes


class Model(Struct, frozen=True, tag=True):
    """A new model."""

    blob: bytes
    counts: dict[str, float]


class Figures(Struct, frozen=True, tag=True):
    """How good each model is; None for one that cannot be used any more."""

    of_each: list[dict[str, float] | None]


Order: TypeAlias = Prepare | Train | Evaluate
Answer: TypeAlias = Share | Prepared | Model | Figures

_SLICE = msgspec.msgpack.Decoder(list[Transcript])


def packed(transcripts: Sequence[Transcript]) -> bytes:
    """Conversations as they travel and are kept between steps."""
    return msgspec.msgpack.encode(transcripts)


def unpacked(content: bytes) -> list[Transcript]:
    """The inverse of `packed`."""
    return _SLICE.decode(content)


def framed(message: Order | Answer) -> bytes:
    """A message with its length before it."""
    content = msgspec.msgpack.encode(message)
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def main() -> None:
    """Serve orders until there is nobody who could give another."""
    # What a library prints would fall between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=[sys.stdin.buffer, orders], daemon=True).start()
    while True:
        order = msgspec.msgpack.decode(orders.get(), type=Order)
        _tell(answers, serve(order, lambda share: _tell(answers, Share(share))))


def serve(order: Order, report: Callable[[float], None]) -> Answer:
    """Do what is ordered, here and now; `report` is told the share that is done, 0 to 1."""
    from rapport.compose.training.registry import TRAINERS

    trainer = TRAINERS[order.kind]
    match order:
        case Prepare():
            return Prepared(trainer.prepare(unpacked(order.talks)))
        case Train():
            trained = trainer.train(_all(order.talks), order.prepared, report)
            return Model(trained.blob, dict(trained.counts))
        case Evaluate():
            talks = _all(order.talks)
            return Figures([_figures(trainer, blob, talks, order.prepared) for blob in order.blobs])


def _figures(
    trainer: Trainer, blob: bytes, talks: list[Transcript], prepared: Sequence[bytes]
) -> dict[str, float] | None:
    from rapport.compose.training.trainers import ModelRefused

    try:
        return dict(trainer.evaluate(blob, talks, prepared))
    except ModelRefused:
        return None


def _all(slices: Sequence[bytes]) -> list[Transcript]:
    return [transcript for content in slices for transcript in unpacked(content)]


def _tell(answers: BinaryIO, answer: Answer) -> None:
    answers.write(framed(answer))
    answers.flush()


def _receive(source: BinaryIO, orders: SimpleQueue[bytes]) -> None:
    while length := source.read(LENGTH_BYTES):
        orders.put(source.read(int.from_bytes(length, "big")))
    os._exit(0)
