"""Sentence embeddings: a text becomes 384 numbers whose angle to another text's is meaning.

async with Embedder() as embedder:
    vectors = await embedder.embed(["Where is my bag?", "My luggage did not arrive"])
    vectors[0] @ vectors[1]  # cosine similarity: the rows have unit length
"""

from rapport.engines.embedding.embedder import Embedder, EmbedderBusy, EmbedderClosed, Settings
from rapport.engines.embedding.network import DIMENSIONS, Model, Vectors

__all__ = [
    "DIMENSIONS",
    "Embedder",
    "EmbedderBusy",
    "EmbedderClosed",
    "Model",
    "Settings",
    "Vectors",
]
