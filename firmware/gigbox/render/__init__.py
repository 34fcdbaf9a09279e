"""The very same engine, desk and brain in one process, deterministic and faster than real time."""
