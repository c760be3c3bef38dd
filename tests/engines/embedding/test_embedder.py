"""The real model behind the real queue."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.engines.embedding import (
    DIMENSIONS,
    Embedder,
    EmbedderBusy,
    EmbedderClosed,
    Model,
    Settings,
    Vectors,
)

pytestmark = pytest.mark.unit

MODEL = Model()


@pytest.fixture
async def embedder() -> AsyncIterator[Embedder]:
    async with Embedder(Settings(threads=2), model=MODEL) as opened:
        yield opened


class CountingModel(Model):
    """The real model, counting texts and held back until the gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []
        self.gate = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.gate.wait(10)
        self.encoded.extend(texts)
        return MODEL.encode(texts)


async def test_vectors_are_unit_length_in_the_order_asked(embedder: Embedder) -> None:
    texts = ["Where is my bag?", "Thank you!", "Where is my bag?"]

    vectors = await embedder.embed(texts)

    assert vectors.shape == (3, DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    np.testing.assert_array_equal(vectors[0], vectors[2])


@pytest.mark.parametrize(
    ("text", "paraphrase", "unrelated"),
    [
        ("My suitcase did not arrive", "my luggage is missing", "Can I bring a dog on board?"),
        ("I want my money back", "please refund my ticket", "The wifi is slow on this flight"),
        ("The app keeps crashing", "your application does not work", "Is breakfast included?"),
    ],
)
async def test_paraphrases_are_closer_than_unrelated_texts(
    embedder: Embedder, text: str, paraphrase: str, unrelated: str
) -> None:
    subject, near, far = await embedder.embed([text, paraphrase, unrelated])

    assert subject @ near > subject @ far + 0.2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=200), min_size=1, max_size=6))
def test_a_text_has_one_vector_whatever_its_company(texts: list[str]) -> None:
    together = Embedder(model=MODEL).embed_now(texts)

    alone = np.vstack([MODEL.encode([text]) for text in texts])

    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert np.isfinite(together).all()


async def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert (await embedder.embed([])).shape == (0, DIMENSIONS)


async def test_a_very_long_text_costs_no_more_than_its_beginning(embedder: Embedder) -> None:
    beginning = "my bag is lost " * 400

    short, long = await embedder.embed([beginning[:4_000], beginning * 50])

    np.testing.assert_array_equal(short, long)


async def test_what_many_wait_for_is_embedded_once() -> None:
    model = CountingModel()
    async with Embedder(Settings(threads=2), model=model) as embedder:
        callers = [
            asyncio.create_task(embedder.embed(["a delayed flight", f"seat {n % 4}"]))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        assert embedder.waiting_count == 5
        model.gate.set()
        answers = await asyncio.gather(*callers)

        assert sorted(model.encoded) == sorted(
            {"a delayed flight", *(f"seat {n}" for n in range(4))}
        )
        np.testing.assert_array_equal(answers[0], answers[4])
        assert embedder.waiting_count == 0


async def test_recent_texts_are_remembered_and_the_oldest_forgotten() -> None:
    model = CountingModel()
    model.gate.set()
    async with Embedder(Settings(cache_size=2), model=model) as embedder:
        for text in ["one", "two", "one", "three", "one", "two"]:
            await embedder.embed([text])

    assert model.encoded == ["one", "two", "three", "two"]


async def test_a_full_queue_refuses_the_whole_request() -> None:
    model = CountingModel()
    async with Embedder(Settings(threads=1, queue_size=3), model=model) as embedder:
        first = asyncio.create_task(embedder.embed(["one", "two"]))
        await asyncio.sleep(0)

        with pytest.raises(EmbedderBusy) as refused:
            await embedder.embed(["three", "four"])
        assert refused.value.message == "Service unavailable: 2 texts wait, 2 more do not fit"
        assert embedder.waiting_count == 2
        same = asyncio.create_task(embedder.embed(["one", "two", "three"]))
        await asyncio.sleep(0)
        model.gate.set()

        assert (await first).shape == (2, DIMENSIONS)
        assert (await same).shape == (3, DIMENSIONS)


async def test_a_caller_who_gives_up_takes_nothing_from_the_others() -> None:
    model = CountingModel()
    async with Embedder(model=model) as embedder:
        impatient = asyncio.create_task(embedder.embed(["refund"]))
        patient = asyncio.create_task(embedder.embed(["refund"]))
        await asyncio.sleep(0)
        impatient.cancel()
        model.gate.set()

        assert (await patient).shape == (1, DIMENSIONS)
        assert impatient.cancelled()


async def test_closing_answers_everyone_who_waits() -> None:
    model = CountingModel()
    embedder = Embedder(Settings(threads=1), model=model)
    await embedder.start()
    runs = asyncio.create_task(embedder.embed(["runs"]))
    await asyncio.sleep(0)
    waits = asyncio.create_task(embedder.embed(["waits"]))
    await asyncio.sleep(0)

    closing = asyncio.create_task(embedder.close())
    await asyncio.sleep(0)
    model.gate.set()
    await closing

    assert (await runs).shape == (1, DIMENSIONS)
    with pytest.raises(EmbedderClosed):
        await waits
    with pytest.raises(EmbedderClosed):
        await embedder.embed(["late"])
    await embedder.close()


async def test_a_failing_text_fails_its_callers_only() -> None:
    class Fragile(CountingModel):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if "poison" in texts:
                raise ValueError("cannot embed")
            return super().encode(texts)

    model = Fragile()
    model.gate.set()
    async with Embedder(model=model) as embedder:
        with pytest.raises(ValueError, match="cannot embed"):
            await embedder.embed(["poison", "fine"])

        assert (await embedder.embed(["fine"])).shape == (1, DIMENSIONS)


async def test_the_event_loop_stays_free_while_texts_are_embedded(embedder: Embedder) -> None:
    work = asyncio.create_task(embedder.embed([f"message number {n}" for n in range(100)]))
    beats = 0
    while not work.done():
        await asyncio.sleep(0.001)
        beats += 1

    # 100 texts take 100 ms and more; a blocked loop would come round once.
    assert beats > 10


def test_bulk_work_may_use_several_threads() -> None:
    texts = [f"message number {n}" for n in range(130)]

    shared = Embedder(model=MODEL).embed_now(texts, threads=2)

    np.testing.assert_array_equal(shared, MODEL.encode(texts))
