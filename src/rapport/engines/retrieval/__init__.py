"""Finding texts by meaning and by words: one index over documents that come and go.

index = Index(dimensions=384)
index.put([Document(key="bag", text="Your bag is on its way.", vector=vectors[0])])
hits = index.search(vector=situation, text="your b", count=10)
best = collapse(hits, count=3)
"""

from rapport.engines.retrieval.documents import Admits, Document, Hit
from rapport.engines.retrieval.index import Index
from rapport.engines.retrieval.ranking import collapse, expected_meaning

__all__ = ["Admits", "Document", "Hit", "Index", "collapse", "expected_meaning"]
