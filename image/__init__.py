"""The SD card: what is on it, and how it is made. `make image` runs `python -m image`."""
