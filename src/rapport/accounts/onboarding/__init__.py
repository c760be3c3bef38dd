"""A new account, ready to work."""
