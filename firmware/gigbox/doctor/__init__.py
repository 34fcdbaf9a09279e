"""`gigbox doctor`: whether this machine can be a mixing box, and for each fault the one line to type."""
