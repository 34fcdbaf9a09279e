"""What is heard of the strips: beat, key and chords."""
