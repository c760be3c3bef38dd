"""One kind of sensitive text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span


@dataclass(slots=True, frozen=True)
class Entity:
    """One kind of sensitive text, and how it is found.

    A locked entity (payment card data) is always active and cannot be switched off (PLT-114).
    """

    id: str
    description: str
    find: Callable[[Folded, Context], Iterator[Span]] = field(repr=False, compare=False)
    is_locked: bool = False
    is_active_by_default: bool = False
