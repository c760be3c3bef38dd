"""Companies: the tenants, their products and what they have set."""
