"""The index against a plain model of it, and its promises under use."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rapport.engines.retrieval import Document, Hit, Index
from rapport.engines.retrieval import index as index_module
from rapport.engines.retrieval import vectors as vectors_module

pytestmark = pytest.mark.unit

DIMENSIONS = 16
ROOT = np.random.default_rng(7)


def unit_vectors(count: int, dimensions: int = DIMENSIONS) -> NDArray[np.float32]:
    rows = ROOT.normal(size=(count, dimensions)).astype(np.float32)
    normed: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return normed


VECTORS = unit_vectors(64)


def document(key: str, text: str = "", vector: int = 0, **more: object) -> Document:
    return Document(key=key, text=text or key, vector=VECTORS[vector], **more)  # type: ignore[arg-type]


def keys(hits: list[Hit]) -> list[str]:
    return [hit.key for hit in hits]


def test_the_nearest_come_first() -> None:
    index = Index(DIMENSIONS)
    index.put(document(str(n), vector=n) for n in range(64))

    hits = index.search(VECTORS[9], count=5)

    assert keys(hits) == [str(n) for n in np.argsort(-(VECTORS @ VECTORS[9]))[:5]]
    assert hits[0].similarity == pytest.approx(1, abs=2e-3)
    assert hits[0].score == hits[0].similarity


def test_nothing_asked_finds_nothing() -> None:
    index = Index(DIMENSIONS)
    assert index.search(VECTORS[0]) == []
    index.put([document("a")])

    assert index.search() == []
    assert index.search(text="?!") == []


def test_words_are_found_wherever_they_stand() -> None:
    index = Index(DIMENSIONS)
    index.put(
        [
            document("refund", "We will refund your ticket."),
            document("ticket", "Your ticket is valid."),
            document("hello", "Hello there!"),
        ]
    )

    hits = index.search(text="REFUND ticket ")

    assert keys(hits) == ["refund", "ticket"]
    assert 0 < hits[1].lexical < hits[0].lexical <= 1


def test_the_word_being_typed_may_still_grow() -> None:
    index = Index(DIMENSIONS)
    index.put([document("a", "We refunded it"), document("b", "A reference number")])

    assert keys(index.search(text="re")) == ["a", "b"] or keys(index.search(text="re")) == [
        "b",
        "a",
    ]
    assert keys(index.search(text="refu")) == ["a"]
    assert index.search(text="refu ") == []


def test_texts_that_begin_with_what_is_typed_come_first() -> None:
    index = Index(DIMENSIONS)
    index.put(
        [
            document("near", "Of course, sure thing.", vector=1),
            document("begins", "Sure, may I have your number?", vector=2),
            document("longer", "Surely not.", vector=3),
        ]
    )

    assert keys(index.search(VECTORS[1], "SURE", count=3))[2] == "near"
    assert keys(index.search(VECTORS[1], "sure,  MAY", count=3))[0] == "begins"
    assert [hit.starts for hit in index.search(text="sure ", count=3) if hit.key != "near"] == [
        True
    ]


def test_a_weight_lifts_a_document() -> None:
    index = Index(DIMENSIONS)
    index.put([document("plain", vector=1), document("liked", vector=1, weight=0.1)])

    hits = index.search(VECTORS[1])

    assert keys(hits) == ["liked", "plain"]
    assert hits[0].score - hits[1].score == pytest.approx(0.1)


def test_labels_decide_who_finds_a_document() -> None:
    index = Index(DIMENSIONS)
    index.put(document(str(n), vector=n, labels=frozenset({f"queue:{n % 3}"})) for n in range(60))
    index.put([document("all", "for all", vector=60)])

    hits = index.search(
        VECTORS[1], "for", count=64, admits=lambda labels: not labels or "queue:1" in labels
    )

    assert sorted(keys(hits)) == sorted(["all", *(str(n) for n in range(60) if n % 3 == 1)])


def test_a_document_may_be_found_by_one_thing_and_mean_another() -> None:
    index = Index(DIMENSIONS)
    index.put([document("same", vector=1)])
    index.put([document("other", vector=2, meaning=VECTORS[3])])

    same, other = sorted(index.search(VECTORS[2]), key=lambda hit: hit.key, reverse=True)

    assert other.similarity == pytest.approx(1, abs=2e-3)
    np.testing.assert_allclose(other.meaning, VECTORS[3], atol=2e-3)
    np.testing.assert_allclose(same.meaning, VECTORS[1], atol=2e-3)


def test_a_vector_of_another_size_is_refused() -> None:
    index = Index(DIMENSIONS)

    with pytest.raises(ValueError, match="3 dimensions, not 16"):
        index.put([Document(key="a", text="a", vector=np.ones(3))])

    assert len(index) == 0


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.lists(st.tuples(st.integers(0, 12), st.integers(0, 63)), max_size=6),
        ),
        st.tuples(
            st.just("remove"),
            st.lists(st.tuples(st.integers(0, 12), st.just(0)), max_size=4),
        ),
        st.tuples(st.sampled_from(["settle", "reload"]), st.just([])),
    ),
    max_size=20,
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=OPERATIONS)
def test_after_any_history_the_index_holds_what_was_put_last(
    operations: list[tuple[str, list[tuple[int, int]]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_module, "MIN_DEAD_ROWS", 3)
    monkeypatch.setattr(vectors_module, "EXACT_ROWS", 2)
    index = Index(DIMENSIONS)
    expected: dict[str, int] = {}
    for operation, pairs in operations:
        if operation == "put":
            index.put(document(f"k{key}", f"word{v}", vector=v) for key, v in pairs)
            expected.update({f"k{key}": v for key, v in pairs})
        elif operation == "remove":
            index.remove(f"k{key}" for key, _ in pairs)
            for key, _ in pairs:
                expected.pop(f"k{key}", None)
        elif operation == "settle":
            index.settle()
        else:
            index.save(tmp_path / "index")
            index = Index.load(tmp_path / "index")

    assert len(index) == len(expected)
    assert set(index.keys()) == set(expected)
    assert sorted(keys(index.search(VECTORS[0], count=64))) == sorted(expected)
    for name, vector in expected.items():
        assert name in index
        assert name in keys(index.search(text=f"word{vector} ", count=64))
        nearest = index.search(VECTORS[vector], count=64)[0]
        assert nearest.similarity == pytest.approx(1, abs=2e-3)


def test_a_settled_index_finds_nearly_all_that_comparison_finds() -> None:
    data = unit_vectors(6_000, 32)
    index = Index(32)
    index.put(
        Document(key=str(n), text="", vector=row, labels=frozenset({f"{n % 2}"}))
        for n, row in enumerate(data)
    )
    before = [set(keys(index.search(row, count=10))) for row in data[:50]]

    assert index.settle(limit=1_000)
    assert index.unsettled_count == 5_000
    assert not index.settle()

    assert index.unsettled_count == 0
    after = [set(keys(index.search(row, count=10))) for row in data[:50]]
    assert sum(len(a & b) for a, b in zip(before, after, strict=True)) >= 0.95 * 500
    odd = index.search(data[1], count=10, admits=lambda labels: "1" in labels)
    assert len(odd) == 10
    assert all(int(hit.key) % 2 for hit in odd)


def test_others_search_while_documents_come_go_and_settle() -> None:
    index = Index(DIMENSIONS)
    index.put(document(f"stays {n}", vector=n) for n in range(64))
    finished = threading.Event()
    failures: list[BaseException] = []

    def search() -> None:
        try:
            while not finished.is_set():
                hits = index.search(VECTORS[5], "stays 5", count=200)
                assert {f"stays {n}" for n in range(64)} <= set(keys(hits))
        except BaseException as failure:
            failures.append(failure)

    def change() -> None:
        try:
            for turn in range(30):
                index.put(document(f"goes {n}", vector=n % 64) for n in range(100))
                index.remove(f"goes {n}" for n in range(turn, 100))
                index.settle()
        except BaseException as failure:
            failures.append(failure)

    searchers = [threading.Thread(target=search) for _ in range(3)]
    changers = [threading.Thread(target=change) for _ in range(2)]
    for thread in searchers + changers:
        thread.start()
    for thread in changers:
        thread.join()
    finished.set()
    for thread in searchers:
        thread.join()

    assert failures == []
    assert len(index) == 64 + 29


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(DIMENSIONS)
    index.put([document("a", "old", labels=frozenset({"x", "y"}), weight=0.5)])
    index.save(tmp_path / "index")
    index.put([document("b", "new")])

    def full(*args: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="disk full"):
        index.save(tmp_path / "index")

    loaded = Index.load(tmp_path / "index")
    assert len(loaded) == 1
    [hit] = loaded.search(text="old", admits=lambda labels: labels == {"x", "y"})
    assert hit.score == pytest.approx(hit.lexical * 0.5 + 0.5)


@pytest.mark.parametrize("gone", [1, 20, 31, 60])
def test_what_is_removed_takes_nobodys_place(gone: int) -> None:
    """Removed or not admitted, near or far: exactly the nearest of the others are found."""
    index = Index(DIMENSIONS)
    index.put(document(str(n), vector=n) for n in range(64))
    order = [int(n) for n in np.argsort(-(VECTORS @ VECTORS[9]))]
    index.remove(str(n) for n in order[:gone])

    assert keys(index.search(VECTORS[9], count=5)) == [str(n) for n in order[gone:]][:5]


def test_what_is_removed_again_and_again_leaves_nothing_behind() -> None:
    index = Index(DIMENSIONS)
    for n in range(1_000):
        index.put([document(f"{n:04}", vector=n % 64)])
        if n >= 100:
            index.remove([f"{n - 100:04}"])
            index.tidy()

    assert index.keys() == [f"{n:04}" for n in range(900, 1_000)]
    assert index.unsettled_count <= 100 + index_module.MIN_DEAD_ROWS
