"""`gigbox remote`: apps and surfaces that people own. OSC over the network, where a hand allowed it, and MIDI over USB."""
