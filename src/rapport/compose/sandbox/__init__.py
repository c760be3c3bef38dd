"""Playing both sides: an administrator tries out what agents are offered (CMP-256..261)."""
