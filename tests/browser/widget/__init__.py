"""The chat widget in pages of companies."""
