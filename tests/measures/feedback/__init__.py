"""Closed loops: a room around the real core. `python -m tests.measures.feedback` prints what the feedback guard does in them."""
