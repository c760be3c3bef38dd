"""Fields that several rooms' requests share."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Meta

EMAIL = r"^[^@\s]+@[^@\s]+$"

Email = Annotated[str, Meta(pattern=EMAIL, max_length=254)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="Items of a page at most")]
