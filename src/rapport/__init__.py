"""Rapport: a self-hosted customer-conversation platform."""
