"""Help for an agent who writes: what to say next, found in what the company says."""
