"""Knobs, lights and a small screen: the box without a phone."""
