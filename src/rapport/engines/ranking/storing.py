"""A ranker as one piece of bytes, which only a version of Rapport that understands it reads."""

from __future__ import annotations

import functools
import hashlib
import io
import zipfile
from typing import Any

import numpy as np

from rapport.core.errors import RapportError
from rapport.engines.embedding.network import MODEL_DIRECTORY
from rapport.engines.ranking.layers import Array
from rapport.engines.ranking.ranker import Combiner, Knowledge, Ranker, Rarity, Rows
from rapport.engines.ranking.words import Vocabulary

# Raised whenever features, columns or shapes change their meaning.
FORMAT = 1
_LAYERS = 4


class RankerRefused(RapportError):
    """Stored bytes are no ranker that can be used here. Facts: `problem`."""

    sentence = "The ranking model cannot be used: {problem}"


@functools.cache
def embedding_fingerprint() -> str:
    """Names the sentence model whose vectors a ranker has learnt to read."""
    digest = hashlib.blake2b(digest_size=16)
    for name in ("model.onnx", "tokenizer.json"):
        digest.update((MODEL_DIRECTORY / name).read_bytes())
    return digest.hexdigest()


def written(ranker: Ranker) -> bytes:
    """A ranker as bytes: some 30 MB for 40,000 replies."""
    known = ranker.knowledge
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "embedding": np.array(embedding_fingerprint()),
        "sharpness": np.array(known.sharpness),
        "rarity_hashes": known.rarity.hashes,
        "rarity_weights": known.rarity.weights,
        "rarity_unknown": np.array(known.rarity.unknown),
        "mean": known.combiner.mean,
        "spread": known.combiner.spread,
        "line": known.combiner.line,
    }
    for number, (vocabulary, rows) in enumerate(zip(known.vocabularies, known.tables, strict=True)):
        arrays[f"vocabulary_{number}"] = vocabulary.hashes
        arrays[f"numbers_{number}"] = rows.numbers
        arrays[f"scales_{number}"] = rows.scales
    for number, sample in enumerate(known.sample):
        arrays[f"sample_{number}"] = sample.astype(np.float16)
    networks = {
        "situation": known.situation_network,
        "reply": known.reply_network,
        "combiner": known.combiner.network,
    }
    for name, layers in networks.items():
        for number, layer in enumerate(layers):
            arrays[f"{name}_{number}"] = layer
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def read(blob: bytes) -> Ranker:
    """The inverse of `written`. Raises RankerRefused."""
    try:
        with np.load(io.BytesIO(blob), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile):
        raise RankerRefused(problem="it is no model, or was cut short") from None
    if "format" not in arrays or int(arrays["format"]) != FORMAT:
        raise RankerRefused(problem=f"its format is not {FORMAT}")
    if str(arrays["embedding"]) != embedding_fingerprint():
        raise RankerRefused(problem="it was learnt with another sentence model")
    vocabularies = [Vocabulary(arrays[f"vocabulary_{number}"]) for number in range(4)]
    tables = [Rows(arrays[f"numbers_{number}"], arrays[f"scales_{number}"]) for number in range(4)]
    sharpness = arrays["sharpness"]
    rarity = Rarity(
        arrays["rarity_hashes"], arrays["rarity_weights"], float(arrays["rarity_unknown"])
    )
    combiner = Combiner(
        arrays["mean"], arrays["spread"], arrays["line"], _layers(arrays, "combiner")
    )
    return Ranker(
        Knowledge(
            (vocabularies[0], vocabularies[1], vocabularies[2], vocabularies[3]),
            (tables[0], tables[1], tables[2], tables[3]),
            _layers(arrays, "situation"),
            _layers(arrays, "reply"),
            (float(sharpness[0]), float(sharpness[1])),
            (arrays["sample_0"].astype(np.float32), arrays["sample_1"].astype(np.float32)),
            rarity,
            combiner,
        )
    )


def _layers(arrays: dict[str, Any], name: str) -> list[Array]:
    return [arrays[f"{name}_{number}"] for number in range(_LAYERS)]
