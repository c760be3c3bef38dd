"""Customers' credentials for integrated flows: kept encrypted, for one conversation, for a while."""
