"""What can be heard of the strips: meters, activity, bleed, bands, mains, steady sound. No desk, no moves."""
