"""Makes the data file that the ideas program loads, from tunes and progressions that may be used for it."""
