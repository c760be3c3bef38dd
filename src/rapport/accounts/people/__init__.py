"""The people of a company and what administrators do with them."""
