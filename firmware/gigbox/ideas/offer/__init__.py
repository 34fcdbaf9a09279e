"""What the box offers: next chords, lines, grooves, words. Each offer is a plain function of what was heard and a seed."""
