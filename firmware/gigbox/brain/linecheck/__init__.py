"""What is wrong with an input, and how far to turn its preamplifier."""
