"""What the box promises, tried on a real one or on a simulated one with the same words."""
