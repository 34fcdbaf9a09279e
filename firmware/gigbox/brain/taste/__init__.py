"""What hands taught."""
