"""Signing in and out, sessions, lock-out and one's own password."""
