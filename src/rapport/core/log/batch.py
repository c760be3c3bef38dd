"""What both databases do alike to a batch: known keys first, then places, then rows by table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rapport.core.log.log import Appended, Prepared, RowInsert
from rapport.core.log.models import AppendKey

EVENT_COLUMNS = (
    "company_id",
    "environment",
    "stream_kind",
    "stream_id",
    "seq",
    "type",
    "audience",
    "actor",
    "occurred_at",
    "recorded_at",
    "payload",
)

KEYS = RowInsert(AppendKey.__table__, "stream_kind", "stream_id", "key", "answer")  # type: ignore[arg-type]

StreamKey = tuple[str, str]
KnownKeys = Mapping[tuple[str, str, str], tuple[int, str]]


class Placed(NamedTuple):
    """A batch with every event and row in its place, and the answers to give once it is durable.

    `streams` tells, table by table, to which stream each of the `rows` belongs.
    """

    events: list[tuple[Any, ...]]
    rows: defaultdict[RowInsert, list[tuple[Any, ...]]]
    streams: defaultdict[RowInsert, list[StreamKey]]
    answers: list[Appended]


def keys_of(batch: Sequence[Prepared]) -> list[tuple[str, str, str]]:
    """Return the (stream kind, stream id, key) of every append that has one."""
    return [
        (p.append.stream.kind, p.append.stream.id, p.append.key)
        for p in batch
        if p.append.key is not None
    ]


def fresh_counts(batch: Sequence[Prepared], known: KnownKeys) -> Mapping[StreamKey, int]:
    """Return how many events each stream will get, in one order of streams for every node."""
    counts: Counter[StreamKey] = Counter()
    for prepared in _fresh(batch, known):
        stream = prepared.append.stream
        counts[(stream.kind, stream.id)] += len(prepared.events)
    return dict(sorted(counts.items()))


def place(batch: Sequence[Prepared], known: KnownKeys, heads: Mapping[StreamKey, int]) -> Placed:
    """Give every fresh append its place; `heads` are the streams' heads after the whole batch."""
    counts = fresh_counts(batch, known)
    following = {stream: heads[stream] - count + 1 for stream, count in counts.items()}
    answered = dict(known)
    placed = Placed([], defaultdict(list), defaultdict(list), [])
    for prepared in batch:
        append = prepared.append
        stream = (append.stream.kind, append.stream.id)
        earlier = answered.get((*stream, append.key)) if append.key is not None else None
        if earlier is not None:
            placed.answers.append(Appended(earlier[0], earlier[1], repeated=True))
            continue
        seq = following[stream]
        following[stream] += len(prepared.events)
        _place_one(placed, prepared, seq)
        if append.key is not None:
            answered[(*stream, append.key)] = (seq, append.answer)
            placed.rows[KEYS].append((seq, *stream, append.key, append.answer))
            placed.streams[KEYS].append(stream)
        placed.answers.append(Appended(seq, append.answer, repeated=False))
    return placed


def _place_one(placed: Placed, prepared: Prepared, seq: int) -> None:
    kind, stream_id, scope = prepared.append.stream
    where = (scope.company_id, scope.environment, kind, stream_id)
    for offset, event in enumerate(prepared.events):
        placed.events.append((*where, seq + offset, *event))
    for row in prepared.append.rows:
        placed.rows[row.into].append((seq + row.of, *row.values))
        placed.streams[row.into].append((kind, stream_id))


def _fresh(batch: Sequence[Prepared], known: KnownKeys) -> Iterable[Prepared]:
    seen = set(known)
    for prepared in batch:
        append = prepared.append
        if append.key is not None:
            key = (append.stream.kind, append.stream.id, append.key)
            if key in seen:
                continue
            seen.add(key)
        yield prepared
