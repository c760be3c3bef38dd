"""What the process tells about itself: log lines, metrics, traces, health; never what people wrote."""
