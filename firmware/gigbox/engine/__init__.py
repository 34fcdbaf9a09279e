"""Start, stop and feed the C core."""
