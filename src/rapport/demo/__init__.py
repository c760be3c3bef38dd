"""The demo company, as `rapport demo` opens it."""
