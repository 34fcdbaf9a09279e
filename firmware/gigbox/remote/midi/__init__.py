"""MIDI: surfaces and controllers that are plugged in. Mackie Control with motors and displays, and plain controllers as the X Air family takes them."""
