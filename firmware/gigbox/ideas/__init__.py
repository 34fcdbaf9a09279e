"""What the band plays now, and what it might play next: tempo, key, chords, a chart, and ideas that never insist. No sound passes through here."""
