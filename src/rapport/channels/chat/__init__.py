"""The web chat: sessions of customers, their history, and opening a conversation."""
