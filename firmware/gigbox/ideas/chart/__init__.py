"""The song as it was heard: bars and chords, and the files that other programs read."""
