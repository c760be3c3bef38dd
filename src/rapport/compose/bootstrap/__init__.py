"""A first global list: conversations from elsewhere or our own, and what their agents say often."""
