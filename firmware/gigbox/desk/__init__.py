"""The process that owns the truth about every parameter."""
