"""The products that an account can hold: the first segment of their paths."""

from __future__ import annotations

DEFAULT_PRODUCTS = frozenset({"conversation", "autocompose", "configuration", "health"})

# Off until the operator switches them on for an account (PLT-020, PLT-021).
OPT_IN_PRODUCTS = frozenset(
    {
        "autosummary",
        "autotranscribe",
        "fileexporter",
        "generativeagent",
        "knowledge-base",
        "metadata-ingestion",
        "mg-autotranscribe",
        "mg-genagent",
    }
)

PRODUCTS = DEFAULT_PRODUCTS | OPT_IN_PRODUCTS
