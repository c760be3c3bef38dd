"""What each company hides: entities switched on for each policy, and its own rules."""
