"""What every room stands on: settings, database, event log, bus, readers, jobs, identity, errors, limits, telemetry."""
