"""The conversation's record: created and updated by the caller's id, read and searched."""
