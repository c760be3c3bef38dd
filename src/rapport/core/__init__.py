"""What every room stands on: settings, database, event log, bus, jobs, identity, errors, telemetry."""
