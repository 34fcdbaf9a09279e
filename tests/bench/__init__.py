"""What the core may cost."""
