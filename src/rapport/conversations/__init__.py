"""Conversations: who takes part, what was said, and the events that say so."""
