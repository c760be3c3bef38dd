"""The embedder of a server: many requests share one model without blocking the event loop."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Annotated, ClassVar, Self

import numpy as np
from msgspec import Meta

from rapport.core.errors import Unavailable
from rapport.core.settings import Section
from rapport.engines.embedding.network import DIMENSIONS, Model, Vectors, clipped


class EmbedderBusy(Unavailable):
    """More texts wait than the queue may hold; the same request may succeed a second later."""

    sentence = "Service unavailable: {waiting_count} texts wait, {new_count} more do not fit"


class EmbedderClosed(Unavailable):
    """The embedder is not started, or was closed while the text was waiting."""

    sentence = "Service unavailable: the embedder is closed"


class Settings(Section, frozen=True):
    """How much of the machine embedding may take."""

    section: ClassVar[str] = "embedding"

    threads: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Texts embedded at once, a core each; 0: all cores but one, 4 at most",
        ),
    ] = 0
    intra_threads: Annotated[
        int,
        Meta(ge=1, le=16, description="Cores that work on one text; more only help idle machines"),
    ] = 1
    queue_size: Annotated[
        int,
        Meta(
            ge=1,
            description="Texts that may wait before more are refused (some 500 a second a core)",
        ),
    ] = 1_024
    cache_size: Annotated[
        int, Meta(ge=0, description="Recent texts whose vectors are remembered (about 2 kB each)")
    ] = 8_192


class Embedder:
    """Embeds texts for concurrent callers of one event loop.

    Waiting texts of all callers share one bounded queue, served in order by a few threads; a
    text that several callers wait for is computed once, and recent ones are remembered: of a
    conversation that grows, only the new message costs anything. The model is loaded by the
    first text. Use as an asynchronous context manager, or call `start` and `close`.
    """

    def __init__(self, settings: Settings | None = None, *, model: Model | None = None) -> None:
        self._settings = settings or Settings()
        self._model = model or Model(intra_threads=self._settings.intra_threads)
        self._executor: ThreadPoolExecutor | None = None
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[Vectors]] = {}

    async def start(self) -> None:
        """Open the queue. Starting twice changes nothing."""
        if self._executor is None:
            threads = self._settings.threads or max(1, min(4, (os.cpu_count() or 1) - 1))
            self._executor = ThreadPoolExecutor(threads, "embedding")

    async def close(self) -> None:
        """Finish what runs; whoever still waits gets `EmbedderClosed`. Twice is harmless."""
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def waiting_count(self) -> int:
        """Texts that wait or are being embedded now."""
        return len(self._waiting)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts in their order: (n, 384) float32, rows of unit length.

        Raises EmbedderBusy when the queue cannot take all that is new (then none is queued), and
        EmbedderClosed when not started. Use `embed_now` in a worker thread for bulk.
        """
        executor = self._executor
        if executor is None:
            raise EmbedderClosed
        keys = [clipped(text) for text in texts]
        known = {key: vector for key in keys if (vector := self._recall(key)) is not None}
        missing = sorted(set(keys) - known.keys(), key=len)
        self._refuse_overflow(sum(key not in self._waiting for key in missing))
        futures = {key: self._waiting.get(key) or self._queue(key, executor) for key in missing}
        if futures:
            # Not gather: a caller that is cancelled must not cancel what others wait for too.
            await asyncio.wait(futures.values())
        known.update((key, future.result()) for key, future in futures.items())
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, DIMENSIONS)

    def embed_now(self, texts: Sequence[str], *, threads: int = 1) -> Vectors:
        """Embed in the calling thread, for bulk work that has a thread of its own.

        Takes no place in the queue and leaves nothing in the cache, so that an import slows
        live callers only by the cores it uses. `threads` above one shares the work out.
        """
        if threads == 1 or len(texts) <= threads:
            return self._model.encode(texts)
        with ThreadPoolExecutor(threads, "embedding-bulk") as pool:
            return np.vstack(list(pool.map(self._model.encode, _slices(texts, 64))))

    def _recall(self, key: str) -> Vectors | None:
        vector = self._recent.get(key)
        if vector is not None:
            self._recent.move_to_end(key)
        return vector

    def _refuse_overflow(self, new_count: int) -> None:
        if len(self._waiting) + new_count > self._settings.queue_size:
            raise EmbedderBusy(waiting_count=len(self._waiting), new_count=new_count)

    def _queue(self, key: str, executor: ThreadPoolExecutor) -> asyncio.Future[Vectors]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Vectors] = loop.create_future()
        self._waiting[key] = future
        work = executor.submit(self._model.encode, [key])
        work.add_done_callback(lambda done: loop.call_soon_threadsafe(self._settle, key, done))
        return future

    def _settle(self, key: str, done: Future[Vectors]) -> None:
        future = self._waiting.pop(key)
        if done.cancelled():
            future.set_exception(EmbedderClosed())
        elif error := done.exception():
            future.set_exception(error)
        else:
            self._remember(key, done.result()[0])
            future.set_result(done.result()[0])
        # Every waiter may have gone; reading the outcome here keeps asyncio from reporting that.
        future.exception()

    def _remember(self, key: str, vector: Vectors) -> None:
        self._recent[key] = vector
        if len(self._recent) > self._settings.cache_size:
            self._recent.popitem(last=False)


def _slices(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]
