"""The 128 x 64 pixels of the panel, and the letters on them. Nothing here knows what is shown."""
