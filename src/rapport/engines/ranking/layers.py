"""What is learnt by gradients: tables of word vectors and small networks, in numpy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rapport.engines.ranking.words import Bags

Array: TypeAlias = NDArray[np.float32]

_FIRST_DECAY = 0.9
_SECOND_DECAY = 0.999


class Adam:
    """A parameter that moves by the Adam rule."""

    def __init__(self, value: Array, rate: float) -> None:
        self.value = value
        self._rate = rate
        self._mean = np.zeros_like(value)
        self._square = np.zeros_like(value)
        self._count = 0

    def step(self, gradient: Array, pace: float) -> None:
        """Move against the gradient; `pace` scales the rate of this step."""
        self._count += 1
        self._mean += (1 - _FIRST_DECAY) * (gradient - self._mean)
        self._square += (1 - _SECOND_DECAY) * (gradient * gradient - self._square)
        mean = self._mean / np.float32(1 - _FIRST_DECAY**self._count)
        square = self._square / np.float32(1 - _SECOND_DECAY**self._count)
        self.value -= np.float32(pace * self._rate) * mean / (np.sqrt(square) + np.float32(1e-8))


class Table:
    """A vector for each feature of a vocabulary; a step moves only those that occurred (Adagrad)."""

    def __init__(self, count: int, width: int, rate: float, random: np.random.Generator) -> None:
        self.value: Array = random.standard_normal((count, width), np.float32) * np.float32(0.01)
        self._rate = rate
        self._squares = np.zeros((count, 1), np.float32)

    def step(self, bags: Bags, gradient: Array, pace: float) -> None:
        """Move by the gradient of what `bags @ value` was used for."""
        used, places = np.unique(bags.indices, return_inverse=True)
        if not len(used):
            return
        narrow = sparse.csr_matrix(
            (bags.data, places, bags.indptr), shape=(bags.shape[0], len(used))
        )
        moved: Array = np.asarray(narrow.T @ gradient)
        self._squares[used] += (moved * moved).mean(axis=1, keepdims=True)
        rate = np.float32(pace * self._rate)
        self.value[used] -= rate * moved / (np.sqrt(self._squares[used]) + np.float32(1e-8))


class Network:
    """Two layers with a bend between them."""

    def __init__(self, sizes: tuple[int, int, int], rate: float, random: np.random.Generator):
        enters, middle, leaves = sizes
        self.parameters = [
            Adam(_spread(random, enters, middle), rate),
            Adam(np.zeros(middle, np.float32), rate),
            Adam(_spread(random, middle, leaves) * np.float32(0.5), rate),
            Adam(np.zeros(leaves, np.float32), rate),
        ]
        self._entered = self._bent = self._kept = np.zeros((0, 0), np.float32)

    def forward(self, entering: Array, random: np.random.Generator, dropped: float) -> Array:
        """What leaves for what enters, while learning: a share of the middle is left out."""
        first, first_bias, second, second_bias = (each.value for each in self.parameters)
        kept = random.random((len(entering), first.shape[1]), np.float32) > dropped
        self._kept = kept.astype(np.float32) / np.float32(1 - dropped)
        self._entered = entering
        self._bent = np.maximum(entering @ first + first_bias, 0) * self._kept
        leaving: Array = self._bent @ second + second_bias
        return leaving

    def step(self, gradient: Array, pace: float) -> None:
        """Move by the gradient of what left last."""
        first, first_bias, second, second_bias = self.parameters
        inner = (gradient @ second.value.T) * self._kept * (self._bent > 0)
        second.step(self._bent.T @ gradient, pace)
        second_bias.step(gradient.sum(axis=0), pace)
        first.step(self._entered.T @ inner, pace)
        first_bias.step(inner.sum(axis=0), pace)


def through(weights: list[Array], entering: Array) -> Array:
    """What leaves a network that has been learnt."""
    first, first_bias, second, second_bias = weights
    leaving: Array = np.maximum(entering @ first + first_bias, 0) @ second + second_bias
    return leaving


def unit(rows: Array) -> tuple[Array, Array]:
    """Rows of unit length, and the lengths they had."""
    lengths: Array = np.sqrt((rows * rows).sum(axis=1, keepdims=True)) + np.float32(1e-6)
    return rows / lengths, lengths


def through_unit(gradient: Array, units: Array, lengths: Array) -> Array:
    """The gradient before `unit`, from the one after it."""
    along = (gradient * units).sum(axis=1, keepdims=True)
    before: Array = (gradient - along * units) / lengths
    return before


def _spread(random: np.random.Generator, enters: int, leaves: int) -> Array:
    spread: Array = random.standard_normal((enters, leaves), np.float32)
    spread *= np.float32(np.sqrt(2 / enters))
    return spread
