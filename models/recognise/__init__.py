"""The recogniser: sounds, windows, training, export, evaluation."""
